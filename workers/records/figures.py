"""How the service is doing, counted in the rows: for whoever watches it.

Whatever is counted is either few (what waits, what runs) or bounded by time and number, so that asking every few
seconds costs the same with a thousand scenes as with a million. The states' counts alone grow with the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from imagegen.lifecycle import State
from workers.records import backups, crew, scenes
from workers.records.models import Decision, Delivery, Outgoing, Preparation, Scene, Webhook, Worker
from workers.records.session import now

RECENT = timedelta(hours=1)
"""What counts as just made."""
WAITED_AT_MOST = timedelta(days=3)
"""Scenes that were asked for longer ago are not looked through for what was just made."""
FAILED_LATELY = timedelta(days=1)
MOST = 2000
"""Rows that are read of each kind."""
VERDICTS = 500
PATIENCE_MS = 3000
"""How long PostgreSQL may count."""

MADE = (State.IN_REVIEW, State.APPROVED, State.REJECTED, State.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: how many, and for how many seconds the oldest."""

    number: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class Made:
    """One scene that was made lately: at which attempt, and seconds of each stage."""

    attempt: int
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Hand:
    """A worker's process that lives. ``gpu``: what it told of its GPU and its model, as far as that are numbers."""

    name: str
    threads: int
    busy: int
    gpu: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Figures:
    """The service at one moment.

    ``made``: in the last hour; ``failed``: by kind of error, of scenes asked for in the last day; ``verdicts``: of the
    last that were given; ``backup_s``: age of the last backup, if there ever was one.
    """

    scenes: dict[State, int]
    waiting: Backlog
    unsent: int
    lapsed: int
    preparations: Backlog
    outbox: Backlog
    deliveries: Backlog
    webhooks: dict[str, int]
    made: Sequence[Made]
    failed: dict[str, int]
    verdicts: dict[str, int]
    workers: Sequence[Hand]
    backup_s: float | None


def figures(session: Session, alive_for: timedelta) -> Figures:
    """The figures of this moment; a worker that was heard of within ``alive_for`` lives.

    Raises OperationalError where PostgreSQL would count for too long.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL statement_timeout = {PATIENCE_MS}"))
    at = now(session)
    queued, running = Scene.state == State.QUEUED, Scene.state == State.RUNNING
    return Figures(
        scenes=scenes.counts(session),
        waiting=_backlog(session, at, Scene.created_at, queued),
        unsent=_count(session, queued, Scene.sent_at.is_(None), Scene.send_after <= at),
        lapsed=_count(session, running, Scene.lease_until < at),
        preparations=_backlog(session, at, Preparation.created_at, Preparation.state == "queued"),
        outbox=_backlog(session, at, Outgoing.at, Outgoing.sent_at.is_(None)),
        deliveries=_backlog(session, at, Delivery.at, Delivery.sent_at.is_(None), Delivery.given_up_at.is_(None)),
        webhooks=_webhooks(session),
        made=_made(session, at),
        failed=_failed(session, at),
        verdicts=_verdicts(session),
        workers=[_hand(row) for row in crew.living(session, alive_for)],
        backup_s=(at - saved.at).total_seconds() if (saved := backups.last(session)) else None,
    )


def _hand(row: Worker) -> Hand:
    numbers = {name: float(told) for name, told in row.gpu.items() if type(told) in (int, float)}
    return Hand(row.name, row.threads, len(row.busy), numbers)


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0


def _backlog(
    session: Session, at: datetime, since: InstrumentedAttribute[datetime], *conditions: ColumnElement[bool]
) -> Backlog:
    number, oldest = session.execute(select(func.count(), func.min(since)).where(*conditions)).one()
    return Backlog(number, max(0.0, (at - oldest).total_seconds()) if oldest else 0.0)


def _webhooks(session: Session) -> dict[str, int]:
    disabled = Webhook.disabled_at.is_not(None)
    counted = session.execute(select(disabled, func.count()).group_by(disabled))
    found = {bool(off): number for off, number in counted}
    return {"live": found.get(False, 0), "disabled": found.get(True, 0)}


def _made(session: Session, at: datetime) -> list[Made]:
    statement = (
        select(Scene.attempt, Scene.seconds)
        .where(Scene.state.in_(MADE), Scene.created_at >= at - WAITED_AT_MOST, Scene.finished_at >= at - RECENT)
        .limit(MOST)
    )
    return [Made(attempt, dict(seconds)) for attempt, seconds in session.execute(statement)]


def _failed(session: Session, at: datetime) -> dict[str, int]:
    kind = Scene.error["kind"].as_string()
    statement = select(kind).where(Scene.state == State.FAILED, Scene.created_at >= at - FAILED_LATELY).limit(MOST)
    return dict(Counter(found or "unknown" for found in session.scalars(statement)))


def _verdicts(session: Session) -> dict[str, int]:
    last = (
        select(Decision.action)
        .where(Decision.action.in_(("approve", "reject")))
        .order_by(Decision.id.desc())
        .limit(VERDICTS)
    )
    found = Counter(session.scalars(last))
    return {"approved": found["approve"], "rejected": found["reject"]}
