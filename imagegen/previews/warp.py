"""A sprite seen by another camera: its pixels stand at their depth in the room and are splatted into the view.

Forward warping with a depth test (Westover 1990; McMillan 1997): exact in scale and in where the feet stand, true for
small turns away from the photo's own view; what the photo never saw it cannot show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from imagegen import images
from imagegen.previews.light import stretched
from imagegen.previews.sprite import Sprite
from imagegen.previews.standing import Standing, turn
from imagegen.types import Camera, Doubles, Floats

MARGIN = 5
"""Transparent pixels of a sprite that are laid round its outline, so that the edge is soft."""
DENSE = 1.7
"""Sprite pixels to one of the view's, at least."""
SAME = 0.05
"""Metres within which pixels that fall on one another belong to the same surface."""
WIDEST_TURN_DEG = 20.0
"""A body is turned no further than this from how its photo saw it: beyond, sides would show that nobody has seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """A sprite's pixels in the product's frame: ``points`` (3, N) metres, ``light`` (4, N) linear premultiplied."""

    points: Floats
    light: Floats


@dataclass(eq=False)
class Body:
    """A sprite with all that is worth keeping between two previews."""

    sprite: Sprite
    _clouds: dict[int, Cloud] = field(default_factory=dict)

    def cloud(self, width: int) -> Cloud:
        """The pixels of the sprite at about that width, in steps of two."""
        level = int(np.clip(np.floor(np.log2(self.sprite.camera.width / max(width, 1))), -1, 4))
        if level not in self._clouds:
            self._clouds[level] = _cloud(self.sprite, level)
        return self._clouds[level]

    @cached_property
    def volume(self) -> Floats:
        """Points all through the hull (N, 3), in the product's frame: what throws its shadow."""
        sprite = self.sprite
        rows, cols = sprite.near.shape
        alpha = Image.fromarray(sprite.picture[..., 3]).resize((cols, rows), Image.Resampling.BOX)
        v, u = np.nonzero(np.asarray(alpha) > 100)
        camera = sprite.camera
        pixels = np.column_stack([(u + 0.5) * camera.width / cols, (v + 0.5) * camera.height / rows])
        near, far = sprite.near[v, u], sprite.far[v, u]
        depths = near + (far - near) * np.linspace(0, 1, 6)[:, None]
        return (camera.position + camera.rays(pixels) * depths[..., None]).reshape(-1, 3).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """The product in the view: ``light`` (h, w, 4) linear premultiplied, ``depth`` (h, w) metres, inf beside it.

    ``left``, ``top``: its corner in the picture. ``turned_off_deg``: how far it would have to turn further.
    """

    left: int
    top: int
    light: Floats
    depth: Floats
    standing: Standing
    turned_off_deg: float


def seen(body: Body, camera: Camera, standing: Standing, ceiling: float) -> Layer | None:
    """The product as the view's ``camera`` sees it; None when it is out of sight.

    Nothing of it is shown above ``ceiling`` metres.
    """
    drawn, off = _drawn(body.sprite, camera, standing)
    turned = turn(drawn.yaw_deg)
    to_view = (np.asarray(camera.rotation) @ turned).astype(np.float32)
    start = (np.asarray(camera.rotation) @ (drawn.position - camera.position)).astype(np.float32)
    wanted = _width(body.sprite, to_view, start, camera)
    cloud = body.cloud(round(wanted * DENSE))
    across, down, depth = to_view @ cloud.points + start[:, None]
    scale = np.float32(camera.focal) / np.maximum(depth, np.float32(0.05))
    u, v = across * scale + np.float32(camera.cx), down * scale + np.float32(camera.cy)
    inside = (depth > 0.2) & (cloud.points[2] <= ceiling - float(drawn.position[2]))
    inside &= (u >= 0) & (u < camera.width) & (v >= 0) & (v < camera.height)
    light = cloud.light
    if not inside.all():
        if not inside.any():
            return None
        u, v, depth, light = u[inside], v[inside], depth[inside], light[:, inside]
    u, v = u.astype(np.int32), v.astype(np.int32)
    left, top = int(u.min()), int(v.min())
    shape = int(v.max()) - top + 1, int(u.max()) - left + 1
    index = (v - top) * shape[1] + (u - left)
    light, nearest = _splatted(index, depth, light, shape)
    return Layer(left, top, light, nearest, drawn, off)


def _drawn(sprite: Sprite, camera: Camera, standing: Standing) -> tuple[Standing, float]:
    """The turn in which the product is drawn, and how far that is from the one asked for."""
    if sprite.camera.rotation[2][2] < -0.8:  # a top view shows all of what lies flat
        return standing, 0.0
    if sprite.kind == "round":
        return Standing(standing.position, standing.yaw_deg + _round_deg(sprite, camera, standing)), 0.0
    off = aside_deg(sprite, camera, standing)
    most = 80.0 if sprite.looks_flat else WIDEST_TURN_DEG
    rest = off - min(max(off, -most), most)
    return Standing(standing.position, standing.yaw_deg + rest), rest


