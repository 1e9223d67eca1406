"""Lines of the geometry: what a draughtsman would draw of a room, whatever its textures and its light."""

from __future__ import annotations

import numpy as np

from imagegen.diffusion.conditions.depth import inverse
from imagegen.diffusion.conditions.sampling import nearest, one_surface
from imagegen.diffusion.conditions.thinning import thinned
from imagegen.types import Bools, Floats, Labels, Passes

STEP = 0.025
"""By what share of the distance two neighbours must lie apart to be two things."""
CREASE_DEG = 32.0
"""Angle between two faces from which on their meeting is a line: rounded things have no lines on them."""
SPECK = 0.012
"""Lines shorter than this share of the picture's shorter side are foliage and noise."""


def edges(passes: Passes, size: tuple[int, int]) -> Labels:
    """White lines one pixel wide on black (h, w, 3) uint8 at (width, height).

    A line is where depth steps by more than its surface's own slope explains, where two faces meet at an angle, or
    where one class borders on another. Inverse depth is linear in the pixels of a plane, so a floor seen at a glance
    gives none. Each line lies on the pixel of the nearer thing.
    """
    nearness = one_surface(inverse(passes.depth), size)
    normals = nearest(passes.normals, size)
    classes = nearest(passes.segments, size)
    lines = _along(nearness, normals, classes)
    lines |= _along(nearness.T, normals.swapaxes(0, 1), classes.T).T
    shown = _without_specks(thinned(lines), max(3, round(SPECK * min(size))))
    return np.repeat(np.where(shown, np.uint8(255), np.uint8(0))[..., None], 3, axis=2)


def _along(nearness: Floats, normals: Floats, classes: Labels) -> Bools:
    """Lines (H, W) between neighbours in a row."""
    rise = np.diff(nearness, axis=1)
    before, after = np.pad(rise[:, :-1], ((0, 0), (1, 0)), "edge"), np.pad(rise[:, 1:], ((0, 0), (0, 1)), "edge")
    slope = np.where(np.abs(before) < np.abs(after), before, after)
    reach = np.maximum(nearness[:, 1:], nearness[:, :-1])
    met = np.abs(rise - slope) > STEP * reach
    cosine = (normals[:, 1:] * normals[:, :-1]).sum(axis=2)
    met |= (cosine < np.cos(np.radians(CREASE_DEG))) & (reach > 0)
    met |= classes[:, 1:] != classes[:, :-1]
    right_is_nearer = rise > 0
    lines = np.zeros(nearness.shape, bool)
    lines[:, 1:] |= met & right_is_nearer
    lines[:, :-1] |= met & ~right_is_nearer
    return lines


def _without_specks(lines: Bools, least: int) -> Bools:
    """The lines (H, W) that have at least so many pixels."""
    from scipy import ndimage  # noqa: PLC0415 - heavy, and only where pictures are made

    labels, count = ndimage.label(lines, np.ones((3, 3), int))
    long = np.bincount(labels.ravel(), minlength=count + 1) >= least
    long[0] = False
    shown: Bools = long[labels]
    return shown
