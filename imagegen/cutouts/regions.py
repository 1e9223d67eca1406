"""Which regions of a packshot are product: a coarse random walk for the whole, the photo's own pixels for the fine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from imagegen.cutouts.background import Background, soft_shadow
from imagegen.cutouts.edge import fill
from imagegen.cutouts.walk import random_walk
from imagegen.types import Bools, Floats

COARSE = 300
"""Cells along the longer side of the coarse walk: a cell is what a gap in a faint contour may be wide."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """``core`` (H, W) is surely product, ``outside`` surely not; ``guess`` (H, W) 0..1 for what lies between."""

    core: Bools
    outside: Bools
    guess: Floats


def divide(encoded: Floats, sharp: Floats, background: Background) -> Regions:
    """Product and background of a photo (encoded levels), see Regions."""
    size = max(1, round(max(sharp.shape) / COARSE))
    likely = _walk_coarsely(encoded, sharp, background, size)
    inside = _enlarge(likely > 0.5, size, sharp.shape)
    # The background with its shadows, as seen around the product and carried on behind it.
    clear = ndimage.binary_erosion(~inside, np.ones((3, 3)), iterations=size, border_value=1)
    plate = fill(encoded, clear)
    off = np.abs(encoded - plate).max(axis=2)
    tolerance = background.tolerance
    holes = _holes(inside, off, sharp, background)
    near = ndimage.binary_dilation(inside, np.ones((3, 3)), iterations=2 * size)
    product = near & ~holes & (inside | (off > 3 * tolerance))
    deep = ndimage.binary_erosion(product, np.ones((3, 3)), iterations=2, border_value=1)
    contrast = ndimage.maximum_filter(off, 2 * size + 1)
    rim = ndimage.binary_dilation(~inside | holes, np.ones((3, 3)), iterations=size + 2)
    core = deep & (~rim | (off > 0.75 * contrast))
    empty = ~product | (rim & (off < np.minimum(tolerance, 0.3 * contrast)))
    outside = empty & (off < np.maximum(tolerance, 0.1 * contrast)) & ~core
    outside |= ~near
    return Regions(core, outside, ndimage.gaussian_filter(product.astype(np.float32), 0.7))


def _walk_coarsely(encoded: Floats, sharp: Floats, background: Background, size: int) -> Floats:
    mean = np.stack([_blocks(encoded[..., k], size, np.mean) for k in range(3)], axis=2)
    plate = np.stack([_blocks(background.plate[..., k], size, np.mean) for k in range(3)], axis=2)
    wall = _blocks(sharp, size, np.max) / background.sharpness
    off = np.abs(mean - plate).max(axis=2)
    quiet = (off < background.tolerance) & (wall < 1.3)
    ring = _blocks(background.plain.astype(np.float32), size, np.max) > 0
    open_ground = ndimage.binary_opening(quiet, np.ones((3, 3))) | (quiet & ring)
    label, _ = ndimage.label(open_ground)
    outer = np.unique(label[ring & quiet])
    known = np.isin(label, outer[outer > 0])
    ratio = mean.mean(axis=2) / np.maximum(plate.mean(axis=2), 1)
    tint = np.abs(mean - plate * ratio[..., None]).max(axis=2)
    pull = 4e-5 * (1 + (np.clip(1 - ratio, 0, 1) / 0.3) ** 4)
    pull += 0.02 * np.clip((tint - 8) / 20, 0, 1) ** 2
    pull += np.where(soft_shadow(mean, plate), 0, 1e-3)
    pull[quiet] = 1e-7
    return random_walk(wall, known, np.zeros_like(wall), pull, np.ones_like(wall))


def _holes(inside: Bools, off: Floats, sharp: Floats, background: Background) -> Bools:
    """Pixels within the product through which the background shows: they match it, and their rim is sharp."""
    match = inside & (off < 1.5 * background.tolerance)
    label, count = ndimage.label(match)
    if count == 0:
        return match
    grown = ndimage.grey_dilation(label, size=(5, 5))
    rim = (grown > 0) & ~match & inside
    sharp_rim = off > max(10.0, 4 * background.tolerance)
    index = np.arange(count + 1)
    total = np.bincount(grown[rim], minlength=count + 1)
    share = np.bincount(grown[rim], weights=sharp_rim[rim], minlength=count + 1) / np.maximum(total, 1)
    area = ndimage.sum_labels(match, label, index)
    keep = (share > 0.75) & (area >= 12)
    keep[0] = False
    return np.asarray(keep[label])


def _blocks(plane: Floats, size: int, reduce: np.ufunc | object) -> Floats:
    height, width = plane.shape
    pad = np.pad(plane, ((0, -height % size), (0, -width % size)), mode="edge")
    cells = pad.reshape(pad.shape[0] // size, size, pad.shape[1] // size, size)
    return np.asarray(reduce(cells, axis=(1, 3)), np.float32)  # type: ignore[operator]


def _enlarge(cells: Bools, size: int, shape: tuple[int, ...]) -> Bools:
    return cells.repeat(size, axis=0).repeat(size, axis=1)[: shape[0], : shape[1]]
