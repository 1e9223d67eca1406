"""What people do to a scene: approve, reject, reopen, comment, ask again, publish, cancel. Each leaves a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from imagegen.errors import BadRequestError
from imagegen.feedback import Reason, ask_again
from imagegen.lifecycle import State
from imagegen.types import Verdict
from workers import companions
from workers.catalog_model import visible_lines
from workers.errors import StateConflictError
from workers.records import quotas
from workers.records.asking import add
from workers.records.changes import change, decide, get, refuse
from workers.records.models import Publication, Scene
from workers.records.session import now
from workers.scene_model import CHANGEABLE, SceneRequest

LONGEST_NOTE = 2000
JUDGED = frozenset({State.IN_REVIEW, State.APPROVED, State.REJECTED, State.PUBLISHED})
OVER = JUDGED | {State.FAILED, State.CANCELLED}


def approve(session: Session, scene_id: str, by: str, note: str = "", *, override: bool = False) -> Scene:
    """The picture may go out. One whose checks failed needs ``override`` and a note that says why."""
    note = _note(note)
    scene = change(session, scene_id, State.APPROVED, "approved", told={"by": by}, approved_by=by)
    if scene.verdict == Verdict.FAIL and not (override and note):
        failed = ", ".join(f["check"] for f in scene.findings if f["verdict"] == Verdict.FAIL)
        raise StateConflictError(
            f"The scene is in review with failed checks ({failed}), so it cannot be approved just so.",
            hint="Approve it with override and a note that says why.",
            where="override",
        )
    decide(session, scene_id, by, "approve", note=note, override=override and scene.verdict == Verdict.FAIL)
    return get(session, scene_id)


def reject(session: Session, scene_id: str, by: str, reason: Reason | str, text: str = "") -> Scene:
    """The picture will not go out, for a reason of the fixed list; ``text`` says more."""
    reason, text = _reason(reason), _note(text)
    told = {"by": by, "reason": str(reason)}
    only = frozenset({State.IN_REVIEW, State.APPROVED})
    change(session, scene_id, State.REJECTED, "rejected", only=only, told=told, approved_by=None)
    decide(session, scene_id, by, "reject", reason=str(reason), note=text)
    return get(session, scene_id)


def reopen(session: Session, scene_id: str, by: str, note: str = "") -> Scene:
    """A verdict is taken back: the scene is in review again."""
    only = frozenset({State.APPROVED, State.REJECTED})
    change(session, scene_id, State.IN_REVIEW, "reopened", only=only, told={"by": by}, approved_by=None)
    decide(session, scene_id, by, "reopen", note=_note(note))
    return get(session, scene_id)


def comment(session: Session, scene_id: str, by: str, text: str) -> Scene:
    """Something is said of the scene, in whatever state it is. Raises BadRequestError when it is nothing."""
    said = _note(text)
    if not said:
        raise BadRequestError("A comment needs words.", where="text")
    get(session, scene_id)
    decide(session, scene_id, by, "comment", note=said)
    return get(session, scene_id)


def cancel(session: Session, scene_id: str, by: str) -> Scene:
    """Stop it; a worker that is at it notices between two stages."""
    at = now(session)
    change(session, scene_id, State.CANCELLED, "cancelled", told={"by": by}, finished_at=at)
    decide(session, scene_id, by, "cancel")
    return get(session, scene_id)


def retry(session: Session, scene_id: str, by: str, attempts: int = 3) -> Scene:
    """Make a failed or cancelled scene again, as it was asked for. Raises QuotaError."""
    get(session, scene_id)
    quotas.check_queue(session)
    change(
        session,
        scene_id,
        State.QUEUED,
        "made again",
        only=frozenset({State.FAILED, State.CANCELLED}),
        told={"by": by},
        max_attempts=Scene.attempt + attempts,
        send_after=now(session),
        sent_at=None,
        finished_at=None,
        stage="",
        share=0.0,
        error=None,
    )
    decide(session, scene_id, by, "retry")
    return get(session, scene_id)


def regenerate(session: Session, scene_id: str, changes: Mapping[str, Any], by: str) -> Scene:
    """Ask again: a new scene from the old one's request, its rejection's advice, and explicit ``changes``.

    The new scene has the old one as parent and shares its group; the old one stays as it is. Raises
    BadRequestError for changes that make no sense.
    """
    old = get(session, scene_id)
    if old.state not in OVER:
        refuse(session, scene_id, "asked for again", frozenset(OVER))
    unknown = set(changes) - CHANGEABLE
    if unknown:
        names = ", ".join(sorted(CHANGEABLE))
        raise BadRequestError(f"Cannot change {', '.join(sorted(unknown))[:200]}.", hint=f"May change: {names}.")
    rejected = next((d.reason for d in reversed(old.decisions) if d.action == "reject"), None)
    if changes.get("placement") and changes.get("style", old.style) == old.style and not changes.get("room"):
        changes = {**changes, "room": old.room}  # metres are those of the room that the person saw
    reason = Reason(rejected) if rejected and old.state == State.REJECTED else None
    try:
        request = SceneRequest.model_validate(_within_range(ask_again(old.request, reason, changes)))
    except ValidationError as error:
        fault = error.errors()[0]
        raise BadRequestError(f"{fault['msg']}.", where=".".join(map(str, fault["loc"]))) from error
    companions.check(session, request.companions)
    scene = add(session, request, engine=old.engine, group_id=old.group_id, by=by, parent_id=old.id)
    decide(session, old.id, by, "regenerate", note=scene.id)
    return get(session, scene.id)


def publish(session: Session, scene_id: str, by: str) -> Scene:
    """Only an approved scene becomes published, together with the record that sends its files out."""
    told = {"by": by}
    change(session, scene_id, State.PUBLISHED, "published", told=told)
    at = now(session)
    session.add(Publication(scene_id=scene_id, scene_state=State.PUBLISHED, at=at, by=by, send_after=at, tries=0))
    decide(session, scene_id, by, "publish")
    return get(session, scene_id)


def _within_range(request: dict[str, Any]) -> dict[str, Any]:
    """Advice that was taken often enough ends at the range's end; what a person says is not touched."""
    exposure = request.get("exposure_ev")
    if isinstance(exposure, float):
        request["exposure_ev"] = round(exposure, 2)
    return request


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise BadRequestError(f"The note has {len(text)} characters.", hint=f"Use at most {LONGEST_NOTE}.")
    try:
        return visible_lines(text).strip()
    except ValueError as error:
        raise BadRequestError(f"The note {error}.", where="note") from error


def _reason(reason: Reason | str) -> Reason:
    try:
        return Reason(reason)
    except ValueError as error:
        raise BadRequestError(
            f"{str(reason)[:40]!r} is not a reason.", hint=f"Use one of: {', '.join(Reason)}.", where="reason"
        ) from error
