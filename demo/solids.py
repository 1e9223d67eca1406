"""Solids given by a signed distance (metres, negative inside), blended softly and turned into triangles."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from demo.forms import Form, join
from imagegen.types import Doubles

Distance = Callable[[Doubles], Doubles]


def blend(a: Doubles, b: Doubles, k: float) -> Doubles:
    """The union of two distances with a fillet of about ``k`` metres (polynomial smooth minimum)."""
    t = np.maximum(k - np.abs(a - b), 0.0) / k
    out: Doubles = np.minimum(a, b) - t * t * k / 4
    return out


def block(p: Doubles, centre: tuple[float, float, float], size: tuple[float, float, float], r: float) -> Doubles:
    """Distance to a box of outer ``size`` with edges rounded by ``r``."""
    q = np.abs(p - np.array(centre)) - np.array(size) / 2 + r
    out: Doubles = np.linalg.norm(np.maximum(q, 0), axis=-1) + np.minimum(q.max(axis=-1), 0) - r
    return out


def slab(p: Doubles, outline: Doubles, across: Doubles, thickness: float, r: float) -> Doubles:
    """Distance to a polygon extruded: ``p`` (N, 2) in its plane, ``across`` (N,) from its middle plane."""
    flat = polygon(p, outline) + r
    q = np.stack([flat, np.abs(across) - thickness / 2 + r], -1)
    out: Doubles = np.linalg.norm(np.maximum(q, 0), axis=-1) + np.minimum(q.max(axis=-1), 0) - r
    return out


def polygon(p: Doubles, outline: Doubles) -> Doubles:
    """Signed distance (N,) of points (N, 2) to a closed polygon (K, 2)."""
    nearest = np.full(len(p), np.inf)
    inside = np.zeros(len(p), bool)
    for a, b in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        edge, way = b - a, p - a
        t = np.clip(way @ edge / max(edge @ edge, 1e-15), 0, 1)
        gap = way - t[:, None] * edge
        nearest = np.minimum(nearest, np.einsum("ij,ij->i", gap, gap))
        crosses = (a[1] > p[:, 1]) != (b[1] > p[:, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            at = a[0] + (p[:, 1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        inside ^= crosses & (p[:, 0] < at)
    out: Doubles = np.where(inside, -1, 1) * np.sqrt(nearest)
    return out


def solid(distance: Distance, low: tuple[float, float, float], high: tuple[float, float, float], step: float) -> Form:
    """The surface where ``distance`` is zero, by surface nets (Gibson 1998) and two Newton steps onto it."""
    stops = [np.arange(a, b + step, step) for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*stops, indexing="ij"), -1)
    value = np.concatenate([distance(rows.reshape(-1, 3)) for rows in grid]).reshape(grid.shape[:3])
    inside = value < 0
    halves = slice(None, -1), slice(1, None)
    count = np.sum([inside[x, y, z] for x, y, z in product(halves, repeat=3)], axis=0)
    mixed = (count > 0) & (count < 8)
    number = np.full(mixed.shape, -1)
    number[mixed] = np.arange(np.count_nonzero(mixed))
    points = _on_surface(distance, grid[:-1, :-1, :-1][mixed] + step / 2, step)
    faces = np.concatenate([_crossed(inside, number, axis) for axis in range(3)])
    return _box_mapped(points, faces)


def _on_surface(distance: Distance, points: Doubles, step: float) -> Doubles:
    tiny = step / 20
    for _ in range(4):
        slope = np.stack(
            [(distance(points + tiny * e) - distance(points - tiny * e)) / (2 * tiny) for e in np.eye(3)], -1
        )
        square = np.maximum((slope**2).sum(-1, keepdims=True), 0.2)
        points = points - np.clip(distance(points)[:, None] * slope / square, -step, step)
    return points


def _crossed(inside: np.ndarray, number: np.ndarray, axis: int) -> np.ndarray:
    """Two triangles for every grid edge along ``axis`` that crosses the surface."""
    a, b = (axis + 1) % 3, (axis + 2) % 3
    near: list[slice] = [slice(1, -1)] * 3
    far: list[slice] = [slice(1, -1)] * 3
    near[axis], far[axis] = slice(0, -1), slice(1, None)
    start, end = inside[tuple(near)], inside[tuple(far)]
    quads = []
    for da, db in ((1, 1), (0, 1), (0, 0), (1, 0)):
        where: list[slice] = [slice(None)] * 3
        where[a] = slice(1 - da, number.shape[a] - da)
        where[b] = slice(1 - db, number.shape[b] - db)
        quads.append(number[tuple(where)])
    quad = np.stack(quads, -1)
    out = np.concatenate([quad[start & ~end], quad[~start & end][:, ::-1]])
    return np.concatenate([out[:, [0, 1, 2]], out[:, [0, 2, 3]]])


def _box_mapped(points: Doubles, faces: np.ndarray) -> Form:
    """Texture coordinates by the face's main axis."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    main = np.abs(np.cross(b - a, c - a)).argmax(axis=1)
    sides = []
    for axis, (i, j) in enumerate(((1, 2), (0, 2), (0, 1))):
        used, flat = np.unique(faces[main == axis], return_inverse=True)
        if len(used):
            sides.append(Form(points[used], flat.reshape(-1, 3), points[used][:, [i, j]]))
    return join(sides)
