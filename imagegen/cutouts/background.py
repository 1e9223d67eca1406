"""What the photo's border says of its background: colour, gradient, noise, and whether it is plain at all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from imagegen.cutouts.edge import furthest
from imagegen.types import Bools, Doubles, Floats

ORDER = 3
_POWERS = [(i, j) for i in range(ORDER + 1) for j in range(ORDER + 1 - i)]
SAMPLES = 3000
"""Pixels of the border that the plate is fitted to."""
LEAST_TOLERANCE = 2.5
"""Levels of 255 that a background pixel may differ from the model even in a photo without noise."""


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """The studio behind the product, in sRGB-encoded levels 0..255 (where noise and JPEG's steps are even).

    ``plate`` (H, W, 3): its smooth colour everywhere; ``tolerance``: how far its own pixels stray from the plate;
    ``sharpness``: the step height (levels) that its noise imitates; ``ring`` (H, W): the border's pixels;
    ``plain`` (H, W): those of them that fit the plate or are its soft shadow.
    """

    plate: Floats
    tolerance: float
    sharpness: float
    ring: Bools
    plain: Bools

    def within(self, box: tuple[slice, slice]) -> Background:
        """That part (rows, columns) of it."""
        return replace(self, plate=self.plate[box], ring=self.ring[box], plain=self.plain[box])


def steps(encoded: Floats) -> Floats:
    """How high a sharp step stands at each pixel (H, W), in levels: the gradient of a difference of Gaussians.

    A ramp, however steep, has the same slope at both scales and cancels: shadows and studio gradients vanish
    while edges and thin lines stay.
    """
    total = np.zeros(encoded.shape[:2], np.float32)
    for k in range(3):
        plane = np.ascontiguousarray(encoded[..., k])
        band = ndimage.gaussian_filter(plane, 0.9, truncate=3) - ndimage.gaussian_filter(plane, 3.5, truncate=2.5)
        dy, dx = np.gradient(band)
        np.maximum(total, dx * dx + dy * dy, out=total)
    return np.asarray(np.sqrt(total) / np.float32(0.3), np.float32)


def border(encoded: Floats, sharp: Floats) -> Background:
    """The background as the border shows it: a cubic surface, fitted robustly (Tukey's biweight)."""
    height, width = encoded.shape[:2]
    ring = np.zeros((height, width), bool)
    band = max(3, round(0.012 * min(height, width)))
    ring[:band], ring[-band:], ring[:, :band], ring[:, -band:] = True, True, True, True
    ys, xs = np.nonzero(ring)
    pick = np.linspace(0, len(ys) - 1, min(len(ys), SAMPLES)).astype(int)
    basis = _basis(xs[pick] / width, ys[pick] / height)
    values = encoded[ys[pick], xs[pick]].astype(np.float64)
    fit, spread = _fit(basis, values)
    plate = _surface(fit, height, width)
    seen, smooth = encoded[ring][:, None], plate[ring][:, None]
    tolerance = float(np.clip(4.0 * spread, LEAST_TOLERANCE, 14.0))
    near = np.abs(seen - smooth).max(axis=(1, 2)) < tolerance + 2.0
    plain = ring.copy()
    plain[ring] = near | soft_shadow(seen, smooth)[:, 0]
    noise = float(np.percentile(sharp[ring][near], 97)) if near.any() else 4.0
    return Background(plate, tolerance, float(np.clip(noise, 1.2, 8.0)), ring, plain)


def soft_shadow(encoded: Floats, plate: Floats) -> Bools:
    """Pixels (H, W) that are the plate, only darker: nearly the same chromaticity, not black.

    A deep shadow takes on some of the product's colour, so the darker it is the more tint it may have.
    """
    return like_shadow(*darkening(encoded, plate))


def like_shadow(ratio: Floats, tint: Floats) -> Bools:
    """The same, of what ``darkening`` gives."""
    return (ratio > 0.3) & (ratio < 1.01) & (tint < 6.0 + 25.0 * (1 - ratio))


def darkening(encoded: Floats, plate: Floats) -> tuple[Floats, Floats]:
    """How bright each pixel is beside the plate (H, W), and how far its colour is off that shade of it (levels)."""
    ratio = encoded.sum(axis=2) / np.maximum(plate.sum(axis=2), 1)
    return ratio, furthest(encoded, plate * ratio[..., None])


def _basis(x: Doubles, y: Doubles) -> Doubles:
    return np.stack([x**i * y**j for i, j in _POWERS], axis=-1)


def _fit(basis: Doubles, values: Doubles) -> tuple[Doubles, float]:
    """Coefficients (terms, 3) and the spread of the residuals (levels), from the half of the border that agrees."""
    residual = np.abs(values - np.median(values, axis=0)).max(axis=1)
    scale = max(2.0, 1.5 * float(np.median(residual)))
    fit = np.zeros((basis.shape[1], 3))
    # A little ridge keeps the surface flat where the product hides the border.
    ridge = np.diag(np.where(np.arange(basis.shape[1]) > 0, 2.5e-3, 0.0))
    for _ in range(12):
        weight = np.clip(1 - (residual / (3 * scale)) ** 2, 0, None) ** 2 + 1e-9
        heavy = basis * weight[:, None]
        fit = np.linalg.solve(heavy.T @ basis + ridge, heavy.T @ values)
        residual = np.abs(values - basis @ fit).max(axis=1)
        scale = max(0.7, 1.4826 * float(np.median(residual)))
    return fit, scale


def _surface(fit: Doubles, height: int, width: int) -> Floats:
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None] ** np.arange(ORDER + 1, dtype=np.float32)
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[:, None] ** np.arange(ORDER + 1, dtype=np.float32)
    surface = np.empty((height, width, 3), np.float32)
    for channel in range(3):
        grid = np.zeros((ORDER + 1, ORDER + 1), np.float32)
        for term, (i, j) in zip(fit[:, channel], _POWERS, strict=True):
            grid[j, i] = term
        surface[..., channel] = (y @ grid) @ x.T
    return np.clip(surface, 0, 255, out=surface)
