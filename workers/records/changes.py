"""The one way in which a scene's state changes: compare-and-set, with its event and its effects, or not at all."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from imagegen.lifecycle import State, sources_of
from workers.errors import NotFoundError, StateConflictError
from workers.records import audit, events, outbox
from workers.records.models import Decision, Scene
from workers.records.session import now

ID_PATTERN = r"[0-9a-f]{24}"


def get(session: Session, scene_id: str) -> Scene:
    """One scene with its product, decisions and publication. Raises NotFoundError."""
    scene = find(session, scene_id)
    if scene is None:
        raise NotFoundError(f"There is no scene {scene_id[:40]!r}.", where="id")
    return scene


def find(session: Session, scene_id: str) -> Scene | None:
    """Like ``get``, but None for what is not there."""
    return session.get(Scene, scene_id, populate_existing=True) if re.fullmatch(ID_PATTERN, scene_id) else None


def try_change(
    session: Session,
    scene_id: str,
    to: State,
    *conditions: ColumnElement[bool],
    only: frozenset[State] = frozenset(State),
    told: dict[str, Any] | None = None,
    **values: Any,
) -> Scene | None:
    """The changed scene, or None when it is not in a state (of ``only``) that leads to ``to``.

    ``conditions`` are compared in the same statement; ``told`` goes into the event; ``values`` are set besides.
    """
    if not set_state(session, scene_id, to, *conditions, only=only, told=told, **values):
        return None
    return get(session, scene_id)


def set_state(
    session: Session,
    scene_id: str,
    to: State,
    *conditions: ColumnElement[bool],
    only: frozenset[State] = frozenset(State),
    told: dict[str, Any] | None = None,
    **values: Any,
) -> bool:
    """Whether the change took place; as ``try_change``, for whoever does not need to see the scene."""
    at = now(session)
    lease = {} if to is State.RUNNING else {"lease_until": None, "worker": None}
    if not re.fullmatch(ID_PATTERN, scene_id):
        return False
    statement = (
        update(Scene)
        .where(Scene.id == scene_id, Scene.state.in_(sources_of(to) & only), *conditions)
        .values(**lease | values, state=to, events=Scene.events + 1, updated_at=at)
        .returning(Scene.events)
        .execution_options(synchronize_session=False)
    )
    seq = session.scalar(statement)
    if seq is None:
        return False
    events.write(session, scene_id, seq, at, "state", {"state": str(to)} | (told or {}))
    outbox.put(session, scene_id, seq, to)
    return True


def change(
    session: Session,
    scene_id: str,
    to: State,
    doing: str,
    *conditions: ColumnElement[bool],
    only: frozenset[State] = frozenset(State),
    told: dict[str, Any] | None = None,
    **values: Any,
) -> Scene:
    """Like ``try_change``, but a refused change raises StateConflictError: "cannot be ``doing``"."""
    scene = try_change(session, scene_id, to, *conditions, only=only, told=told, **values)
    if scene is None:
        refuse(session, scene_id, doing, sources_of(to) & only)
    return scene


def refuse(session: Session, scene_id: str, doing: str, wanted: frozenset[State]) -> NoReturn:
    """Say why not. Raises NotFoundError or StateConflictError."""
    state = get(session, scene_id).state
    names = " or ".join(sorted(name.replace("_", " ") for name in wanted))
    raise StateConflictError(
        f"The scene is {state.replace('_', ' ')}, so it cannot be {doing}.",
        hint=f"That takes a scene that is {names}." if names else "",
        where="state",
    )


def decide(
    session: Session,
    scene_id: str,
    by: str,
    action: str,
    *,
    reason: str | None = None,
    note: str = "",
    override: bool = False,
) -> None:
    """Write down who did what, and why."""
    detail = {"reason": reason, "note": note, "override": override}
    audit.write(session, by, action, "scene", scene_id, detail)
    session.add(
        Decision(scene_id=scene_id, at=now(session), by=by, action=action, reason=reason, note=note, override=override)
    )
    session.flush()
