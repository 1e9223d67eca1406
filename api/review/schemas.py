"""What the desk's templates are given: rows in people's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.callers import HERE
from imagegen.feedback import ADVICE, Reason
from imagegen.glow import is_lamp
from imagegen.lifecycle import State
from imagegen.types import Verdict
from styles.library import Library
from workers.records.models import Decision, Product, Scene

STATES = {
    State.QUEUED: "Waiting",
    State.RUNNING: "Rendering",
    State.IN_REVIEW: "In review",
    State.APPROVED: "Approved",
    State.REJECTED: "Rejected",
    State.PUBLISHED: "Published",
    State.FAILED: "Failed",
    State.CANCELLED: "Cancelled",
}

STAGES = {
    "": "Waiting for a worker",
    "claimed": "A worker has it",
    "decode": "Reading the photo",
    "cutout": "Cutting the product out",
    "pose": "Finding the photo's camera",
    "placement": "Finding its place in the room",
    "room": "Building the room",
    "hull": "Shaping the product's body",
    "render": "Rendering light",
    "light": "Laying the room's light on the product",
    "engine": "Finishing the picture",
    "composite": "Putting the product's own pixels back",
    "checks": "Checking the result",
    "done": "Done",
}

ACTIONS = {
    "approve": "approved it",
    "reject": "rejected it",
    "reopen": "took the verdict back",
    "cancel": "cancelled it",
    "retry": "had it made again",
    "regenerate": "asked again",
    "publish": "published it",
}

REASON_KEYS = "1234567890o"
"""One key for each reason, in the list's order."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A check's word on a picture; ``where`` is a box (left, top, right, bottom) in its pixels."""

    id: int
    name: str
    verdict: str
    message: str
    where: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class SceneView:
    """A scene on a card, in a strip, or on its own page."""

    id: str
    sku: str
    name: str
    category: str
    style: str
    style_name: str
    room: str | None
    room_name: str
    state: str
    state_words: str
    stage_words: str
    share: float
    verdict: str | None
    findings: tuple[FindingView, ...]
    error: Mapping[str, Any] | None
    thumbnail: str
    picture: str
    packshot: str
    width: int | None
    height: int | None
    variant: int
    companions: tuple[str, ...]
    created_at: datetime
    age: str

    @property
    def is_running(self) -> bool:
        """Whether a worker is at it."""
        return self.state == State.RUNNING

    @property
    def problems(self) -> list[FindingView]:
        """What a person should look at, the worst first."""
        return [finding for finding in self.findings if finding.verdict != Verdict.PASS]

    @property
    def passed(self) -> list[FindingView]:
        """What is as it should be."""
        return [finding for finding in self.findings if finding.verdict == Verdict.PASS]

    @property
    def is_unfinished(self) -> bool:
        """Whether something will still happen by itself."""
        return self.state in {State.QUEUED, State.RUNNING}


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product on the shelf."""

    sku: str
    name: str
    category: str
    size: str
    photo: str
    large_photo: str
    lamp: bool


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason to reject, with its key and what asking again makes of it."""

    value: str
    label: str
    key: str
    outcome: str


def scene_view(scene: Scene, library: Library) -> SceneView:
    """A row in people's words."""
    style_name, room_name = _names(scene, library)
    tag = scene.picture[3:19] if scene.picture else ""
    image = f"/v1/scenes/{scene.id}/image"
    order = {"fail": 0, "warn": 1, "pass": 2}
    findings = [
        FindingView(number, _check_words(f["check"]), f["verdict"], f["message"], _box(f.get("where")))
        for number, f in enumerate(scene.findings)
    ]
    return SceneView(
        id=scene.id,
        sku=scene.sku,
        name=scene.product.name,
        category=scene.product.category,
        style=scene.style,
        style_name=style_name,
        room=scene.room,
        room_name=room_name,
        state=scene.state,
        state_words=STATES[State(scene.state)],
        stage_words=stage_words(scene.stage, scene.state),
        share=scene.share,
        verdict=scene.verdict,
        findings=tuple(sorted(findings, key=lambda finding: order[finding.verdict])),
        error=scene.error if scene.state == State.FAILED else None,
        thumbnail=f"{image}?format=jpeg&width=640&v={tag}" if tag else "",
        picture=f"{image}?format=jpeg&v={tag}" if tag else "",
        packshot=product_view(scene.product).photo,
        width=scene.width,
        height=scene.height,
        variant=int(scene.request.get("variant") or 0),
        companions=tuple(scene.request.get("companions") or ()),
        created_at=scene.created_at,
        age=age(scene.created_at),
    )


