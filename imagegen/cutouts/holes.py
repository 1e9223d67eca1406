"""Holes: where the background shows through the product, between slats, canes and wires.

A white cushion, a clock's face or a knob may look just like a white studio, and a hole cut into a product is worse
than one left closed. So a hole must give evidence: a sharp rim on nearly every side, the studio's very colour, and
nothing afloat in it, for a thing that touches no rim would hang in the air.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from imagegen.cutouts.background import Background
from imagegen.cutouts.edge import highest
from imagegen.types import Bools, Doubles, Floats

FENCED = 0.6
SMALL = 0.004
"""Share of the product's area below which a hole is one mesh of many, or none."""
LARGEST_CELL = 0.04
MESHES = 12
LARGEST_SHADED = 0.45
"""A gap between parts is never most of the product: a mirror or a clock's face would be."""
THIN = 0.07
"""Thickness of parts that have a gap on one side and the open on the other, beside the product's length."""


SEEN = 0.9
"""Share of a wide window's rim that is plainly product."""
NEUTRAL = 1.0
"""Levels of tint beside the studio that a white product nearly always has, and the studio never."""


@dataclass(frozen=True, slots=True, eq=False)
class _Patches:
    """Connected regions that may be holes; all arrays but ``label`` are by its index (0 is no region)."""

    label: np.ndarray
    area: Doubles
    fenced: Doubles
    typical: Doubles
    depth: Doubles
    even: Doubles


def find_holes(
    product: Bools, off: Floats, sharp: Floats, background: Background, shaded: Bools, tint: Floats
) -> Bools:
    """Regions (H, W) within ``product`` through which the background is seen.

    ``off`` (H, W): levels off the plate. ``shaded`` (H, W): pixels that may be the studio in shadow;
    ``tint`` (H, W): levels off any shade of the plate.
    """
    contrast = highest(off, 9)
    tolerance = background.tolerance
    whole = max(1, int(product.sum()))
    match = product & (off < np.maximum(1.5 * tolerance, 0.13 * contrast))
    fine = _measure(match, product, off, contrast, sharp, background)
    cells = (fine.fenced > FENCED) & (fine.area >= 6) & (fine.area < LARGEST_CELL * whole) & _compact(fine)
    cells &= fine.typical < np.maximum(0.6 * tolerance, 0.08 * fine.depth)
    holes = cells[fine.label] if cells.sum() >= MESHES else np.zeros_like(product)
    holes |= _gaps(fine, off, tolerance, whole)
    # A bright streak along a chrome tube matches the studio too: a step keeps it apart from the gap beside it.
    calm = match & ~holes & (sharp < max(8.0, 3 * background.sharpness))
    wide = _measure(calm, product, off, highest(off, 17), sharp, background)
    holes |= _gaps(wide, off, tolerance, whole)
    holes |= _windows(product & ~holes, off, sharp, background, tint)
    holes |= _shaded_holes(product & shaded & ~holes, product, off, sharp, background)
    return to_the_rim(holes, product, off)


def to_the_rim(holes: Bools, product: Bools, off: Floats) -> Bools:
    """The ``holes`` with the pixels along their rims where JPEG rings: what is still far from the product's colour."""
    return ndimage.binary_dilation(holes, iterations=6, mask=holes | (product & (off < 0.22 * highest(off, 9))))


def _measure(
    match: Bools, product: Bools, off: Floats, contrast: Floats, sharp: Floats, background: Background
) -> _Patches:
    label, count = ndimage.label(match)
    within = np.flatnonzero(match)
    at = label.ravel()[within]
    area = np.bincount(at, minlength=count + 1).astype(float)
    beside = highest(label, 3)
    rim = np.flatnonzero((beside > 0) & ~match & product)
    around = beside.ravel()[rim]
    total = np.maximum(np.bincount(around, minlength=count + 1), 1)
    fence = highest(sharp, 9).ravel()[rim] > max(8.0, 4 * background.sharpness)
    stray = off.ravel()[within]
    filled = np.maximum(area, 1)
    patches = _Patches(
        label,
        area,
        np.bincount(around, weights=fence, minlength=count + 1) / total,
        np.bincount(at, weights=stray, minlength=count + 1) / filled,
        np.bincount(around, weights=contrast.ravel()[rim], minlength=count + 1) / total,
        np.bincount(at, weights=stray < background.tolerance, minlength=count + 1) / filled,
    )
    patches.fenced[0] = 0
    return patches


def _gaps(found: _Patches, off: Floats, tolerance: float, whole: int) -> Bools:
    """The larger regions (H, W) that are the studio itself, fenced in and with nothing afloat in them."""
    which = (found.fenced > FENCED) & (found.area >= SMALL * whole) & (found.even > 0.5)
    which &= found.typical < np.maximum(0.6 * tolerance, np.minimum(0.035 * found.depth, 4.0))
    which &= ~_afloat(found, which, off)
    return np.asarray(which[found.label])


