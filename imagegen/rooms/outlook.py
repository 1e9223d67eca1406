"""The card that stands outside a room's windows and shines like the day."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.shapes import Shape, join

OUTSIDE = 4.5
"""Metres from a window to the card."""
BELOW, ABOVE = 2.2, 4.0
"""Metres that it goes on below the floor and above the ceiling."""


def card(low: float, high: float, wall: float, height: float) -> tuple[Shape, tuple[float, float]]:
    """The card in the wall's own frame, and the metres of its picture.

    ``low``, ``high``: its ends along the wall; ``wall``: where the wall's outer face is; ``height``: the room's. Its
    wings and its ground close it, so that the most slanting look out finds no end.
    """
    bottom, top = -BELOW, height + ABOVE
    foot = np.array([(low, wall + 0.01), (low, OUTSIDE), (high, OUTSIDE), (high, wall + 0.01)])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(foot, axis=0), axis=1))])
    points = [(*at, level) for level in (bottom, top) for at in foot]
    uv = [(u, level - bottom) for level in (bottom, top) for u in along]
    faces = [face for i in range(3) for face in ((i, i + 1, i + 5), (i, i + 5, i + 4))]
    inwards = [(1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, -1.0, 0.0), (-1.0, 0.0, 0.0)]
    upright = Shape(np.array(points), np.array(faces), np.array(uv), np.array(inwards * 2))
    ground = Shape(
        np.array([(*at, bottom) for at in foot]),
        np.array([[0, 3, 2], [0, 2, 1]]),
        np.column_stack([along, np.full(4, 0.03)]),
        np.repeat([[0.0, 0.0, 1.0]], 4, axis=0),
    )
    return join([upright, ground]), (float(along[-1]), top - bottom)
