"""The studio's shadow under a product on legs: followed from the open paper, for it may look like the product."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from imagegen.cutouts.background import Background
from imagegen.cutouts.edge import grow, highest
from imagegen.types import Bools, Floats

SHADOW_STEP = 0.04
"""How high a step a soft shadow's own curve (and JPEG's in it) imitates, beside its depth."""
COLOURED = 8.0
"""Levels of tint from which a product is told from paper by its colour alone."""
FAINT = 24.0
"""Levels of contrast under which an edge is followed by its steps and not by its colours."""
PALE = 0.4
"""Share of what was found that may look like a shadow, or the product itself does."""
LOW = 0.4
"""Share of the product's height, from its foot, in which shadows are looked for under it."""
WAY = 7
"""Pixels of width without a step by which a shadow is followed: a gap in a faint contour is narrower."""
NEAR = 10
"""Pixels within which a shadow that was followed ends at the product: nearer to it everything is steps."""
FENCED = 0.6
"""Share of a shadow's inner rim that has a step."""


def underneath(
    clear: Bools, sharp: Floats, background: Background, shaded: Bools, tint: Floats, studio: Floats
) -> Bools:
    """The shadow (H, W) under the product that goes on from the ``clear`` background without a step.

    A shadow deepens towards what throws it, and where it is deepest nothing but the way there tells that it is one. It
    lies low, stays paler than a dark product and greyer than a coloured one, and the way to it is wide. A product most
    of which could be such a shadow gives no leave.

    ``sharp`` (H, W): steps, ``studio`` (H, W): how far a pixel is off the paper, ``tint`` (H, W): off any shade of it,
    all in levels of 255; ``shaded`` (H, W): what such a shade may be.
    """
    product = ~clear & ~shaded
    if not product.any():
        return np.zeros_like(clear)
    dark = float(np.median(studio[product]))
    calm = sharp < 2 * np.maximum(1.5 * background.sharpness, SHADOW_STEP * studio)
    alike = shaded & calm & (studio < 0.8 * dark) & (tint < COLOURED)
    if (alike & ~clear).sum() > PALE * (~clear).sum():
        return np.zeros_like(clear)
    rows = np.flatnonzero((~clear).any(axis=1))
    alike[: rows[-1] - int(LOW * np.ptp(rows))] = False
    way = ndimage.binary_opening(clear | alike, np.ones((WAY, WAY), bool))
    gone = ndimage.binary_propagation(clear & way, mask=way) & ~clear
    return _ending_at_product(gone, ~clear & ~gone, sharp, background, studio)


def without_remains(product: Bools, under: Bools, shaded: Bools) -> Bools:
    """The ``product`` (H, W) without loose pieces of the shadow that was followed ``under`` it (H, W): its streaks.

    ``shaded`` (H, W): what may be a shade of the paper.
    """
    if not under.any():
        return product
    label, count = ndimage.label(product)
    area = np.bincount(label.ravel(), minlength=count + 1)
    like = np.bincount(label[shaded], minlength=count + 1) > 0.9 * area
    met = np.bincount(label[grow(under, 3) & product], minlength=count + 1) > 0
    remains = like & met & (area < 0.1 * area[1:].max(initial=0))
    return np.asarray(product & ~remains[label], bool)


def _ending_at_product(gone: Bools, solid: Bools, sharp: Floats, background: Background, studio: Floats) -> Bools:
    """Those of the shadows ``gone`` (H, W) that end at steps with a darker product behind them.

    A pale product would be entered by the same way: so either the shadow is deep, or what is behind it is very dark.
    """
    fence = highest(sharp, 2 * NEAR + 1) > max(8.0, 4 * background.sharpness)
    label, _ = ndimage.label(gone)
    found = np.zeros_like(gone)
    for index, place in enumerate(ndimage.find_objects(label), start=1):
        box = tuple(slice(max(0, side.start - 2 * NEAR), side.stop + 2 * NEAR) for side in place)
        here, rest = label[box] == index, solid[box]
        near, beyond = grow(here, 1) & rest, grow(here, 2 * NEAR) & ~grow(here, NEAR) & rest
        if not (near.any() and beyond.any()):
            continue
        deep, behind = 1.3 * np.percentile(studio[box][here], 75), np.median(studio[box][beyond])
        ends = fence[box][near].mean() > FENCED and deep < behind
        if ends and (deep > FAINT or behind > 4 * FAINT):
            found[box] |= here
    return found
