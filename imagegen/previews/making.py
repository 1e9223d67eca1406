"""Prepares what previews are laid of: a product's sprite and a room's backdrop. Once each, by a worker: seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from imagegen import composite, cutouts, hull, images, placement, pose
from imagegen.clock import silent
from imagegen.errors import DoesNotFitError
from imagegen.previews.backdrop import WIDTH, Backdrop
from imagegen.previews.sprite import LONGEST, Sprite
from imagegen.previews.standing import Place
from imagegen.previews.warp import aside_deg
from imagegen.protocols import Progress, Settings
from imagegen.rooms import furnished
from imagegen.rooms.build import plan
from imagegen.types import Camera, Cutout, Doubles, Floats, Placement, Pose, Product, Seen
from imagegen.views import making as views
from imagegen.views.shelf import ANGLES_DEG, PLACING, camera_of
from styles.library import Library
from styles.schema import Room, Style

CELLS = 128
"""Of the coarse depth, along a sprite's longer side."""
SMOOTH = 24.0
"""Cells of blur (sigma) over the front's depth: a hull has steps that its product has not; turned, legs would bend."""
SKIN = 0.08
"""Metres behind a cell's nearest point within which a hull's vertices belong to its front: behind lie other skins."""
SAMPLES = 8
VARIANTS = 24
"""So many of the pipeline's alternatives are looked through for places: each anchor comes twice, mirrored and not."""


@dataclass(frozen=True, slots=True)
class Grain:
    """How finely a sprite is made: pixels of its longer side, cells of its depth along that, cells of blur over it.

    ``enlarges``: a photo with fewer pixels than that is enlarged to it.
    """

    longest: int = LONGEST
    cells: int = CELLS
    smooth: float = SMOOTH
    enlarges: bool = False


COARSE = Grain()
"""As live previews need it: small, and smooth enough to be turned."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A product's photo, cut out and solved."""

    product: Product
    cutout: Cutout
    pose: Pose


def solved(photo: bytes, product: Product, cutter: str | None = None, weights: Path | None = None) -> Shot:
    """The first stages of a scene. Raises InputError like they do."""
    decoded = images.decode(photo)
    cutout = cutouts.choose(decoded, cutter, weights).cut(decoded)
    return Shot(product, cutout, pose.solve_pose(cutout, product))


def sprite(shot: Shot, grain: Grain = COARSE) -> Sprite:
    """The product as previews lay it."""
    cutout, camera = shot.cutout, shot.pose.camera
    own = Placement("preview", np.zeros(3), 0.0, False, camera, np.eye(3))
    body = hull.carve(cutout, shot.pose, own, shot.product)
    rows, cols = (np.flatnonzero((cutout.alpha > 0.004).any(axis=axis)) for axis in (1, 0))
    left, top = int(cols[0]) - 2, int(rows[0]) - 2
    wide, high = int(cols[-1]) + 3 - left, int(rows[-1]) + 3 - top
    scale = grain.longest / max(wide, high)
    scale = scale if grain.enlarges else min(1.0, scale)
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    warp = np.array([[scale, 0, -left * scale], [0, scale, -top * scale], [0, 0, 1.0]])
    colour, alpha = composite.lay(cutout, warp, *size)
    own_camera = Camera(
        camera.focal * scale,
        (camera.cx - left) * scale,
        (camera.cy - top) * scale,
        np.asarray(camera.rotation, float),
        np.asarray(camera.position, float),
        *size,
    )
    near, far = _depths(own_camera, np.asarray(body.vertices, float), grain)
    return Sprite(
        picture=np.dstack([np.rint(images.linear_to_srgb(colour) * 255), np.rint(alpha * 255)]).astype(np.uint8),
        near=near,
        far=far,
        camera=own_camera,
        kind=shot.pose.kind,
        sigma_deg=shot.pose.sigma_deg,
        size=shot.product.dimensions,
        mount=shot.product.mount,
    )


def backdrop(
    library: Library,
    style: str,
    room: str | None,
    product: Product,
    found: tuple[Place, ...],
    folder: Path,
    *,
    angle: int = 0,
    light: str = "",
    progress: Progress = silent,
) -> Backdrop:
    """The room from one side for a product with those places: the view is rendered into ``folder`` unless it is there.

    Whatever the builder would have step aside at any of the places (the product's rivals, what stands there) is left
    out, so that one view serves them all. Raises what ``views.making.view`` does.
    """
    page = library.room(style, room)
    camera = camera_of(page, ANGLES_DEG[angle], WIDTH, PLACING)
    seen = views.view(
        library,
        style,
        page.slug,
        folder,
        angle=angle,
        light=light,
        width=WIDTH,
        samples=SAMPLES,
        stand=PLACING,
        without=leaving(library.style(style), page, product, found, camera),
        progress=progress,
    )
    with Image.open(seen.picture) as picture:
        shown = np.asarray(picture.convert("RGB"))
    return Backdrop(shown, seen.load().depth, camera, seen.probes())


