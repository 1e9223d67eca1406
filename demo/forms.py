"""Shapes for modelling: rounded boxes, lathed and swept surfaces, and what can be done to them. Metres, Z up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imagegen.geometry import Material, Mesh
from imagegen.types import Doubles

Faces = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """Triangles without a material: ``vertices`` (N, 3), ``faces`` (M, 3), ``uv`` (N, 2) metres along the surface."""

    vertices: Doubles
    faces: Faces
    uv: Doubles

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Form:
        """Shifted by metres."""
        return replace(self, vertices=self.vertices + np.array([x, y, z]))

    def turned(self, axis: str, degrees: float) -> Form:
        """Turned about a coordinate axis through the origin, right-handed."""
        return replace(self, vertices=self.vertices @ turn(axis, degrees).T)

    def scaled(self, x: float = 1.0, y: float = 1.0, z: float = 1.0) -> Form:
        """Scaled about the origin; a mirror (negative scale) keeps its outside outside."""
        faces = self.faces[:, ::-1] if x * y * z < 0 else self.faces
        return replace(self, vertices=self.vertices * np.array([x, y, z]), faces=faces)

    def bent(self, how: Callable[[Doubles], Doubles]) -> Form:
        """Every vertex sent through ``how``, which maps (N, 3) to (N, 3)."""
        return replace(self, vertices=how(self.vertices))

    def crumpled(self, height: float, wavelength: float, seed: int) -> Form:
        """Pushed in and out along the normals by ``height`` metres (one standard deviation) of smooth noise."""
        push = height * ripple(self.vertices, wavelength, seed)
        return replace(self, vertices=self.vertices + smooth_normals(self) * push[:, None])

    def grain_turned(self) -> Form:
        """The same surface with its texture turned by a quarter."""
        return replace(self, uv=self.uv[:, ::-1])

    def shifted_uv(self, seed: int) -> Form:
        """The same surface cut from another place of the material, so that no two boards look alike."""
        return replace(self, uv=self.uv + np.random.default_rng(seed).uniform(0, 3, 2))

    def dressed(self, material: Material, *, smooth: bool = True, part: str = "") -> Mesh:
        """A mesh of that material, with shared normals when ``smooth``."""
        normals = smooth_normals(self) if smooth else None
        return Mesh(self.vertices, self.faces, material, self.uv, normals, part=part)


def join(forms: Sequence[Form]) -> Form:
    """One form of many."""
    starts = np.cumsum([0, *(len(f.vertices) for f in forms)])
    return Form(
        np.concatenate([f.vertices for f in forms]),
        np.concatenate([f.faces + s for f, s in zip(forms, starts, strict=False)]),
        np.concatenate([f.uv for f in forms]),
    )


def turn(axis: str, degrees: float) -> Doubles:
    """The rotation (3, 3) about a coordinate axis."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    out = np.eye(3)
    out[i, i], out[i, j], out[j, i], out[j, j] = c, -s, s, c
    return out


def smooth_normals(form: Form) -> Doubles:
    """Area-weighted normals (N, 3), shared by vertices that lie at one place (texture seams stay invisible)."""
    a, b, c = (form.vertices[form.faces[:, k]] for k in range(3))
    flat = np.cross(b - a, c - a)
    place = same_cell(form.vertices, max(2e-6, float(np.ptp(form.vertices, axis=0).max()) / 1.5e6))
    corners = place[form.faces].T.reshape(-1)
    total = np.stack([np.bincount(corners, np.tile(flat[:, k], 3), place.max() + 1) for k in range(3)], -1)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    out: Doubles = (total / np.maximum(length, 1e-15))[place]
    return out


def same_cell(points: Doubles, cell: float) -> NDArray[np.int64]:
    """Numbers (N,) that are equal for points in the same cell of a grid."""
    index = np.round((points - points.min(axis=0)) / cell).astype(np.int64)
    reach = index.max(axis=0) + 1
    if np.log2(reach.astype(float)).sum() > 62:
        raise ValueError("the grid is too fine for its extent")
    _, number = np.unique((index[:, 0] * reach[1] + index[:, 1]) * reach[2] + index[:, 2], return_inverse=True)
    return number.reshape(-1)


def ripple(points: Doubles, wavelength: float, seed: int, waves: int = 24) -> Doubles:
    """Smooth noise (N,) of unit deviation: a sum of plane waves in random directions."""
    rng = np.random.default_rng(seed)
    k = rng.normal(size=(waves, 3))
    k *= (2 * np.pi / wavelength) * rng.uniform(0.6, 1.5, (waves, 1)) / np.linalg.norm(k, axis=1, keepdims=True)
    out: Doubles = np.cos(points @ k.T + rng.uniform(0, 2 * np.pi, waves)).sum(axis=1) * np.sqrt(2.0 / waves)
    return out


