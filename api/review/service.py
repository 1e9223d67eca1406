"""Which scenes stand on the desk's pages, and which one comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from api.deps import Context
from imagegen.lifecycle import State
from workers.records import scenes
from workers.records.models import Scene
from workers.records.pages import Page, write_cursor

CARDS = 48

TABS: dict[str, tuple[str, tuple[State, ...]]] = {
    "in_review": ("In review", (State.IN_REVIEW,)),
    "making": ("Being made", (State.QUEUED, State.RUNNING)),
    "failed": ("Failed", (State.FAILED,)),
    "approved": ("Approved", (State.APPROVED,)),
    "rejected": ("Rejected", (State.REJECTED,)),
    "published": ("Published", (State.PUBLISHED,)),
    "all": ("All", ()),
}

MOST = 10_000
"""Scenes in a state from which on nobody wants to know their number exactly, and counting them would take its time."""

OLDEST_FIRST = frozenset({"in_review", "making"})
"""Work is taken in the order in which it came: the grid stays still while new scenes arrive at its end."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What a person has narrowed the desk to."""

    state: str = "in_review"
    style: str = ""
    category: str = ""
    verdict: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is chosen."""
        return bool(self.style or self.category or self.verdict)

    def filters(self, *, any_state: bool = False) -> scenes.Filters:
        """The same for the records."""
        return scenes.Filters(
            states=() if any_state else TABS[self.state][1],
            style=self.style or None,
            category=self.category or None,
            verdict=self.verdict or None,
        )

    def query(self, **changes: str) -> str:
        """``?...`` that brings this back, with changes; the defaults are left out."""
        values = {"state": self.state, "style": self.style, "category": self.category, "verdict": self.verdict}
        said = {name: value for name, value in (values | changes).items() if value and value != "in_review"}
        return f"?{urlencode(said)}" if said else ""


def sieve(state: str = "", style: str = "", category: str = "", verdict: str = "") -> Sieve:
    """What was narrowed to; a state or verdict that does not exist is taken as none."""
    return Sieve(
        state if state in TABS else "in_review",
        style[:64],
        category[:64],
        verdict if verdict in {"pass", "warn", "fail"} else "",
    )


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The scenes before and after one, and how many wait for a verdict."""

    previous: Scene | None
    following: Scene | None


def cards(session: Session, sieve: Sieve, cursor: str | None) -> Page[Scene]:
    """A page of the grid."""
    return scenes.page(session, sieve.filters(), cursor, CARDS, oldest_first=sieve.state in OLDEST_FIRST)


def tab_counts(found: Mapping[State, int]) -> dict[str, str]:
    """How many of the scenes that were found each tab holds, in words: from ``MOST`` on only that there are more."""
    numbers = {tab: sum(found[state] for state in states or tuple(State)) for tab, (_, states) in TABS.items()}
    return {tab: str(number) if number < MOST else f"{MOST - 1:,}+" for tab, number in numbers.items()}


def neighbours(session: Session, scene: Scene, sieve: Sieve) -> Neighbours:
    """Before and after a scene, in its tab's order."""
    onward = sieve.state in OLDEST_FIRST
    return Neighbours(
        previous=_beside(session, scene, sieve, oldest_first=not onward),
        following=_beside(session, scene, sieve, oldest_first=onward),
    )


def advance(context: Context, scene_id: str, sieve: Sieve) -> Scene | None:
    """The scene to look at after this one: the next in order, else the first that is left."""
    with context.database.reading() as session:
        scene = scenes.get(session, scene_id)
        onward = sieve.state in OLDEST_FIRST
        beside = _beside(session, scene, sieve, oldest_first=onward)
        if beside is not None:
            return beside
        first = scenes.page(session, sieve.filters(), None, 2, oldest_first=onward).items
        return next((other for other in first if other.id != scene_id), None)


def _beside(session: Session, scene: Scene, sieve: Sieve, *, oldest_first: bool) -> Scene | None:
    here = write_cursor(scene.created_at.isoformat(), scene.id)
    found = scenes.page(session, sieve.filters(), here, 1, oldest_first=oldest_first).items
    return found[0] if found else None
