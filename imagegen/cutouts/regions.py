"""Which regions of a packshot are product: a coarse random walk for the whole, the photo's own pixels for the rim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import ndimage

from imagegen.cutouts.background import LEAST_TOLERANCE, Background, darkening, like_shadow
from imagegen.cutouts.edge import fill, furthest, grow, highest
from imagegen.cutouts.holes import find_holes, to_the_rim
from imagegen.cutouts.shadows import COLOURED, FAINT, SHADOW_STEP, underneath, without_remains
from imagegen.cutouts.walk import random_walk
from imagegen.types import Bools, Floats

COARSE = 300
"""Cells along the longer side of the coarse walk: a cell is what a gap in a faint contour may be wide."""
LINE = 12
"""Cells to either side over which a straight contour is followed."""
STRAIGHT = 1.6
"""Mean step along a line, in units of the noise, from which it is a contour."""
CRUMB, SPECK = 1e-3, 2e-5
"""Shares of the photo below which a loose piece must look like the product, and below which it is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """``core`` (H, W) is surely product, ``outside`` surely not; ``guess`` (H, W) 0..1 for what lies between."""

    core: Bools
    outside: Bools
    guess: Floats


def find(encoded: Floats, sharp: Floats, background: Background) -> Bools:
    """Roughly where the product is (H, W): a few pixels too much all round, and its gaps with it."""
    size = cell(sharp)
    return _enlarge(walk_coarsely(encoded, sharp, background, size) > 0.5, size, sharp.shape)


def cell(photo: Floats) -> int:
    """Pixels along a cell of the coarse walk over a whole ``photo`` (H, W)."""
    return max(1, round(int(max(photo.shape)) / COARSE))


