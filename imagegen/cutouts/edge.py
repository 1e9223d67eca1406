"""The last pixels: how much product an edge pixel holds, and what colour the product has there."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagegen.types import Bools, Floats


def fill(values: Floats, known: Bools) -> Floats:
    """``values`` (H, W, C) carried on smoothly from where they are ``known`` (push-pull pyramid, Gortler et al. 1996).

    Worked out at half the size: meant for colours that vary slowly, and smooth where known too.
    """
    height, width = known.shape
    odd = ((0, height % 2), (0, width % 2), (0, 0))
    weight = known.astype(np.float32)[..., None]
    mass = _pool(np.pad(weight, odd))
    mean = np.asarray(_pool(np.pad(values * weight, odd)) / np.maximum(mass, 1e-6), np.float32)
    small = _pull(mean, np.minimum(mass, np.float32(1)))
    return _double(small, height, width)


def _pull(values: Floats, weight: Floats) -> Floats:
    height, width = weight.shape[:2]
    if min(height, width) <= 2 or float(weight.min()) >= 1:
        mean = (values * weight).sum(axis=(0, 1)) / max(float(weight.sum()), 1e-6)
        return np.asarray(values * weight + mean * (1 - weight), np.float32)
    odd = ((0, height % 2), (0, width % 2), (0, 0))
    heavy, mass = np.pad(values * weight, odd), np.pad(weight, odd)
    total = _pool(mass)
    coarse = _pull(np.asarray(_pool(heavy) / np.maximum(total, 1e-6), np.float32), np.minimum(total, np.float32(1)))
    fine = _double(coarse, height, width)
    return np.asarray(fine + (values - fine) * weight, np.float32)


def _double(planes: Floats, height: int, width: int) -> Floats:
    """Twice as large (H, W, C), linearly: each new pixel is three parts its cell and one part the next, both ways."""
    for axis, length in ((0, height), (1, width)):
        before = np.concatenate([planes.take([0], axis), planes[:-1] if axis == 0 else planes[:, :-1]], axis)
        after = np.concatenate([planes[1:] if axis == 0 else planes[:, 1:], planes.take([-1], axis)], axis)
        pair = np.stack([0.75 * planes + 0.25 * before, 0.75 * planes + 0.25 * after], axis=axis + 1)
        shape = list(planes.shape)
        shape[axis] *= 2
        planes = pair.reshape(shape)
        planes = planes[:length] if axis == 0 else planes[:, :length]
    return np.asarray(planes, np.float32)


def _pool(planes: Floats) -> Floats:
    return np.asarray(planes[::2, ::2] + planes[1::2, ::2] + planes[::2, 1::2] + planes[1::2, 1::2], np.float32)


def furthest(first: Floats, second: Floats) -> Floats:
    """The largest difference (H, W) of the three channels of two pictures (H, W, 3)."""
    gap = first - second
    np.abs(gap, out=gap)
    return np.asarray(np.maximum(np.maximum(gap[..., 0], gap[..., 1]), gap[..., 2]), np.float32)


def matte(colour: Floats, core: Bools, outside: Bools, guess: Floats) -> tuple[Floats, Floats]:
    """Alpha (H, W) and the product's own colour (H, W, 3) wherever alpha > 0, from a linear photo.

    Alpha is 1 in ``core``, 0 ``outside``, and between them each pixel's place on the line from the local
    background colour to the local product colour; where these two are alike, ``guess`` decides. What the
    background shone into edge pixels is taken out: colour = alpha * product + (1 - alpha) * background is solved
    for the product, and the less alpha there is, the more the nearest solid pixels lend their colour.
    """
    alpha, own = core.astype(np.float32), colour.copy()
    rim = ~(core | outside)
    photo, behind, near = colour[rim], fill(colour, outside)[rim], fill(colour, core)[rim]
    line = near - behind
    length = np.einsum("ik,ik->i", line, line)
    # JPEG rings a little on both sides of an edge.
    share = (np.einsum("ik,ik->i", photo - behind, line) / np.maximum(length, 1e-6) - 0.03) / 0.94
    trust = np.clip((np.sqrt(length) - 0.03) / 0.09, 0, 1)
    mixed = guess[rim] + trust * (np.clip(share, 0, 1) - guess[rim])
    weight = mixed[:, None]
    solved = np.clip(behind + (photo - behind) / np.maximum(weight, 0.05), 0, 1)
    freed = near + (solved - near) * np.clip((weight - 0.7) / 0.3, 0, 1)
    alpha[rim], own[rim] = mixed, np.where(weight > 0.97, photo, freed)
    return alpha, own


def sharpen(colour: Floats, mask: Floats) -> tuple[Floats, Floats]:
    """A soft, coarse ``mask`` (H, W) redrawn along the photo's own edges: alpha and colour like ``matte``."""
    radius = max(2, round(0.004 * max(mask.shape)))
    core = ~grow(mask <= 0.9, radius)
    outside = ~grow(mask >= 0.1, radius)
    return matte(colour, core, outside, mask)


def grow(mask: Bools, radius: int) -> Bools:
    """``mask`` (H, W) with everything within ``radius`` pixels of it (a square's reach)."""
    return np.asarray(highest(mask, 2 * radius + 1), bool)


def highest(plane: NDArray[Any], size: int) -> NDArray[Any]:
    """The highest value (H, W) of the ``size`` x ``size`` window about each pixel.

    Windows of 1, 2, 4 ... pixels are joined by whole arrays: a tenth of the time of a filter that goes pixel by pixel.
    """
    for axis in (0, 1):
        reach = [(0, 0), (0, 0)]
        reach[axis] = (size // 2, size - 1 - size // 2)
        plane = np.moveaxis(np.pad(plane, reach, mode="edge"), axis, 0)
        width = 1
        while width < size:
            step = min(width, size - width)
            plane = np.maximum(plane[:-step], plane[step:])
            width += step
        plane = np.moveaxis(plane, 0, axis)
    return plane
