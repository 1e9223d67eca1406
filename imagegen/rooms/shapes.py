"""Solids and sheets in numpy: the carpenter's, potter's and upholsterer's few operations.

A Shape is triangles with per-vertex normals and texture coordinates in metres. All builders give metres, Z up,
faces counter-clockwise seen from outside.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from imagegen.types import Doubles

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """``vertices`` (N, 3), ``faces`` (M, 3), ``uv`` (N, 2) metres, ``normals`` (N, 3) unit."""

    vertices: Doubles
    faces: Ints
    uv: Doubles
    normals: Doubles

    def move(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Shape:
        """Shifted by metres."""
        return Shape(self.vertices + np.array([x, y, z]), self.faces, self.uv, self.normals)

    def turn(self, degrees: float, axis: str = "z") -> Shape:
        """Turned about an axis through the origin, counter-clockwise seen from the axis's tip."""
        matrix = rotation(degrees, axis)
        return Shape(self.vertices @ matrix.T, self.faces, self.uv, self.normals @ matrix.T)

    def mirror(self) -> Shape:
        """Mirrored in x, still facing outwards."""
        flip = np.array([-1.0, 1.0, 1.0])
        return Shape(self.vertices * flip, self.faces[:, ::-1], self.uv, self.normals * flip)

    def grain(self, turned: bool = True, shift: tuple[float, float] = (0.0, 0.0)) -> Shape:
        """Texture coordinates turned a quarter (grain along the other direction) and shifted by metres."""
        uv = self.uv[:, ::-1] if turned else self.uv
        return Shape(self.vertices, self.faces, uv + np.array(shift), self.normals)

    def bend(self, warp: Callable[[Doubles], Doubles]) -> Shape:
        """Vertices moved by a function of (N, 3); normals follow, smooth across welded seams."""
        moved = warp(self.vertices)
        return Shape(moved, self.faces, self.uv, welded_normals(moved, self.faces))


def rotation(degrees: float, axis: str = "z") -> Doubles:
    """(3, 3) matrix that turns column vectors about an axis."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array(
        {
            "x": [[1, 0, 0], [0, c, -s], [0, s, c]],
            "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
            "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
        }[axis],
        dtype=float,
    )


def join(shapes: Iterable[Shape]) -> Shape:
    """Several shapes as one."""
    parts = list(shapes)
    offsets = np.cumsum([0, *(len(part.vertices) for part in parts[:-1])])
    return Shape(
        np.concatenate([part.vertices for part in parts]),
        np.concatenate([part.faces + offset for part, offset in zip(parts, offsets, strict=True)]),
        np.concatenate([part.uv for part in parts]),
        np.concatenate([part.normals for part in parts]),
    )


def welded_normals(vertices: Doubles, faces: Ints) -> Doubles:
    """Area-weighted vertex normals, shared by vertices that lie at the same place (0.1 mm)."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    facing = np.cross(b - a, c - a)
    _, group = np.unique(np.round(vertices, 4), axis=0, return_inverse=True)
    group = group.reshape(-1)
    total = np.zeros((group.max() + 1, 3))
    for corner in range(3):
        np.add.at(total, group[faces[:, corner]], facing)
    return _unit(total[group])


def _unit(vectors: Doubles) -> Doubles:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12))


def _grid_faces(rows: int, columns: int) -> Ints:
    """Two triangles for each cell of a (rows, columns) grid of vertices, counter-clockwise in (column, row)."""
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (x.ravel() for x in (index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]))
    return np.concatenate([np.column_stack([a, b, d]), np.column_stack([a, d, c])])


def sheet(points: Doubles, uv: Doubles | None = None) -> Shape:
    """A surface through a (rows, columns, 3) grid of points; its front is where columns x rows turns left."""
    rows, columns = points.shape[:2]
    flat = points.reshape(-1, 3)
    faces = _grid_faces(rows, columns)
    if uv is None:
        along = np.zeros((rows, columns))
        along[:, 1:] = np.cumsum(np.linalg.norm(np.diff(points, axis=1), axis=2), axis=1)
        down = np.zeros((rows, columns))
        down[1:] = np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=2), axis=0)
        uv = np.stack([along, down], axis=2)
    return Shape(flat, faces, uv.reshape(-1, 2), welded_normals(flat, faces))


def box(size: Sequence[float], radius: float = 0.003, steps: int = 2, inner: int = 0) -> Shape:
    """A block with rounded edges, centred in x and y, standing on z = 0; ``inner`` adds cells for later bending.

    A radius of 0 leaves its edges sharp, in twelve triangles.
    """
    half = np.asarray(size, float) / 2.0
    radius = float(min(radius, half.min() * 0.98))
    core = half - radius
    shapes = []
    for axis in range(3):
        u_axis, v_axis = (axis + 1) % 3, (axis + 2) % 3
        u = _stations(half[u_axis], radius, steps, inner)
        v = _stations(half[v_axis], radius, steps, inner)
        for side in (-1.0, 1.0):
            grid = np.zeros((len(v), len(u), 3))
            grid[..., axis] = side * half[axis]
            grid[..., u_axis] = u[None, :]
            grid[..., v_axis] = v[:, None]
            flat = grid.reshape(-1, 3)
            base = np.clip(flat, -core, core)
            normals = _unit(flat - base) if radius > 0 else np.repeat(side * np.eye(3)[axis][None], len(flat), axis=0)
            points = base + radius * normals
            faces = _grid_faces(len(v), len(u))
            faces = faces if side > 0 else faces[:, ::-1]
            shapes.append(Shape(points, faces, _box_uv(points, axis), normals))
    return join(shapes).move(z=float(half[2]))


