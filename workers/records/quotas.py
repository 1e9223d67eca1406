"""What a team may use, and how much of it is used: asked in the transaction that uses more.

A team's row is locked where it has a limit, so that two requests do not each take the last of it. A team without one
pays a look at its row.
"""

from __future__ import annotations

import math
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from imagegen.lifecycle import State
from workers.errors import QuotaError, RoomQuotaError
from workers.records import teams
from workers.records.models import Photo, Scene
from workers.records.session import now
from workers.records.walls import team_of
from workers.teams import NO_LIMIT, Allowance

DAY = timedelta(hours=24)
SOON_S = 60
"""When a waiting scene may have been taken, as a guess."""


def of(session: Session) -> Allowance:
    """What the session's team may use: its own limits, else the installation's."""
    team = teams.get(session, team_of(session))
    usual: Allowance = session.info.get("allowance", NO_LIMIT)
    return Allowance(
        usual.photo_bytes if team.photo_bytes is None else team.photo_bytes,
        usual.scenes_a_day if team.scenes_a_day is None else team.scenes_a_day,
        usual.scenes_queued if team.scenes_queued is None else team.scenes_queued,
    )


def used(session: Session) -> Allowance:
    """What the session's team uses."""
    return Allowance(_photo_bytes(session), _scenes_today(session), _scenes_waiting(session))


def check_scene(session: Session) -> None:
    """Whether one more scene may be asked for. Raises QuotaError."""
    allowed = of(session)
    if not (allowed.scenes_a_day or allowed.scenes_queued):
        return
    teams.get(session, team_of(session), lock=True)
    if allowed.scenes_a_day and _scenes_today(session) >= allowed.scenes_a_day:
        raise _quota(
            f"The team has asked for {allowed.scenes_a_day} scenes in the last 24 hours, as many as it may.",
            _until_one_is_a_day_old_s(session),
        )
    _check_queue(session, allowed)


def check_queue(session: Session) -> None:
    """Whether one more scene may wait. Raises QuotaError."""
    allowed = of(session)
    if allowed.scenes_queued:
        teams.get(session, team_of(session), lock=True)
        _check_queue(session, allowed)


def check_room(session: Session, more: int = 0) -> None:
    """Whether the team's photos, and so many bytes more, have room. Raises RoomQuotaError."""
    most = of(session).photo_bytes
    if not most:
        return
    teams.get(session, team_of(session), lock=True)
    taken = _photo_bytes(session) + more
    if taken > most:
        raise RoomQuotaError(
            f"The team's photos would take {taken / 1e6:.1f} MB, and may take {most / 1e6:.1f} MB.",
            hint="Remove photos that are not needed, or ask an administrator for more room.",
            where="photo",
        )


def _check_queue(session: Session, allowed: Allowance) -> None:
    if allowed.scenes_queued and _scenes_waiting(session) >= allowed.scenes_queued:
        raise _quota(f"{allowed.scenes_queued} scenes of the team wait already, as many as may.", SOON_S)


def _photo_bytes(session: Session) -> int:
    """A file that several photos share is there once."""
    files = select(func.max(Photo.bytes).label("size")).group_by(Photo.key).subquery()
    return int(session.scalar(select(func.coalesce(func.sum(files.c.size), 0))) or 0)


def _scenes_today(session: Session) -> int:
    today = select(func.count()).select_from(Scene).where(Scene.created_at > now(session) - DAY)
    return int(session.scalar(today) or 0)


def _scenes_waiting(session: Session) -> int:
    waiting = select(func.count()).select_from(Scene).where(Scene.state == State.QUEUED)
    return int(session.scalar(waiting) or 0)


def _until_one_is_a_day_old_s(session: Session) -> int:
    at = now(session)
    oldest = session.scalar(select(func.min(Scene.created_at)).where(Scene.created_at > at - DAY))
    return max(1, math.ceil((oldest + DAY - at).total_seconds())) if oldest else 1


def _quota(message: str, retry_after_s: int) -> QuotaError:
    error = QuotaError(message, hint="Ask again later, or ask an administrator for more.")
    error.retry_after_s = retry_after_s
    return error