def _windows(product: Bools, off: Floats, sharp: Floats, background: Background, tint: Floats) -> Bools:
    """Wide gaps (H, W) between tubes and legs, where the studio's shade has drifted off the plate's.

    The wider the gap, the less the plate knows of its shade. Its colour must be free of any tint instead, its rim
    real product all round (a white panel's outer edge is next to nothing) and that product thin.
    """
    whole = int(product.sum())
    calm = product & (off < 4 * background.tolerance) & (sharp < max(8.0, 3 * background.sharpness))
    label, count = ndimage.label(ndimage.binary_opening(calm, iterations=2))
    area = np.bincount(label.ravel(), minlength=count + 1)
    wide = np.flatnonzero((area >= SMALL * whole) & (area < LARGEST_SHADED * whole))
    windows = np.zeros_like(product)
    if not wide[wide > 0].size:
        return windows
    rows, columns = np.nonzero(product.any(axis=1))[0], np.nonzero(product.any(axis=0))[0]
    thin = THIN * max(np.ptp(rows), np.ptp(columns))
    depth = _depth(product)
    strong = highest(off, 25) > 15
    fenced = highest(sharp, 25) > max(8.0, 4 * background.sharpness)
    pure = ndimage.uniform_filter(tint, 5)
    places = ndimage.find_objects(label)
    for index in wide[wide > 0]:
        box = tuple(slice(max(0, side.start - 2), side.stop + 2) for side in places[index - 1])
        here = label[box] == index
        rim = ndimage.binary_dilation(here, np.ones((3, 3), bool)) & ~here
        neutral = float(np.median(pure[box][here])) < NEUTRAL
        seen = min(float(strong[box][rim].mean()), float(fenced[box][rim].mean()) + 0.1) > SEEN
        islands = ndimage.binary_fill_holes(here) & ~here & (off[box] > 15)
        empty = islands.sum() <= max(12, 0.002 * area[index])
        if not (neutral and seen and empty and float(np.median(depth[box][rim])) < thin):
            continue
        # A bright tube is no wider than its neighbours, a gap between tubes is.
        if ndimage.distance_transform_edt(np.pad(here, 1)).max() > 0.3 * thin:
            windows[box] |= here
    return windows


def _depth(product: Bools) -> Floats:
    """How far each pixel (H, W) is from what is not product, worked out at half the size."""
    half = ndimage.distance_transform_edt(product[::2, ::2]).astype(np.float32) * np.float32(2)
    height, width = product.shape
    return np.asarray(half.repeat(2, axis=0).repeat(2, axis=1)[:height, :width], np.float32)


def _compact(found: _Patches) -> Bools:
    """Which of the regions are cells and not streaks."""
    result = np.zeros(found.area.shape, bool)
    for index, box in enumerate(ndimage.find_objects(found.label), start=1):
        long = max(side.stop - side.start for side in box)
        result[index] = found.area[index] > 0.12 * long * long
    return result


def _afloat(found: _Patches, which: Bools, off: Floats) -> Bools:
    """Which of the regions have something in their middle that touches no rim: hands and numerals of a clock."""
    result = np.zeros_like(which)
    places = ndimage.find_objects(found.label)
    for index in np.flatnonzero(which):
        box = places[index - 1]
        here = found.label[box] == index
        islands = ndimage.binary_fill_holes(here) & ~here & (off[box] > 0.4 * found.depth[index])
        result[index] = islands.sum() > max(12, 0.002 * found.area[index])
    return result


def _shaded_holes(match: Bools, product: Bools, off: Floats, sharp: Floats, background: Background) -> Bools:
    """Gaps between legs, rungs and slats through which the shaded studio is seen.

    Its colour is not quite the plate's there, so these need more: thin parts around them with the open on their
    other side, and real product beyond the rim (a door's panel has more of the same behind its drawn line).
    """
    calm = match & (sharp < 3 * background.sharpness)
    found = _measure(calm, product, off, highest(off, 9), sharp, background)
    whole = int(product.sum())
    likely = (found.fenced > FENCED) & (found.area > 0.15 * SMALL * whole) & (found.area < LARGEST_SHADED * whole)
    likely &= found.typical < 36
    keep = np.zeros_like(likely)
    if not likely.any():
        return np.zeros_like(product)
    rows, columns = np.nonzero(product.any(axis=1))[0], np.nonzero(product.any(axis=0))[0]
    thin = THIN * max(np.ptp(rows), np.ptp(columns))
    depth = _depth(product)
    places = ndimage.find_objects(found.label)
    for index in np.flatnonzero(likely):
        box = tuple(slice(max(0, side.start - 10), side.stop + 10) for side in places[index - 1])
        here = found.label[box] == index
        rim = here & ~ndimage.binary_erosion(here, border_value=1)
        beyond = ndimage.binary_dilation(here, np.ones((3, 3), bool), iterations=8)
        beyond &= ~ndimage.binary_dilation(here, np.ones((3, 3), bool), iterations=4)
        near = beyond & product[box]
        open_beyond = float(np.percentile(depth[box][rim], 25)) < thin
        solid_beyond = near.sum() > 20 and float(np.median(off[box][near])) > max(20.0, 3 * found.typical[index])
        # What has the open on both sides is a bright part itself.
        keep[index] = open_beyond and solid_beyond and near.sum() > 0.4 * beyond.sum()
    keep &= ~_afloat(found, keep, off)
    return np.asarray(keep[found.label])
