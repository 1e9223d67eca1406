"""One of many: a duty that any process could do and one at a time does.

It spares work and is no lock to build safety on: a leader that was paused may believe for a moment that it still
leads, so what it does must bear to be done by two.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workers.records.models import Leader
from workers.records.session import now


def lead(session: Session, duty: str, holder: str, length: timedelta) -> bool:
    """Whether ``holder`` leads for ``length`` from now: it did already, or nobody does."""
    at = now(session)
    statement = (
        update(Leader)
        .where(Leader.duty == duty, or_(Leader.holder == holder, Leader.until < at))
        .values(holder=holder, until=at + length)
        .returning(Leader.duty)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(statement) is not None:
        return True
    if session.get(Leader, duty) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(Leader(duty=duty, holder=holder, until=at + length))
    except IntegrityError:
        return False
    return True


def resign(session: Session, duty: str, holder: str) -> None:
    """Let another one lead at once."""
    session.execute(delete(Leader).where(Leader.duty == duty, Leader.holder == holder))