def patch(points: ArrayLike, *, closed: bool = False) -> Form:
    """A surface from a grid of points (rows, columns, 3); ``closed``: the columns run round and meet.

    The front is where rows x columns points (first index crossed with the second).
    """
    grid = np.asarray(points, float)
    if closed:
        grid = np.concatenate([grid, grid[:, :1]], axis=1)
    rows, columns = grid.shape[:2]
    across = np.linalg.norm(np.diff(grid, axis=1), axis=2).mean(axis=0)
    along = np.linalg.norm(np.diff(grid, axis=0), axis=2).mean(axis=1)
    u, v = np.concatenate([[0], np.cumsum(across)]), np.concatenate([[0], np.cumsum(along)])
    uv = np.stack(np.broadcast_arrays(v[:, None], u[None, :]), axis=-1).reshape(-1, 2)
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    return Form(grid.reshape(-1, 3), faces, uv)


def box(w: float, d: float, h: float, r: float = 0.003, *, step: float = 0.5, arc: int = 4) -> Form:
    """A box with rounded edges, centred on x and y, standing on z = 0; ``step``: largest cell of its flat parts."""
    half = np.array([w, d, h]) / 2
    r = min(r, float(half.min()) * 0.999)
    inner = half - r
    bend = r * np.tan(np.linspace(0, np.pi / 4, arc + 1))

    def stops(axis: int) -> Doubles:
        flat = np.linspace(-inner[axis], inner[axis], max(2, int(np.ceil(2 * inner[axis] / step)) + 1))
        return np.concatenate([-inner[axis] - bend[:0:-1], flat, inner[axis] + bend[1:]])

    sides = []
    for axis in range(3):
        i, j = (axis + 1) % 3, (axis + 2) % 3
        a, b = np.meshgrid(stops(i), stops(j), indexing="ij")
        for sign in (-1.0, 1.0):
            grid = np.empty((*a.shape, 3))
            grid[..., i], grid[..., j], grid[..., axis] = a, b, sign * half[axis]
            side = patch(grid if sign > 0 else grid[::-1])
            flat = side.vertices[:, [i, j]]
            long_first = half[i] >= half[j]
            sides.append(replace(side, uv=flat if long_first else flat[:, ::-1]))
    whole = join(sides)
    core = np.clip(whole.vertices, -inner, inner)
    out = whole.vertices - core
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
    return replace(whole, vertices=core + r * out).moved(z=h / 2)


def curve(control: ArrayLike, rounds: int = 4, *, closed: bool = False) -> Doubles:
    """A smooth line through the corridor of its control points by corner cutting (Chaikin 1974); ends stay."""
    points = np.asarray(control, float)
    for _ in range(rounds):
        ahead = np.roll(points, -1, axis=0) if closed else points[1:]
        here = points if closed else points[:-1]
        cut = np.stack([0.75 * here + 0.25 * ahead, 0.25 * here + 0.75 * ahead], axis=1).reshape(-1, points.shape[1])
        points = cut if closed else np.concatenate([points[:1], cut, points[-1:]])
    return points


def fillet(control: ArrayLike, radius: float, n: int = 10, *, closed: bool = False) -> Doubles:
    """A polyline whose corners are replaced by arcs of ``radius`` (bent tube); ends stay."""
    points = np.asarray(control, float)
    count = len(points)
    out = [] if closed else [points[:1]]
    for k in range(count) if closed else range(1, count - 1):
        p, before, after = points[k], points[k - 1], points[(k + 1) % count]
        a, b = (before - p) / np.linalg.norm(before - p), (after - p) / np.linalg.norm(after - p)
        half = np.arccos(np.clip(a @ b, -1, 1)) / 2
        if half > np.pi / 2 - 1e-3:
            out.append(p[None])
            continue
        reach = min(radius / np.tan(half), 0.49 * np.linalg.norm(before - p), 0.49 * np.linalg.norm(after - p))
        r = reach * np.tan(half)
        middle = p + (a + b) / np.linalg.norm(a + b) * r / np.sin(half)
        s, e = p + a * reach - middle, p + b * reach - middle
        angle = np.arccos(np.clip(s @ e / (r * r), -1, 1))
        t = np.linspace(0, 1, n)[:, None]
        out.append(middle + (np.sin((1 - t) * angle) * s + np.sin(t * angle) * e) / np.sin(angle))
    return np.concatenate(out if closed else [*out, points[-1:]])


