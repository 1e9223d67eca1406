"""A product stood into a customer's own photo of a room, at its true size: the stages in their order.

The product's own pixels are warped from its photo's camera to the room's by the compositor of live previews
(``imagegen.previews``), made finer; what is added here is the room that a photo and a tape measure tell.
"""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from imagegen import cutouts, images, machine, photos, pose, recipe
from imagegen.clock import Clock, silent
from imagegen.errors import BadImageError, BadRequestError, DoesNotFitError
from imagegen.own_room import findings, light
from imagegen.own_room.calibrate import Calibration, Mark
from imagegen.own_room.feet import planted
from imagegen.own_room.front import drawn, floor_depth, nearer
from imagegen.own_room.order import calibrated_or_told
from imagegen.placement.matching import facing, mismatch
from imagegen.previews.backdrop import Backdrop
from imagegen.previews.compose import Preview, Scenery, laid
from imagegen.previews.making import Grain, Shot, sprite
from imagegen.previews.shadow import UNDER, Detail, Plane
from imagegen.previews.sprite import Sprite
from imagegen.previews.standing import Standing, footprint
from imagegen.previews.warp import WIDEST_TURN_DEG, Body, Layer, seen
from imagegen.protocols import Progress
from imagegen.tone import encode8
from imagegen.types import Camera, Cutout, Floats, Mount, Photo, Pose, Product, Scene, Seen

