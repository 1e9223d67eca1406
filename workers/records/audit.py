"""Who did what to what, kept for good.

Each line is written in the transaction of what it tells, so neither is there without the other. The database itself
refuses to change or remove one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from imagegen.errors import BadRequestError
from workers.records.models import AuditEntry
from workers.records.pages import Page, limited, read_cursor, write_cursor
from workers.records.session import now


@dataclass(frozen=True, slots=True)
class Sought:
    """Which lines: each field that is set must hold. ``kind``: scene, product, ...; ``since`` <= at < ``until``."""

    by: str | None = None
    action: str | None = None
    kind: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def write(
    session: Session,
    by: str,
    action: str,
    kind: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    *,
    team: str | None = None,
) -> None:
    """One line. ``detail``: what was said or changed; the same facts that the change itself holds.

    ``team``: in whose log, where the session works for all teams.
    """
    at, told = now(session), dict(detail or {})
    line = AuditEntry(team_id=team, at=at, by=by, action=action, kind=kind, subject=subject, detail=told)
    session.add(line)
    session.flush()


def page(
    session: Session, sought: Sought | None = None, cursor: str | None = None, limit: int = 50
) -> Page[AuditEntry]:
    """Lines, the newest first."""
    wanted = sought or Sought()
    same = {
        AuditEntry.by: wanted.by,
        AuditEntry.action: wanted.action,
        AuditEntry.kind: wanted.kind,
        AuditEntry.subject: wanted.subject,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in same.items() if value is not None]
    if wanted.since is not None:
        conditions.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AuditEntry.at < wanted.until)
    place = (AuditEntry.at, AuditEntry.id)
    if cursor:
        conditions.append(tuple_(*place) < _key(cursor))
    newest_first = [column.desc() for column in place]
    statement = select(AuditEntry).where(*conditions).order_by(*newest_first).limit(limited(limit) + 1)
    rows = list(session.scalars(statement))
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], write_cursor(last.at.isoformat(), str(last.id)) if last else None)


def _key(cursor: str) -> tuple[datetime, int]:
    moment, number = read_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(moment), int(number[:18])  # as far as a database counts
    except ValueError as error:
        hint = "Use next_cursor as it came."
        raise BadRequestError("The cursor is not one of ours.", hint=hint, where="cursor") from error