def lathe(profile: ArrayLike, n: int = 96) -> Form:
    """The surface of revolution about Z of a profile (K, 2) of (radius, z), drawn upwards on the outside."""
    line = np.asarray(profile, float)
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    ring = np.stack([np.cos(angle), np.sin(angle)], -1)
    grid = np.concatenate(
        [line[:, None, :1] * ring[None], np.broadcast_to(line[:, None, 1:], (len(line), n, 1))], axis=-1
    )
    return patch(grid[:, ::-1], closed=True)


def sweep(
    path: ArrayLike, section: ArrayLike, *, up: ArrayLike | None = None, size: ArrayLike = 1.0, closed: bool = False
) -> Form:
    """A section (K, 2), counter-clockwise, carried along a path (N, 3); ``size`` scales it at each point.

    With ``up`` the section's second axis stays as close to it as it can, otherwise frames travel without twist.
    Open ends are capped.
    """
    line, shape = np.asarray(path, float), np.asarray(section, float)
    scale = np.broadcast_to(np.asarray(size, float), len(line))
    ahead = np.roll(line, -1, 0) - np.roll(line, 1, 0) if closed else np.gradient(line, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-12)
    first = np.asarray(up, float) if up is not None else np.eye(3)[int(np.argmin(np.abs(ahead[0])))]
    rings, normal = [], first
    for p, t, s in zip(line, ahead, scale, strict=True):
        normal = (first if up is not None else normal) - ((first if up is not None else normal) @ t) * t
        normal = normal / np.linalg.norm(normal)
        side = np.cross(normal, t)
        rings.append(p + s * (shape[:, :1] * side + shape[:, 1:] * normal))
    grid = np.stack(rings)
    if closed:
        grid = np.concatenate([grid, grid[:1]])
        return patch(grid[:, ::-1], closed=True)
    body = patch(grid[:, ::-1], closed=True)
    caps = [_cap(grid[0], inward=True), _cap(grid[-1], inward=False)]
    return join([body, *caps])


def _cap(ring: Doubles, *, inward: bool) -> Form:
    """A fan that closes the end of a sweep."""
    n = len(ring)
    faces = np.stack([np.full(n, n), np.arange(n), (np.arange(n) + 1) % n], -1)
    vertices = np.concatenate([ring, ring.mean(axis=0, keepdims=True)])
    return Form(vertices, faces[:, ::-1] if inward else faces, np.zeros((n + 1, 2)))


def circle(radius: float, n: int = 16, *, flat: float = 1.0) -> Doubles:
    """A section: a circle, or an ellipse ``flat`` times as high as wide."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.stack([radius * np.cos(angle), radius * flat * np.sin(angle)], -1)


def plank(w: float, h: float, r: float, n: int = 4) -> Doubles:
    """A section: a rectangle with rounded corners."""
    corners = np.array([[w, -h], [w, h], [-w, h], [-w, -h]]) / 2
    return fillet(corners, r, n, closed=True)


def tube(path: ArrayLike, radius: ArrayLike, sides: int = 14, *, closed: bool = False) -> Form:
    """A round bar along a path; ``radius`` metres, or one for each point; open ends are domed."""
    line = np.asarray(path, float)
    size = np.broadcast_to(np.asarray(radius, float), len(line))
    if not closed:
        t = np.array([1.0, 0.92, 0.7, 0.38, 0.05])
        dome = np.sqrt(1 - t**2)
        a = (line[0] - line[1]) / np.linalg.norm(line[0] - line[1])
        b = (line[-1] - line[-2]) / np.linalg.norm(line[-1] - line[-2])
        reach = min(size[0], 0.004), min(size[-1], 0.004)
        head = line[0] - a * reach[0] + np.outer(dome[::-1] * reach[0], a)
        tail = line[-1] - b * reach[1] + np.outer(dome * reach[1], b)
        keep = slice(1, -1)
        line = np.concatenate([head, line[keep], tail])
        size = np.concatenate([size[0] - (1 - t[::-1]) * reach[0], size[keep], size[-1] - (1 - t) * reach[1]])
    return sweep(line, circle(1.0, sides), size=size, closed=closed)


def thin_out(vertices: Doubles, faces: Faces, cell: float) -> tuple[Doubles, Faces]:
    """A coarser copy by vertex clustering (Rossignac and Borrel 1993): one vertex a cell of ``cell`` metres."""
    place = same_cell(vertices, cell)
    count = np.bincount(place)
    middle = np.stack([np.bincount(place, vertices[:, k]) / count for k in range(3)], -1)
    kept = place[faces]
    whole = (kept[:, 0] != kept[:, 1]) & (kept[:, 1] != kept[:, 2]) & (kept[:, 2] != kept[:, 0])
    kept = kept[whole]
    n = len(middle)
    _, first = np.unique((np.sort(kept, axis=1) @ np.array([n * n, n, 1])), return_index=True)
    return middle, kept[first]