VERSION = "1"
"""Raised whenever the same recipe would come out otherwise."""
SOURCE_TYPE = "compositeSynthetic"
"""Two photographs, and a shadow that nobody photographed (IPTC NewsCodes, Digital Source Type)."""
SPRITE, LARGEST = (512, 2048), 3600
"""Pixels of a sprite's longer side; those of a product in the photo, beyond which a sprite would show its gaps."""
CELLS, EDGES, PER_DEGREE = 320, 4.5, 1.0
"""A picture that is kept may take a second: the photo's own pixels, and the hull's own edges in its depth (cells of
blur). The further the product is turned from how its photo saw it, the smoother: creases show where a hull is wrong."""
SHADOW = Detail(0.01, 3, (*UNDER, (0.05, 0.02, 0.7)))
"""Finer than previews' too, with a dark line right at the feet."""
STANDS = frozenset({Mount.FLOOR, Mount.RUG, Mount.SURFACE})
SKY_M = 1e3
"""Nothing bounds a photographed room from above."""
LOWEST_LIGHT_DEG = 15.0
MOST_M = 50.0


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What is asked for. ``room``: the photo's file; ``photos``: the product's files, the preferred one first.

    ``at``: metres in the marks' frame, z above the floor for what stands on a table. ``yaw_deg``: None turns the
    product as its photo shows it. ``light``: azimuth and elevation, degrees (``light.towards``), None guesses.
    ``front``: a mask's file.
    """

    room: bytes
    marks: tuple[Mark, ...]
    product: Product
    photos: tuple[bytes, ...]
    at: tuple[float, float, float]
    yaw_deg: float | None = None
    light: tuple[float, float] | None = None
    front: bytes | None = None
    cutter: str | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """What this machine brings: folders of weights, None where there are none; how large a photo may be."""

    cutter_weights: Path | None = None
    depth_weights: Path | None = None
    max_pixels: int = images.MAX_PIXELS


def show(wish: Wish, means: Means | None = None, progress: Progress = silent) -> Scene:
    """The customer's photo with the product in it, judged, with its recipe.

    Raises InputError for what the caller can mend: points that tell no camera, a place that is out of sight, a photo
    that is no packshot. A picture that merely fails its checks is returned.
    """
    means, clock = means or Means(), Clock(progress)
    _check(wish)
    photo = clock("decode", _decoded, wish.room, means.max_pixels)
    calibration = clock("placement", calibrated_or_told, wish.marks, photo.size)
    camera = calibration.camera
    position = np.array(wish.at, float)
    _check_in_sight(position, camera)
    look = partial(_look, clock, wish, means)
    views, passed_over = photos.look_through(look, photos.numbered(wish.photos))
    view = min(views, key=lambda each: _off(each, wish, camera))
    standing = Standing(position, _yaw(view, wish, camera))
    shot = Shot(wish.product, view.cutout, view.pose)
    grain = _grain(shot, standing, camera)
    made = planted(clock("hull", sprite, shot, grain), shot.pose)
    body = Body(made)
    layer = seen(body, camera, standing, SKY_M)
    if layer is None:
        raise _out_of_sight(position)
    way = light.towards(camera, *(wish.light or light.GUESS))
    share = light.SHARE_TOLD if wish.light else light.SHARE_GUESSED
    lit = clock("light", light.read, photo.colour, made, camera, way, share)
    front, front_told = clock("light", _front, photo, wish, means, calibration, layer)
    shown = clock("composite", _composed, photo, calibration, body, standing, lit, front)
    result = findings.Laid(
        calibration,
        wish.marks,
        shot,
        made,
        standing,
        layer.standing,
        shown,
        lit,
        wish.light is not None,
        front_told["from"],
    )
    judged = clock("checks", findings.judge, result)
    doubts = (*passed_over, *view.cutout.findings, *view.pose.findings)
    told = _recipe(wish, photo, view, result, front_told)
    return Scene(shown.picture, (*doubts, *judged), told, clock.seconds)


def _check(wish: Wish) -> None:
    if wish.product.mount not in STANDS:
        raise BadRequestError(
            f"What hangs on the {wish.product.mount} cannot be stood on a photo's floor.",
            hint="Floor goods, rugs, and with --at X,Y,Z what stands on a table. For the others use a style's room.",
            where="mount",
        )
    numbers = [*wish.at, wish.yaw_deg or 0.0, *(wish.light or ())]
    if not np.isfinite(numbers).all() or max(abs(number) for number in wish.at) > MOST_M:
        raise BadRequestError(
            "The place is not one in a room.", hint=f"Give metres between -{MOST_M:.0f} and {MOST_M:.0f}.", where="at"
        )
    if wish.light and not LOWEST_LIGHT_DEG <= wish.light[1] <= 90:
        raise BadRequestError(
            f"Light from {wish.light[1]:g} degrees above the floor throws no shadow that can be drawn.",
            hint=f"Use an elevation of {LOWEST_LIGHT_DEG:.0f} to 90 degrees.",
            where="light",
        )


def _decoded(data: bytes, max_pixels: int) -> Photo:
    photo = images.decode(data, max_pixels=max_pixels)
    if photo.alpha is not None:
        raise BadImageError("The photo of the room has transparent parts.", hint="Give the photo as it was taken.")
    return photo


def _check_in_sight(position: np.ndarray, camera: Camera) -> None:
    pixel = camera.project(position[None])[0]
    if not (np.isfinite(pixel).all() and (pixel >= 0).all() and (pixel <= (camera.width, camera.height)).all()):
        raise _out_of_sight(position)


def _out_of_sight(position: np.ndarray) -> DoesNotFitError:
    return DoesNotFitError(
        f"The place x {position[0]:.2f} m, y {position[1]:.2f} m is not in the photo.",
        hint="It is measured in the metres of the four points.",
        where="at",
    )


def _look(clock: Clock, wish: Wish, means: Means, number: int, data: bytes) -> Seen:
    photo = clock("decode", images.decode, data)
    cutout: Cutout = clock("cutout", cutouts.choose(photo, wish.cutter, means.cutter_weights).cut, photo)
    solved: Pose = clock("pose", pose.solve_pose, cutout, wish.product)
    return Seen(number, photo.sha256, cutout, solved)


def _yaw(view: Seen, wish: Wish, camera: Camera) -> float:
    """The turn that was asked for, or that in which the room's camera sees the side that the photo shows."""
    if wish.yaw_deg is not None:
        return wish.yaw_deg
    return (facing(view.pose, np.array(wish.at), camera) + 180.0) % 360.0 - 180.0


def _grain(shot: Shot, standing: Standing, camera: Camera) -> Grain:
    """How finely the product is drawn, by its size in the photo and its turn. Raises BadRequestError."""
    turned = abs((facing(shot.pose, standing.position, camera) - standing.yaw_deg + 180.0) % 360.0 - 180.0)
    drawn_by = 0.0 if shot.pose.kind == "round" else min(turned, WIDEST_TURN_DEG)
    there = max(float((standing.position - camera.position) @ camera.rotation[2]), 0.3)
    shown = max(shot.product.dimensions.as_array()) * camera.focal / there
    if shown > LARGEST:
        raise BadRequestError(
            f"The product would take {shown:.0f} pixels of the photo.",
            hint=f"Send the photo at most {int(max(camera.width, camera.height) * LARGEST / shown)} pixels a side.",
        )
    return Grain(int(np.clip(2 * shown, *SPRITE)), CELLS, EDGES + PER_DEGREE * drawn_by, enlarges=True)


def _off(view: Seen, wish: Wish, camera: Camera) -> float:
    return mismatch(view.pose, wish.product, np.array(wish.at), _yaw(view, wish, camera), camera)


