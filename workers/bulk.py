"""A whole catalog again, or only what changed: what would be made and why, and the making of it.

A scene is out of date when what decides its picture today (``pipeline.planned``) is not what decided it then. Each
product is asked for again as it was asked for last, so that a designer's choices survive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from celery import Celery
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from imagegen import recipe
from imagegen.diffusion.options import Equipment
from imagegen.errors import ImagegenError
from imagegen.job import Job, Kit, planned
from imagegen.lifecycle import State
from styles.errors import StyleError
from styles.library import Library
from workers import companions, queue
from workers.errors import NotFoundError
from workers.records import products, scenes
from workers.records.asking import new_id
from workers.records.blobs import Blobs
from workers.records.models import BulkRun, Product, Scene
from workers.records.session import Database, now
from workers.scene_model import SceneRequest

PlanOf = Callable[[Job], Mapping[str, Any]]

SEND_EVERY = 20
"""Scenes that are asked for between two calls of the broker."""


class Reason(StrEnum):
    """Why a scene is wanted, or why not."""

    NEVER_MADE = "never made"
    PHOTO_CHANGED = "photo changed"
    FACTS_CHANGED = "facts changed"
    SET_CHANGED = "what is shown with it changed"
    STYLE_CHANGED = "style changed"
    ENGINE_CHANGED = "engine changed"
    SETTINGS_CHANGED = "settings changed"
    FAILED = "failed, may pass now"
    UP_TO_DATE = "up to date"
    FAILS_AS_BEFORE = "would fail as before"
    IN_PROGRESS = "in progress"
    NO_PHOTO = "has no photo"
    IMPOSSIBLE = "cannot be made"


CHANGED = frozenset(
    {
        Reason.NEVER_MADE,
        Reason.PHOTO_CHANGED,
        Reason.FACTS_CHANGED,
        Reason.SET_CHANGED,
        Reason.STYLE_CHANGED,
        Reason.ENGINE_CHANGED,
        Reason.SETTINGS_CHANGED,
        Reason.FAILED,
    }
)
NEVER = frozenset({Reason.IN_PROGRESS, Reason.NO_PHOTO, Reason.IMPOSSIBLE})


@dataclass(frozen=True, slots=True)
class BulkItem:
    """One product in one style: whether it is wanted and why; ``detail`` says more where there is more to say."""

    sku: str
    style: str
    reason: Reason
    wanted: bool
    request: SceneRequest
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: scenes asked for, and how many of them are over (whatever came of them)."""

    run_id: str
    asked: int
    over: int
    states: Mapping[State, int]


def plan(
    database: Database,
    library: Library,
    *,
    style: str | None = None,
    category: str | None = None,
    changed_only: bool = False,
    blobs: Blobs,
    engine: str = "render",
    equipment: Equipment | None = None,
    plan_of: PlanOf | None = None,
) -> list[BulkItem]:
    """What a run would make and why, in the order of the catalog.

    With a ``style``: every product (of the ``category``) in it; without: every product in the styles that it was
    made in before. ``engine`` and the defaults serve products that were never made; ``equipment``: what a diffusion
    engine has here, which is part of its plans. Raises UnknownStyleError.
    """
    if style is not None:
        library.style(style)
    kit = Kit(library=library, equipment=equipment or Equipment())
    planner = _Planner(database, blobs, engine, changed_only, plan_of or (lambda job: planned(job, kit)))
    return [item for product in _products(database, category) for item in planner.items(product, style)]


def run(
    database: Database, app: Celery, items: Iterable[BulkItem], *, selection: str, by: str, engine: str = "render"
) -> Iterator[Progress]:
    """Ask for the wanted scenes; one Progress at the start and after each batch.

    ``selection`` names what was chosen (the options of the command). A run that was interrupted and is started
    again with the same selection goes on where it was: nothing is asked for twice.
    """
    wanted = [item for item in items if item.wanted]
    with database.transaction() as session:
        run_id = _open(session, selection)
    yield progress(database, run_id)
    for batch in (wanted[i : i + SEND_EVERY] for i in range(0, len(wanted), SEND_EVERY)):
        ids: list[str] = []
        for item in batch:
            with database.transaction() as session:
                ids += _ask_once(session, item, run_id, by, engine)
        queue.send(database, app, ids)
        yield progress(database, run_id)


def progress(database: Database, run_id: str) -> Progress:
    """How far the run is."""
    with database.reading() as session:
        states = scenes.counts(session, scenes.Filters(bulk_id=run_id))
    waiting = states[State.QUEUED] + states[State.RUNNING]
    asked = sum(states.values())
    return Progress(run_id, asked, asked - waiting, states)


def close(database: Database, run_id: str) -> bool:
    """End the run when all of it is over, so that the same selection starts a new one; whether it was ended."""
    told = progress(database, run_id)
    if told.over < told.asked:
        return False
    with database.transaction() as session:
        session.execute(update(BulkRun).where(BulkRun.id == run_id).values(finished_at=now(session)))
    return True