def aside_deg(sprite: Sprite, camera: Camera, standing: Standing) -> float:
    """How far round the product the view's camera is from where the photo's was, -180 to 180; 0 for round goods."""
    return 0.0 if sprite.kind == "round" else _round_deg(sprite, camera, standing)


def _round_deg(sprite: Sprite, camera: Camera, standing: Standing) -> float:
    """The same of whatever it is: its pixels are those of one side, which must be turned to the view."""
    own = math.atan2(sprite.camera.position[0], -sprite.camera.position[1])
    way = turn(-standing.yaw_deg) @ (camera.position - standing.position)
    return (math.degrees(math.atan2(way[0], -way[1]) - own) + 180) % 360 - 180


def _width(sprite: Sprite, to_view: Floats, start: Floats, camera: Camera) -> float:
    """How many pixels of the view the sprite's width takes, about its middle."""
    own = sprite.camera
    depth = float(np.median(sprite.near))
    middle = own.position + own.rays(np.array([[own.width / 2, own.height / 2]]))[0] * depth
    there = max(float((to_view @ middle + start)[2]), 0.2)
    return own.width * (camera.focal / there) / (own.focal / depth)


def _cloud(sprite: Sprite, level: int) -> Cloud:
    """``level``: how many times the picture is halved; -1 doubles it."""
    factor = 2.0**-level
    width, height = max(2, round(sprite.camera.width * factor)), max(2, round(sprite.camera.height * factor))
    shown = images.srgb_to_linear(sprite.picture[..., :3] / 255)
    alpha = sprite.picture[..., 3:].astype(np.float32) / 255
    planes = np.concatenate([shown * alpha, alpha], axis=-1)
    sized = np.stack([_resized(planes[..., k], width, height) for k in range(4)], axis=-1)
    outline = Image.fromarray((sized[..., 3] > 0.02).astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(MARGIN))
    v, u = np.nonzero(np.asarray(outline))
    pixels = np.column_stack([(u + 0.5) / width * sprite.camera.width, (v + 0.5) / height * sprite.camera.height])
    depth = stretched(sprite.near, height, width)[v, u]
    points: Doubles = sprite.camera.position + sprite.camera.rays(pixels) * depth[:, None]
    light = np.clip(sized[v, u], 0, 1)
    return Cloud(np.ascontiguousarray(points.T, np.float32), np.ascontiguousarray(light.T))


def _resized(plane: Floats, width: int, height: int) -> Floats:
    picture = Image.fromarray(np.ascontiguousarray(plane))
    return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR), np.float32)


def _splatted(index: NDArray[np.int32], depth: Floats, light: Floats, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Light (h, w, 4) and depth (h, w) of pixels that fall on ``index``: the mean of those on the nearest surface."""
    count = shape[0] * shape[1]
    nearest = np.full(count, np.inf, np.float32)
    solid = light[3] > 0.5
    np.minimum.at(nearest, index[solid], depth[solid])
    limit = nearest[index]
    # Where nothing solid falls (limit is infinite) all of it is the soft edge.
    kept = ~(np.abs(depth - limit) >= SAME) | np.isinf(limit)
    if not kept.all():
        index, light = index[kept], light[:, kept]
    weight = np.bincount(index, minlength=count).astype(np.float32).reshape(shape)
    sums = np.stack([np.bincount(index, plane, count) for plane in light], axis=-1).astype(np.float32)
    weight, total = _closed(weight, sums.reshape(*shape, 4))
    mean = total / np.maximum(weight, np.float32(1))[..., None]
    return np.asarray(mean, np.float32), _spread(nearest.reshape(shape))


def _closed(weight: Floats, sums: Floats) -> tuple[Floats, Floats]:
    """Fill pixels that nothing fell on but most of whose neighbours are covered."""
    hole = weight == 0
    rows, cols = np.nonzero(hole)
    if not rows.size:
        return weight, sums
    weights, total = np.pad(weight, 1), np.pad(sums, ((1, 1), (1, 1), (0, 0)))
    i, j = rows[:, None] + np.repeat([0, 1, 2], 3), cols[:, None] + np.tile([0, 1, 2], 3)
    around = weights[i, j]
    filled = (around > 0).sum(axis=1) >= 5
    weight, sums = weight.copy(), sums.copy()
    weight[rows[filled], cols[filled]] = around[filled].sum(axis=1)
    sums[rows[filled], cols[filled]] = total[i[filled], j[filled]].sum(axis=1)
    return weight, sums


def _spread(nearest: Floats) -> Floats:
    """Depth carried on to the neighbouring pixels: the soft edge lies where the solid does."""
    tall = nearest.copy()
    np.minimum(tall[1:], nearest[:-1], out=tall[1:])
    np.minimum(tall[:-1], nearest[1:], out=tall[:-1])
    wide = tall.copy()
    np.minimum(wide[:, 1:], tall[:, :-1], out=wide[:, 1:])
    np.minimum(wide[:, :-1], tall[:, 1:], out=wide[:, :-1])
    return wide
