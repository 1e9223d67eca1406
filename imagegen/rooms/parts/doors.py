"""Closed doors on the wall's face (no opening is cut); wall at y = 0, ``size`` is the leaf: width, depth, height."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.openwork import arch, band, bars, level, moulding, rails
from imagegen.rooms.shapes import Shape, bar, cylinder, join, sheet, slab, tube

GRIP = 1.02
"""Metres from the floor to a door's handle."""
_OGEE = ((0.0, 0.0), (0.002, 0.008), (0.010, 0.009), (0.018, 0.005), (0.024, 0.004), (0.028, 0.0))


def _casing(width: float, height: float, wide: float = 0.08) -> list[Shape]:
    """Boards round the leaf with a raised outer edge."""
    w = width / 2
    made = [
        slab((-w - wide, -0.022, 0), (-w, 0, height), 0.004).grain(),
        slab((w, -0.022, 0), (w + wide, 0, height), 0.004).grain(),
        slab((-w - wide, -0.022, height), (w + wide, 0, height + wide), 0.004),
    ]
    if wide > 0.05:
        made += [
            slab((-w - wide, -0.030, 0), (-w - wide + 0.018, -0.020, height + wide), 0.004).grain(),
            slab((w + wide - 0.018, -0.030, 0), (w + wide, -0.020, height + wide), 0.004).grain(),
            slab((-w - wide, -0.030, height + wide - 0.018), (w + wide, -0.020, height + wide), 0.004),
        ]
    return made


def _lever(x: float, y: float) -> Shape:
    """A round rose and a bar that points to the door's middle, with a key plate under it."""
    way = -1.0 if x > 0 else 1.0
    return join(
        [
            cylinder(0.026, 0.010).turn(90, "x").move(x, y, GRIP),
            bar((x, y, GRIP), (x, y - 0.050, GRIP), 0.009),
            bar((x - way * 0.006, y - 0.050, GRIP), (x + way * 0.125, y - 0.050, GRIP), 0.0095),
            cylinder(0.024, 0.006).turn(90, "x").move(x, y, GRIP - 0.085),
        ]
    )


def _leaf(width: float, height: float, front: float) -> Shape:
    return slab((-width / 2 + 0.003, -front, 0.006), (width / 2 - 0.003, 0, height - 0.003), 0.002).grain()


@kind("door", 15, ("main", "frame", "handles"), ("panel",), stays=True)
def door(spec: Spec) -> list[Piece]:
    """A panelled door in a moulded casing: two narrow pairs of raised fields."""
    width, _, height = spec.size
    leaf = [_leaf(width, height, 0.010)]
    for z0, z1 in ((0.22, height * 0.43), (height * 0.51, height - 0.15)):
        for side in (-1, 1):
            wide = width / 2 - 0.175
            x = side * (0.05 + wide / 2)
            field = moulding(wide, z1 - z0, _OGEE, (x, z0)).move(y=-0.010)
            leaf += [
                field,
                slab((x - wide / 2 + 0.05, -0.016, z0 + 0.05), (x + wide / 2 - 0.05, -0.008, z1 - 0.05), 0.005),
            ]
    return [
        Piece("main", join(leaf)),
        Piece("frame", join(_casing(width, height))),
        Piece("handles", _lever(width / 2 - 0.065, -0.010)),
    ]


@form("door", "flush")
def flush(spec: Spec) -> list[Piece]:
    """A plain leaf with a shadow line in a slim frame and one upright bar to pull."""
    width, _, height = spec.size
    w = width / 2
    frame = [
        slab((-w - 0.022, -0.014, 0), (-w, 0, height + 0.022), 0.002).grain(),
        slab((w, -0.014, 0), (w + 0.022, 0, height + 0.022), 0.002).grain(),
        slab((-w, -0.014, height), (w, 0, height + 0.022), 0.002),
    ]
    x = w - 0.075
    pull = [bar((x, -0.048, GRIP - 0.17), (x, -0.048, GRIP + 0.17), 0.008)]
    pull += [bar((x, -0.008, GRIP + s * 0.13), (x, -0.048, GRIP + s * 0.13), 0.006) for s in (-1, 1)]
    return [Piece("main", _leaf(width, height, 0.010)), Piece("frame", join(frame)), Piece("handles", join(pull))]


@form("door", "barn")
def barn(spec: Spec) -> list[Piece]:
    """Planks with ledges and a brace, hung by iron straps and wheels from a rail on the wall.

    Settings: rail (metres by which the rail goes on to the right, 0.55 of the width).
    """
    width, _, height = spec.size
    beyond = spec.number("rail", width * 0.55)
    rng = spec.rng()
    count = max(4, round(width / 0.16))
    each = width / count
    boards = [
        slab(
            (-width / 2 + each * i + 0.0015, -0.045, 0.012),
            (-width / 2 + each * (i + 1) - 0.0015, -0.020, height),
            0.003,
        ).grain(shift=(float(rng.uniform(0, 2)), float(rng.uniform(0, 2))))
        for i in range(count)
    ]
    boards += [
        slab((-width / 2 + 0.03, -0.065, z - 0.065), (width / 2 - 0.03, -0.043, z + 0.065), 0.003)
        for z in (0.22, height / 2, height - 0.22)
    ]
    half = height / 2
    boards += [_brace(width - 0.1, low, high) for low, high in ((0.285, half - 0.065), (half + 0.065, height - 0.285))]
    rail = [slab((-width / 2 - 0.03, -0.048, height + 0.075), (width / 2 + beyond, -0.040, height + 0.115), 0.002)]
    handles = [bar((-width / 2 + 0.09, -0.085, 0.92), (-width / 2 + 0.09, -0.085, 1.22), 0.009)]
    handles += [bar((-width / 2 + 0.09, -0.042, z), (-width / 2 + 0.09, -0.085, z), 0.007) for z in (0.95, 1.19)]
    for x in (-width * 0.32, width * 0.32):
        handles.append(slab((x - 0.022, -0.071, height - 0.32), (x + 0.022, -0.064, height + 0.10), 0.002))
        handles.append(cylinder(0.05, 0.018, 0.004).turn(90, "x").move(x, -0.049, height + 0.13))
        handles += [
            cylinder(0.011, 0.006, 0.002, 12).turn(90, "x").move(x, -0.070, height - z) for z in (0.28, 0.20, 0.12)
        ]
        rail.append(cylinder(0.014, 0.042).turn(90, "x").move(x, 0.0, height + 0.095))
    return [Piece("main", join(boards)), Piece("frame", join(rail)), Piece("handles", join(handles))]


