"""Lines one pixel wide."""

from __future__ import annotations

import numpy as np

from imagegen.types import Bools


def thinned(mask: Bools) -> Bools:
    """The mask (H, W) worn down to lines one pixel wide that hang together as it did (Zhang and Suen 1984).

    Pixels of the border stay as they are.
    """
    lines = mask.copy()
    while True:
        worn = lines
        for first in (True, False):
            worn = worn & ~_loose(worn, first=first)
        if np.array_equal(worn, lines):
            return lines
        lines = worn


def _loose(mask: Bools, *, first: bool) -> Bools:
    """Pixels that one half of a round may take away."""
    rows, cols = mask.shape
    padded = np.pad(mask, 1)
    # The eight neighbours clockwise from the one above.
    steps = ((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))
    ring = [padded[down : down + rows, across : across + cols] for down, across in steps]
    filled = np.sum(ring, axis=0)
    rises = np.sum([~a & b for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)], axis=0)
    up, right, down, left = ring[0], ring[2], ring[4], ring[6]
    sides = ~(up & right & down) & ~(right & down & left) if first else ~(up & right & left) & ~(up & down & left)
    loose: Bools = mask & (filled >= 2) & (filled <= 6) & (rises == 1) & sides
    loose[[0, -1]] = False
    loose[:, [0, -1]] = False
    return loose
