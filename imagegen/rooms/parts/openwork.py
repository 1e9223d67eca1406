"""The few cuts that windows, doors, panelling and chimneys share: frames, arches, mitred mouldings."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from imagegen.rooms.shapes import Shape, join, sheet, slab
from imagegen.types import Doubles


def rails(
    width: float, height: float, rail: float, y0: float, y1: float, *, foot: float | None = None, radius: float = 0.004
) -> list[Shape]:
    """A rectangular frame standing on z = 0, ``rail`` wide all round (``foot``: another width for the lowest one)."""
    w, low = width / 2, rail if foot is None else foot
    return [
        slab((-w + rail, y0, 0), (w - rail, y1, low), radius),
        slab((-w + rail, y0, height - rail), (w - rail, y1, height), radius),
        slab((-w, y0, 0), (-w + rail, y1, height), radius).grain(),
        slab((w - rail, y0, 0), (w, y1, height), radius).grain(),
    ]


def bars(
    width: float, low: float, high: float, columns: int, rows: int, thick: float, y0: float, y1: float
) -> list[Shape]:
    """Glazing bars that part a field of ``width`` between two levels into columns and rows."""
    half = thick / 2
    upright = [
        slab((x - half, y0, low), (x + half, y1, high), 0.002).grain()
        for x in (np.arange(1, columns) / columns - 0.5) * width
    ]
    lying = [
        slab((-width / 2, y0, z - half), (width / 2, y1, z + half), 0.002)
        for z in low + (high - low) * np.arange(1, rows) / rows
    ]
    return [*upright, *lying]


def arch(width: float, spring: float, rise: float, steps: int = 40) -> Doubles:
    """Half an ellipse from left to right, (steps + 1, 2) of x and z: it springs at ``spring`` and rises by ``rise``."""
    angle = np.linspace(math.pi, 0.0, steps + 1)
    return np.column_stack([width / 2 * np.cos(angle), spring + rise * np.sin(angle)])


def level(line: Doubles, z: float) -> Doubles:
    """The points straight above or below those of a line, all at one height."""
    return np.column_stack([line[:, 0], np.full(len(line), z)])


def band(lower: Doubles, upper: Doubles, y0: float, y1: float) -> Shape:
    """The solid between two lines (N, 2) of x and z that run from left to right, from y0 (its front) to y1."""
    front = _lift(lower, y0), _lift(upper, y0)
    back = _lift(lower, y1), _lift(upper, y1)
    faces = [
        sheet(np.stack(front), np.stack([lower, upper])),
        sheet(np.stack(back)[:, ::-1], np.stack([lower, upper])[:, ::-1]),
        sheet(np.stack([back[0], front[0]])),
        sheet(np.stack([front[1], back[1]])),
    ]
    for end, order in ((0, 1), (-1, -1)):
        if upper[end, 1] - lower[end, 1] > 1e-6:
            side = np.array([[back[i][end], front[i][end]] for i in (0, 1)])
            faces.append(sheet(side[:, ::order]))
    return join(faces)


def _lift(line: Doubles, y: float) -> Doubles:
    return np.column_stack([line[:, 0], np.full(len(line), y), line[:, 1]])


def spandrel(width: float, height: float, rise: float, y0: float, y1: float) -> Shape:
    """What closes a square opening above a round head: flush with the wall on both faces."""
    line = arch(width, height - rise, rise)
    return band(line, level(line, height), y0, y1)


def moulding(
    width: float, height: float, profile: Sequence[tuple[float, float]], at: Sequence[float] = (0.0, 0.0)
) -> Shape:
    """A mitred frame lying on the wall's face (y = 0), its outer lower left corner at (-width/2, 0) + at.

    ``profile``: (metres inwards from the outer edge, metres out of the wall), from outside to inside.
    """
    x, z = at
    sides = []
    outline = [(-width / 2, 0.0), (-width / 2, height), (width / 2, height), (width / 2, 0.0)]
    inward = [(1, 1), (1, -1), (-1, -1), (-1, 1)]
    for i in range(4):
        j = (i + 1) % 4
        ends = [
            [(outline[k][0] + x + inward[k][0] * deep, -out, outline[k][1] + z + inward[k][1] * deep) for k in (i, j)]
            for deep, out in profile
        ]
        sides.append(sheet(np.array(ends, float)[:, ::-1]))
    return join(sides)


def timber(length: float, deep: float, high: float, amount: float, rng: np.random.Generator) -> Shape:
    """A hewn trunk along X, standing on z = 0, centred in x and y; its faces wander inwards by ``amount`` x 9 mm."""
    stations = int(min(40, max(8, length / 0.10)))
    radius = min(0.004 + 0.014 * amount, 0.2 * min(deep, high))
    ring = _ring(deep, high, radius)
    x = np.linspace(-length / 2, length / 2, stations)
    phase = rng.uniform(0, 6, (4, 1))
    near = np.arange(len(ring))[:, None] * 0.9
    y_in = np.abs(0.006 * np.sin(2.3 * x + phase[0] + near) + 0.003 * np.sin(9 * x + phase[1] + 2 * near))
    z_in = np.abs(0.006 * np.sin(1.9 * x + phase[2] + near) + 0.003 * np.sin(11 * x + phase[3] + 2 * near))
    y = ring[:, :1] * (1 - amount * y_in / (deep / 2))
    z = ring[:, 1:] * (1 - amount * z_in / (high / 2)) + high / 2
    grid = np.stack([np.broadcast_to(x, y.shape), y, z], axis=2)
    ends = [_end(grid[:, 0]), _end(grid[::-1, -1])]
    return join([sheet(grid[::-1]), *ends])


def _ring(deep: float, high: float, radius: float) -> Doubles:
    """A rounded rectangle in y and z about the origin, closed, counter-clockwise seen from +X."""
    turn = np.linspace(0, math.pi / 2, 4)
    corners = []
    for quarter, (side_y, side_z) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        angle = turn + quarter * math.pi / 2
        centre = np.array([side_y * (deep / 2 - radius), side_z * (high / 2 - radius)])
        corners.append(centre + radius * np.column_stack([np.cos(angle), np.sin(angle)]))
    ring = np.vstack(corners)
    return np.vstack([ring, ring[:1]])


def _end(ring: Doubles) -> Shape:
    """The sawn end of a trunk."""
    return sheet(np.stack([np.broadcast_to(ring.mean(axis=0), ring.shape), ring]))
