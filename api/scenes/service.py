"""What may be done with scenes, for the API and the desk alike: one transaction each, the queue told after it."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image
from starlette.concurrency import run_in_threadpool

from api.deps import Context
from api.scenes.newsroom import Head, News
from imagegen import images, provenance
from imagegen.engines import ENGINES, PAINTING
from imagegen.errors import BadRequestError, DoesNotFitError, UnknownNameError
from imagegen.feedback import Reason
from imagegen.glow import require_lamp
from imagegen.lifecycle import State
from imagegen.types import Mount
from workers import publishing
from workers.errors import NotFoundError
from workers.records import once, products, scenes
from workers.records.blobs import Blobs
from workers.records.models import Event, Product, Scene
from workers.records.once import Hold
from workers.records.pages import LARGEST_PAGE, Page
from workers.records.scenes import Filters
from workers.scene_model import SceneRequest

SMALL, KEPT = 800, 300
"""Pixels of width up to which a rendition is kept in memory, and how many are."""

UNFINISHED = frozenset({State.QUEUED, State.RUNNING})


def ask(context: Context, request: SceneRequest, by: str, hold: Hold | None = None) -> list[Scene]:
    """Scenes of a product in a style, queued. Raises InputError for what does not exist or cannot fit.

    ``hold``: of a request that counts once; what an earlier holder asked for is what was asked for.
    """
    if hold and hold.made:
        with context.database.reading() as session:
            asked = scenes.page(session, Filters(group_id=hold.made), None, LARGEST_PAGE).items
        return sorted((scene for scene in asked if scene.parent_id is None), key=lambda scene: scene.created_at)
    return ask_all(context, [request], by, hold)


def ask_all(context: Context, requests: Sequence[SceneRequest], by: str, hold: Hold | None = None) -> list[Scene]:
    """Several requests at once: all of them are queued, or none."""
    settings = context.settings
    asked: list[Scene] = []
    with context.database.transaction() as session:
        for request in requests:
            _check_engine(request.engine or settings.engine, request.mode)
            product = products.get(session, request.sku)
            _check_room(context, product, request.style, request.room)
            context.library.style(request.style).light(request.light or "")
            if request.lamp_on:
                require_lamp(product.facts())
            asked += scenes.ask(session, request, engine=settings.engine, by=by, max_attempts=settings.max_attempts)
        if hold:
            once.seal(session, hold, asked[0].group_id)
    wake(context, asked)
    return asked


def ask_again(context: Context, scene_id: str, changes: dict[str, Any], by: str, hold: Hold | None = None) -> Scene:
    """A new scene from an old one's request, with changes. ``hold``: as for ``ask``."""
    if hold and hold.made:
        return get(context, hold.made)
    with context.database.transaction() as session:
        old = scenes.get(session, scene_id)
        _check_engine(changes.get("engine", old.engine), changes.get("mode", old.request.get("mode")))
        # Another style has other rooms and lights: unless one is named, it takes its own first.
        if changes.get("style", old.style) != old.style:
            changes = {"room": None, "light": None} | changes
        _check_room(context, old.product, changes.get("style", old.style), changes.get("room", old.request.get("room")))
        light = changes.get("light", old.request.get("light"))
        context.library.style(changes.get("style", old.style)).light(light or "")
        if changes.get("lamp_on"):
            require_lamp(old.product.facts())
        again = scenes.regenerate(session, scene_id, changes, by)
        if hold:
            once.seal(session, hold, again.id)
    wake(context, [again])
    return again


def approve(
    context: Context, scene_id: str, by: str, note: str = "", *, override: bool = False, publish: bool = False
) -> Scene:
    """The picture may go out; with ``publish`` it does."""
    with context.database.transaction() as session:
        scene = scenes.approve(session, scene_id, by, note, override=override)
        if publish:
            scenes.publish(session, scene_id, by)
    return _deliver(context, scene_id) if publish else scene


