"""Every question to the scenes: this file looks, its neighbours ask for, work on, and judge them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session, defer, joinedload, raiseload
from sqlalchemy.sql.base import ExecutableOption

from imagegen.errors import BadRequestError
from imagegen.lifecycle import State
from imagegen.mounts import plain_words
from workers.records.asking import ask
from workers.records.changes import get
from workers.records.desk import approve, cancel, comment, publish, regenerate, reject, reopen, retry
from workers.records.models import Event, Product, Scene
from workers.records.pages import Page, limited, read_cursor, write_cursor
from workers.records.work import Claim, Result, claim, fail, finish, hand_back, progress, renew, unsend

__all__ = [
    "IN_A_LIST",
    "Claim",
    "Filters",
    "Result",
    "approve",
    "ask",
    "cancel",
    "claim",
    "comment",
    "counts",
    "counts_up_to",
    "events_since",
    "fail",
    "finish",
    "get",
    "hand_back",
    "in_review",
    "latest",
    "page",
    "progress",
    "publish",
    "regenerate",
    "reject",
    "renew",
    "reopen",
    "retry",
    "unsend",
]


IN_A_LIST = (
    defer(Scene.recipe, raiseload=True),
    defer(Scene.findings, raiseload=True),
    raiseload(Scene.decisions),
    joinedload(Scene.product).raiseload(Product.photos),
)
"""Without what only one scene's own page tells: recipes are the most of a row. Whoever asks such a row for it errs."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which scenes: each field that is set must hold. ``states`` empty means any."""

    states: tuple[State, ...] = ()
    sku: str | None = None
    style: str | None = None
    category: str | None = None
    group_id: str | None = None
    parent_id: str | None = None
    bulk_id: str | None = None
    engine: str | None = None
    verdict: str | None = None


def page(
    session: Session,
    filters: Filters | None = None,
    cursor: str | None = None,
    limit: int = 50,
    *,
    oldest_first: bool = False,
    options: Sequence[ExecutableOption] = (),
) -> Page[Scene]:
    """Scenes by the time they were asked for, the newest first unless told otherwise.

    ``options``: what is read of each beside or instead of the usual, such as ``IN_A_LIST``.
    """
    place = (Scene.created_at, Scene.id)
    order = place if oldest_first else tuple(column.desc() for column in place)
    statement = select(Scene).where(*_conditions(filters or Filters())).order_by(*order).limit(limited(limit) + 1)
    statement = statement.options(*options)
    if cursor:
        here = tuple_(*place)
        key = _key(cursor)
        statement = statement.where(here > key if oldest_first else here < key)
    rows = list(session.scalars(statement).unique())
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(rows[:limit], write_cursor(last.created_at.isoformat(), last.id) if last else None)


def counts(session: Session, filters: Filters | None = None) -> dict[State, int]:
    """How many scenes are in each state (every state is named)."""
    statement = select(Scene.state, func.count()).where(*_conditions(filters or Filters())).group_by(Scene.state)
    found = {State(state): number for state, number in session.execute(statement)}
    return {state: found.get(state, 0) for state in State}


def counts_up_to(session: Session, most: int, filters: Filters | None = None) -> dict[State, int]:
    """The same, but no state is counted further than ``most``: what grows for years is not read each time."""
    conditions = _conditions(filters or Filters())

    def number(state: State) -> int:
        some = select(Scene.id).where(*conditions, Scene.state == state).limit(most).subquery()
        return session.scalar(select(func.count()).select_from(some)) or 0

    return {state: number(state) for state in State}


def in_review(session: Session) -> int:
    """How many scenes wait for their verdict; every page of the desk tells, so it reads no other state's."""
    return counts(session, Filters(states=(State.IN_REVIEW,)))[State.IN_REVIEW]


def latest(session: Session, sku: str, style: str) -> Scene | None:
    """The scene that was asked for last of this product in this style, unless it was cancelled."""
    statement = (
        select(Scene)
        .where(Scene.sku == sku, Scene.style == style, Scene.state != State.CANCELLED)
        .order_by(Scene.created_at.desc(), Scene.id.desc())
        .limit(1)
    )
    return session.scalars(statement).unique().one_or_none()


def events_since(session: Session, scene_id: str, after_seq: int = 0, limit: int = 500) -> list[Event]:
    """What happened to a scene after its event number ``after_seq``, in order."""
    statement = select(Event).where(Event.scene_id == scene_id, Event.seq > after_seq).order_by(Event.seq).limit(limit)
    return list(session.scalars(statement))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    same = {
        Scene.sku: filters.sku,
        Scene.style: filters.style,
        Scene.group_id: filters.group_id,
        Scene.parent_id: filters.parent_id,
        Scene.bulk_id: filters.bulk_id,
        Scene.engine: filters.engine,
        Scene.verdict: filters.verdict,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in same.items() if value is not None]
    if filters.states:
        conditions.append(Scene.state.in_(filters.states))
    if filters.category:
        conditions.append(Scene.product.has(Product.category == plain_words(filters.category)))
    return conditions


def _key(cursor: str) -> tuple[datetime, str]:
    moment, scene_id = read_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(moment), scene_id
    except ValueError as error:
        raise BadRequestError("The cursor is not one of ours.", where="cursor") from error
