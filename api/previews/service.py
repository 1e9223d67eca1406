"""Laying previews: what is prepared is kept warm in this process, what is not is asked of a worker."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from api.deps import Context
from api.previews import schemas
from api.previews.schemas import PreviewOut, PreviewRequest
from imagegen import errors, images
from imagegen.errors import BadRequestError, DoesNotFitError, ImagegenError
from imagegen.previews import backdrop, sprite
from imagegen.previews.compose import Preview, Scenery, preview
from imagegen.previews.standing import Place, Standing, check_inside, footprint, photo_camera
from imagegen.previews.warp import Body
from imagegen.types import Camera, Doubles
from styles.errors import UnknownLightError, UnknownRoomError, UnknownStyleError
from styles.schema import Room
from workers import preparing
from workers.errors import NotFoundError, NotPreparedError
from workers.records import preparations, products
from workers.records.blobs import Blobs
from workers.records.models import Preparation
from workers.records.preparations import Stage

QUALITY = 82
SPRITES, BACKDROPS = 24, 16
"""How many of each a process keeps warm: at most a quarter of a gigabyte together."""
EXPLICIT = "explicit"
ARROW_M = 0.9


@dataclass(frozen=True, slots=True)
class Waiting:
    """What previews need is being made."""

    stage: str


def lay(context: Context, order: PreviewRequest) -> PreviewOut | Waiting:
    """The preview, or that a worker is preparing it.

    Raises NotFoundError for what does not exist, DoesNotFitError, StateConflictError for a product without a photo,
    the stage's own error when its photo cannot be shown, NotPreparedError when the worker is at fault.
    """
    if order.anchor is not None and order.placement is not None:
        raise BadRequestError("Name an anchor or a placement, not both.", where="anchor")
    row, room = _prepared(context, order)
    if row.state == Stage.FAILED:
        raise _refusal(row)
    if row.state != Stage.READY:
        return Waiting(row.state)
    assert row.sprite is not None
    assert row.backdrop is not None
    warm = _warm(context.blobs)
    body, scenery = warm.body(row.sprite), warm.scenery(row.backdrop)
    places = [Place(**place) for place in row.places]
    anchor, standing = _standing(order, places, room)
    check_inside(body.sprite, standing, room)
    return _told(row, room, anchor, standing, places, body, scenery, preview(body, scenery, standing, room))


def _prepared(context: Context, order: PreviewRequest) -> tuple[Preparation, Room]:
    """The preparation's row, asked for and sent to the workers where it is new."""
    with context.database.reading() as session:
        product = products.get(session, order.sku)
        try:
            wanted = preparations.identify(
                context.library, product, order.style, order.room, order.angle, order.light or ""
            )
        except (UnknownStyleError, UnknownRoomError, UnknownLightError) as error:
            where = {UnknownStyleError: "style", UnknownRoomError: "room"}.get(type(error), "light")
            raise NotFoundError(error.message, hint=error.hint, where=where) from error
        row = preparations.get(session, wanted.id)
    room = context.library.room(wanted.style, wanted.room)
    if order.anchor is not None and order.anchor not in {anchor.id for anchor in room.anchors}:
        known = ", ".join(anchor.id for anchor in room.anchors)
        raise NotFoundError(
            f"The room {room.slug!r} has no anchor {order.anchor!r}.", hint=f"Its anchors: {known}.", where="anchor"
        )
    if row is None or row.state == Stage.FAILED:
        with context.database.transaction() as session:
            row = preparations.ask(session, wanted)
        if row.state == Stage.QUEUED:
            preparing.send(context.database, context.queue, [wanted.id])
    return row, room


def _refusal(row: Preparation) -> ImagegenError:
    """The error with which the worker gave up, as it was raised there."""
    told = row.error or {}
    kind = getattr(errors, str(told.get("kind")), NotPreparedError)
    return kind(str(told.get("message")), hint=str(told.get("hint", "")), where="sku")


