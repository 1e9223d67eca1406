"""Wall clocks, all at ten past ten. Slots: frame, face, hands."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.wallware import HANGS
from imagegen.rooms.shapes import Shape, bar, box, cylinder, join, lathe, slab


def _hands(r: float, y: float, wide: float = 0.004) -> list[Shape]:
    """Hour and minute hand before the plane y, with a tail and a boss."""
    long = ((0.50, -55.0, wide * 1.2, 0.0), (0.78, 62.0, wide, 0.003))
    made = [
        slab((-w, y - 0.003 - lift, -0.14 * r), (w, y - 0.001 - lift, r * s), 0.0006, 1).turn(a, "y")
        for s, a, w, lift in long
    ]
    return [*made, cylinder(2.2 * wide, 0.008, 0.001, 24).turn(90, "x").move(y=y)]


def _marks(r: float, y: float, low: float, high: float, wide: float, count: int = 12) -> list[Shape]:
    return [
        slab((-wide, y - 0.002, r * low), (wide, y, r * high), 0.0005, 1).turn(360.0 / count * i, "y")
        for i in range(count)
    ]


def _case(r: float, depth: float, rail: float) -> tuple[Shape, Shape]:
    """(rim, dial) of a round case; the dial lies 12 mm behind the rim's front."""
    dial = max(depth - 0.012, 0.4 * depth)
    rim = lathe(
        [(r - 0.002, 0), (r, 0.002), (r, depth - 0.004), (r - 0.004, depth), (r - rail, depth), (r - rail, dial)], 72
    )
    return rim.turn(90, "x"), lathe([(r - rail, dial), (0, dial)], 64).turn(90, "x")


@kind("clock", 149, ("frame", "face", "hands"), words=HANGS, near=1.3)
def clock(spec: Spec) -> list[Piece]:
    """A plain round wall clock with twelve strokes."""
    r, depth = spec.size[0] / 2, spec.size[1]
    rim, face = _case(r, depth, 0.010)
    y = -max(depth - 0.012, 0.4 * depth)
    return [
        Piece("frame", rim),
        Piece("face", face),
        Piece("hands", join([*_hands(r, y), *_marks(r, y, 0.84, 0.91, 0.0026)])),
    ]


@form("clock", "minimal")
def minimal(spec: Spec) -> list[Piece]:
    """A frameless disc with two thin hands and one mark at twelve."""
    r, depth = spec.size[0] / 2, spec.size[1]
    thick = min(depth, 0.022)
    disc = cylinder(r, thick, 0.003, 80).turn(90, "x")
    rim = cylinder(r * 0.5, max(depth - thick, 0.004), 0.001, 32).turn(90, "x")
    mark = slab((-0.002, -thick - 0.001, r * 0.86), (0.002, -thick + 0.001, r * 0.95), 0.0005, 1)
    return [Piece("frame", rim), Piece("face", disc), Piece("hands", join([*_hands(r, -thick, 0.0024), mark]))]


@form("clock", "station")
def station(spec: Spec) -> list[Piece]:
    """A station clock: a deep rim, heavy strokes for hours, fine ones for minutes, broad hands."""
    r, depth = spec.size[0] / 2, spec.size[1]
    rim, face = _case(r, depth, 0.07 * 2 * r * 0.5 + 0.008)
    y, inner = -max(depth - 0.012, 0.4 * depth), r - 0.07 * r - 0.008
    marks = [*_marks(inner, y, 0.70, 0.94, 0.034 * inner), *_marks(inner, y, 0.86, 0.94, 0.010 * inner, 60)]
    return [Piece("frame", rim), Piece("face", face), Piece("hands", join([*_hands(inner, y, 0.026 * inner), *marks]))]


@form("clock", "sunburst")
def sunburst(spec: Spec) -> list[Piece]:
    """A small dial in rays: by turns a slim pointed blade of wood and a thin rod with a ball."""
    width, depth, _ = spec.size
    r = width / 2
    core, mid = 0.30 * r, depth * 0.42
    rays: list[Shape] = []
    for index in range(24):
        turn = 15.0 * index
        if index % 2 == 0:
            half = 0.030 * r
            blade = box((2 * half, 0.008, r - core * 0.9), 0.001, 1, 3).move(0, -mid, core * 0.9)
            rays.append(blade.bend(lambda p: _pointed(p, core, r)).turn(turn, "y"))
            continue
        end = r * 0.84
        rays.append(bar((0, -mid, core * 0.9), (0, -mid, end), 0.0026, segments=8).turn(turn, "y"))
        ball = lathe(
            [(0.016 * r * max(np.sin(t), 0.02) * 2, 0.032 * r * -np.cos(t)) for t in np.linspace(0, np.pi, 7)], 10, 180
        )
        rays.append(ball.move(0, -mid, end).turn(turn, "y"))
    rim, face = _case(core, depth, 0.012)
    y = -max(depth - 0.012, 0.4 * depth)
    hands = [*_hands(core, y, 0.0032), *_marks(core, y, 0.74, 0.84, 0.0024)]
    return [Piece("frame", join([rim, *rays])), Piece("face", face), Piece("hands", join(hands))]


def _pointed(points: np.ndarray, core: float, reach: float) -> np.ndarray:
    """A bar drawn to a point at both ends, widest at a third."""
    share = np.clip((points[:, 2] - core * 0.9) / (reach - core * 0.9), 0, 1)
    return np.column_stack([points[:, 0] * np.interp(share, [0, 0.35, 1], [0.45, 1.0, 0.06]), points[:, 1:]])
