"""Requests that may arrive twice and must count once: the keys that callers give them.

A key is claimed before the work, with a lease and a fencing number as a scene is. What the work makes is noted
in the work's own transaction (``seal``), so that a process that dies before it answers, or wakes up after its
lease, leaves neither a doubt nor a double. The answer is kept for a day and given again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workers.errors import KeyInUseError, KeyReusedError, LeaseLostError
from workers.records.models import IdempotencyKey
from workers.records.session import now

KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=60)
"""After this a request that has not been answered counts as lost, and the next one with its key does the work."""

SWEPT = 20
"""Keys past their day that each claim takes away: more than it adds."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to do a request's work. ``made`` names what an earlier holder made before it was lost."""

    owner: str
    key: str
    attempt: int
    made: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    body: str


def claim(session: Session, owner: str, key: str, fingerprint: str) -> Hold | Answer:
    """The right to do the work, or the answer that it led to.

    Raises KeyInUseError while somebody is at it, and KeyReusedError when the key came with another request.
    """
    at = now(session)
    _sweep(session)
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    fresh = {"fingerprint": fingerprint, "busy_until": at + LEASE, "expires_at": at + KEPT}
    statement = insert(IdempotencyKey).values(owner=owner, key=key, attempt=1, **fresh).on_conflict_do_nothing()
    if session.scalar(statement.returning(IdempotencyKey.attempt)) is not None:
        return Hold(owner, key, 1)
    row = session.get(IdempotencyKey, (owner, key), with_for_update=True, populate_existing=True)
    if row is not None and row.expires_at <= at:
        row.fingerprint, row.expires_at = fingerprint, at + KEPT
        row.made = row.status = row.body = None
        row.headers, row.busy_until = {}, at
    elif row is not None and row.fingerprint != fingerprint:
        raise KeyReusedError(
            "This Idempotency-Key came with another request before.",
            hint="Send the same request again, or give this one a key of its own.",
            where="Idempotency-Key",
        )
    if row is None or (row.status is None and row.busy_until > at):  # None: it was given back this very moment
        raise KeyInUseError(
            "The request with this Idempotency-Key is still being worked on.",
            hint="Send it again in a moment; it is answered once it is done.",
            where="Idempotency-Key",
        )
    if row.status is not None:
        return Answer(row.status, row.headers, row.body or "")
    row.attempt += 1
    row.busy_until = at + LEASE
    session.flush()
    return Hold(owner, key, row.attempt, row.made)


def seal(session: Session, hold: Hold, made: str) -> None:
    """Note in the work's own transaction what it makes. Raises LeaseLostError when the right to it has passed on."""
    statement = update(IdempotencyKey).where(*_held(hold)).values(made=made).returning(IdempotencyKey.attempt)
    if session.scalar(statement) is None:
        raise LeaseLostError("This request took so long that another one with its Idempotency-Key took over.")


def keep(session: Session, hold: Hold, answer: Answer) -> None:
    """Keep the answer for whoever asks again."""
    values = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
    session.execute(update(IdempotencyKey).where(*_held(hold)).values(**values))


def release(session: Session, hold: Hold) -> None:
    """The work failed: the key is free again, or whoever comes next answers with what it made all the same."""
    session.execute(delete(IdempotencyKey).where(*_held(hold), IdempotencyKey.made.is_(None)))
    session.execute(update(IdempotencyKey).where(*_held(hold)).values(busy_until=now(session)))


def _held(hold: Hold) -> tuple[ColumnElement[bool], ...]:
    row = IdempotencyKey
    return row.owner == hold.owner, row.key == hold.key, row.attempt == hold.attempt, row.status.is_(None)


def _sweep(session: Session) -> None:
    """Take away some keys past their day; rows that another claim is at are left to it."""
    row = IdempotencyKey
    past = select(row.owner, row.key).where(row.expires_at <= now(session)).limit(SWEPT)
    for owner, key in session.execute(past.with_for_update(skip_locked=True)).all():
        session.execute(delete(row).where(row.owner == owner, row.key == key))