def divide(encoded: Floats, sharp: Floats, background: Background, inside: Bools, size: int, whole: int) -> Regions:
    """Product and background, see Regions, of a photo or of that part of it which has the product in it.

    ``encoded`` (H, W, 3) levels; ``inside`` (H, W): where ``find`` found it, with cells of ``size`` pixels;
    ``whole``: the pixels of the whole photo.
    """
    clear = ~grow(inside, 2)
    ratio, tint = darkening(encoded, background.plate)
    shaded = like_shadow(ratio, tint)
    studio = furthest(encoded, background.plate)
    background = _settle(encoded, background, clear)
    under = underneath(clear, sharp, background, shaded, tint, studio)
    clear |= under
    rim = grow(~inside | clear, (5 * size) // 2 + 3)
    clear, plate = _creep(encoded, sharp, background, clear, rim, size, tint)
    holes, off = _open(encoded, sharp, background, clear, plate, studio, shaded, tint)
    contrast = _contrast(off, size)
    guess = _snap(sharp, background, clear | holes, rim & ~clear & ~holes & ((contrast < FAINT) | shaded))
    product = _without_specks(guess > 0.5, off, contrast, whole)
    product = without_remains(product, under, shaded)
    return _trimap(product, off, contrast, np.where(product, guess, np.minimum(guess, 0.5)))


def _open(
    encoded: Floats,
    sharp: Floats,
    background: Background,
    clear: Bools,
    plate: Floats,
    studio: Floats,
    shaded: Bools,
    tint: Floats,
) -> tuple[Bools, Floats]:
    """The holes (H, W) in what is not ``clear``, and how far every pixel is off the plate that they too show.

    A shadow that goes on behind the product is seen through one hole after the other; of a wide gap it may be one end
    alone that has the studio's very shade, and the rest goes on from there without a step.
    """
    off, holes = furthest(encoded, plate), np.zeros_like(clear)
    for _ in range(3):
        found = find_holes(~clear & ~holes, np.minimum(off, studio), sharp, background, shaded, tint)
        holes |= found
        if not found.any() or (clear | holes).all():
            break
        off = furthest(encoded, fill(encoded, ~grow(~(clear | holes), 3)))
        # A product that is itself hardly darker than the paper would go on without a step too.
        loose = 4 if float(np.median(off[~(clear | holes)])) > 2 * FAINT else 1
        alike = (off < loose * background.tolerance) & (sharp < max(8.0, 3 * background.sharpness))
        holes = ndimage.binary_propagation(holes, mask=holes | (alike & ~clear & (tint < COLOURED / 2)))
        holes = to_the_rim(holes, ~clear, off)
    return holes, off


def walk_coarsely(encoded: Floats, sharp: Floats, background: Background, size: int) -> Floats:
    """Probability of product for each cell of ``size`` x ``size`` pixels.

    What joins the border without a step is background, be it a gradient or a shadow; what is fenced in by steps,
    tinted, brighter than the studio or very dark is drawn to the product.
    """
    mean = np.stack([_blocks(encoded[..., k], size, np.mean) for k in range(3)], axis=2)
    plate = np.stack([_blocks(background.plate[..., k], size, np.mean) for k in range(3)], axis=2)
    wall = _blocks(sharp, size, np.max) / background.sharpness
    off = furthest(mean, plate)
    wall /= np.maximum(1, SHADOW_STEP * off / background.sharpness)
    # A shadow's own streaks are darker than what a white product can lose itself in.
    wall = np.where(off < FAINT / 2, np.maximum(wall, _straight(wall)), wall)
    quiet = (off < background.tolerance) & (wall < 1.3)
    ring = _blocks(background.plain.astype(np.float32), size, np.max) > 0
    open_ground = ndimage.binary_opening(quiet, np.ones((3, 3), bool)) | (quiet & ring)
    label, _ = ndimage.label(open_ground)
    outer = np.unique(label[ring & quiet])
    known = np.isin(label, outer[outer > 0])
    ratio, tint = darkening(mean, plate)
    # Of these, tint speaks the loudest; darkness hardly counts until no studio shadow is that dark.
    pull = 1e-5 * (1 + (np.clip(1 - ratio, 0, 1) / 0.5) ** 4)
    coloured = np.clip((tint - 8 - 25 * np.clip(1 - ratio, 0, 1)) / 20, 0, 1)
    pull += 0.02 * coloured**2
    pull += 1e-3 * (np.clip((0.42 - ratio) / 0.2, 0, 1) ** 2 + np.clip((ratio - 1.02) / 0.03, 0, 1))
    # A calm shade of the paper is sooner a shadow; a calm grey product has walls of its own about it.
    pull[like_shadow(ratio, tint) & (wall < 1.5) & (off > FAINT)] *= 0.3
    pull[quiet] = 1e-6
    # No light that a product throws on white paper is as colourful as that: there is nothing to ask.
    sure = coloured == 1
    return random_walk(wall, known | sure, (sure & ~known).astype(np.float32), pull, np.ones_like(wall))


def _straight(wall: Floats) -> Floats:
    """How high a straight wall stands through each cell (H, W), gaps and all: the mean along a line of cells.

    What noise does to a faint contour cell by cell, it cannot do along a whole line; elsewhere 0.
    """
    low = np.minimum(wall, np.float32(3))
    room = np.pad(low, LINE, mode="edge")
    height, width = wall.shape
    best = np.zeros_like(wall)
    for angle in np.arange(24) * np.pi / 24:
        halves = []
        for way in (-1, 1):
            total = np.zeros_like(wall)
            for far in range(1, LINE + 1):
                y, x = (LINE + round(way * far * turn) for turn in (float(np.sin(angle)), float(np.cos(angle))))
                total += room[y : y + height, x : x + width]
            halves.append(total / np.float32(LINE))
        # Beyond its end a contour is on one side only.
        both = np.minimum(*halves) > 0.9 * STRAIGHT
        np.maximum(best, (halves[0] + halves[1]) / 2, out=best, where=both)
    # Grain is high along every line, a contour along one.
    clear = (low > 1) & (best > np.maximum(STRAIGHT, 1.6 * ndimage.uniform_filter(low, 2 * LINE + 1)))
    return np.where(clear, 1.5 * best, 0).astype(np.float32)


def _settle(encoded: Floats, background: Background, clear: Bools) -> Background:
    """The background again, as all of it shows it and not the border alone: its tolerance is now its noise."""
    plate = fill(encoded, clear)
    residual = furthest(encoded, plate)[clear]
    noise = 1.4826 * float(np.median(residual[:: max(1, residual.size // 50_000)])) if residual.size else 1.0
    return replace(background, plate=plate, tolerance=float(np.clip(4 * noise, LEAST_TOLERANCE, 10.0)))


def _creep(
    encoded: Floats, sharp: Floats, background: Background, clear: Bools, rim: Bools, size: int, tint: Floats
) -> tuple[Bools, Floats]:
    """The open background (H, W) and its plate with the shadows on it (H, W, 3).

    The coarse contour lies a few pixels outside the true one. Background creeps inwards from it over pixels that
    continue what it looks like just there.
    """
    plate = background.plate
    for _ in range(2):
        off = furthest(encoded, plate)
        contrast = _contrast(off, size)
        alike = off < np.maximum(1.5 * background.tolerance, 0.1 * contrast)
        # Where product and studio look alike, only pixels without a step may be taken.
        alike &= (contrast > FAINT) | (sharp < 1.5 * background.sharpness)
        clear = ndimage.binary_propagation(clear, mask=clear | (alike & rim))
        # JPEG's ringing cuts some of it off by a pixel or two.
        clear |= alike & rim & (contrast > FAINT) & grow(clear, 3)
        clear = ndimage.binary_propagation(clear, mask=clear | _between(off, contrast, tint, size))
        # The last pixels before the product carry some of its colour (lens, resampling, JPEG's chroma).
        plate = fill(encoded, ~grow(~clear, 3))
    return clear, plate


def _between(off: Floats, contrast: Floats, tint: Floats, size: int) -> Bools:
    """Paper (H, W) between a coloured product's threads, leaves and slats: bright, and far less coloured than they are.

    However deep it goes in, and with a step at every turn. A white, grey or black product does not show it.
    """
    colour = highest(ndimage.uniform_filter(tint, 2), 4 * size + 1)
    bright = off < np.minimum(0.4 * contrast, FAINT)
    return np.asarray(bright & (colour > COLOURED) & (tint < 0.4 * colour) & (contrast > FAINT), bool)


def _contrast(off: Floats, size: int) -> Floats:
    """How far the product nearby stands off the plate (levels)."""
    calm = ndimage.uniform_filter(off, 2)
    return highest(calm, 4 * size + 1)


def _snap(sharp: Floats, background: Background, clear: Bools, doubtful: Bools) -> Floats:
    """How likely each pixel is product (H, W), with the contour on the highest step of its neighbourhood.

    Colour alone cannot tell a grey product from its shadow, nor a white one from the studio: the ``doubtful``
    pixels are walked again one by one, and the walls are measured by the highest step nearby.
    """
    label = (~clear).astype(np.float32)
    if not doubtful.any():
        return label
    wall = np.asarray(sharp / np.maximum(0.35 * highest(sharp, 15), 0.7 * background.sharpness), np.float32)
    return random_walk(wall, ~doubtful, label, np.full_like(label, 1e-5), label)


def _without_specks(product: Bools, off: Floats, contrast: Floats, whole: int) -> Bools:
    """The product without crumbs of background that noise has cut off from it."""
    label, count = ndimage.label(product)
    if count < 2:
        return product
    area = np.bincount(label.ravel(), minlength=count + 1)
    small = np.flatnonzero((area < CRUMB * whole)[label] & product)
    strength = np.zeros(count + 1, np.float32)
    np.maximum.at(strength, label.ravel()[small], (off / np.maximum(contrast, FAINT)).ravel()[small])
    crumbs = (area < CRUMB * whole) & (strength < 0.6) | (area < SPECK * whole)
    return product & ~crumbs[label]


def _trimap(product: Bools, off: Floats, contrast: Floats, guess: Floats) -> Regions:
    deep = _shrink(product, 2)
    near = highest(off * product, 7)
    core = deep | (product & (off > 0.9 * near) & (contrast > FAINT))
    outside = ~grow(product, 2)
    return Regions(core, outside, ndimage.gaussian_filter(guess, 0.6))


def _shrink(mask: Bools, radius: int) -> Bools:
    return ~grow(~mask, radius)


def _blocks(plane: Floats, size: int, reduce: Callable[..., Any]) -> Floats:
    height, width = plane.shape
    pad = np.pad(plane, ((0, -height % size), (0, -width % size)), mode="edge")
    cells = pad.reshape(pad.shape[0] // size, size, pad.shape[1] // size, size)
    return np.asarray(reduce(cells, axis=(1, 3)), np.float32)


def _enlarge(cells: Bools, size: int, shape: tuple[int, ...]) -> Bools:
    return cells.repeat(size, axis=0).repeat(size, axis=1)[: shape[0], : shape[1]]