def publish(context: Context, scene_id: str, by: str) -> Scene:
    """An approved picture goes out. Where the place refuses its files, they are written later."""
    with context.database.transaction() as session:
        scenes.publish(session, scene_id, by)
    return _deliver(context, scene_id)


def _deliver(context: Context, scene_id: str) -> Scene:
    form, space = context.settings.publish_format, context.settings.publish_space
    return publishing.deliver(context.database, context.blobs, context.place, scene_id, format=form, space=space)


def reject(context: Context, scene_id: str, by: str, reason: Reason | str, text: str = "") -> Scene:
    """The picture will not go out."""
    with context.database.transaction() as session:
        return scenes.reject(session, scene_id, by, reason, text)


def comment(context: Context, scene_id: str, by: str, text: str) -> Scene:
    """Somebody has something to say of it."""
    with context.database.transaction() as session:
        return scenes.comment(session, scene_id, by, text)


def reopen(context: Context, scene_id: str, by: str) -> Scene:
    """A verdict is taken back."""
    with context.database.transaction() as session:
        return scenes.reopen(session, scene_id, by)


def cancel(context: Context, scene_id: str, by: str) -> Scene:
    """Stop making it."""
    with context.database.transaction() as session:
        return scenes.cancel(session, scene_id, by)


def retry(context: Context, scene_id: str, by: str) -> Scene:
    """Make a failed or cancelled scene again as it was asked for."""
    with context.database.transaction() as session:
        scene = scenes.retry(session, scene_id, by)
    wake(context, [scene])
    return scene


def get(context: Context, scene_id: str) -> Scene:
    """One scene. Raises NotFoundError."""
    with context.database.reading() as session:
        return scenes.get(session, scene_id)


def page(context: Context, filters: Filters, cursor: str | None, limit: int) -> Page[Scene]:
    """Scenes, newest first, as a list shows them."""
    with context.database.reading() as session:
        return scenes.page(session, filters, cursor, limit, options=scenes.IN_A_LIST)


def wake(context: Context, asked: Iterable[Scene]) -> None:
    """Tell the workers, soon; a broker that is away holds nobody up, the rows are safe."""
    context.messenger.send(scene.id for scene in asked)


# --- pictures -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class File:
    """Bytes on their way out; ``tag`` identifies them."""

    data: bytes
    media_type: str
    tag: str
    name: str


def tag_of(key: str, form: str, width: int | None, space: str = "srgb") -> str:
    """What identifies a rendition of a stored picture."""
    return f"{key[3:35]}-{form}-{width or 'full'}" + ("" if space == "srgb" else f"-{space}")


def picture(context: Context, scene: Scene, form: str, width: int | None, space: str = "srgb") -> File:
    """A scene's picture as a file of that format, width and colour space. Raises NotFoundError while there is none."""
    if scene.picture is None:
        raise NotFoundError(f"The scene is {scene.state.replace('_', ' ')}; it has no picture.", where="id")
    suffix = {"jpeg": "jpg"}.get(form, form)
    return File(
        data=_renditions(context.blobs).file(scene.picture, form, width, _mark(scene), space),
        media_type=images.ENCODINGS[form],
        tag=tag_of(scene.picture, form, width, space),
        name=f"{scene.sku}-{scene.style}-{scene.id[-6:]}.{suffix}",
    )


def photo(context: Context, product: Product, position: int, form: str, width: int | None) -> File:
    """A product's photo as a file. Raises NotFoundError when it has none there."""
    found = next((photo for photo in product.photos if photo.position == position), None)
    if found is None:
        raise NotFoundError(f"The product has no photo {position}.", where="position")
    return File(
        data=_renditions(context.blobs).file(found.key, form, width, None),
        media_type=images.ENCODINGS[form],
        tag=tag_of(found.key, form, width),
        name=f"{product.sku}.{form}",
    )


def _mark(scene: Scene) -> bytes | None:
    """What the file says of its making; every picture carries it, by whichever door it leaves."""
    source_type = ((scene.recipe or {}).get("engine") or {}).get("source_type")
    return provenance.xmp(scene.recipe, source_type) if scene.recipe and source_type else None


