"""What happened to a scene, written in the transaction in which it happens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from workers.records.models import Event

EVENTS = cast("Table", Event.__table__)


def write(session: Session, scene_id: str, seq: int, at: datetime, kind: str, data: dict[str, Any]) -> None:
    """For whoever listens. Nobody reads it in the same session, so it goes past the unit of work."""
    told = {"scene_id": scene_id, "seq": seq, "at": at, "kind": kind, "data": data}
    session.execute(insert(EVENTS), told)
