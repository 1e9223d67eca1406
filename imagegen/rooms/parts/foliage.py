"""Leaves and twigs by the hundred, grown in one go: each bends by its own weight, none is like its neighbour.

Angles are degrees: ``yaw`` about Z, ``rise`` above the level, ``droop`` from the leaf's foot down to its tip.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagegen.rooms.parts.catalogue import Piece, Spec
from imagegen.rooms.shapes import Ints, Shape, curve, join
from imagegen.types import Doubles

Numbers = NDArray[np.floating[Any]] | float
Outline = Callable[[Doubles], Doubles]
LIGHT = 235.0
"""Yaw that leaves turn to: the room's open side and its window wall."""
_LEAF = (0.3, 0.07)  # metres of the leaf pattern's tile: its length and half its width


def outline(*points: tuple[float, float]) -> Outline:
    """Half width (share of the widest) over the length of a leaf, smooth through (length, width) points."""
    drawn = curve(points, 60)
    return lambda u: np.maximum(np.interp(u, drawn[:, 0], drawn[:, 1]), 0.012)


LANCE = outline((0, 0.08), (0.15, 0.6), (0.4, 1.0), (0.7, 0.72), (1, 0.0))
OVAL = outline((0, 0.1), (0.12, 0.62), (0.4, 0.98), (0.7, 0.9), (0.9, 0.42), (1, 0.0))
HEART = outline((0, 0.5), (0.1, 0.9), (0.3, 1.0), (0.6, 0.72), (0.85, 0.3), (1, 0.0))
STRAP = outline((0, 0.72), (0.2, 0.95), (0.5, 1.0), (0.8, 0.72), (0.94, 0.3), (1, 0.0))


def leaves(
    at: Doubles,
    yaw: Numbers,
    rise: Numbers,
    length: Numbers,
    width: Numbers,
    form: Outline | Doubles,
    *,
    droop: Numbers = 30.0,
    fold: Numbers = 18.0,
    roll: Numbers = 0.0,
    twist: Numbers = 0.0,
    sweep: float = 0.0,
    wave: float = 0.0,
    along: int = 7,
    across: int = 3,
) -> Shape:
    """Leaves from the points ``at`` (N, 3), their upper side outwards; uv run over one tile of the leaf pattern.

    ``form``: an outline, or half widths (N or 1, along, across). ``fold``: how far the halves stand up from the
    midrib; ``roll`` and ``twist``: turn about the midrib at its foot and added towards the tip; ``sweep``: how far
    the side veins point ahead; ``wave``: rippling of the margin as a share of the half width.
    """
    n = len(at)
    u, v = np.linspace(0, 1, along), np.linspace(-1, 1, across)
    pitch = np.radians(_column(rise, n) - _column(droop, n) * u**1.3)
    mid = _run(pitch, _column(length, n))
    lean = np.radians(_column(roll, n) + _column(twist, n) * u)[..., None]
    ahead = np.stack([np.cos(pitch), 0 * pitch, np.sin(pitch)], axis=2)
    level = np.array([0.0, 1.0, 0.0])
    upright = np.stack([-np.sin(pitch), 0 * pitch, np.cos(pitch)], axis=2)
    side, up = level * np.cos(lean) + upright * np.sin(lean), upright * np.cos(lean) - level * np.sin(lean)
    shares = form(u)[None, :, None] if callable(form) else form
    out = shares * v * _column(width, n)[..., None] / 2
    bent = np.radians(_column(fold, n))[..., None]
    phase = (np.arange(n) * 2.4)[:, None, None]
    ripple = wave * np.sin(2 * np.pi * 2.6 * u[None, :, None] + phase + 1.3 * np.sign(v)) * v**2
    lift = np.abs(out) * np.sin(bent) + np.abs(out) * ripple
    points = (
        mid[:, :, None]
        + (out * np.cos(bent))[..., None] * side[:, :, None]
        + (np.abs(out) * np.tan(np.radians(sweep)))[..., None] * ahead[:, :, None]
        + lift[..., None] * up[:, :, None]
    )
    grid = _turned(points, yaw, n).transpose(0, 2, 1, 3) + np.asarray(at, float)[:, None, None]
    uv = np.stack(np.meshgrid(u * _LEAF[0], _LEAF[1] * (1 + v)), axis=2)
    facing = np.cross(np.gradient(grid, axis=2), np.gradient(grid, axis=1))
    return _sheets(grid, np.broadcast_to(uv, (*grid.shape[:3], 2)), _unit(facing))


def twigs(paths: Doubles, radius: Numbers, sides: int = 5) -> Shape:
    """Thin round stems along (N, K, 3) paths; ``radius`` broadcasts to (N, K)."""
    n, k = paths.shape[:2]
    ahead = _unit(np.gradient(paths, axis=1))
    mean = np.abs(ahead.mean(axis=1))
    other = np.eye(3)[np.argmin(mean, axis=1)][:, None]
    side = _unit(np.cross(ahead, other))
    up = np.cross(ahead, side)
    angle = np.linspace(0, 2 * np.pi, sides + 1)[None, :, None, None]
    ring = side[:, None] * np.cos(angle) + up[:, None] * np.sin(angle)
    reach = np.broadcast_to(np.asarray(radius, float), (n, k))
    grid = paths[:, None] + ring * reach[:, None, :, None]
    run = np.linalg.norm(np.diff(paths, axis=1, prepend=paths[:, :1]), axis=2).cumsum(axis=1)
    round_ = np.broadcast_to(angle[..., 0] * reach.max(), (n, sides + 1, k))
    uv = np.stack([np.broadcast_to(run[:, None], (n, sides + 1, k)), round_], axis=3)
    return _sheets(grid[:, ::-1], uv[:, ::-1], ring[:, ::-1])


