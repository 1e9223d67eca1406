"""Effects outside the house: promised in the transaction of the change that causes them, sent after it.

An effect may be sent twice (who sends may be killed before it is noted); its id stays the same, so the receiver can
make it count once. That, and not "executed once", is what is promised.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, insert, select, tuple_, update
from sqlalchemy.orm import Session

from imagegen.lifecycle import State
from workers.records.models import Outgoing
from workers.records.session import now


class Effect(StrEnum):
    """What a change of a scene's state causes outside."""

    PUBLISH = "publish"
    """The picture's files are written to the published place."""
    ANNOUNCE = "announce"
    """Whoever listens is told."""


EFFECTS: dict[State, tuple[Effect, ...]] = {
    State.IN_REVIEW: (Effect.ANNOUNCE,),
    State.APPROVED: (Effect.ANNOUNCE,),
    State.REJECTED: (Effect.ANNOUNCE,),
    State.PUBLISHED: (Effect.ANNOUNCE, Effect.PUBLISH),
    State.FAILED: (Effect.ANNOUNCE,),
    State.CANCELLED: (Effect.ANNOUNCE,),
}
"""The states that are news outside; waiting and being made are not."""

HOLD = timedelta(seconds=60)
"""How long one sender has a message to itself."""
BACKOFF = timedelta(seconds=5)
"""Before the second try; doubled before each further one, up to ``LONGEST_WAIT``."""
LONGEST_WAIT = timedelta(minutes=15)

OUTBOX = cast("Table", Outgoing.__table__)

Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Message:
    """One effect to be had. ``try_`` counts from 1 and fences: who was overtaken notes nothing."""

    scene_id: str
    seq: int
    effect: Effect
    at: datetime
    try_: int

    @property
    def id(self) -> str:
        """The same however often it is sent: the scene and the number of its event."""
        return f"{self.scene_id}-{self.seq}"

    @property
    def key(self) -> Key:
        """Its row."""
        return self.scene_id, self.seq, str(self.effect)


def put(session: Session, scene_id: str, seq: int, state: State) -> None:
    """Promise the effects of a scene's having come to ``state`` with its event ``seq``."""
    at = now(session)
    for effect in EFFECTS.get(state, ()):
        told = {"scene_id": scene_id, "seq": seq, "effect": str(effect), "at": at, "send_after": at, "tries": 0}
        session.execute(insert(OUTBOX), told)


def due(session: Session, effects: Collection[Effect], limit: int, scene_id: str | None = None) -> list[Key]:
    """What is to be sent now (of one scene, if one is named), the longest waiting first."""
    statement = (
        select(Outgoing.scene_id, Outgoing.seq, Outgoing.effect)
        .where(Outgoing.sent_at.is_(None), Outgoing.send_after <= now(session), Outgoing.effect.in_(effects))
        .order_by(Outgoing.send_after)
        .limit(limit)
    )
    if scene_id is not None:
        statement = statement.where(Outgoing.scene_id == scene_id)
    return [(row.scene_id, row.seq, row.effect) for row in session.execute(statement)]


def take(session: Session, key: Key) -> Message | None:
    """The right to send this message for a while, or None when somebody else has it or it is sent."""
    at = now(session)
    statement = (
        update(Outgoing)
        .where(_is(key), Outgoing.sent_at.is_(None), Outgoing.send_after <= at)
        .values(tries=Outgoing.tries + 1, send_after=at + HOLD)
        .returning(Outgoing.tries, Outgoing.at)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(statement).one_or_none()
    return row and Message(key[0], key[1], Effect(key[2]), row.at, row.tries)


def sent(session: Session, message: Message) -> None:
    """It has left; noting it twice changes nothing."""
    _note(session, Outgoing.sent_at.is_(None), message=message, sent_at=now(session), error=None)


def refused(session: Session, message: Message, error: str) -> None:
    """It has not left; it is tried again, later each time."""
    wait = min(LONGEST_WAIT, BACKOFF * 2 ** min(message.try_ - 1, 20))
    mine = Outgoing.tries == message.try_
    _note(session, Outgoing.sent_at.is_(None), mine, message=message, send_after=now(session) + wait, error=error)


def drop(session: Session, heard: Collection[Effect]) -> None:
    """Effects that nobody is there for are over: who comes later starts with what comes later."""
    session.execute(
        update(Outgoing)
        .where(Outgoing.sent_at.is_(None), Outgoing.effect.not_in(heard))
        .values(sent_at=now(session))
        .execution_options(synchronize_session=False)
    )


def _is(key: Key) -> ColumnElement[bool]:
    return tuple_(Outgoing.scene_id, Outgoing.seq, Outgoing.effect) == key


def _note(session: Session, *conditions: ColumnElement[bool], message: Message, **values: Any) -> None:
    statement = update(Outgoing).where(_is(message.key), *conditions).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))
