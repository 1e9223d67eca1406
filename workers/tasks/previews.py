"""Preparing previews: claim, load, cut out and render, store, finish. The message only named it; the row decides."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from celery import Celery

from imagegen.errors import ImagegenError
from imagegen.previews import backdrop as backdrops
from imagegen.previews import sprite as sprites
from imagegen.previews.backdrop import Backdrop
from imagegen.previews.sprite import Sprite
from imagegen.previews.standing import Place
from imagegen.protocols import Progress
from imagegen.types import Product
from styles.errors import StyleError
from styles.library import Library
from workers import logs
from workers.app import PREPARE_PREVIEW
from workers.errors import LeaseLostError, StateConflictError
from workers.records import preparations, products
from workers.records.preparations import Held, Prepared, Wanted
from workers.settings import Settings
from workers.tasks.lease import StoppingError
from workers.tasks.scenes import Acknowledged, Workbench

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be prepared. ``known``: the product's sprite when it was made before."""

    product: Product
    photo: bytes
    known: Sprite | None
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Goods:
    """What was prepared."""

    sprite: Sprite
    backdrop: Backdrop
    angle: int
    places: tuple[Place, ...]


Prepare = Callable[[Settings, Order, Progress], Goods]


def prepare(settings: Settings, order: Order, progress: Progress) -> Goods:
    """The real thing: the first stages of a scene, and the room's view. Raises InputError and EngineError."""
    from imagegen.previews import making  # noqa: PLC0415 - SciPy and the stages

    library, wanted = _library(settings.style_paths), order.wanted
    shot = making.solved(order.photo, order.product, settings.cutter, settings.cutter_weights)
    progress("cutout", 0.1)
    made = order.known or making.sprite(shot)
    page = library.room(wanted.style, wanted.room)
    found = making.places(shot, library.style(wanted.style), page)
    angle = making.nearest_angle(made, found, page) if wanted.angle is None else wanted.angle
    progress("room", 0.2)
    back = making.backdrop(
        library,
        wanted.style,
        wanted.room,
        order.product,
        found,
        settings.data_dir / "views",
        angle=angle,
        light=wanted.light,
        progress=progress,
    )
    return Goods(made, back, angle, found)


def register(app: Celery, bench: Workbench, preparer: Prepare = prepare) -> None:
    """Let the app's workers prepare previews at this bench."""

    def make(preparation_id: str) -> None:
        work_on(bench, preparation_id, preparer)

    app.task(name=PREPARE_PREVIEW, ignore_result=True, Request=Acknowledged)(make)


def work_on(bench: Workbench, preparation_id: str, preparer: Prepare = prepare) -> None:
    """Prepare it unless somebody else does; whatever happens, the row says so afterwards."""
    if bench.stopping.is_set():
        bench.database.patiently(lambda session: preparations.unsend(session, [preparation_id]))
        return
    held = bench.database.patiently(lambda session: preparations.claim(session, preparation_id))
    if held is None:
        return
    with logs.bound_contextvars(preparation=preparation_id[:12]):
        _work_on(bench, held, preparer)


def _work_on(bench: Workbench, held: Held, preparer: Prepare) -> None:
    def progress(_stage: str, _share: float) -> None:
        if bench.stopping.is_set():
            raise StoppingError("The worker is stopping.")
        bench.database.patiently(lambda session: preparations.renew(session, held))

    try:
        order = _order(bench, held)
        made = preparer(bench.settings, order, progress)
        own = bench.blobs.put(sprites.packed(made.sprite), ".npz")
        result = Prepared(own, bench.blobs.put(backdrops.packed(made.backdrop), ".npz"), made.angle, made.places)
        bench.database.patiently(lambda session: preparations.finish(session, held, result))
        log.info("Preparation %s: ready.", held.id[:12])
    except LeaseLostError as error:
        log.info("%s", error)
    except (StoppingError, SystemExit, KeyboardInterrupt) as error:
        bench.database.patiently(lambda session: preparations.hand_back(session, held))
        if not isinstance(error, StoppingError):
            raise
    except Exception as error:  # noqa: BLE001 - whatever it was, the row must say so
        _fail(bench, held, error)


def _order(bench: Workbench, held: Held) -> Order:
    """What the row asks for, of today. Raises StateConflictError when it asks for what is no more."""
    request = held.row.request
    with bench.database.of(held.row.team_id).reading() as session:
        product = products.get(session, held.row.sku)
        known = preparations.sprite_of(session, held.row.sprite_id)
    library = _library(bench.settings.style_paths)
    wanted = preparations.identify(
        library, product, request["style"], request["room"], request["angle"], request["light"]
    )
    if wanted.id != held.id:
        raise StateConflictError("The product, its photo or the style changed meanwhile.", hint="Ask again.")
    photo = bench.blobs.get(product.photos[0].key)
    sprite = sprites.unpacked(bench.blobs.get(known)) if known and bench.blobs.exists(known) else None
    return Order(product.facts(), photo, sprite, wanted)


def _fail(bench: Workbench, held: Held, error: Exception) -> None:
    """The row keeps what people can use; the log keeps the rest."""
    if isinstance(error, (ImagegenError, StyleError)):
        log.warning("Preparation %s: %s", held.id[:12], error)
    else:
        log.error("Preparation %s: unexpected.", held.id[:12], exc_info=error)
    told = error
    try:
        bench.database.patiently(lambda session: preparations.fail(session, held, told))
    except LeaseLostError as late:
        log.info("%s", late)


@lru_cache(maxsize=2)
def _library(paths: tuple[Path, ...]) -> Library:
    return Library(paths)
