"""Hung goods: a catalog's height may mean the shade alone, or the shade with its cord; the outline tells which.

A cord is the thin run of rows at the top. When neither reading agrees with the width (a cord that was cut by
the photo, an adjustable one), the width alone rules and the height is taken from the outline.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from imagegen.pose.silhouette import Silhouette
from imagegen.types import Dimensions

THIN = 0.08
"""Share of the largest row's width below which a row shows nothing but a cord."""
BELIEVABLE = 0.22
"""Largest log ratio between the photo's and the catalog's proportions for a reading to count."""


def without_cord(silhouette: Silhouette, size: Dimensions) -> tuple[Silhouette, Dimensions]:
    """The part of the outline that the catalog's height speaks of, and the size to solve it with."""
    readings = [silhouette]
    shade = _shade_row(silhouette)
    if shade is not None:
        readings.append(silhouette.without_rows_above(shade))
    errors = [abs(math.log((r.height / r.width) / (size.height / size.width))) for r in readings]
    best = int(np.argmin(errors))
    if errors[best] <= BELIEVABLE:
        return readings[best], size
    if shade is None:
        return silhouette, size
    return silhouette, replace(size, height=size.width * silhouette.height / silhouette.width)


def _shade_row(silhouette: Silhouette) -> int | None:
    """The photo's row at which the cord ends and the shade begins, or None without a cord."""
    widths = silhouette.row_widths()
    thin = np.flatnonzero(widths < THIN * widths.max())
    above = thin[thin < widths.argmax()]
    if len(above) < 0.06 * len(widths):
        return None
    return int(silhouette.top) + int(above[-1]) + 1
