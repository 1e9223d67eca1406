"""How far a cutout is from the truth: the matting field's four errors (Rhemann et al. 2009), and its fringe."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import ndimage

from imagegen.images import linear_to_srgb
from imagegen.types import Bools, Doubles, Floats

SIGMA = 1.4
"""Pixels of the Gaussian whose derivative measures an alpha's gradient."""
STEP, THETA = 0.1, 0.15
"""Connectivity's thresholds, and how far from its connected level a pixel may be without being counted."""
BAND = 0.008
"""How far the unknown band reaches to either side of the true edge, in parts of the photo's longer side."""
GREY = 0.18
"""Linear light of the ground on which a fringe is looked at: paper that is left in an edge shines there."""


@dataclass(frozen=True, slots=True)
class Errors:
    """``sad``, ``gradient`` and ``connectivity``: sums over pixels in thousands, ``mse`` a mean; all 0 when perfect."""

    sad: float
    mse: float
    gradient: float
    connectivity: float


def errors(alpha: Floats, truth: Floats, where: Bools | None = None) -> Errors:
    """The four errors of ``alpha`` (H, W) 0..1 against ``truth`` (H, W), over the picture or only ``where``."""
    return total(error_maps(alpha, truth), where)


def error_maps(alpha: Floats, truth: Floats) -> Doubles:
    """Each pixel's absolute difference, gradient error and connectivity error (3, H, W)."""
    off = np.abs(alpha.astype(np.float64) - truth)
    return np.stack([off, gradient_error(alpha, truth), connectivity_error(alpha, truth)])


def total(maps: Doubles, where: Bools | None = None) -> Errors:
    """``error_maps`` summed over the picture, or only ``where`` (H, W)."""
    off, gradient, connectivity = maps.reshape(3, -1) if where is None else maps[:, where]
    mse = float((off**2).mean()) if off.size else 0.0
    return Errors(float(off.sum()) / 1000, mse, float(gradient.sum()) / 1000, float(connectivity.sum()) / 1000)


def unknown_band(truth: Floats) -> Bools:
    """The pixels (H, W) about the true edge: where an alpha is between 0 and 1 and a little to either side."""
    solid = truth > 0.5
    edge = ((truth > 0) & (truth < 1)) | (solid & ndimage.binary_dilation(~solid))
    reach = max(2, round(BAND * max(truth.shape)))
    return np.asarray(ndimage.maximum_filter(edge, 2 * reach + 1), bool)


def gradient_error(alpha: Floats, truth: Floats) -> Doubles:
    """Squared difference (H, W) of the two gradients' magnitudes."""
    return (_slope(alpha.astype(np.float64)) - _slope(truth.astype(np.float64))) ** 2


def _slope(alpha: Doubles) -> Doubles:
    """The gradient's magnitude by first-order Gaussian derivatives, each a kernel of unit energy."""
    half = int(np.ceil(SIGMA * np.sqrt(-2 * np.log(np.sqrt(2 * np.pi) * SIGMA * 1e-2))))
    x = np.arange(-half, half + 1)
    bell = np.exp(-(x**2) / (2 * SIGMA**2))
    tilt = -x * bell
    bell, tilt = bell / np.linalg.norm(bell), tilt / np.linalg.norm(tilt)
    along = [
        ndimage.correlate1d(ndimage.correlate1d(alpha, tilt, axis, mode="nearest"), bell, 1 - axis, mode="nearest")
        for axis in (0, 1)
    ]
    return np.hypot(*along)


def connectivity_error(alpha: Floats, truth: Floats) -> Doubles:
    """Difference (H, W) of how well each pixel hangs together with the largest region that both are sure of."""
    levels = np.arange(0, 1 + STEP / 2, STEP)
    level = np.full(truth.shape, -1.0)
    for below, threshold in pairwise(levels):
        # A hair's breadth for the thresholds' own rounding: three tenths are not 0.3.
        both = (alpha >= threshold - 1e-6) & (truth >= threshold - 1e-6)
        label, count = ndimage.label(both)
        largest = label == 1 + np.argmax(np.bincount(label.ravel())[1:]) if count else both
        level[(level < 0) & ~largest] = below
    level[level < 0] = 1
    return np.abs(_belonging(alpha, level) - _belonging(truth, level))


def _belonging(alpha: Floats, level: Doubles) -> Doubles:
    beyond = alpha - level
    return 1 - beyond * (beyond >= THETA)


@dataclass(frozen=True, slots=True)
class Fringe:
    """An edge laid on grey: ``error`` (mean) and ``halo`` (mean, positive: too bright), in levels of 255."""

    error: float
    halo: float


def fringe(alpha: Floats, colour: Floats, photo: Floats, truth: Floats) -> Fringe:
    """How wrong the cutout's edge (0.05 < true alpha < 0.95) looks on a mid-grey ground.

    ``colour``, ``photo`` (H, W, 3): linear, the cutout's straight colour and the photo. The true edge on grey is known
    without a model: photo = alpha F + (1 - alpha) B, so exchanging the paper B, as it is seen just beyond the true
    edge, for grey needs nothing but the true alpha.
    """
    edge = (truth > 0.05) & (truth < 0.95)
    if not edge.any():
        return Fringe(0.0, 0.0)
    nearest = ndimage.distance_transform_edt(truth > 0, return_distances=False, return_indices=True)
    paper = photo[tuple(nearest)][edge]
    true = photo[edge] + (1 - truth[edge, None]) * (GREY - paper)
    ours = alpha[edge, None] * colour[edge] + (1 - alpha[edge, None]) * GREY
    off = (linear_to_srgb(ours) - linear_to_srgb(true)) * 255
    return Fringe(float(np.abs(off).mean()), float(off.mean()))