def nearest_angle(made: Sprite, found: tuple[Place, ...], room: Room) -> int:
    """The side of the room from which the product at its best place looks most like in its photo."""
    at = found[0].standing if found else middle(room).standing
    sides = [camera_of(room, yaw, WIDTH, PLACING) for yaw in ANGLES_DEG]
    return int(np.argmin([abs(aside_deg(made, camera, at)) for camera in sides]))


def middle(room: Room) -> Place:
    """The middle of the floor, for what fits at no anchor."""
    return Place("", 0.0, -room.depth / 2, 0.0, 0.0)


def places(shot: Shot, style: Style, room: Room) -> tuple[Place, ...]:
    """The anchors that the product fits at and where the pipeline would put it there, best first; may be none."""
    found: dict[str, Place] = {}
    seen, stage = Seen(0, "", shot.cutout, shot.pose), furnished(style, room)
    for variant in range(VARIANTS):
        settings = Settings(WIDTH, WIDTH * 2 // 3, 1, variant=variant)
        try:
            put = placement.place([seen], shot.product, [stage], settings, None)
        except DoesNotFitError:
            return ()
        # A mirrored room is the same room: seen in the mirror, the place is the anchor's own.
        side = -1.0 if put.mirrored else 1.0
        x, y, z = (float(value) for value in put.position)
        found.setdefault(put.anchor, Place(put.anchor, side * x + 0.0, y, z, side * put.yaw_deg + 0.0))
    return tuple(found.values())


def leaving(style: Style, room: Room, product: Product, found: tuple[Place, ...], camera: Camera) -> tuple[str, ...]:
    """Ids of the parts that step aside for the product at any of its places, as seen from the view's camera."""
    gone: set[str] = set()
    for place in found or (middle(room),):
        put = Placement(place.anchor, place.standing.position, place.yaw_deg, False, camera, np.eye(3))
        stay = {part.id for part in plan(style, room, put, product).parts}
        gone |= {part.id for part in room.parts if style.shows(part)} - stay
    return tuple(sorted(gone))


def _depths(camera: Camera, vertices: Doubles, grain: Grain) -> tuple[Floats, Floats]:
    """Front (smoothed) and back of the hull (R, C) over the camera's picture; the nearest value where there is none."""
    cell = max(camera.width, camera.height) / grain.cells
    rows, cols = int(np.ceil(camera.height / cell)), int(np.ceil(camera.width / cell))
    depth = (vertices - camera.position) @ np.asarray(camera.rotation)[2]
    place = np.floor(camera.project(vertices) / cell)
    fine = np.isfinite(place).all(axis=1) & (place >= 0).all(axis=1) & (place < (cols, rows)).all(axis=1)
    index = (place[fine, 1] * cols + place[fine, 0]).astype(int)
    depth = depth[fine]
    near, far = np.full(rows * cols, np.inf), np.full(rows * cols, -np.inf)
    np.minimum.at(near, index, depth)
    np.maximum.at(far, index, depth)
    before = depth <= near[index] + np.minimum((far[index] - near[index]) / 2, SKIN)
    front = _mean(index[before], depth[before], rows * cols).reshape(rows, cols)
    nearest = ndimage.distance_transform_edt(~np.isfinite(front), return_distances=False, return_indices=True)
    solid = np.isfinite(front).astype(float)
    weight = ndimage.gaussian_filter(solid, grain.smooth)
    smooth = ndimage.gaussian_filter(np.where(solid > 0, front, 0.0), grain.smooth) / np.maximum(weight, 1e-9)
    return (
        np.minimum(smooth[tuple(nearest)], _ground(camera, cell, rows, cols)).astype(np.float32),
        far.reshape(rows, cols)[tuple(nearest)].astype(np.float32),
    )


def _ground(camera: Camera, cell: float, rows: int, cols: int) -> Doubles:
    """Depth (R, C) at which each cell's ray meets what the product stands on: no part of it lies deeper."""
    u, v = np.meshgrid((np.arange(cols) + 0.5) * cell, (np.arange(rows) + 0.5) * cell)
    down = camera.rays(np.column_stack([u.ravel(), v.ravel()]))[:, 2].reshape(rows, cols)
    return np.where(down < -1e-6, float(camera.position[2]) / np.maximum(-down, 1e-6), np.inf)


def _mean(index: NDArray[np.int_], values: Doubles, count: int) -> Doubles:
    """Mean of the values at each index, nan where there are none."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.bincount(index, values, count) / np.bincount(index, minlength=count))
