"""Who works here: each worker's process tells of itself every few seconds, and is believed to live for a lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from workers.records.models import Worker
from workers.records.session import now

KEPT = timedelta(days=1)
"""How long a process that is gone is remembered; the last one of all always is."""


@dataclass(frozen=True, slots=True)
class Member:
    """A process: who it is never changes. ``id`` is its own for ever, ``name`` (host:pid) may come again."""

    id: str
    name: str
    host: str
    pid: int
    version: str
    threads: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """How a process is: see ``Worker``."""

    engines: Mapping[str, str]
    gpu: Mapping[str, Any]
    busy: Sequence[str]


def report(session: Session, member: Member, condition: Condition) -> None:
    """It lives, and this is how it is."""
    row = session.get(Worker, member.id)
    if row is None:
        row = Worker(
            id=member.id,
            name=member.name,
            host=member.host,
            pid=member.pid,
            version=member.version,
            threads=member.threads,
            started_at=member.started_at,
        )
        session.add(row)
    row.seen_at, row.left_at = now(session), None
    row.engines, row.gpu, row.busy = dict(condition.engines), dict(condition.gpu), list(condition.busy)


def leave(session: Session, member_id: str) -> None:
    """It ended as it should."""
    row = session.get(Worker, member_id)
    if row is not None:
        row.left_at, row.busy = now(session), []


def prune(session: Session) -> None:
    """Forget those that have been gone for long, but never the last one there was."""
    last = select(Worker.id).order_by(Worker.seen_at.desc(), Worker.id).limit(1)
    keep = session.scalar(last)
    session.execute(
        delete(Worker)
        .where(Worker.seen_at < now(session) - KEPT, Worker.id != keep)
        .execution_options(synchronize_session=False)
    )


def known(session: Session) -> list[Worker]:
    """All that are remembered, whoever was heard of last first."""
    return list(session.scalars(select(Worker).order_by(Worker.seen_at.desc(), Worker.id)))


def living(session: Session, within: timedelta) -> list[Worker]:
    """Those that were heard of within that time and have not left."""
    at = now(session) - within
    statement = select(Worker).where(Worker.seen_at >= at, Worker.left_at.is_(None)).order_by(Worker.name, Worker.id)
    return list(session.scalars(statement))


def last_seen(session: Session) -> datetime | None:
    """When any worker was heard of last; None when there never was one."""
    return session.scalar(select(func.max(Worker.seen_at)))
