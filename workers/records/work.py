"""What a worker does to a scene: claim it, keep it, tell how far it is, finish or fail.

A claim is a lease with a fencing number: whoever holds a lower number than the row writes nothing any more.
"""

from __future__ import annotations

import errno
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, joinedload, raiseload

from imagegen.errors import CancelledError, ImagegenError
from imagegen.lifecycle import State
from imagegen.types import Finding
from styles.errors import StyleError
from workers.errors import LeaseLostError
from workers.records import events
from workers.records.changes import find, get, refuse, set_state, try_change
from workers.records.models import Product, Scene
from workers.records.session import now

LEASE = timedelta(seconds=30)
BACKOFF = timedelta(seconds=5)
"""Before the second attempt after an error; doubled before each further one."""

LARGEST_SCORE = 1e9
"""Databases keep no infinity in JSON."""

PASSING = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
    | {errno.ECONNREFUSED, errno.ECONNRESET, errno.EPIPE, errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH}
)
"""What a full or broken disk and a lost network say."""

WITH_PHOTOS = (joinedload(Scene.product).joinedload(Product.photos), raiseload(Scene.decisions))
"""All that making a scene needs, in one question."""

RUNNING = frozenset({State.RUNNING})


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one scene. ``attempt`` is the fencing number."""

    scene_id: str
    attempt: int
    worker: str
    scene: Scene


@dataclass(frozen=True, slots=True)
class Result:
    """What was made: ``picture`` is its blob's key; ``plan_sha`` and ``recipe_sha`` identify how.

    ``room``: in which it was made, where that was found on the way.
    """

    picture: str
    width: int
    height: int
    findings: Sequence[Finding]
    verdict: str
    recipe: Mapping[str, Any]
    recipe_sha: str
    plan_sha: str
    seconds: Mapping[str, float]
    room: str | None = None


def claim(session: Session, scene_id: str, worker: str, lease: timedelta = LEASE) -> Claim | None:
    """The right to make this scene, or None when somebody else has it or there is nothing to do."""
    at = now(session)
    for _ in range(2):
        taken = set_state(
            session,
            scene_id,
            State.RUNNING,
            Scene.attempt < Scene.max_attempts,
            Scene.send_after <= at,
            told={"worker": worker},
            attempt=Scene.attempt + 1,
            worker=worker,
            lease_until=at + lease,
            stage="claimed",
            share=0.0,
            error=None,
        )
        if taken:
            scene = session.get_one(Scene, scene_id, populate_existing=True, options=WITH_PHOTOS)
            return Claim(scene_id, scene.attempt, worker, scene)
        if lapse(session, scene_id) is None:
            return None
    return None


def renew(session: Session, held: Claim, lease: timedelta = LEASE) -> None:
    """Keep the claim a while longer. Raises LeaseLostError or CancelledError."""
    statement = update(Scene).where(*_mine(held)).values(lease_until=now(session) + lease).returning(Scene.id)
    if session.scalar(statement.execution_options(synchronize_session=False)) is None:
        _lost(session, held)


def progress(session: Session, held: Claim, stage: str, share: float) -> None:
    """Tell how far the work is (``share`` 0..1). Raises LeaseLostError or CancelledError."""
    at = now(session)
    statement = (
        update(Scene)
        .where(*_mine(held))
        .values(stage=stage[:40], share=share, updated_at=at, events=Scene.events + 1)
        .returning(Scene.events)
    )
    seq = session.scalar(statement.execution_options(synchronize_session=False))
    if seq is None:
        _lost(session, held)
    data = {"stage": stage[:40], "share": round(share, 4)}
    events.write(session, held.scene_id, seq, at, "progress", data)


def finish(session: Session, held: Claim, result: Result) -> None:
    """The picture goes to the review desk, whatever its checks say. Raises LeaseLostError or CancelledError."""
    done = set_state(
        session,
        held.scene_id,
        State.IN_REVIEW,
        Scene.attempt == held.attempt,
        only=RUNNING,
        told={"verdict": result.verdict},
        picture=result.picture,
        room=result.room or Scene.room,
        width=result.width,
        height=result.height,
        verdict=result.verdict,
        findings=[plain_finding(finding) for finding in result.findings],
        recipe=dict(result.recipe),
        recipe_sha=result.recipe_sha,
        plan_sha=result.plan_sha,
        seconds={stage: float(value) for stage, value in result.seconds.items()},
        stage="done",
        share=1.0,
        finished_at=now(session),
    )
    if not done:
        _lost(session, held)


def fail(session: Session, held: Claim, error: Exception, plan_sha: str | None = None) -> Scene:
    """Put the scene back for another attempt when the error may pass and attempts are left; else it has failed."""
    scene = get(session, held.scene_id)
    told = describe(error)
    if told["retryable"] and held.attempt < scene.max_attempts:
        wait = BACKOFF * 2 ** (held.attempt - 1)
        again = try_change(
            session,
            held.scene_id,
            State.QUEUED,
            Scene.attempt == held.attempt,
            only=RUNNING,
            told={"error": told},
            error=told,
            send_after=now(session) + wait,
            sent_at=None,
        )
        return again or _lost(session, held)
    failed = try_change(
        session,
        held.scene_id,
        State.FAILED,
        Scene.attempt == held.attempt,
        only=RUNNING,
        told={"error": told},
        error=told | {"stage": scene.stage},
        plan_sha=plan_sha,
        finished_at=now(session),
    )
    return failed or _lost(session, held)


def hand_back(session: Session, held: Claim) -> Scene | None:
    """Give the work up without blame (the worker is stopping): the attempt does not count."""
    return try_change(
        session,
        held.scene_id,
        State.QUEUED,
        Scene.attempt == held.attempt,
        only=RUNNING,
        told={"handed_back_by": held.worker},
        max_attempts=Scene.max_attempts + 1,
        stage="",
        share=0.0,
        sent_at=None,
    )


def lapse(session: Session, scene_id: str) -> Scene | None:
    """Take a scene from a worker whose lease has run out; None when there is nothing to take.

    After the last attempt the scene has failed: whatever it is made of stops workers.
    """
    expired: ColumnElement[bool] = Scene.lease_until < now(session)
    again = try_change(
        session,
        scene_id,
        State.QUEUED,
        expired,
        Scene.attempt < Scene.max_attempts,
        only=RUNNING,
        told={"lapsed": True},
        sent_at=None,
    )
    if again is not None:
        return again
    scene = find(session, scene_id)
    if scene is None or scene.lease_until is None or scene.lease_until >= now(session):
        return None
    error = {
        "kind": "WorkerLost",
        "message": f"The worker was lost {scene.attempt} times at this scene, last in the stage {scene.stage!r}.",
        "hint": "Look at the worker's memory and log, then ask for the scene again.",
        "retryable": False,
        "stage": scene.stage,
    }
    return try_change(
        session,
        scene_id,
        State.FAILED,
        expired,
        only=RUNNING,
        told={"error": error},
        error=error,
        finished_at=now(session),
    )


def to_send(session: Session, stale: datetime, limit: int) -> list[str]:
    """Scenes that wait without a message: never sent, or sent before ``stale``; the oldest first."""
    at = now(session)
    statement = (
        select(Scene.id)
        .where(
            Scene.state == State.QUEUED,
            Scene.send_after <= at,
            or_(Scene.sent_at.is_(None), Scene.sent_at < stale),
        )
        .order_by(Scene.created_at, Scene.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def unsend(session: Session, ids: Sequence[str]) -> None:
    """The message of these waiting scenes did not arrive: they want another one."""
    session.execute(
        update(Scene)
        .where(Scene.id.in_(ids), Scene.state == State.QUEUED)
        .values(sent_at=None)
        .execution_options(synchronize_session=False)
    )


def expired(session: Session, limit: int) -> list[str]:
    """Scenes whose worker has not been heard of for the length of its lease."""
    statement = select(Scene.id).where(Scene.state == State.RUNNING, Scene.lease_until < now(session)).limit(limit)
    return list(session.scalars(statement))


def plain_finding(finding: Finding) -> dict[str, Any]:
    """A finding as JSON keeps it: numpy's numbers made plain, what is no number at its nearest end."""
    score, threshold = (_finite(value) for value in (finding.score, finding.threshold))
    where = [int(edge) for edge in finding.where] if finding.where is not None else None
    return asdict(finding) | {"verdict": str(finding.verdict), "score": score, "threshold": threshold, "where": where}


