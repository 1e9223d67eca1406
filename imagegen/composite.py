"""The product's own pixels over the room, under the room's light.

Everything is laid together in display light (linear, after the view transform), where the product's pixels
already live: with a gain of one they come out exactly as the studio left them. The room's light changes them at
low frequency only: where it comes from and a trace of its tint, never a texture.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from PIL import Image
from scipy import ndimage

from imagegen.gain import box_of, room_light
from imagegen.protocols import Staged
from imagegen.tone import encode8, relight
from imagegen.types import Bools, Composed, Cutout, Doubles, Draft, Floats, Layer, Passes

OCCLUDER_MARGIN = 0.08  # metres by which a thing must be nearer than the hull to stand before it
CORE = 0.995  # alpha from here on is wholly product


def light(staged: Staged, passes: Passes) -> Layer:
    """The product's own pixels at their place in the picture, lit by ``passes.shading``, before any room.

    ``source`` is *display* light: the photo's own linear pixels, resampled once.
    """
    height, width = passes.picture.shape[:2]
    source, alpha = lay(staged.cutout, staged.placement.warp, width, height)
    alpha = np.where(alpha >= CORE, np.float32(1), alpha) * _unhidden(staged, passes, alpha)
    gain = room_light(staged, passes, source, alpha)
    shown = relight(source, gain)
    return Layer(source, alpha.astype(np.float32), gain, shown, encode8(shown))


def over(layer: Layer, draft: Draft) -> Composed:
    """The draft's room with the product over it. Where it is wholly product, ``picture`` equals ``lit`` to the bit."""
    alpha = layer.alpha[..., None]
    mixed = encode8(draft.picture * (1 - alpha) + layer.shown * alpha)
    return Composed(np.where(alpha == 1, layer.lit, mixed), layer.source, layer.alpha, layer.gain, layer.lit)


def compose(staged: Staged, passes: Passes, draft: Draft) -> Composed:
    """Both: the draft's room with the product's own pixels at their place, lit by ``passes.shading``."""
    return over(light(staged, passes), draft)


def lay(cutout: Cutout, warp: Doubles, width: int, height: int) -> tuple[Floats, Floats]:
    """The cutout resampled once into a picture of that size: straight colour (H, W, 3) and alpha (H, W).

    Premultiplied in linear light, so that nothing of the background's colour comes in at the edge: Lanczos with
    its support widened when shrinking where the warp only scales and shifts, supersampled cubic otherwise.
    """
    planes = np.concatenate([cutout.colour * cutout.alpha[..., None], cutout.alpha[..., None]], axis=-1)
    warp = np.asarray(warp, float) / warp[2, 2]
    left, top, right, bottom = _extent(cutout.alpha, warp, width, height)
    out = np.zeros((height, width, 4), np.float32)
    if right > left and bottom > top:
        upright = np.allclose(warp[[0, 1, 2, 2], [1, 0, 0, 1]], 0, atol=1e-9)
        resample = _scaled if upright else _warped
        out[top:bottom, left:right] = resample(planes, warp, (left, top, right, bottom))
    alpha = np.clip(out[..., 3], 0, 1)
    alpha[alpha < 2e-3] = 0
    colour = np.where(alpha[..., None] > 0, out[..., :3] / np.maximum(out[..., 3:], 2e-3), 0)
    return np.clip(colour, 0, 1).astype(np.float32), alpha


def _unhidden(staged: Staged, passes: Passes, alpha: Floats) -> Floats:
    """How much of the product each pixel shows (H, W): below one only where something clearly stands before it."""
    reach = alpha > 0
    own = _hull_depth(staged, reach)
    before = reach & (passes.depth < own - OCCLUDER_MARGIN) & (passes.hull < 0.5)
    before = ndimage.binary_opening(before, np.ones((3, 3), bool))  # a thinner thing is the hull's own inexact edge
    if not before.any():
        return np.ones_like(alpha)
    rim = ndimage.binary_dilation(before, np.ones((3, 3), bool))
    return np.where(rim, np.where(before, 0, passes.hull), 1).astype(np.float32)


