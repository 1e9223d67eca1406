"""Tips of legs: the points where a legged product meets the floor."""

from __future__ import annotations

import numpy as np

from imagegen.pose.silhouette import Silhouette
from imagegen.types import Doubles

PROMINENCE = 0.025
"""How far a tip must reach below its surroundings, as a share of the product's height."""
WIDEST = 0.14
"""A wider end, as a share of the product's span, is a foot of another kind (a plinth, a panel)."""


def leg_tips(silhouette: Silhouette) -> Doubles:
    """Middles (T, 2) of the lower ends of legs, photo pixels; none for a product that stands on its whole base.

    A tip is a peak of the lower contour that stands out (topological prominence) on both sides and is narrow.
    """
    columns, lowest = silhouette.lowest()
    contour = np.full(silhouette.photo[0], silhouette.top)
    contour[columns.astype(int)] = lowest
    need = PROMINENCE * silhouette.height
    tips = []
    for peak in _peaks(contour, need):
        level = contour[peak] - 0.4 * need
        left = peak - int(np.argmax(np.append(contour[: peak + 1][::-1] < level, True))) + 1
        right = peak + int(np.argmax(np.append(contour[peak:] < level, True)))
        if right - left <= WIDEST * max(silhouette.width, silhouette.height):
            tips.append(((left + right) / 2, contour[peak]))
    return np.array(tips, float).reshape(-1, 2)


def _peaks(contour: Doubles, need: float) -> list[int]:
    """Indices of the local maxima whose prominence is at least ``need``: components are merged from the top down."""
    owner = np.full(len(contour), -1)
    found: list[int] = []
    born: dict[int, int] = {}

    def root(i: int) -> int:
        while owner[i] != i:
            i = int(owner[i])
        return i

    for i in np.argsort(-contour, kind="stable"):
        near = {root(j) for j in (i - 1, i + 1) if 0 <= j < len(contour) and owner[j] >= 0}
        owner[i] = i
        born[int(i)] = int(i)
        for other in sorted(near, key=lambda r: contour[born[r]]):
            mine = root(int(i))
            loser, winner = sorted((mine, other), key=lambda r: contour[born[r]])
            if contour[born[loser]] - contour[i] >= need:
                found.append(born[loser])
            owner[loser] = winner
    return [*found, int(contour.argmax())]