def _front(
    photo: Photo, wish: Wish, means: Means, calibration: Calibration, layer: Layer
) -> tuple[Floats | None, dict[str, Any]]:
    """What stands before the product (H, W), and whence it is known."""
    if wish.front is not None:
        return drawn(wish.front, photo.size), {"from": "mask", "sha256": images.fingerprint(wish.front)}
    if means.depth_weights is None:
        return None, {"from": "nothing"}
    from imagegen.own_room import reading  # noqa: PLC0415 - only where depth is read

    read = reading.nearness_of(encode8(photo.colour), means.depth_weights)
    depth = reading.metric(read, calibration, wish.marks)
    weights = images.fingerprint((means.depth_weights / reading.MIDAS).read_bytes())
    floor = floor_depth(calibration.camera, float(wish.at[2]))
    return nearer(depth, layer, floor), {"from": "depth", "weights": weights}


def _composed(
    photo: Photo, calibration: Calibration, body: Body, standing: Standing, lit: light.RoomLight, front: Floats | None
) -> Preview:
    """The photo with the product over it: only the part of it that product and shadow may reach is worked on."""
    picture = encode8(photo.colour)
    rows, cols = _around(body.sprite, standing, calibration.camera)
    camera = _cropped(calibration.camera, rows, cols)
    level = float(standing.position[2])
    floor = floor_depth(camera, level)
    back = Backdrop(picture[rows, cols], floor, camera, (lit.probe,))
    cover = None if front is None else front[rows, cols]
    plane = Plane(np.array([0.0, 0.0, level]), np.eye(3))
    shown = laid(body, Scenery(back, cover), standing, plane, SKY_M, detail=SHADOW)
    picture[rows, cols] = shown.picture
    if shown.box is None:
        return replace(shown, picture=picture)
    left, top, right, bottom = shown.box
    box = left + cols.start, top + rows.start, right + cols.start, bottom + rows.start
    return replace(shown, picture=picture, box=box)


def _around(made: Sprite, standing: Standing, camera: Camera) -> tuple[slice, slice]:
    """Rows and columns of the photo that product and shadow may reach; all where it reaches behind the camera."""
    size = made.size
    reach = math.hypot(size.width, size.depth) + 2 * size.height + 1.0
    ring = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (0.0, 1.2 * size.height)])
    points = np.concatenate([footprint(size, standing), standing.position + ring * [reach, reach, 1.0]])
    pixels = camera.project(points)
    if not np.isfinite(pixels).all():
        return slice(0, camera.height), slice(0, camera.width)
    frame = (camera.width, camera.height)
    left, top = np.clip(np.floor(pixels.min(axis=0)), 0, frame).astype(int)
    right, bottom = np.clip(np.ceil(pixels.max(axis=0)), 0, frame).astype(int)
    return slice(int(top), int(bottom)), slice(int(left), int(right))


def _cropped(camera: Camera, rows: slice, cols: slice) -> Camera:
    return replace(
        camera,
        cx=camera.cx - cols.start,
        cy=camera.cy - rows.start,
        width=cols.stop - cols.start,
        height=rows.stop - rows.start,
    )


def _recipe(wish: Wish, photo: Photo, view: Seen, made: findings.Laid, front: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that decided the picture, and what was found on the way."""
    found = made.calibration
    azimuth, elevation = wish.light or light.GUESS
    return {
        "format": recipe.FORMAT,
        "own_room": VERSION,
        "room_photo": {"sha256": photo.sha256, "size": list(photo.size)},
        "points": [{"floor_m": list(mark.place), "pixel": list(mark.pixel)} for mark in wish.marks],
        "product": recipe.facts(wish.product),
        "photos": [images.fingerprint(data) for data in wish.photos[: photos.MOST]],
        "shown": {"photo": view.photo, "sha256": view.sha256},
        "cutout": view.cutout.method,
        "cutter": wish.cutter,
        "pose": recipe.posed(view.pose),
        "asked": {"at_m": list(wish.at), "yaw_deg": wish.yaw_deg},
        "light": {
            "told": wish.light is not None,
            "azimuth_deg": azimuth,
            "elevation_deg": elevation,
            "level": round(made.light.level, 4),
            "hue": [round(float(channel), 4) for channel in made.light.hue],
        },
        "front": dict(front),
        "camera": {
            "focal_mm": round(found.focal_mm, 3),
            "height_m": round(found.height_m, 4),
            "pitch_deg": round(found.pitch_deg, 3),
            "roll_deg": round(found.roll_deg, 3),
            "position_m": [round(float(x), 4) for x in found.camera.position],
        },
        "drawn": {"yaw_deg": round(made.drawn.yaw_deg, 3), "box": list(made.shown.box or ())},
        "source_type": SOURCE_TYPE,
        "machine": {"processor": platform.machine()} | machine.versions(),
    }
