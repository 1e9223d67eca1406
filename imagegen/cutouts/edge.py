"""The last pixels: how much product an edge pixel holds, and what colour the product has there."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from imagegen.types import Bools, Floats


def fill(values: Floats, known: Bools) -> Floats:
    """``values`` (H, W, C) where ``known``; elsewhere what is near, smoothly (push-pull pyramid, Gortler et al. 1996)."""
    return _pull(values.astype(np.float32), known.astype(np.float32)[..., None])


def fill_smooth(values: Floats, known: Bools) -> Floats:
    """Like ``fill``, for values that vary slowly: worked out at half the size, and smooth where known too."""
    height, width = known.shape
    odd = ((0, height % 2), (0, width % 2), (0, 0))
    weight = known.astype(np.float32)[..., None]
    mass = _pool(np.pad(weight, odd))
    mean = _pool(np.pad(values * weight, odd)) / np.maximum(mass, 1e-6)
    small = _pull(mean.astype(np.float32), np.minimum(mass, 1).astype(np.float32))
    fine = small.repeat(2, axis=0).repeat(2, axis=1)[:height, :width]
    return np.asarray(ndimage.uniform_filter(fine, (3, 3, 0), mode="nearest"), np.float32)


def _pull(values: Floats, weight: Floats) -> Floats:
    height, width = weight.shape[:2]
    if min(height, width) <= 2 or float(weight.min()) >= 1:
        mean = (values * weight).sum(axis=(0, 1)) / max(float(weight.sum()), 1e-6)
        return np.asarray(values * weight + mean * (1 - weight), np.float32)
    odd = ((0, height % 2), (0, width % 2), (0, 0))
    heavy, mass = np.pad(values * weight, odd), np.pad(weight, odd)
    total = _pool(mass)
    coarse = _pull(_pool(heavy) / np.maximum(total, 1e-6), np.minimum(total, 1))
    fine = coarse.repeat(2, axis=0).repeat(2, axis=1)[:height, :width]
    fine = ndimage.uniform_filter(fine, (3, 3, 0), mode="nearest")
    return np.asarray(values * weight + fine * (1 - weight), np.float32)


def _pool(planes: Floats) -> Floats:
    return planes[::2, ::2] + planes[1::2, ::2] + planes[::2, 1::2] + planes[1::2, 1::2]


def matte(colour: Floats, core: Bools, outside: Bools, guess: Floats) -> Floats:
    """Alpha (H, W): 1 in ``core``, 0 ``outside``, and between them each pixel's place on the line from the local
    background colour to the local product colour. Where these two are alike, ``guess`` decides.
    """
    behind, product = fill(colour, outside), fill(colour, core)
    line = product - behind
    length = (line * line).sum(axis=2)
    share = ((colour - behind) * line).sum(axis=2) / np.maximum(length, 1e-6)
    trust = np.clip((np.sqrt(length) - 0.03) / 0.09, 0, 1)
    # JPEG rings a little on both sides of an edge.
    share = (share - 0.03) / 0.94
    alpha = trust * np.clip(share, 0, 1) + (1 - trust) * guess
    return np.where(core, 1, np.where(outside, 0, alpha)).astype(np.float32)


def free_colour(colour: Floats, alpha: Floats) -> Floats:
    """The product's own colour (H, W, 3), linear, wherever alpha > 0: what the background shone into edge pixels is taken out.

    Solves colour = alpha * product + (1 - alpha) * background for the product, and leans on the nearest
    solid pixels where alpha is too small for that.
    """
    solid = alpha > 0.97
    if not solid.any():
        solid = alpha >= alpha.max() * 0.9
    near = fill(colour, solid)
    behind = fill(colour, alpha < 0.02)
    weight = alpha[..., None]
    solved = np.clip((colour - (1 - weight) * behind) / np.maximum(weight, 0.05), 0, 1)
    trust = np.clip((weight - 0.25) / 0.5, 0, 1)
    return np.where(solid[..., None], colour, near + (solved - near) * trust).astype(np.float32)


def sharpen(colour: Floats, mask: Floats) -> Floats:
    """A soft, coarse ``mask`` (H, W) redrawn along the photo's own edges."""
    radius = max(2, round(0.004 * max(mask.shape)))
    core = ~grow(mask <= 0.9, radius)
    outside = ~grow(mask >= 0.1, radius)
    return matte(colour, core, outside, mask)


def grow(mask: Bools, radius: int) -> Bools:
    """``mask`` (H, W) with everything within ``radius`` pixels of it."""
    wide = ndimage.maximum_filter1d(mask.view(np.uint8), 2 * radius + 1, axis=0)
    return ndimage.maximum_filter1d(wide, 2 * radius + 1, axis=1).view(bool)