def arcs(
    at: Doubles,
    yaw: Numbers,
    rise: Numbers,
    length: Numbers,
    droop: Numbers,
    steps: int = 6,
) -> Doubles:
    """Paths (N, steps, 3) of stalks that start at ``at`` and sink under their load."""
    n = len(at)
    pitch = np.radians(_column(rise, n) - _column(droop, n) * np.linspace(0, 1, steps) ** 1.3)
    turned = _turned(_run(pitch, _column(length, n))[:, :, None], yaw, n)[:, :, 0]
    return np.asarray(turned + np.asarray(at, float)[:, None])


def along(path: Doubles, shares: Sequence[float] | Doubles) -> Doubles:
    """Points (N, 3) at shares 0..1 of a path's length."""
    run = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    where = np.asarray(shares, float) * run[-1]
    return np.column_stack([np.interp(where, run, path[:, axis]) for axis in range(3)])


def wander(
    rng: np.random.Generator,
    start: Sequence[float] | Doubles,
    end: Sequence[float] | Doubles,
    sway: float,
    steps: int = 20,
    bends: int = 3,
) -> Doubles:
    """A grown path between two points, off the straight line by about ``sway`` metres."""
    share = np.linspace(0, 1, bends + 2)[:, None]
    points = np.asarray(start, float) * (1 - share) + np.asarray(end, float) * share
    points[1:-1] += rng.normal(0, sway, (bends, 3)) * [1, 1, 0.3]
    return curve(points.tolist(), steps)


def through(points: Sequence[Sequence[float] | Doubles], steps: int) -> Doubles:
    """A smooth path (steps, 3) through points."""
    return curve(np.array([np.asarray(point, float) for point in points]).tolist(), steps)


def to_light(yaw: Doubles, pull: float = 28.0) -> Doubles:
    """Directions drawn towards the light by up to ``pull`` degrees."""
    return np.asarray(yaw + pull * np.sin(np.radians(LIGHT - yaw)))


def fitted(pieces: list[Piece], spec: Spec, foot: float, *, stretch: bool = True) -> list[Piece]:
    """Growth above ``foot`` pruned into the size: as tall as asked, and no leaf through the wall behind."""
    every = np.concatenate([piece.shape.vertices for piece in pieces])
    half = np.array(spec.size[:2]) / 2
    wide = np.minimum(1.0, half * 0.97 / np.maximum(np.quantile(np.abs(every[:, :2]), 0.985, axis=0), 1e-6))
    tall = (spec.size[2] - foot) / max(float(every[:, 2].max()) - foot, 1e-6) if stretch else 1.0

    def prune(points: Doubles) -> Doubles:
        share = points[:, :2] * wide / half
        over = np.maximum(np.abs(share) - 0.85, 0) / 0.15
        inside = np.where(over > 0, 0.85 + 0.15 * np.tanh(over), np.abs(share)) * np.sign(share) * half
        z = np.where(points[:, 2] > foot, foot + (points[:, 2] - foot) * tall, points[:, 2])
        return np.column_stack([inside, z])

    return [
        Piece(p.slot, Shape(prune(p.shape.vertices), p.shape.faces, p.shape.uv, p.shape.normals), p.segment)
        for p in pieces
    ]


def grown(stems: Sequence[Shape], foliage: Sequence[Shape]) -> list[Piece]:
    """Stems and leaves as pieces."""
    made = [Piece("stem", join(stems))] if stems else []
    return [*made, *([Piece("leaf", join(foliage))] if foliage else [])]


def _column(value: Numbers, n: int) -> Doubles:
    return np.broadcast_to(np.asarray(value, float), (n,))[:, None]


def _run(pitch: Doubles, length: Doubles) -> Doubles:
    """(N, K, 3) points reached by walking ``length`` at the given pitches in the XZ plane."""
    middle = (pitch[:, 1:] + pitch[:, :-1]) / 2
    step = length / (pitch.shape[1] - 1)
    start = np.zeros((len(pitch), 1))
    x = np.concatenate([start, np.cumsum(np.cos(middle) * step, axis=1)], axis=1)
    z = np.concatenate([start, np.cumsum(np.sin(middle) * step, axis=1)], axis=1)
    return np.stack([x, np.zeros_like(x), z], axis=2)


def _turned(points: Doubles, yaw: Numbers, n: int) -> Doubles:
    turn = np.radians(_column(yaw, n))[..., None]
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    c, s = np.cos(turn), np.sin(turn)
    return np.stack([x * c - y * s, x * s + y * c, z], axis=-1)


def _unit(vectors: Doubles) -> Doubles:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def _sheets(grid: Doubles, uv: Doubles, normals: Doubles) -> Shape:
    """Surfaces through (N, rows, columns, 3) points as one shape; front where columns x rows turns left."""
    n, rows, columns = grid.shape[:3]
    index: Ints = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (x.ravel() for x in (index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]))
    one = np.concatenate([np.column_stack([a, b, d]), np.column_stack([a, d, c])])
    faces = (one[None] + (np.arange(n) * rows * columns)[:, None, None]).reshape(-1, 3)
    return Shape(grid.reshape(-1, 3), faces, uv.reshape(-1, 2), normals.reshape(-1, 3))
