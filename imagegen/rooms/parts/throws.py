"""Blankets thrown over what is already built: drawn taut they follow the convex hull of what lies beneath."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec
from imagegen.rooms.parts.upholstery import BLANKET, blanket_over
from imagegen.rooms.shapes import Shape
from imagegen.types import Doubles

_WIDE = 0.46  # metres


def taut(points: Doubles) -> Doubles:
    """The upper convex hull of (N, 2) points from left to right (monotone chain, Andrew 1979)."""
    chain: list[Doubles] = []
    for point in points[np.lexsort((points[:, 1], points[:, 0]))]:
        while len(chain) > 1 and _turns_left(chain[-2], chain[-1], point):
            chain.pop()
        chain.append(point)
    return np.array(chain)


def _turns_left(a: Doubles, b: Doubles, c: Doubles) -> bool:
    return bool((b[0] - a[0]) * (c[1] - a[1]) >= (b[1] - a[1]) * (c[0] - a[0]))


def over_arm(spec: Spec, body: Sequence[Shape], arm: float, seat: float) -> list[Piece]:
    """A throw over the right arm of a seat made of ``body``, unless ``settings.throw`` is 0; arm and seat in metres."""
    if not spec.number("throw", 1):
        return []
    y = -spec.size[1] / 2 + _WIDE / 2 + 0.03  # before the cushions of the back
    points = np.concatenate([shape.vertices for shape in body])
    outside = points[np.abs(points[:, 1] - y) < _WIDE * 0.75]
    crest = float(outside[outside[:, 0] > spec.size[0] / 2 - 0.6 * arm][:, 2].max())
    near = outside[(outside[:, 0] > spec.size[0] / 2 - arm - 0.03) & (outside[:, 2] > seat + 0.035)]
    near = near[near[:, 2] <= crest]  # the back's cushions end higher
    over = taut(near[:, [0, 2]])
    right = max(float(over[-1, 0]), float(outside[:, 0].max()))
    line = np.vstack([over, [[right, min(0.36, over[-1, 1] - 0.06)], [right + 0.004, 0.27]]])
    line = _even(line, 34)
    path = np.column_stack([line[:, 0], np.zeros(len(line)), line[:, 1]])
    return [Piece("throw", blanket_over(path, _WIDE, (0, -1, 0), spec.seed).move(y=y), BLANKET)]


def over_seat(spec: Spec, body: Sequence[Shape], x: float, low: float, seat: float, top: float) -> list[Piece]:
    """A throw down the back, over the seat and before it to ``low``, at ``x``, unless ``settings.throw`` is 0.

    ``seat``: how high the seat is; ``top``: how high up the back the throw begins.
    """
    if not spec.number("throw", 1):
        return []
    points = np.concatenate([shape.vertices for shape in body])
    near = points[np.abs(points[:, 0] - x) < _WIDE * 0.65][:, 1:]
    behind = near[(near[:, 1] > seat + 0.07) & (near[:, 1] < top + 0.03)]
    low_part = behind[behind[:, 1] < max(seat + 0.20, float(behind[:, 1].min()) + 0.05)]
    foot = float(low_part[:, 0].min())
    face = np.vstack([[[seat + 0.06, -foot]], np.column_stack([behind[:, 1], -behind[:, 0]])])
    back = np.column_stack([-taut(face)[:, 1], taut(face)[:, 0]])  # its front, from below upwards
    below = near[(near[:, 1] < seat + 0.05) & (near[:, 1] > seat - 0.22) & (near[:, 0] < foot - 0.01)]
    over, front = taut(below), float(below[:, 0].min())
    over = over[(over[:, 0] < front + 0.15) | (over[:, 1] > seat - 0.02)]  # not down behind the seat
    down = [(front - 0.004, low), (front, min(low + 0.05, over[0, 1]))]
    line = _even(np.vstack([down, over, back]), 44)
    path = np.column_stack([np.zeros(len(line)), line])
    return [Piece("throw", blanket_over(path, _WIDE, (1, 0, 0), spec.seed).move(x), BLANKET)]


def _even(line: Doubles, count: int) -> Doubles:
    """As many points at equal distances along a line."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    return np.column_stack([np.interp(np.linspace(0, along[-1], count), along, line[:, i]) for i in range(2)])
