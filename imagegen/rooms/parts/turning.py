"""Legs that end flat on the floor, and boards of any outline: what tables and seats stand on and are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from imagegen.rooms.shapes import Shape, box, join, lathe, sheet, tube, welded_normals
from imagegen.types import Doubles

Leg = Callable[[Sequence[float], Sequence[float]], Shape]


def peg(foot: Sequence[float], top: Sequence[float], foot_radius: float, top_radius: float) -> Shape:
    """A round leg between two points, tapering and cut level at both ends."""
    height = top[2] - foot[2]
    profile = [(0.0, 0.0), (foot_radius - 0.002, 0.0), (foot_radius, 0.003)]
    body = lathe([*profile, (top_radius, height), (0.0, height)], 18)
    return _leaned(body, foot, top)


def post(foot: Sequence[float], top: Sequence[float], foot_side: float, top_side: float) -> Shape:
    """A square leg between two points, tapering and cut level at both ends."""
    height = top[2] - foot[2]
    body = box((top_side, top_side, height), 0.004)
    share = foot_side / top_side + (1 - foot_side / top_side) * body.vertices[:, 2:] / height
    narrow = body.vertices * np.hstack([share, share, np.ones_like(share)])
    return _leaned(Shape(narrow, body.faces, body.uv, body.normals), foot, top).grain()


def _leaned(shape: Shape, foot: Sequence[float], top: Sequence[float]) -> Shape:
    a, b = np.asarray(foot, float), np.asarray(top, float)
    rise = shape.vertices[:, 2:] / (b[2] - a[2])
    lean = np.hstack([(b - a)[:2] * rise, np.zeros_like(rise)])
    return Shape(shape.vertices + lean + a, shape.faces, shape.uv, shape.normals)


def splayed(
    half_x: float, half_y: float, height: float, spread: float, foot: float, top: float, *, square: bool = False
) -> Shape:
    """Four tapering legs whose feet stand at (+-half_x, +-half_y), drawn in by ``spread`` at the top."""
    cut = post if square else peg
    return join(
        cut((sx * half_x, sy * half_y, 0.0), (sx * (half_x - spread), sy * (half_y - spread), height), foot, top)
        for sx in (-1, 1)
        for sy in (-1, 1)
    )


def plate(outline: Doubles, low: float, high: float, edge: float = 0.004, under: float | None = None) -> Shape:
    """A board with a star-shaped outline (N, 2), counter-clockwise and open, its edges rounded by ``edge`` metres.

    ``under``: metres by which the lower face is undercut, for a thin-looking rim.
    """
    loop = np.vstack([outline, outline[:1]])
    middle = outline.mean(axis=0)
    reach = np.linalg.norm(loop - middle, axis=1)[:, None]
    turn = np.radians([0.0, 30.0, 60.0, 90.0])
    levels = [(under if under is not None else edge * (1 - np.sin(a)), low + edge * (1 - np.cos(a))) for a in turn]
    if under is not None:
        levels = [(under, low), (0.0, high - 2.2 * edge)]
    levels += [(edge * (1 - np.cos(a)), high - edge * (1 - np.sin(a))) for a in turn]
    rings = [
        np.column_stack([middle + (loop - middle) * (1 - inset / reach), np.full(len(loop), z)]) for inset, z in levels
    ]
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(loop, axis=0), axis=1))])
    uv = np.stack([np.column_stack([along, np.full(len(loop), z)]) for _, z in levels])
    rim = sheet(np.stack(rings), uv)
    rim = Shape(rim.vertices, rim.faces, rim.uv, welded_normals(rim.vertices, rim.faces))
    return join([rim, _lid(rings[-1], middle, up=True), _lid(rings[0], middle, up=False)])


def _lid(ring: Doubles, middle: Doubles, *, up: bool) -> Shape:
    points = np.vstack([ring, [[middle[0], middle[1], ring[0, 2]]]])
    n = len(ring)
    fan = np.column_stack([np.full(n - 1, n), np.arange(n - 1), np.arange(1, n)])
    normal = np.repeat([[0.0, 0.0, 1.0 if up else -1.0]], n + 1, axis=0)
    return Shape(points, fan if up else fan[:, ::-1], points[:, :2].copy(), normal)


def polar(radius: Callable[[Doubles], Doubles], count: int = 96) -> Doubles:
    """An outline from its radius at each angle, counter-clockwise (count, 2)."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    reach = radius(angle)
    return np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])


def pole(points: Doubles, radius: float, segments: int = 8) -> Shape:
    """A bent pole along points (N, 3)."""
    return tube(points, radius, segments)
