"""Every question to the table of what previews are laid of: asked for, claimed, made.

A row is named after all that decides it, so a changed product, photo, style or builder asks for another one and nothing
is ever out of date.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from imagegen.previews import backdrop, sprite
from imagegen.previews.standing import Place
from imagegen.views.shelf import PLACING, find
from styles.library import Library
from workers.errors import LeaseLostError, StateConflictError
from workers.records.models import Preparation, Product
from workers.records.session import now
from workers.records.walls import team_of
from workers.records.work import describe

LEASE = timedelta(seconds=120)
"""Renewed at each stage and while the room is traced; building a room for the first time is the longest silence."""
MAX_ATTEMPTS = 3
AGAIN = timedelta(minutes=10)
"""After which what could not be made is tried again when it is asked for: machines are mended."""


class Stage(StrEnum):
    """How far a preparation is."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A preparation by what decides it. ``angle`` None: the side nearest to the photo's own."""

    id: str
    sprite_id: str
    sku: str
    style: str
    room: str
    angle: int | None
    light: str

    @property
    def request(self) -> dict[str, Any]:
        """As the row keeps it."""
        return {"style": self.style, "room": self.room, "angle": self.angle, "light": self.light}


@dataclass(frozen=True, slots=True)
class Held:
    """The right to make one. ``attempt`` fences."""

    id: str
    attempt: int
    row: Preparation


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was made: keys of the two blobs, the side that was chosen, the product's places."""

    sprite: str
    backdrop: str
    angle: int
    places: tuple[Place, ...]


def identify(
    library: Library, product: Product, style: str, room: str | None, angle: int | None, light: str = ""
) -> Wanted:
    """The preparation that previews of a product in a room need.

    Raises StateConflictError when the product has no photo; UnknownStyleError, UnknownRoomError, UnknownLightError.
    """
    if not product.photos:
        raise StateConflictError(
            f"The product {product.sku} has no photo, so it cannot be shown.", hint="Add a photo first.", where="sku"
        )
    facts = product.facts()
    told = {"format": sprite.FORMAT, "product": asdict(facts) | {"tags": []}, "photo": product.photos[0].key}
    sprite_id = _hash(told)
    slug = library.room(style, room).slug
    view = _view(library, style, slug, angle or 0, light)
    decided = {"format": backdrop.FORMAT, "team": product.team_id, "sprite": sprite_id, "view": view, "angle": angle}
    return Wanted(_hash(decided), sprite_id, product.sku, style, slug, angle, light)


@lru_cache(maxsize=512)
def _view(library: Library, style: str, room: str, angle: int, light: str) -> str:
    """The view's name: a library reads its pages once, so it is always the same in a process, and slow to hash."""
    return find(library, style, room, Path(), angle=angle, light=light, width=backdrop.WIDTH, stand=PLACING).folder.name


def get(session: Session, preparation_id: str) -> Preparation | None:
    """The row, if anybody has asked for it yet."""
    return session.get(Preparation, preparation_id, populate_existing=True)


def ask(session: Session, wanted: Wanted) -> Preparation:
    """The row, asked for if it is new, and again if it failed a while ago."""
    at = now(session)
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    values: dict[str, Any] = {
        "id": wanted.id,
        "sprite_id": wanted.sprite_id,
        "sku": wanted.sku,
        "request": wanted.request,
    }
    values |= {
        "team_id": team_of(session),
        "state": Stage.QUEUED,
        "attempt": 0,
        "places": [],
        "created_at": at,
        "updated_at": at,
    }
    session.execute(insert(Preparation).values(**values).on_conflict_do_nothing())
    row = get(session, wanted.id)
    assert row is not None
    if row.state == Stage.FAILED and row.updated_at < at - AGAIN:
        _note(session, Preparation.id == row.id, state=Stage.QUEUED, attempt=0, sent_at=None, error=None)
        session.refresh(row)
    return row


