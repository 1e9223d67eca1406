"""Benches: a plank, slats, a padded seat, a woven one."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.turning import splayed
from imagegen.rooms.parts.upholstery import buttoned, stuffed
from imagegen.rooms.shapes import Shape, bar, join, slab, tube


@kind("bench", 70, ("main", "legs"), ("plank",), words=("bench",))
def plank(spec: Spec) -> list[Piece]:
    """A thick board let through by two boards on end, held by a stretcher."""
    width, depth, height = spec.size
    thick = 0.036
    seat = slab((-width / 2, -depth / 2, height - thick), (width / 2, depth / 2, height), 0.006, 3)
    inset, half = min(0.18, width * 0.16), depth / 2 - 0.035
    ends = []
    for side in (-1, 1):
        x = side * (width / 2 - inset)
        board = slab((x - 0.017, -half, 0), (x + 0.017, half, height - thick + 0.002), 0.004).grain()
        ends.append(board)
        ends.append(
            slab((x - 0.03, -half + 0.02, height - thick - 0.035), (x + 0.03, half - 0.02, height - thick), 0.004)
        )
    reach = width / 2 - inset + 0.05
    ends.append(slab((-reach, -0.014, 0.15), (reach, 0.014, 0.215), 0.004))
    return [Piece("main", seat), Piece("legs", join(ends))]


@form("bench", "slatted")
def slatted(spec: Spec) -> list[Piece]:
    """Long slats with gaps between them on tapered, slightly splayed legs."""
    width, depth, height = spec.size
    thick, gap = 0.026, 0.012
    count = max(4, round(depth / 0.058))
    each = (depth + gap) / count - gap
    slats = []
    for index in range(count):
        y = -depth / 2 + index * (each + gap)
        board = slab((-width / 2, y, height - thick), (width / 2, y + each, height), 0.005)
        slats.append(board.grain(False, (0.31 * index, 0.07 * index)))
    frame: list[Shape] = [splayed(width / 2 - 0.10, depth / 2 - 0.025, height - thick, 0.03, 0.024, 0.036, square=True)]
    low, high = height - thick - 0.05, height - thick
    frame += [
        slab((x - 0.016, -depth / 2 + 0.03, low), (x + 0.016, depth / 2 - 0.03, high), 0.004)
        for x in (-width / 2 + 0.13, 0.0, width / 2 - 0.13)
    ]
    return [Piece("main", join(slats)), Piece("legs", join(frame))]


@form("bench", "upholstered")
def upholstered(spec: Spec) -> list[Piece]:
    """A padded seat with buttons and a piped edge on a wooden rail and turned, splayed legs."""
    width, depth, height = spec.size
    rail = height - 0.125
    columns = max(3, round(width / 0.2))
    grid = np.array(
        [((i + 0.5) / columns * width - width / 2, y) for i in range(columns) for y in (-depth / 5, depth / 5)]
    )
    panel = join(buttoned(width - 0.004, depth - 0.004, 0.05, grid, 0.018)).move(z=height - 0.05)
    block = stuffed((width, depth, 0.065), 0.018, (0.002, 0.002, 0.0), spec.seed, 0.004).move(z=rail + 0.02)
    wood = [
        slab(
            (-width / 2 + 0.03, -depth / 2 + 0.03, rail - 0.02),
            (width / 2 - 0.03, depth / 2 - 0.03, rail + 0.022),
            0.005,
        ),
        splayed(width / 2 - 0.07, depth / 2 - 0.05, rail, 0.035, 0.011, 0.020),
    ]
    return [Piece("main", join([block, panel])), Piece("legs", join(wood))]


@form("bench", "woven")
def woven(spec: Spec) -> list[Piece]:
    """A frame of round rails wound with cord from front to back, on turned legs with stretchers."""
    width, depth, height = spec.size
    hx, hy = width / 2 - 0.022, depth / 2 - 0.022
    wood: list[Shape] = [splayed(hx, hy, height - 0.02, 0.0, 0.015, 0.021)]
    for y in (-hy, hy):
        wood += [bar((-hx, y, height - 0.03), (hx, y, height - 0.03), 0.015), bar((-hx, y, 0.16), (hx, y, 0.16), 0.011)]
    for x in (-hx, hx):
        wood += [bar((x, -hy, height - 0.03), (x, hy, height - 0.03), 0.015), bar((x, -hy, 0.21), (x, hy, 0.21), 0.011)]
    cords = [_wound(x, hy, height) for x in np.arange(-hx + 0.030, hx - 0.026, 0.0115)]
    return [Piece("main", join(cords)), Piece("legs", join(wood))]


def _wound(x: float, hy: float, height: float) -> Shape:
    """One turn of cord over both long rails, 10 mm wide and soft-edged."""
    half = [
        (hy - 0.008, height - 0.050),
        (hy + 0.013, height - 0.044),
        (hy + 0.021, height - 0.028),
        (hy + 0.010, height - 0.010),
        (hy - 0.012, height - 0.0060),
        (hy * 0.5, height - 0.0085),
    ]
    section = np.array([*half, (0.0, height - 0.0095), *[(-y, z) for y, z in reversed(half)]])
    return tube(np.column_stack([np.full(len(section), x), section]), 0.0058, 6)