def _standing(order: PreviewRequest, places: list[Place], room: Room) -> tuple[str, Standing]:
    """Where the product is to stand, and the anchor's name. Raises DoesNotFitError."""
    if order.placement is not None:
        at = order.placement
        return EXPLICIT, Standing(np.array([at.x, at.y, at.z]), at.yaw_deg)
    fitting = [place for place in places if order.anchor in {None, place.anchor}]
    if fitting:
        return fitting[0].anchor, fitting[0].standing
    at_anchor = f"at the anchor {order.anchor!r}" if order.anchor else "at no anchor"
    others = ", ".join(place.anchor for place in places)
    raise DoesNotFitError(
        f"The product fits {'not ' if order.anchor else ''}{at_anchor} of the room {room.name!r}.",
        hint=f"It fits at: {others}." if others else "Give a placement in metres, or choose a larger room.",
        where="anchor",
    )


def _told(
    row: Preparation,
    room: Room,
    anchor: str,
    standing: Standing,
    places: list[Place],
    body: Body,
    scenery: Scenery,
    laid: Preview,
) -> PreviewOut:
    size, camera = body.sprite.size, scenery.backdrop.camera
    shot = photo_camera(body.sprite, standing)
    towards = np.array([shot.x, shot.y]) - standing.position[:2]
    length = float(np.linalg.norm(towards))
    foot = standing.position.copy()
    tip = foot + np.array([*(towards / max(length, 1e-6) * min(ARROW_M, length)), 0.0])
    arrow = _pixels(camera, np.array([foot, tip]))
    jpeg = images.encode(laid.picture, "jpeg", quality=QUALITY)
    assert row.angle is not None
    return PreviewOut(
        image=f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}",
        style=row.request["style"],
        room=row.request["room"],
        angle=row.angle,
        anchor=anchor,
        placement=_place(standing),
        box=laid.box,
        hidden=laid.hidden,
        turned_off_deg=laid.turned_off_deg,
        footprint=_pixels(camera, footprint(size, standing)),
        photo_camera=schemas.PhotoCameraOut(
            x=round(shot.x, 3),
            y=round(shot.y, 3),
            z=round(shot.z, 3),
            heading_deg=round(shot.heading_deg, 1),
            looks_out=shot.looks_out,
            arrow=(arrow[0], arrow[1]) if arrow and length > 0.05 else None,
        ),
        anchors=[_anchor(camera, place) for place in places],
        view=schemas.ViewOut(
            focal_px=camera.focal,
            centre_px=(camera.cx, camera.cy),
            position_m=(float(camera.position[0]), float(camera.position[1]), float(camera.position[2])),
            rotation=np.asarray(camera.rotation).tolist(),
            size=(camera.width, camera.height),
        ),
        product=schemas.GoodsOut(width=size.width, depth=size.depth, height=size.height, mount=str(body.sprite.mount)),
        space=schemas.SpaceOut(width=room.width, depth=room.depth, height=room.height),
    )


def _anchor(camera: Camera, place: Place) -> schemas.AnchorOut:
    at = _pixels(camera, place.standing.position[None])
    return schemas.AnchorOut(id=place.anchor, placement=_place(place.standing), at=at[0] if at else None)


def _place(standing: Standing) -> schemas.PlaceOut:
    x, y, z = (round(float(value), 4) for value in standing.position)
    return schemas.PlaceOut(x=x, y=y, z=z, yaw_deg=round(standing.yaw_deg, 2))


def _pixels(camera: Camera, points: Doubles) -> list[tuple[float, float]] | None:
    """Points of the room in the picture; None when one lies behind the camera."""
    seen = np.round(camera.project(points), 1)
    return [(float(u), float(v)) for u, v in seen] if np.isfinite(seen).all() else None


class _Warm:
    """Sprites and backdrops as they are needed again and again."""

    def __init__(self, blobs: Blobs) -> None:
        self.body = lru_cache(maxsize=SPRITES)(lambda key: Body(sprite.unpacked(blobs.get(key))))
        self.scenery = lru_cache(maxsize=BACKDROPS)(lambda key: Scenery(backdrop.unpacked(blobs.get(key))))


@lru_cache(maxsize=8)
def _warm(blobs: Blobs) -> _Warm:
    return _Warm(blobs)