def _box_uv(points: Doubles, axis: int) -> Doubles:
    """Planar coordinates in metres; v is up on the upright faces, u follows x on the lying ones."""
    columns = {0: (1, 2), 1: (0, 2), 2: (0, 1)}[axis]
    return points[:, list(columns)].copy()


def _stations(half: float, radius: float, steps: int, inner: int) -> Doubles:
    turn = half - radius * (1.0 - np.linspace(0.0, 1.0, steps + 1))
    core = np.linspace(-(half - radius), half - radius, inner + 2)
    return np.unique(np.round(np.concatenate([-turn, core, turn]), 7))


def slab(low: Sequence[float], high: Sequence[float], radius: float = 0.003, steps: int = 2) -> Shape:
    """A rounded block between two corners."""
    low_, high_ = np.asarray(low, float), np.asarray(high, float)
    middle = (low_ + high_) / 2.0
    return box(high_ - low_, radius, steps).move(middle[0], middle[1], low_[2])


def cushion(size: Sequence[float], radius: float, crown: float = 0.03, seed: int = 0, cells: int = 10) -> Shape:
    """An upholstered block: crowned faces, soft edges, and the slight unevenness of filling."""
    half = np.asarray(size, float) / 2.0
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 2 * math.pi, (3, 3))
    wave = rng.uniform(5.0, 11.0, (3, 3))

    def puff(points: Doubles) -> Doubles:
        centred = points - np.array([0.0, 0.0, half[2]])
        share = np.clip(centred / half, -1, 1)
        out = centred.copy()
        for axis in range(3):
            others = [i for i in range(3) if i != axis]
            dome = np.prod(1.0 - share[:, others] ** 4, axis=1)
            rough = sum(np.sin(wave[axis, i] * centred[:, i] + phase[axis, i]) for i in others)
            out[:, axis] += share[:, axis] * (crown * dome + 0.0025 * rough)
        return np.asarray(out + np.array([0.0, 0.0, half[2]]))

    return box(size, radius, 3, cells).bend(puff)


def pillow(width: float, height: float, thick: float, seed: int = 0, cells: int = 22) -> Shape:
    """A loose cushion lying on z = 0: pinched seam, pulled-in sides, full middle."""
    rng = np.random.default_rng(seed)
    s = np.linspace(-1, 1, cells)
    u, v = np.meshgrid(s, s)
    full = ((1 - u**2) * (1 - v**2)) ** 0.42
    dent = 0.12 * np.exp(-((u - rng.uniform(-0.2, 0.2)) ** 2 + (v - 0.1) ** 2) / 0.25)
    wrinkle = 0.05 * np.sin(9 * u + rng.uniform(0, 6)) * np.sin(7 * v + rng.uniform(0, 6)) * full
    x = u * width / 2 * (1 - 0.06 * (1 - v**2))
    y = v * height / 2 * (1 - 0.06 * (1 - u**2))
    up = thick / 2 * (full * (1 - dent) + wrinkle)
    uv = np.stack([x, y], axis=2)
    top = sheet(np.stack([x, y, up + thick / 2], axis=2), uv)
    bottom = sheet(np.stack([x, y, thick / 2 - up], axis=2)[:, ::-1], uv[:, ::-1])
    both = join([top, bottom])
    return Shape(both.vertices, both.faces, both.uv, welded_normals(both.vertices, both.faces))


def lathe(profile: Sequence[tuple[float, float]], segments: int = 48, crease_deg: float = 35.0) -> Shape:
    """A profile of (radius, height) turned about Z, listed from bottom outside to top (then down the inside)."""
    points = np.asarray(profile, float)
    runs = _runs(points, crease_deg)
    return join([_turned(run, segments) for run in runs])


def _runs(points: Doubles, crease_deg: float) -> list[Doubles]:
    """The profile cut where it turns sharply, so that the edge stays crisp."""
    step = np.diff(points, axis=0)
    angle = np.degrees(np.abs(np.diff(np.unwrap(np.arctan2(step[:, 1], step[:, 0])))))
    cuts = [0, *(np.flatnonzero(angle > crease_deg) + 1).tolist(), len(points) - 1]
    return [points[a : b + 1] for a, b in pairwise(cuts)]