def claim(session: Session, preparation_id: str) -> Held | None:
    """The right to make it, or None when somebody else has it or there is nothing to do."""
    at = now(session)
    free = or_(Preparation.state == Stage.QUEUED, (Preparation.state == Stage.RUNNING) & (Preparation.lease_until < at))
    row = session.scalars(
        update(Preparation)
        .where(Preparation.id == preparation_id, free, Preparation.attempt < MAX_ATTEMPTS)
        .values(state=Stage.RUNNING, attempt=Preparation.attempt + 1, lease_until=at + LEASE, updated_at=at)
        .returning(Preparation)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    return Held(row.id, row.attempt, row) if row else None


def renew(session: Session, held: Held) -> None:
    """Keep the claim a while longer. Raises LeaseLostError."""
    _mine(session, held, lease_until=now(session) + LEASE)


def finish(session: Session, held: Held, made: Prepared) -> None:
    """It is ready. Raises LeaseLostError."""
    places = [asdict(place) for place in made.places]
    values = {"sprite": made.sprite, "backdrop": made.backdrop, "angle": made.angle, "places": places}
    _mine(session, held, state=Stage.READY, lease_until=None, error=None, **values)


def fail(session: Session, held: Held, error: Exception) -> None:
    """It could not be made; it is tried again while that may help. Raises LeaseLostError."""
    told = describe(error)
    again = told["retryable"] and held.attempt < MAX_ATTEMPTS
    state = Stage.QUEUED if again else Stage.FAILED
    _mine(session, held, state=state, lease_until=None, sent_at=None, error=told)


def hand_back(session: Session, held: Held) -> None:
    """Give it up without blame (the worker is stopping). Raises LeaseLostError."""
    _mine(session, held, state=Stage.QUEUED, attempt=held.attempt - 1, lease_until=None, sent_at=None)


def lapse(session: Session) -> None:
    """Take what lost workers held: queued again, or failed after the last attempt."""
    lost = (Preparation.state == Stage.RUNNING) & (Preparation.lease_until < now(session))
    last = lost & (Preparation.attempt >= MAX_ATTEMPTS)
    message = "The worker was lost at it, again and again."
    error = {"kind": "WorkerLost", "message": message, "hint": "Look at the worker's log.", "retryable": True}
    _note(session, last, state=Stage.FAILED, lease_until=None, error=error)
    _note(session, lost, state=Stage.QUEUED, lease_until=None, sent_at=None)


def sprite_of(session: Session, sprite_id: str) -> str | None:
    """The blob of a sprite that was made for another room."""
    statement = select(Preparation.sprite).where(Preparation.sprite_id == sprite_id, Preparation.sprite.is_not(None))
    return session.scalar(statement.limit(1))


def to_send(session: Session, stale_s: float, limit: int) -> list[str]:
    """What waits without a message that is believed in, the oldest first."""
    at = now(session)
    statement = (
        select(Preparation.id)
        .where(Preparation.state == Stage.QUEUED, _unsent(at - timedelta(seconds=stale_s)))
        .order_by(Preparation.created_at)
        .limit(limit)
    )
    return list(session.scalars(statement))


def take(session: Session, ids: Sequence[str], stale_s: float) -> list[str]:
    """Those of ``ids`` that want a message, marked as sent."""
    at = now(session)
    statement = (
        update(Preparation)
        .where(Preparation.id.in_(ids), Preparation.state == Stage.QUEUED, _unsent(at - timedelta(seconds=stale_s)))
        .values(sent_at=at)
        .returning(Preparation.id)
        .execution_options(synchronize_session=False)
    )
    return list(session.scalars(statement))


def unsend(session: Session, ids: Sequence[str]) -> None:
    """Their message did not leave: they want another one."""
    _note(session, Preparation.id.in_(ids) & (Preparation.state == Stage.QUEUED), sent_at=None)


def _unsent(before: Any) -> ColumnElement[bool]:
    return or_(Preparation.sent_at.is_(None), Preparation.sent_at < before)


def _mine(session: Session, held: Held, **values: Any) -> None:
    mine = (Preparation.id == held.id) & (Preparation.state == Stage.RUNNING) & (Preparation.attempt == held.attempt)
    if not _note(session, mine, **values):
        raise LeaseLostError(f"Attempt {held.attempt} at the preparation {held.id[:12]} is over.", where=held.id)


def _note(session: Session, which: ColumnElement[bool], **values: Any) -> int:
    """How many rows it was noted at."""
    statement = update(Preparation).where(which).values(updated_at=now(session), **values).returning(Preparation.id)
    return len(session.scalars(statement.execution_options(synchronize_session=False)).all())


def _hash(decided: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()
