"""Scenes as they come and leave over HTTP. What may be asked for is ``workers.scene_model.SceneRequest``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from imagegen.feedback import Reason
from imagegen.lifecycle import State
from imagegen.quality import LONGEST_PROMPT
from imagegen.types import Mode, Quality, Verdict
from workers.records.desk import LONGEST_NOTE
from workers.records.models import Decision, Event, Scene
from workers.records.pages import Page
from workers.scene_model import PlacementIn, SceneRequest, Sku, Slug

Note = Annotated[str, Field(max_length=LONGEST_NOTE)]


class Approval(BaseModel):
    """A scene whose checks failed is approved with ``override`` and a note that says why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "For the spring page."}]})

    override: bool = False
    note: Note = ""
    publish: bool = Field(False, description="Publish at once.")


class Rejection(BaseModel):
    """Why a picture will not go out."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "too_dark"}]})

    reason: Reason
    text: Note = ""


class Comment(BaseModel):
    """What somebody has to say of a scene."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "Lovely for the spring page."}]})

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)]


class Changes(BaseModel):
    """What asking again changes; whatever is left out stays as it was, or follows the rejection's reason."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"exposure_ev": 0.3}]})

    style: Slug | None = None
    room: Slug | None = None
    light: Slug | None = None
    placement: PlacementIn | None = None
    photo: Annotated[int, Field(ge=0, lt=100)] | None = None
    companions: Annotated[tuple[Sku, ...] | None, *SceneRequest.model_fields["companions"].metadata] = None
    variant: Annotated[int, Field(ge=0, le=999)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    engine: Slug | None = None
    quality: Quality | None = None
    size: Annotated[tuple[int, int] | None, *SceneRequest.model_fields["size"].metadata] = None
    exposure_ev: Annotated[float, Field(ge=-3, le=3, allow_inf_nan=False)] | None = None
    prompt: Annotated[str, Field(max_length=LONGEST_PROMPT)] | None = None
    lamp_on: bool | None = None
    mode: Mode | None = None

    def given(self) -> dict[str, Any]:
        """Only what was said. A null means "choose for me" where that has a meaning, else nothing."""
        free = {"room", "light", "placement", "photo", "size", "mode"}
        said = self.model_dump(mode="json", exclude_unset=True)
        return {name: value for name, value in said.items() if value is not None or name in free}


class FindingOut(BaseModel):
    """What a check says of a picture."""

    check: str
    verdict: Verdict
    score: float
    threshold: float
    message: str
    where: tuple[int, int, int, int] | None = Field(None, description="left, top, right, bottom in pixels")


class DecisionOut(BaseModel):
    """Who did what to a scene, when and why."""

    at: datetime
    by: str
    action: str
    reason: str | None
    note: str
    override: bool


class PublicationOut(BaseModel):
    """Where a published picture went; ``written_at`` is empty while it is on its way."""

    at: datetime
    by: str
    written_at: datetime | None
    place: str | None
    error: str | None


class SceneOut(BaseModel):
    """A scene in a list."""

    id: str
    group: str = Field(description="Variants of one request and scenes asked for again share it.")
    parent: str | None = Field(description="The scene that this one was asked again from.")
    sku: str
    product: str
    category: str
    style: str
    room: str | None
    engine: str
    quality: str
    state: State
    stage: str
    share: float = Field(description="How much of the work is done, 0 to 1.")
    verdict: Verdict | None
    width: int | None
    height: int | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    error: dict[str, Any] | None
    links: dict[str, str]


class SceneDetail(SceneOut):
    """A scene with everything that is known of it."""

    request: dict[str, Any]
    findings: list[FindingOut]
    recipe: dict[str, Any] | None
    recipe_sha: str | None
    seconds: dict[str, float]
    attempt: int
    asked_by: str
    approved_by: str | None
    decisions: list[DecisionOut]
    publication: PublicationOut | None


class Asked(SceneDetail):
    """The first of the scenes that were asked for; ``scenes`` has the ids of all of them."""

    scenes: list[str]


class ScenePage(BaseModel):
    """Some scenes, newest first."""

    items: list[SceneOut]
    next_cursor: str | None


def links(scene: Scene) -> dict[str, str]:
    """Where the scene's parts are."""
    here = f"/v1/scenes/{scene.id}"
    found = {
        "self": here,
        "events": f"{here}/events",
        "product": f"/v1/products/{scene.sku}",
        "group": f"/v1/scenes?group={scene.group_id}",
        "review": f"/review/scenes/{scene.id}",
    }
    if scene.picture:
        found |= {"image": f"{here}/image", "recipe": f"{here}/recipe"}
    return found


def scene_out(scene: Scene) -> SceneOut:
    """A row as a list shows it."""
    return SceneOut.model_validate(_facts(scene))


def scene_detail(scene: Scene) -> SceneDetail:
    """A row with everything."""
    return SceneDetail.model_validate(_everything(scene))


def asked(scenes: list[Scene]) -> Asked:
    """What was asked for."""
    return Asked.model_validate(_everything(scenes[0]) | {"scenes": [scene.id for scene in scenes]})


def scene_page(page: Page[Scene]) -> ScenePage:
    """A page of rows."""
    return ScenePage(items=[scene_out(scene) for scene in page.items], next_cursor=page.next_cursor)


def event_data(event: Event) -> dict[str, Any]:
    """What a listener is told of an event."""
    return {"seq": event.seq, "at": event.at.isoformat(), **event.data}


def _facts(scene: Scene) -> dict[str, Any]:
    same = {name: getattr(scene, name) for name in SceneOut.model_fields if hasattr(scene, name)}
    return same | {
        "group": scene.group_id,
        "parent": scene.parent_id,
        "product": scene.product.name,
        "category": scene.product.category,
        "links": links(scene),
    }


def _everything(scene: Scene) -> dict[str, Any]:
    publication = scene.publication
    return _facts(scene) | {
        "request": scene.request,
        "findings": scene.findings,
        "recipe": scene.recipe,
        "recipe_sha": scene.recipe_sha,
        "seconds": scene.seconds,
        "attempt": scene.attempt,
        "asked_by": scene.asked_by,
        "approved_by": scene.approved_by,
        "decisions": [_decision(decision) for decision in scene.decisions],
        "publication": publication and {n: getattr(publication, n) for n in PublicationOut.model_fields},
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {name: getattr(decision, name) for name in DecisionOut.model_fields}
