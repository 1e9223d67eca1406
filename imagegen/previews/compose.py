"""Lays a product over a view of a room: in true scale, behind what stands before it, with its shadow. Approximate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from imagegen import images
from imagegen.previews.backdrop import Backdrop
from imagegen.previews.light import gain, light_at
from imagegen.previews.shadow import QUICK, Detail, Plane, shade
from imagegen.previews.standing import Standing, turn
from imagegen.previews.warp import Body, Layer, seen
from imagegen.tone import relight
from imagegen.types import Bools, Doubles, Floats, Labels, Mount
from styles.schema import Room

BEHIND = 0.03
"""Metres by which something must be nearer than the product to hide it: neither's depth is exact."""
CORD_M = 0.006
"""Width of the cord that is drawn from a hung product to the ceiling where its photo ends too early."""

_LINEAR = images.srgb_to_linear(np.arange(256) / 255)
_STEPS = 4096
_CODES = np.rint(images.linear_to_srgb(np.arange(_STEPS) / (_STEPS - 1)) * 255).astype(np.uint8)


@dataclass(eq=False)
class Scenery:
    """A backdrop with all that is worth keeping between two previews.

    ``front`` (H, W) 0..1: how much of each pixel stands before whatever is laid, where the depth does not tell.
    """

    backdrop: Backdrop
    front: Floats | None = None

    @cached_property
    def light(self) -> Floats:
        """Its picture in linear display light (H, W, 3)."""
        return np.asarray(_LINEAR[self.backdrop.picture], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """A picture of a product in a room.

    ``picture`` (H, W, 3) uint8 sRGB. ``box``: left, top, right, bottom of the product in pixels, None where it is out
    of sight. ``hidden``: share of it behind something. ``turned_off_deg``: how far its drawn turn falls short.
    """

    picture: Labels
    box: tuple[int, int, int, int] | None
    hidden: float
    turned_off_deg: float


def preview(body: Body, scenery: Scenery, standing: Standing, room: Room) -> Preview:
    """The product at that place in the view. Milliseconds; approximate in light, in shadow and in what it hides."""
    return laid(body, scenery, standing, support(body.sprite.mount, standing, room), room.height)


def laid(
    body: Body, scenery: Scenery, standing: Standing, plane: Plane, ceiling: float, *, detail: Detail = QUICK
) -> Preview:
    """The same over any backdrop. Pixels that neither the product nor its shadow reaches stay as they are, to the bit.

    ``plane``: what takes the shadow; ``ceiling``: metres above which nothing is shown and from which goods hang.
    """
    back = scenery.backdrop
    picture = back.picture.copy()
    layer = seen(body, back.camera, standing, ceiling)
    if layer is None:
        return Preview(picture, None, 0.0, 0.0)
    middle = standing.position + np.array([0.0, 0.0, body.sprite.size.height / 2])
    light = light_at(back.probes, middle, plane.normal)
    under = scenery.light.copy()
    if body.sprite.mount is not Mount.CEILING:
        volume = body.volume @ turn(layer.standing.yaw_deg).T.astype(np.float32) + layer.standing.position
        shaded = shade(volume, plane, light, back.camera, back.depth, detail)
        if shaded:
            window, factor = shaded
            if scenery.front is not None:
                factor = 1 - (1 - factor) * (1 - scenery.front[window])
            under[window] *= factor[..., None]
            _written(picture[window], under[window], factor < 1)
    rows, cols = layer.light.shape[:2]
    place = slice(layer.top, layer.top + rows), slice(layer.left, layer.left + cols)
    shows = np.clip((back.depth[place] - layer.depth + BEHIND) / 0.02, 0, 1)
    if scenery.front is not None:
        shows *= 1 - scenery.front[place]
    lit = _lit(layer, gain(light, np.asarray(back.camera.rotation), rows, cols))
    over = layer.light[..., 3] * shows
    under[place] = under[place] * (1 - over[..., None]) + lit * shows[..., None]
    _written(picture[place], under[place], over > 0)
    whole = float(layer.light[..., 3].sum())
    hidden = 1 - float(over.sum()) / max(whole, 1e-6)
    if body.sprite.mount is Mount.CEILING:
        _hang(picture, scenery, layer, ceiling)
    return Preview(picture, _box(layer), round(max(hidden, 0.0), 3), round(layer.turned_off_deg, 1))


def support(mount: Mount, standing: Standing, room: Room) -> Plane:
    """The plane that takes the product's shadow: what it stands on, or the wall at its back."""
    if mount is not Mount.WALL:
        level = float(standing.position[2]) if mount is not Mount.CEILING else 0.0
        return Plane(np.array([0.0, 0.0, level]), np.eye(3))
    out = turn(standing.yaw_deg) @ np.array([0.0, -1.0, 0.0])
    axis = int(np.abs(out[:2]).argmax())
    normal = np.zeros(3)
    normal[axis] = np.sign(out[axis]) or -1.0
    up = np.array([0.0, 0.0, 1.0])
    wall = np.array([-normal[0] * room.width / 2, 0.0, 0.0])
    return Plane(wall, np.array([np.cross(up, normal), up, normal]))


def encoded(light: Floats) -> Labels:
    """Display light 0..1 to sRGB uint8 by a table: within one code of the exact curve, and quick."""
    steps = np.clip(light, 0, 1) * np.float32(_STEPS - 1) + np.float32(0.5)
    return np.asarray(_CODES[steps.astype(np.uint16)])


def _written(picture: Labels, light: Floats, where: Bools) -> None:
    """Put light into a part of the picture where it is another than before: a table gives no pixel back exactly."""
    np.copyto(picture, encoded(light), where=where[..., None])


def _lit(layer: Layer, factor: Floats) -> Floats:
    """The product's own premultiplied light (h, w, 3) under the room's."""
    alpha = layer.light[..., 3:]
    solid = alpha[..., 0] > 1e-3
    lit = np.zeros_like(layer.light[..., :3])
    lit[solid] = relight(layer.light[solid, :3] / alpha[solid], factor[solid]) * alpha[solid]
    return lit


def _box(layer: Layer) -> tuple[int, int, int, int] | None:
    """The product's outline's box in the picture."""
    rows, cols = (np.flatnonzero((layer.light[..., 3] > 0.3).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None
    left, top = layer.left + int(cols[0]), layer.top + int(rows[0])
    return left, top, layer.left + int(cols[-1]) + 1, layer.top + int(rows[-1]) + 1


def _hang(picture: Labels, scenery: Scenery, layer: Layer, ceiling: float) -> None:
    """Lead the cord on to the ceiling where the photo does not."""
    alpha = layer.light[..., 3] > 0.5
    if not alpha.any():
        return
    camera = scenery.backdrop.camera
    first = int(np.flatnonzero(alpha.any(axis=1))[0])
    column = layer.left + int(np.flatnonzero(alpha[first]).mean())
    ends: Doubles = camera.project(np.array([[*layer.standing.position[:2], ceiling]]))
    top = int(np.clip(np.floor(ends[0, 1]), 0, picture.shape[0])) if np.isfinite(ends).all() else 0
    depth = float(layer.depth[first, column - layer.left])
    half = max(1, round(CORD_M * camera.focal / max(depth, 0.2)))
    left = max(0, column - half // 2)
    inside = min(first + 2, alpha.shape[0] - 1)  # the first row is half the room's
    picture[top : layer.top + first, left : left + half] = picture[layer.top + inside, column]
