"""Holes: where the background shows through the product, between slats, canes and wires."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from imagegen.cutouts.background import Background
from imagegen.types import Bools, Floats


def find_holes(product: Bools, off: Floats, sharp: Floats, background: Background) -> Bools:
    """Regions (H, W) within ``product`` that match the plate and end in a sharp rim on nearly every side.

    ``off`` (H, W): levels off the plate. A blown-out highlight matches a white studio too, but it fades into the
    product around it: it has no such rim.
    """
    contrast = ndimage.maximum_filter(off, 9)
    tolerance = background.tolerance
    match = product & (off < np.maximum(1.5 * tolerance, 0.13 * contrast))
    label, count = ndimage.label(match)
    if count == 0:
        return np.asarray(match)
    index = np.arange(count + 1)
    area = np.bincount(label.ravel(), minlength=count + 1)
    around = ndimage.grey_dilation(label, size=(3, 3))
    rim = (around > 0) & ~match & product
    total = np.maximum(np.bincount(around[rim], minlength=count + 1), 1)
    fenced = ndimage.maximum_filter(sharp, 5)[rim] > max(8.0, 4 * background.sharpness)
    share = np.bincount(around[rim], weights=fenced, minlength=count + 1) / total
    typical = np.bincount(label.ravel(), weights=off.ravel(), minlength=count + 1) / np.maximum(area, 1)
    depth = np.bincount(around[rim], weights=contrast[rim], minlength=count + 1) / total
    keep = (share > 0.8) & (area >= 6) & (typical < np.maximum(0.6 * tolerance, 0.06 * depth))
    keep[index == 0] = False
    holes = keep[label]
    # JPEG rings along the rim of a hole: what is still far from the product's colour there belongs to the hole.
    return ndimage.binary_dilation(holes, iterations=3, mask=holes | (product & (off < 0.22 * contrast)))