@dataclass(frozen=True, slots=True)
class _Planner:
    database: Database
    blobs: Blobs
    engine: str
    changed_only: bool
    plan_of: PlanOf

    def items(self, product: Product, style: str | None) -> Iterator[BulkItem]:
        """The product's items; its photos are read once for all of them."""
        styles = [style] if style else self._styles_of(product.sku)
        photos: tuple[bytes, ...] = ()
        for slug in styles:
            with self.database.reading() as session:
                last = scenes.latest(session, product.sku, slug)
            request = self._request(product.sku, slug, last)
            if not photos and product.photos:
                try:
                    photos = tuple(self.blobs.get(photo.key) for photo in product.photos)
                except NotFoundError as error:
                    yield BulkItem(product.sku, slug, Reason.NO_PHOTO, False, request, str(error))
                    continue
            reason, detail = self._reason(product, photos, request, last)
            wanted = reason in CHANGED or not (self.changed_only or reason in NEVER)
            yield BulkItem(product.sku, slug, reason, wanted, request, detail)

    def _styles_of(self, sku: str) -> Sequence[str]:
        statement = select(Scene.style).where(Scene.sku == sku, Scene.state != State.CANCELLED).distinct()
        with self.database.reading() as session:
            return sorted(session.scalars(statement))

    def _request(self, sku: str, style: str, last: Scene | None) -> SceneRequest:
        if last is None:
            return SceneRequest(sku=sku, style=style, engine=self.engine)
        return SceneRequest.model_validate(last.request)

    def _reason(
        self, product: Product, photos: tuple[bytes, ...], request: SceneRequest, last: Scene | None
    ) -> tuple[Reason, str]:
        if not photos:
            return Reason.NO_PHOTO, ""
        if last is not None and last.state in {State.QUEUED, State.RUNNING}:
            return Reason.IN_PROGRESS, ""
        try:
            with_it = companions.load(self.database, self.blobs, request.companions)
        except ImagegenError as error:
            return Reason.IMPOSSIBLE, str(error)
        job = Job(
            product=product.facts(),
            photos=photos,
            style=request.style,
            room=request.room,
            engine=request.engine or self.engine,
            settings=request.settings(),
            placement=request.explicit(),
            photo=request.photo,
            companions=with_it,
        )
        try:
            today = self.plan_of(job)
        except (ImagegenError, StyleError) as error:
            return Reason.IMPOSSIBLE, str(error)
        return (Reason.NEVER_MADE, "") if last is None else _difference(today, last)


def _difference(today: Mapping[str, Any], last: Scene) -> tuple[Reason, str]:
    """Why the last scene is not what would be made today."""
    same = recipe.identity(today) == last.plan_sha
    if last.state == State.FAILED:
        error = last.error or {}
        hopeless = same and not error.get("retryable")
        return (Reason.FAILS_AS_BEFORE if hopeless else Reason.FAILED), str(error.get("message", ""))
    if same:
        return Reason.UP_TO_DATE, ""
    then = last.recipe or {}
    for part, reason in (
        ("format", Reason.ENGINE_CHANGED),
        ("photos", Reason.PHOTO_CHANGED),
        ("product", Reason.FACTS_CHANGED),
        ("companions", Reason.SET_CHANGED),
        ("style", Reason.STYLE_CHANGED),
        ("engine", Reason.ENGINE_CHANGED),
    ):
        if recipe.identity({part: today.get(part)}) != recipe.identity({part: then.get(part)}):
            return reason, _changed_fields(today.get(part), then.get(part))
    return Reason.SETTINGS_CHANGED, _changed_fields(today.get("settings"), then.get("settings"))


def _changed_fields(today: Any, then: Any) -> str:
    if not isinstance(today, Mapping) or not isinstance(then, Mapping):
        return ""
    names = [name for name in today if recipe.identity({"": today[name]}) != recipe.identity({"": then.get(name)})]
    return ", ".join(names)


def _products(database: Database, category: str | None) -> Iterator[Product]:
    cursor: str | None = None
    while True:
        with database.reading() as session:
            page = products.page(session, category=category, cursor=cursor, limit=200)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _open(session: Session, selection: str) -> str:
    """The unfinished run of this selection, or a new one."""
    unfinished = (
        select(BulkRun.id)
        .where(BulkRun.selection == selection, BulkRun.finished_at.is_(None))
        .order_by(BulkRun.created_at.desc())
        .limit(1)
    )
    found: str | None = session.scalar(unfinished)
    if found is not None:
        return found
    at = now(session)
    begun = BulkRun(id=new_id(at.timestamp() * 1000), selection=selection, created_at=at)
    session.add(begun)
    session.flush()
    return begun.id


def _ask_once(session: Session, item: BulkItem, run_id: str, by: str, engine: str) -> list[str]:
    """The new scene's id, or nothing when this run has asked for it already."""
    again = select(Scene.id).where(Scene.bulk_id == run_id, Scene.sku == item.sku, Scene.style == item.style)
    if session.scalar(again) is not None:
        return []
    return [scene.id for scene in scenes.ask(session, item.request, engine=engine, by=by, bulk_id=run_id)]