def _turned(run: Doubles, segments: int) -> Shape:
    angle = np.linspace(0, 2 * math.pi, segments + 1)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(run, axis=0), axis=1))])
    radius, height = run[:, 0][:, None], run[:, 1][:, None]
    points = np.stack(
        [radius * np.cos(angle), radius * np.sin(angle), np.broadcast_to(height, (len(run), segments + 1))], axis=2
    )
    reach = max(float(run[:, 0].max()), 1e-3)
    uv = np.stack(np.meshgrid(angle * reach, along), axis=2)
    step = np.gradient(run, axis=0) if len(run) > 2 else np.repeat(run[1:] - run[:1], 2, axis=0)
    outward = _unit(np.column_stack([step[:, 1], -step[:, 0]]))
    normals = np.stack(
        [
            outward[:, :1] * np.cos(angle),
            outward[:, :1] * np.sin(angle),
            np.broadcast_to(outward[:, 1:], points.shape[:2]),
        ],
        axis=2,
    )
    return Shape(points.reshape(-1, 3), _grid_faces(len(run), segments + 1), uv.reshape(-1, 2), normals.reshape(-1, 3))


def cylinder(radius: float, height: float, bevel: float = 0.002, segments: int = 40, top: float | None = None) -> Shape:
    """A post standing on z = 0 with bevelled ends; ``top`` tapers it to another radius."""
    upper = radius if top is None else top
    b = min(bevel, height / 3, radius / 2, upper / 2)
    return lathe(
        [(0, 0), (radius - b, 0), (radius, b), (upper, height - b), (upper - b, height), (0, height)], segments
    )


def tube(path: Doubles, radius: float | Doubles, segments: int = 10, *, closed: bool = False) -> Shape:
    """A round bar along a polyline (N, 3); the radius may vary along it."""
    points = np.asarray(path, float)
    tangent = _unit(np.gradient(points, axis=0))
    if closed:
        tangent[0] = tangent[-1] = _unit(points[1] - points[-2])
    side = np.zeros_like(points)
    first = np.cross(tangent[0], [0.0, 0.0, 1.0] if abs(tangent[0, 2]) < 0.9 else [1.0, 0.0, 0.0])
    side[0] = _unit(first)
    for i in range(1, len(points)):
        side[i] = _unit(side[i - 1] - tangent[i] * (side[i - 1] @ tangent[i]))
    up = np.cross(tangent, side)
    angle = np.linspace(0, 2 * math.pi, segments + 1)
    ring = side[:, None, :] * np.cos(angle)[None, :, None] + up[:, None, :] * np.sin(angle)[None, :, None]
    reach = np.broadcast_to(np.asarray(radius, float), (len(points),))[:, None, None]
    grid = points[:, None, :] + ring * reach
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    uv = np.stack(np.meshgrid(angle * float(np.max(reach)), along), axis=2)
    wall = Shape(grid.reshape(-1, 3), _grid_faces(len(points), segments + 1), uv.reshape(-1, 2), ring.reshape(-1, 3))
    if closed:
        return wall
    return join([wall, _cap(grid[0], -tangent[0]), _cap(grid[-1], tangent[-1])])


def _cap(ring: Doubles, normal: Doubles) -> Shape:
    centre = ring[:-1].mean(axis=0)
    points = np.vstack([ring, centre])
    n = len(ring)
    fan = np.column_stack([np.full(n - 1, n), np.arange(n - 1), np.arange(1, n)])
    turn = np.cross(points[fan[0, 1]] - centre, points[fan[0, 2]] - centre) @ normal
    faces = fan if turn > 0 else fan[:, ::-1]
    return Shape(points, faces, points[:, :2] * 1.0, np.repeat(normal[None], n + 1, axis=0))


def bar(
    start: Sequence[float] | Doubles,
    end: Sequence[float] | Doubles,
    radius: float,
    end_radius: float | None = None,
    segments: int = 12,
) -> Shape:
    """A round bar between two points, tapering when asked."""
    path = np.linspace(np.asarray(start, float), np.asarray(end, float), 3)
    return tube(path, radius if end_radius is None else np.linspace(radius, end_radius, 3), segments)


def panel(width: float, height: float, at: Sequence[float] = (0.0, 0.0, 0.0)) -> Shape:
    """A flat picture facing -Y, its lower left corner at (-width/2, 0, 0) + at; uv runs from 0 to its metres, v up."""
    x, y, z = at
    corners = np.array(
        [
            [-width / 2 + x, y, z],
            [width / 2 + x, y, z],
            [-width / 2 + x, y, z + height],
            [width / 2 + x, y, z + height],
        ],
        dtype=float,
    )
    uv = np.array([[0, 0], [width, 0], [0, height], [width, height]], dtype=float)
    faces = np.array([[0, 1, 3], [0, 3, 2]])
    return Shape(corners, faces, uv, np.repeat([[0.0, -1.0, 0.0]], 4, axis=0))


def curve(points: Sequence[Sequence[float]], steps: int = 24) -> Doubles:
    """A Catmull-Rom curve (Catmull and Rom 1974) through points, (steps, 3)."""
    p = np.asarray(points, float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, len(p) - 3 - 1e-9, steps)
    i = t.astype(int)
    f = (t - i)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    return np.asarray(0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3))
