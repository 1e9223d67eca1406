"""The shadow of a product on what it stands on or hangs on: its hull thrown along the room's main light.

Three soft layers: the thrown shadow, wider where it comes from higher up; the dimness under the body; the dark line
under the feet. Each is a plan of the plane (3 cm cells) that the view's pixels look up at their own place in the room.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from imagegen.previews.light import Light
from imagegen.types import Bools, Camera, Doubles, Floats

REACH = 0.6
"""Metres of blur that a plan has room for round what is thrown."""
UNDER = ((0.6, 0.14, 0.35), (0.3, 0.07, 0.6), (0.06, 0.03, 0.65))
"""What a body takes of the floor's light by being near it: metres below which, blur in metres, share at most."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How finely a shadow is drawn: ``cell`` metres, ``fine`` parts of a cell that are told apart, layers ``under``."""

    cell: float = 0.03
    fine: int = 2
    under: tuple[tuple[float, float, float], ...] = UNDER


QUICK = Detail()
"""As live previews need it."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """What a product stands on or hangs on: ``origin`` (3,), and rows along, across, out of it (3, 3)."""

    origin: Doubles
    axes: Doubles

    @property
    def normal(self) -> Doubles:
        """Out of the plane, towards the product."""
        return np.asarray(self.axes[2])


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """A mask (0 to 1) over the plane, ``scale`` to a metre. ``low`` (2,): its corner in the plane's metres."""

    mask: Floats
    low: Doubles
    scale: float

    def at(self, x: Floats, y: Floats) -> Floats:
        """The mask at points of the plane, zero beyond it."""
        rows, cols = self.mask.shape
        u = np.clip((x - np.float32(self.low[0])) * np.float32(self.scale), 0, cols - 1).astype(np.int32)
        v = np.clip((y - np.float32(self.low[1])) * np.float32(self.scale), 0, rows - 1).astype(np.int32)
        return np.asarray(self.mask[v, u])


def shade(
    volume: Doubles, plane: Plane, light: Light, camera: Camera, depth: Floats, detail: Detail = QUICK
) -> tuple[tuple[slice, slice], Floats] | None:
    """Factor (h, w) that the product's shadow leaves of the picture's light, and the rows and columns it is for.

    ``volume`` (N, 3): points of the product in the room; ``depth`` (H, W): the view's. None where no
    shadow is seen.
    """
    local = (volume - plane.origin) @ plane.axes.T
    tall = float(local[:, 2].max())
    towards = plane.axes @ light.towards
    slope = towards[:2] / max(float(towards[2]), 0.2)
    thrown = local[:, :2] - local[:, 2:] * slope
    feet = local[:, 2] < 0.3 * tall
    sun = _plan(thrown, ((feet, 0.05, light.share), (None, 0.05 + 0.1 * min(tall, 1.6), light.share)), detail)
    under = _plan(
        local[:, :2], tuple((local[:, 2] < below, blur, share) for below, blur, share in detail.under), detail
    )
    window = _window(np.concatenate([thrown, local[:, :2]]), plane, camera, depth.shape)
    if window is None:
        return None
    x, y, height = _places(plane, camera, depth, window)
    left = np.ones(height.shape, np.float32)
    on = (height > -0.06) & (height < max(0.5 * tall, 0.05))
    x, y, height = x[on], y[on], height[on]
    fades = np.float32(1) - np.maximum(height, 0) / np.float32(max(0.5 * tall, 0.05))
    close = np.clip(np.float32(1) - height / np.float32(0.08), 0, 1)
    direct = sun.at(x - height * np.float32(slope[0]), y - height * np.float32(slope[1])) * fades
    left[on] = (1 - direct) * (1 - under.at(x, y) * close)
    return window, left


def _plan(points: Doubles, layers: tuple[tuple[Bools | None, float, float], ...], detail: Detail) -> _Plan:
    """A soft mask of where the points (N, 2) lie, the darkest of its layers.

    Each layer: which of the points, the sigma of its blur in metres, how dark it is.
    """
    cell, fine = detail.cell, detail.fine
    low = points.min(axis=0) - REACH
    cols, rows = (np.ceil((np.ptp(points, axis=0) + 2 * REACH) / cell).astype(int) + 1).tolist()
    place = ((points - low) / cell).astype(np.int32)
    index = place[:, 1] * cols + place[:, 0]
    mask = np.zeros((rows * fine, cols * fine), np.float32)
    for which, blur, dark in layers:
        hit = np.bincount(index if which is None else index[which], minlength=rows * cols).reshape(rows, cols) > 0
        # Closed first: the points of a coarse hull leave gaps.
        picture = Image.fromarray(hit.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(3))
        picture = picture.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(blur / cell))
        picture = picture.resize((cols * fine, rows * fine), Image.Resampling.BILINEAR)
        mask = np.maximum(mask, np.asarray(picture, np.float32) * np.float32(dark / 255))
    return _Plan(mask, low, fine / cell)


def _window(points: Doubles, plane: Plane, camera: Camera, shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    """Rows and columns of the picture that the plan's rectangle covers, a hand's breadth above the plane included."""
    (x0, y0), (x1, y1) = points.min(axis=0) - REACH / 2, points.max(axis=0) + REACH / 2
    grid = np.array([[x, y, z] for x in np.linspace(x0, x1, 9) for y in np.linspace(y0, y1, 9) for z in (0.0, 0.6)])
    seen = camera.project(grid @ plane.axes + plane.origin)
    seen = seen[np.isfinite(seen).all(axis=1)]
    if not len(seen):
        return None
    left, top = np.clip(np.floor(seen.min(axis=0)), 0, shape[1::-1]).astype(int)
    right, bottom = np.clip(np.ceil(seen.max(axis=0)), 0, shape[1::-1]).astype(int)
    return (slice(top, bottom), slice(left, right)) if right > left and bottom > top else None


def _places(plane: Plane, camera: Camera, depth: Floats, window: tuple[slice, slice]) -> tuple[Floats, Floats, Floats]:
    """Where the picture's pixels lie in the plane's own metres: along, across and out of it, each (h, w)."""
    rows, cols = window
    far = np.where(np.isfinite(depth[window]), depth[window], np.float32(1e4))
    across = ((np.arange(cols.start, cols.stop) + 0.5 - camera.cx) / camera.focal).astype(np.float32)
    down = ((np.arange(rows.start, rows.stop) + 0.5 - camera.cy) / camera.focal).astype(np.float32)
    axes = (plane.axes @ np.asarray(camera.rotation).T).astype(np.float32)
    start = (plane.axes @ (camera.position - plane.origin)).astype(np.float32)
    x, y, height = (
        start[k] + far * (axes[k, 0] * across[None] + axes[k, 1] * down[:, None] + axes[k, 2]) for k in range(3)
    )
    return x, y, height