class _Renditions:
    """Files of stored pictures; the small ones are kept a while, as a grid asks for the same ones all day."""

    def __init__(self, blobs: Blobs) -> None:
        self.blobs = blobs
        self.small = lru_cache(maxsize=KEPT)(self.make)

    def file(self, key: str, form: str, width: int | None, mark: bytes | None, space: str = "srgb") -> bytes:
        make = self.small if width is not None and width <= SMALL else self.make
        return make(key, form, width, mark, space)

    def make(self, key: str, form: str, width: int | None, mark: bytes | None, space: str) -> bytes:
        with Image.open(io.BytesIO(self.blobs.get(key)), formats=("PNG",)) as stored:
            pixels = np.asarray(_flat(stored) if form == "jpeg" else stored)
        quality = 82 if width is not None and width <= SMALL else publishing.QUALITY
        return images.encode(pixels, form, width=width, xmp=mark, quality=quality, space=space)


def _flat(stored: Image.Image) -> Image.Image:
    """The picture without alpha, on white: JPEG holds none."""
    if stored.mode != "RGBA":
        return stored.convert("RGB")
    white = Image.new("RGBA", stored.size, "white")
    return Image.alpha_composite(white, stored).convert("RGB")


@lru_cache(maxsize=8)
def _renditions(blobs: Blobs) -> _Renditions:
    return _Renditions(blobs)


# --- listening ----------------------------------------------------------------------------------------------


async def follow(context: Context, scene_id: str, after: int) -> AsyncGenerator[Event | Head]:
    """A scene's events after number ``after`` as they happen; at last where it is, once it is made or given up.

    A stream that ends without that last word ends because this process does.
    """
    with context.newsroom.following(scene_id) as heard:
        news = await run_in_threadpool(_missed, context, scene_id, after)
        while True:
            for event in news.events:
                if event.seq > after:
                    after = event.seq
                    yield event
            if State(news.head.state) not in UNFINISHED and after >= news.head.events:
                yield news.head
                return
            if news.events and after < news.head.events:  # a page of what was missed, and not the last
                news = await run_in_threadpool(_missed, context, scene_id, after)
                continue
            later = await heard.get()
            if later is None:
                return
            news = later


def _missed(context: Context, scene_id: str, after: int) -> News:
    """What happened before somebody came to listen, a page of it.

    The scene is read first: it may not end before its events do.
    """
    with context.database.reading() as session:
        scene = scenes.get(session, scene_id)
        return News(scenes.events_since(session, scene_id, after), Head(scene.state, scene.verdict, scene.events))


# --- what can be known before work begins --------------------------------------------------------------------


def _check_engine(name: str, mode: str | None) -> None:
    known = engine_names()
    if name not in known:
        raise UnknownNameError(f"There is no engine {name!r}.", hint=f"Engines: {', '.join(known)}.", where="engine")
    if mode is not None and name not in PAINTING:
        painting = " or ".join(sorted(PAINTING))
        raise BadRequestError(
            f"The engine {name!r} does not paint and has no modes.",
            hint=f"Leave the mode out, or ask for the engine {painting}.",
            where="mode",
        )


def engine_names() -> tuple[str, ...]:
    """The engines that can be asked for; their code is loaded by the workers only."""
    return tuple(sorted(ENGINES))


def _check_room(context: Context, product: Product, style: str, room: str | None) -> None:
    """A room that exists and is high enough; without a name, any of the style's that is.

    Raises UnknownStyleError, UnknownRoomError, DoesNotFitError.
    """
    rooms = [context.library.room(style, room)] if room else context.library.rooms(style)
    found = max(rooms, key=lambda each: each.height)
    upright = product.mount != Mount.RUG
    if upright and product.height_cm / 100 > found.height:
        raise DoesNotFitError(
            f"{product.name} is {product.height_cm / 100:.2f} m tall; the room is {found.height:.2f} m high.",
            hint="Pick a room with a higher ceiling, or check the centimetres in the catalog.",
            where="room",
        )