def _finite(value: float) -> float:
    number = float(value)
    return 0.0 if math.isnan(number) else min(max(number, -LARGEST_SCORE), LARGEST_SCORE)


def describe(error: Exception) -> dict[str, Any]:
    """An error as the row keeps it. What is not ours is not shown to people: the log has it."""
    if isinstance(error, (ImagegenError, StyleError)):
        return {
            "kind": type(error).__name__,
            "message": error.message,
            "hint": error.hint,
            "where": error.where,
            "retryable": isinstance(error, ImagegenError) and error.retryable,
        }
    return {
        "kind": type(error).__name__,
        "message": "Something unexpected went wrong; the worker's log has the details.",
        "hint": "",
        "where": "",
        "retryable": _may_pass(error),
    }


def _may_pass(error: Exception) -> bool:
    """Whether it is the machine's fault rather than the scene's: memory, disk, network, or a database that was away."""
    if isinstance(error, DBAPIError):
        return isinstance(error, OperationalError) or error.connection_invalidated
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in PASSING)


def _mine(held: Claim) -> tuple[ColumnElement[bool], ...]:
    return Scene.id == held.scene_id, Scene.state == State.RUNNING, Scene.attempt == held.attempt


def _lost(session: Session, held: Claim) -> NoReturn:
    """Say whether the work was cancelled or went to somebody else."""
    row = session.execute(select(Scene.state, Scene.attempt).where(Scene.id == held.scene_id)).one_or_none()
    if row is None:
        refuse(session, held.scene_id, "worked on", RUNNING)
    if row.state == State.CANCELLED:
        raise CancelledError("The scene was cancelled.", where=held.scene_id)
    raise LeaseLostError(
        f"Attempt {held.attempt} at scene {held.scene_id} is over: it is {row.state}, attempt {row.attempt}.",
        where=held.scene_id,
    )
