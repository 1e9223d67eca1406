"""Rays against a few triangles, in numpy (Möller and Trumbore, 1997)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imagegen.rooms.shapes import Ints, Shape
from imagegen.types import Bools, Doubles

_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """For each of N rays: ``distance`` in lengths of it, inf where nothing is; which ``shape``; whether from behind."""

    distance: Doubles
    shape: Ints
    behind: Bools


def cast(eye: Doubles, ways: Doubles, shapes: Sequence[Shape]) -> Hits:
    """What rays from ``eye`` (3,) along ``ways`` (N, 3) meet first."""
    corners = np.concatenate([shape.vertices[shape.faces] for shape in shapes])
    owner = np.repeat(np.arange(len(shapes)), [len(shape.faces) for shape in shapes])
    step = max(1, _AT_ONCE // len(corners))
    parts = [_cast(eye, ways[i : i + step], corners) for i in range(0, len(ways), step)]
    distance, face, behind = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Hits(distance, owner[face], behind & np.isfinite(distance))


def _cast(eye: Doubles, ways: Doubles, corners: Doubles) -> tuple[Doubles, Ints, Bools]:
    a, ab, ac = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    # With u, v, t by Cramer's rule every numerator is a dot product of the ray with what depends on the triangle alone.
    from_a = eye - a
    normal, q = np.cross(ab, ac), np.cross(from_a, ab)
    det = -(ways @ normal.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        u = (ways @ np.cross(ac, from_a).T) / det
        v = (ways @ q.T) / det
        t = np.einsum("ij,ij->i", ac, q) / det
        good = (np.abs(det) > 1e-12) & (u >= -1e-7) & (v >= -1e-7) & (u + v <= 1 + 1e-7) & (t > 1e-6)
    t = np.where(good, t, np.inf)
    face = t.argmin(axis=1)
    rows = np.arange(len(ways))
    return t[rows, face], face, det[rows, face] < 0
