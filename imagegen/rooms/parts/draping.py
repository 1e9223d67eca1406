"""Cloth that falls: a grid of points held by position-based dynamics (Müller, Heidelberger, Hennix, Ratcliff 2007)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from imagegen.types import Doubles

Collide = Callable[[Doubles], Doubles]
"""Moves points (N, 3) out of what the cloth lies on."""
_GRAVITY, _STEP, _DAMPING = 9.81, 1.0 / 40.0, 0.88
_SLIP = np.array([0.5, 0.5, 1.0])
"""Share of a touching point's way that friction leaves it."""
_LINKS = (
    ((0, 1), 1.0),
    ((1, 0), 1.0),
    ((1, 1), 0.5),
    ((1, -1), 0.5),
    ((0, 2), 0.4),
    ((2, 0), 0.4),
    ((0, 4), 0.3),
    ((4, 0), 0.3),
)
"""Neighbour offsets (rows, columns) and stiffness: threads, shear, bending."""


def rounded_box(low: Doubles, high: Doubles, radius: float) -> Collide:
    """Keeps points at least ``radius`` away from a block, so that cloth rounds its edges."""
    centre, half = (np.asarray(low) + np.asarray(high)) / 2, (np.asarray(high) - np.asarray(low)) / 2

    def out(points: Doubles) -> Doubles:
        local = points - centre
        nearest = np.clip(local, -half, half)
        away = local - nearest
        distance = np.linalg.norm(away, axis=1)
        near = (distance < radius) & (distance > 0)
        moved = points.copy()
        moved[near] = centre + nearest[near] + away[near] * (radius / distance[near])[:, None]
        inside = distance == 0
        if inside.any():
            gap = half - np.abs(local[inside])
            gap[:, 2] *= 0.5  # rather up than out
            axis = np.argmin(gap, axis=1)
            rows = np.flatnonzero(inside)
            side = np.sign(local[rows, axis])
            moved[rows, axis] = centre[axis] + side * (half[axis] + radius)
        return moved

    return out


def fall(start: Doubles, rest: Doubles, solids: tuple[Collide, ...], steps: int = 30, passes: int = 5) -> Doubles:
    """The (rows, columns, 3) grid ``start`` after falling onto ``solids``; ``rest``: the same grid lying flat, (…, 2).

    Kinds of links are satisfied one after another, the links of a kind at once; friction holds what touches, and
    weight fades towards the end, so that no thread stays stretched.
    """
    place, speed = start.copy(), np.zeros_like(start)
    links = [_link(rest, offset, stiff) for offset, stiff in _LINKS]
    for index in range(steps):
        before = place
        speed[..., 2] -= _GRAVITY * _STEP * min(1.0, 3.0 * (1.0 - index / steps))
        place = place + speed * _STEP
        for _ in range(passes):
            for link in links:
                _pull(place, link)
        flat = place.reshape(-1, 3)
        for solid in solids:
            flat = solid(flat)
        kept = flat.reshape(start.shape)
        touched = np.abs(kept - place).max(axis=2, keepdims=True) > 1e-7
        kept = np.where(touched, before + (kept - before) * _SLIP, kept)
        speed = (kept - before) / _STEP * np.where(touched, 0.45, _DAMPING)
        place = kept
    return place


_Link = tuple[tuple[slice, slice], tuple[slice, slice], Doubles, float]


def _link(rest: Doubles, offset: tuple[int, int], stiff: float) -> _Link:
    rows, columns = offset
    a = (slice(0, -rows or None), slice(0, -columns or None) if columns >= 0 else slice(-columns, None))
    b = (slice(rows, None), slice(columns, None) if columns >= 0 else slice(0, columns))
    return a, b, np.linalg.norm(rest[b] - rest[a], axis=2, keepdims=True), stiff


def _pull(place: Doubles, link: _Link) -> None:
    """Moves both ends of every link of a kind halfway towards its length, in place."""
    a, b, length, stiff = link
    step = place[b] - place[a]
    far = np.sqrt(np.einsum("ijk,ijk->ij", step, step))[..., None]
    step *= 0.27 * stiff * (1.0 - length / np.maximum(far, 1e-9))
    place[a] += step
    place[b] -= step


def finer(grid: Doubles, times: int = 2) -> Doubles:
    """A grid of (rows, columns, k) with Catmull-Rom points between its own."""
    for axis in (0, 1):
        grid = _between(grid, axis, times)
    return grid


def _between(grid: Doubles, axis: int, times: int) -> Doubles:
    p = np.moveaxis(grid, axis, 0)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, len(p) - 3 - 1e-9, (len(p) - 3) * times + 1)
    i = t.astype(int)
    f = (t - i)[:, None, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    made = 0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3)
    return np.moveaxis(made, 0, axis)


def normals_of(grid: Doubles) -> Doubles:
    """Unit normals of a (rows, columns, 3) grid: columns x rows."""
    out = np.cross(np.gradient(grid, axis=1), np.gradient(grid, axis=0))
    return np.asarray(out / np.maximum(np.linalg.norm(out, axis=2, keepdims=True), 1e-9))


def smoothed(grid: Doubles, times: int) -> Doubles:
    """A plane (rows, columns) of numbers evened out by its neighbours, its borders repeated."""
    for _ in range(times):
        wide = np.pad(grid, 1, mode="edge")
        grid = (
            0.25 * grid
            + 0.125 * (wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:])
            + 0.0625 * (wide[:-2, :-2] + wide[:-2, 2:] + wide[2:, :-2] + wide[2:, 2:])
        )
    return grid
