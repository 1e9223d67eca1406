"""That a backup was made stands in the audit log: it is a copy of everything.

So each process can tell from the database how old the last one is, also where the place that it lies in is not seen.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from workers.records import audit
from workers.records.models import AuditEntry
from workers.teams import HOUSE

ACTION, KIND, SUBJECT = "backup", "service", "everything"


def note(session: Session, by: str, place: Path, *, rows: int, files: int, missing: int) -> None:
    """A backup lies there. ``missing``: files that rows name and the store did not have."""
    told = {"place": str(place), "rows": rows, "files": files, "missing": missing}
    audit.write(session, by, ACTION, KIND, SUBJECT, told, team=HOUSE)


def last(session: Session) -> AuditEntry | None:
    """The line of the last one."""
    lines = (
        select(AuditEntry)
        .where(AuditEntry.team_id == HOUSE, AuditEntry.subject == SUBJECT, AuditEntry.action == ACTION)
        .order_by(AuditEntry.id.desc())
    )
    return session.scalars(lines.limit(1)).first()