def _box(where: Sequence[int] | None) -> tuple[int, int, int, int] | None:
    return (where[0], where[1], where[2], where[3]) if where else None


def product_view(product: Product) -> ProductView:
    """A product in people's words."""
    photo = product.photos[0] if product.photos else None
    address = f"/v1/products/{product.sku}/photos/{photo.position}?v={photo.key[3:19]}" if photo else ""
    sides = (product.width_cm, product.depth_cm, product.height_cm)
    return ProductView(
        sku=product.sku,
        name=product.name,
        category=product.category,
        size=" × ".join(f"{side:g}" for side in sides) + " cm",
        photo=f"{address}&width=320" if address else "",
        large_photo=f"{address}&width=1600" if address else "",
        lamp=is_lamp(product.facts()),
    )


def stage_words(stage: str, state: str) -> str:
    """What a worker is doing, for people."""
    if state == State.QUEUED:
        return STAGES[""]
    return STAGES.get(stage, stage.replace("_", " ").capitalize())


def words(name: str) -> str:
    """A name of the code as people read it: ground_contact -> Ground contact."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def decision_words(decision: Decision) -> str:
    """Who did what, in one line."""
    reason = f": {ADVICE[Reason(decision.reason)].label.lower()}" if decision.reason else ""
    if decision.action == "comment":
        return f"{_who(decision)}: “{decision.note}”"
    note = f" “{decision.note}”" if decision.note and decision.action != "regenerate" else ""
    anyway = " although a check failed" if decision.override else ""
    return f"{_who(decision)} {ACTIONS.get(decision.action, decision.action)}{anyway}{reason}.{note}"


def _who(decision: Decision) -> str:
    return decision.by if decision.by not in {"", HERE} else "Somebody here"


def reasons() -> list[ReasonView]:
    """The fixed list, with keys."""
    return [
        ReasonView(str(reason), advice.label, key, _outcome(advice.changes, advice.remedy))
        for key, (reason, advice) in zip(REASON_KEYS, ADVICE.items(), strict=True)
    ]


def age(moment: datetime) -> str:
    """How long ago, roughly."""
    seconds = max(0.0, (datetime.now(UTC) - moment).total_seconds())
    if seconds < 60:
        return "just now"
    for length, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= length:
            return f"{int(seconds // length)} {name} ago"
    return "just now"


def _outcome(changes: Mapping[str, float], remedy: str) -> str:
    said = []
    if "exposure_ev" in changes:
        said.append("brighter" if changes["exposure_ev"] > 0 else "darker")
    if "variant" in changes:
        said.append("another place or view")
    if "seed" in changes:
        said.append("new chance")
    return remedy or f"Asking again: {', '.join(said)}."


def _check_words(check: str) -> str:
    """The name of a check; a companion's begins with its sku, which stays as it is."""
    sku, colon, name = check.rpartition(": ")
    return f"{sku}{colon}{words(name)}"


def _names(scene: Scene, library: Library) -> tuple[str, str]:
    """The names of style and room, or slugs that the library no longer has; no room until one is chosen."""
    style = next((style for style in library.styles() if style.slug == scene.style), None)
    if style is None:
        return words(scene.style), words(scene.room or "")
    room = next((room for room in library.rooms(style.slug) if room.slug == scene.room), None)
    return style.name, room.name if room else words(scene.room or "")