def _hull_depth(staged: Staged, reach: Bools) -> Floats:
    """Depth of the hull's front (H, W) as if nothing stood before it, spread to the pixels around it."""
    camera = staged.placement.camera
    height, width = reach.shape
    points = np.asarray(staged.hull.vertices, float)
    place = camera.project(points)
    depth = (points - camera.position) @ camera.rotation[2]
    shrink = 4  # coarse enough that the hull's vertices leave no holes
    rows, cols = -(-height // shrink), -(-width // shrink)
    fine = np.isfinite(place).all(axis=1)
    j, i = (np.floor(place[fine] / shrink)).astype(int).T[::-1]
    inside = (i >= 0) & (i < cols) & (j >= 0) & (j < rows)
    small = np.full((rows, cols), np.inf)
    np.minimum.at(small, (j[inside], i[inside]), depth[fine][inside])
    if not np.isfinite(small).any():
        return np.full((height, width), np.inf, np.float32)
    nearest = ndimage.distance_transform_edt(~np.isfinite(small), return_distances=False, return_indices=True)
    small = ndimage.minimum_filter(small[tuple(nearest)], 3)
    return np.repeat(np.repeat(small, shrink, 0), shrink, 1)[:height, :width].astype(np.float32)


def _extent(alpha: Floats, warp: Doubles, width: int, height: int) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of the picture's pixels that the cutout may touch."""
    if not (alpha > 0).any():
        return 0, 0, 0, 0
    rows, cols = box_of(alpha > 0)
    corners = np.array([[u, v, 1] for u in (cols.start, cols.stop) for v in (rows.start, rows.stop)], float) @ warp.T
    flat = corners[:, :2] / corners[:, 2:]
    low, high = np.floor(flat.min(axis=0)) - 3, np.ceil(flat.max(axis=0)) + 3
    left, top = np.clip(low, 0, (width, height)).astype(int)
    right, bottom = np.clip(high, 0, (width, height)).astype(int)
    return int(left), int(top), int(right), int(bottom)


def _scaled(planes: Floats, warp: Doubles, box: tuple[int, int, int, int]) -> Floats:
    """Scale and shift: one Lanczos pass whose support grows when shrinking."""
    left, top, right, bottom = box
    scale, shift = warp[[0, 1], [0, 1]], warp[:2, 2]
    low = (np.array([left, top]) - shift) / scale
    high = (np.array([right, bottom]) - shift) / scale
    margin = np.ceil(np.maximum(0, np.maximum(-low, high - np.array(planes.shape[1::-1])))).astype(int) + 1
    padded = np.pad(planes, ((margin[1],) * 2, (margin[0],) * 2, (0, 0)))
    (x0, y0), (x1, y1) = low + margin, high + margin
    return np.stack(
        [
            np.asarray(
                Image.fromarray(np.ascontiguousarray(padded[..., channel])).resize(
                    (right - left, bottom - top),
                    Image.Resampling.LANCZOS,
                    box=(float(x0), float(y0), float(x1), float(y1)),
                )
            )
            for channel in range(4)
        ],
        axis=-1,
    )


def _warped(planes: Floats, warp: Doubles, box: tuple[int, int, int, int]) -> Floats:
    """Any homography: cubic samples, as many a pixel as the photo is finer than the picture, then their mean."""
    left, top, right, bottom = box
    back = np.asarray(np.linalg.inv(warp), np.float64)
    fine = int(np.clip(np.ceil(_shrinkage(back, box)), 1, 6))
    u = left + (np.arange((right - left) * fine) + 0.5) / fine
    v = top + (np.arange((bottom - top) * fine) + 0.5) / fine
    grid_u, grid_v = np.meshgrid(u, v)
    w = back[2, 0] * grid_u + back[2, 1] * grid_v + back[2, 2]
    x = (back[0, 0] * grid_u + back[0, 1] * grid_v + back[0, 2]) / w - 0.5
    y = (back[1, 0] * grid_u + back[1, 1] * grid_v + back[1, 2]) / w - 0.5
    behind = w <= 0
    x, y = np.where(behind, -9.0, x), np.where(behind, -9.0, y)
    order: Literal[1, 3] = 3 if fine == 1 else 1  # samples finer than the photo need no cubic
    where = np.stack([y, x])
    taken = [ndimage.map_coordinates(planes[..., c], where, order=order, mode="constant") for c in range(4)]
    stack = np.stack(taken, axis=-1).reshape(bottom - top, fine, right - left, fine, 4)
    return np.asarray(stack.mean(axis=(1, 3)), np.float32)


def _shrinkage(back: Doubles, box: tuple[int, int, int, int]) -> float:
    """The photo's pixels to one of the picture's, at the finest of nine points."""
    left, top, right, bottom = box
    most = 1.0
    for u in np.linspace(left, right, 3):
        for v in np.linspace(top, bottom, 3):
            points = np.array([[u, v, 1], [u + 1, v, 1], [u, v + 1, 1]]) @ back.T
            if (points[:, 2] <= 0).any():
                continue
            flat = points[:, :2] / points[:, 2:]
            most = max(most, float(np.linalg.norm(flat[1:] - flat[0], axis=1).max()))
    return most
