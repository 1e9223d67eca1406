"""The room's light on a product, as a factor on its photo: low frequency, bounded, its colours kept true.

A photo holds its studio's light already. What the room changes is the quotient of the two: the light that the path
tracer finds on the product's hull, over the light that a usual studio would have laid on the same hull. A studio for
packshots is one large soft light from the front and above over white paper; low order harmonics of the surface's
direction tell it well enough (Ramamoorthi and Hanrahan 2001): here their first two bands.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from imagegen.colour import KEPT, LUMINANCE, shift
from imagegen.glow import SHINING, WARM, glowing
from imagegen.protocols import Staged
from imagegen.tone import relight
from imagegen.types import Bools, Camera, Floats, Mount, Passes

AROUND, ABOVE, BEFORE = 0.8, 0.08, 0.12
"""The studio: light from everywhere (the paper), what a face that looks up gains, what one that looks at the camera."""
STRENGTH = 0.6  # exponent on the light's pattern: the hull is not the product
LEVELS = (0.4, 1.2)  # how dark or bright the room may make it
BOUNDS = (0.5, 1.6)  # about that level
TINT = 0.7  # share of the light's hue that reaches the product, at most
SURE = 0.8  # of what colours may change by: eight bits and the finding's own pixels need the rest
SOFTNESS = 0.035  # blur of the light, as a share of the product's size in the picture
SHINE = 3.0  # gain at a lit lamp's bulb
SAMPLES = 8_000
WHOLE = 0.999  # alpha of the pixels whose colour is judged


def room_light(staged: Staged, passes: Passes, source: Floats, alpha: Floats) -> Floats:
    """The gain (H, W, 3) on the product's pixels ``source`` (display light), one where there is no light to tell.

    Low-passed inside the hull only (normalised convolution, Knutsson and Westin 1993), so that nothing from beyond its
    edge bleeds in. Its tint is weakened until the median of hue and chroma changes by less than ``colour.KEPT``.
    """
    gain = np.ones_like(passes.shading)
    weight = (passes.hull > 0.99).astype(np.float32)
    if weight.sum() < 16:
        weight = (passes.hull > 0.3).astype(np.float32)
    if weight.sum() < 4 or not (alpha > 0).any():
        return gain
    rows, cols = box_of(alpha > 0)
    flat = staged.product.mount is Mount.RUG
    size = float(np.sqrt((rows.stop - rows.start) * (cols.stop - cols.start)))
    sigma = max(1.0, size * SOFTNESS * (0.4 if flat else 1.0))  # a rug's hull is exact: it takes shadows sharply
    weight = weight[rows, cols]
    light = _low_pass(passes.shading[rows, cols], weight, sigma)
    level = (light @ LUMINANCE)[..., None]
    inside = (alpha[rows, cols] > 0.5) & (weight > 0)
    usual = _low_pass(studio(passes.normals[rows, cols], staged.placement.camera), weight, sigma)
    ratio = level if flat else level / usual
    low, high = (0.3, BOUNDS[1]) if flat else BOUNDS
    pattern = np.clip((ratio / _median(ratio, inside)) ** (0.9 if flat else STRENGTH), low, high)
    asked = 2.0**staged.settings.exposure_ev  # a designer who wants it brighter means the product too
    pattern = pattern * np.float32(np.clip(_median(level, inside) * asked, *LEVELS))
    shine = glowing(staged)[..., None]
    judged = (alpha[rows, cols] >= WHOLE) & (shine[rows, cols, 0] <= SHINING)
    gain[rows, cols] = _coloured(pattern, light / np.maximum(level, 1e-4), source[rows, cols], judged)
    return np.asarray(gain + shine * (SHINE * np.array(WARM, np.float32) ** 0.5 - gain), np.float32)


def studio(normals: Floats, camera: Camera) -> Floats:
    """The light (..., 1) that a usual studio lays on faces of those directions (..., 3), for the camera's own side."""
    before = -camera.rotation[2] * np.array([1, 1, 0])
    before /= max(float(np.linalg.norm(before)), 1e-9)
    light = AROUND + ABOVE * normals[..., 2] + BEFORE * (normals @ before)
    return np.asarray(np.maximum(light, 0.2)[..., None], np.float32)


def box_of(mask: Bools) -> tuple[slice, slice]:
    """The rows and columns that the mask (H, W) reaches; it must reach some."""
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(cols[0]), int(cols[-1]) + 1)


def _median(plane: Floats, inside: Bools) -> float:
    return max(float(np.median(plane[..., 0][inside] if inside.any() else plane)), 1e-3)


def _coloured(pattern: Floats, hue: Floats, source: Floats, judged: Bools) -> Floats:
    """The pattern (h, w, 1) in as much of the light's hue (h, w, 3) as leaves the product's colours true."""
    picked = np.flatnonzero(judged)
    picked = picked[:: max(1, picked.size // SAMPLES)]
    own, level, tone = source.reshape(-1, 3)[picked], pattern.reshape(-1, 1)[picked], hue.reshape(-1, 3)[picked]

    def change(share: float) -> float:
        return shift(own, relight(own, np.asarray(level * _of_hue(tone, share), np.float32)))

    share = TINT
    if picked.size and change(TINT) > SURE * KEPT:
        low, high = 0.0, TINT
        for _ in range(7):
            share = (low + high) / 2
            low, high = (share, high) if change(share) <= SURE * KEPT else (low, share)
        share = low
    return np.asarray(pattern * _of_hue(hue, share), np.float32)


def _of_hue(hue: Floats, share: float) -> Floats:
    """A share of the hue, of unit luminance."""
    tint = np.maximum(hue, 1e-3) ** share
    return np.asarray(tint / (tint @ LUMINANCE)[..., None], np.float32)


def _low_pass(light: Floats, weight: Floats, sigma: float) -> Floats:
    """Gaussian of ``light`` (h, w, C) over ``weight`` (h, w) alone; far from any weight, the nearest value."""
    nearest = ndimage.distance_transform_edt(weight == 0, return_distances=False, return_indices=True)
    light = light[tuple(nearest)]
    soft = np.maximum(weight, 1e-4)
    total = ndimage.gaussian_filter(soft, sigma, truncate=3.0)[..., None]
    smooth = ndimage.gaussian_filter(light * soft[..., None], (sigma, sigma, 0), truncate=3.0)
    return np.asarray(smooth / total, np.float32)