def _brace(width: float, low: float, high: float) -> Shape:
    """A board from the lower left to the upper right, cut to lie against the ledges."""
    w, cut = width / 2, 0.19
    lower = np.array([(-w, low), (-w + cut, low), (w, high)])
    upper = np.array([(-w, low), (w - cut, high), (w, high)])
    return band(lower, upper, -0.062, -0.043)


@form("door", "glazed", slots=("main", "frame", "handles", "glass"))
def glazed(spec: Spec) -> list[Piece]:
    """A leaf of reeded panes over a low panel: light comes through, nothing is seen. Settings: columns, rows."""
    width, _, height = spec.size
    stile, foot = 0.105, 0.52
    grid = int(spec.number("columns", 2)), int(spec.number("rows", 4))
    leaf = rails(width - 0.006, height - 0.009, stile, -0.028, 0.0, foot=0.22, radius=0.003)
    leaf = [piece.move(z=0.006) for piece in leaf]
    clear = width - 2 * stile
    leaf.append(slab((-clear / 2, -0.028, foot - 0.12), (clear / 2, 0, foot), 0.003))
    leaf.append(slab((-clear / 2, -0.012, 0.2), (clear / 2, 0, foot - 0.1), 0.002))
    leaf += bars(clear, foot, height - stile, *grid, 0.022, -0.026, -0.004)
    pane = _reeded(clear, foot - 0.005, height - stile + 0.005, 0.012)
    return [
        Piece("main", join(leaf)),
        Piece("frame", join(_casing(width, height))),
        Piece("handles", _lever(width / 2 - 0.052, -0.028)),
        Piece("glass", pane),
    ]


def _reeded(width: float, low: float, high: float, front: float, pitch: float = 0.016) -> Shape:
    """A pane of half-round flutes, its ridges ``front`` before the wall."""
    reeds = max(8, round(width / pitch))
    x = np.linspace(-width / 2, width / 2, reeds * 6 + 1)
    y = -front + 0.004 * (1 - np.abs(np.sin(np.pi * (x / width + 0.5) * reeds)))
    lines = [np.column_stack([x, y, np.full(len(x), z)]) for z in (low, high)]
    return sheet(np.stack(lines))


@form("door", "arched")
def arched(spec: Spec) -> list[Piece]:
    """A round-headed plank door in a plain plastered or wooden band, with strap hinges and a ring."""
    width, _, height = spec.size
    rng = spec.rng()
    rise = min(spec.number("rise", width / 2), height * 0.4)
    casing = band(arch(width, height - rise, rise), arch(width + 0.16, height - rise, rise + 0.08), -0.030, 0.0)
    frame = [casing]
    for side in (-1, 1):
        x0, x1 = sorted((side * width / 2, side * (width / 2 + 0.08)))
        frame.append(slab((x0, -0.030, 0), (x1, 0, height - rise), 0.003).grain())
    count = max(4, round(width / 0.14))
    edges = np.linspace(-width / 2 + 0.004, width / 2 - 0.004, count + 1)
    boards = []
    for left, right in pairwise(edges.tolist()):
        x = np.linspace(left + 0.0015, right - 0.0015, 9)
        top = height - rise - 0.004 + rise * np.sqrt(np.clip(1 - (2 * x / width) ** 2, 0, 1))
        line = np.column_stack([x, top])
        board = band(level(line, 0.006), line, -0.016 - float(rng.uniform(0, 0.003)), 0.0)
        boards.append(board.grain(shift=(float(rng.uniform(0, 2)), float(rng.uniform(0, 2)))))
    iron = [_strap(width, z) for z in (0.42, height - rise - 0.08)]
    ring = np.linspace(0, 2 * np.pi, 25)
    at = width / 2 - 0.11
    hoop = np.column_stack([at + 0.042 * np.sin(ring), np.full(25, -0.030), GRIP - 0.035 + 0.042 * np.cos(ring)])
    iron += [tube(hoop, 0.006, 8, closed=True), cylinder(0.032, 0.010).turn(90, "x").move(at, -0.017, GRIP)]
    return [Piece("main", join(boards)), Piece("frame", join(frame)), Piece("handles", join(iron))]


def _strap(width: float, z: float) -> Shape:
    """A forged strap hinge that tapers towards the middle, with three nails."""
    lower = np.array([(-width / 2 + 0.005, z - 0.024), (width * 0.22, z - 0.010), (width * 0.26, z)])
    upper = np.array([(-width / 2 + 0.005, z + 0.024), (width * 0.22, z + 0.010), (width * 0.26, z)])
    nails = [cylinder(0.010, 0.006, 0.002, 12).turn(90, "x").move(width * x, -0.023, z) for x in (-0.42, -0.18, 0.08)]
    return join([band(lower, upper, -0.024, -0.012), *nails])
