"""Poufs: stitched leather, knitted rope."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.shapes import curve, join, sheet, tube
from imagegen.types import Doubles


def _round_sheet(profile: Doubles, count: int) -> tuple[Doubles, Doubles, Doubles]:
    """(radius, height, angle) grids of a turned profile (N, 2)."""
    angle = np.linspace(0, 2 * np.pi, count)
    turn, radius = np.meshgrid(angle, profile[:, 0])
    return radius, np.broadcast_to(profile[:, 1][:, None], turn.shape), turn


def _profile(radius: float, height: float, points: list[tuple[float, float]], steps: int) -> Doubles:
    smooth = curve([(a * radius, b * height, 0) for a, b in points], steps)[:, :2]
    return np.column_stack([np.maximum(smooth[:, 0], 0.0), np.clip(smooth[:, 1], 0.0, height)])


@form("pouf", "leather")
def leather(spec: Spec) -> list[Piece]:
    """A stitched leather cushion for the floor: twelve gores, a belt around them, a rosette on top."""
    width, depth, height = spec.size
    r = width / 2 - 0.004
    points = [
        (0.0, 0.0),
        (0.55, 0.0),
        (0.80, 0.05),
        (0.97, 0.27),
        (1.0, 0.47),
        (0.96, 0.70),
        (0.80, 0.91),
        (0.45, 1.0),
        (0.16, 0.985),
        (0.0, 0.975),
    ]
    profile = _profile(r, height, points, 32)
    radius, z, turn = _round_sheet(profile, 109)
    gores = np.abs(np.sin(6 * turn)) ** 0.5
    share = np.linspace(0, 1, 32)[:, None]
    waist = np.exp(-(((profile[:, 1][:, None] / height - 0.5) / 0.025) ** 2))
    full = np.clip(radius / r, 0, 1)
    out = radius * (1 - 0.055 * (1 - gores) * full * np.sin(np.pi * share)) - 0.006 * waist
    top = z - 0.010 * (1 - gores) * full * (share > 0.7)
    sag = 1 + 0.012 * np.sin(2 * turn + spec.seed) * np.sin(np.pi * share)
    grid = np.dstack([out * sag * np.cos(turn), out * sag * np.sin(turn) * depth / width, top])
    seams = []
    for index in range(12):
        column = 9 * index
        line = grid[6:30, column] * [1.004, 1.004, 1.0] + [0, 0, 0.001]
        seams.append(tube(line, 0.0026, 4))
    belt = grid[int(np.argmin(np.abs(profile[:23, 1] - height / 2)))]
    seams += [tube(belt * [1.004, 1.004, 1] + [0, 0, dz], 0.0026, 4, closed=True) for dz in (-0.011, 0.011)]
    hub = grid[29] * [1.0, 1.0, 1.0] + [0, 0, 0.002]
    seams.append(tube(hub, 0.003, 4, closed=True))
    return [Piece("main", join([sheet(grid), *seams]))]


@form("pouf", "knit")
def knit(spec: Spec) -> list[Piece]:
    """A ball of thick rope, knitted in rings of V-shaped stitches."""
    width, depth, height = spec.size
    cord = 0.017
    r = width / 2 - cord * 0.6
    points = [
        (0.0, 0.02),
        (0.62, 0.02),
        (0.86, 0.14),
        (1.0, 0.46),
        (0.93, 0.74),
        (0.74, 0.92),
        (0.42, 0.985),
        (0.12, 0.95),
        (0.0, 0.95),
    ]
    profile = _profile(r, height, points, 160)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))])
    rows = round(along[-1] / 0.030)
    angle = np.linspace(0, 2 * np.pi, 25)
    cords = []
    core = profile * [0.955, 0.96] + [0.0, 0.008]
    for row in range(rows):
        a = (row + 0.5) / rows * along[-1]
        radius = np.interp(a, along, profile[:, 0])
        count = max(5, round(2 * np.pi * radius / 0.042))
        turn = np.linspace(0, 2 * np.pi, count * 4 + 1)
        zig = np.abs(((turn * count / (2 * np.pi)) % 1.0) - 0.5) * 2
        back = np.clip(a + 0.030 * (zig - 0.5), 0, along[-1])
        reach = np.interp(back, along, profile[:, 0]) * (1 - 0.02 * zig)
        high = np.clip(np.interp(back, along, profile[:, 1]), cord * 0.72, height - cord * 0.72)
        path = np.column_stack([reach * np.cos(turn), reach * np.sin(turn) * depth / width, high])
        cords.append(tube(path, cord * 0.72, 5, closed=True))
    turn, radius = np.meshgrid(angle, core[::6, 0])
    inner = np.dstack(
        [
            radius * np.cos(turn),
            radius * np.sin(turn) * depth / width,
            np.broadcast_to(core[::6, 1][:, None], turn.shape),
        ]
    )
    return [Piece("main", join([sheet(inner), *cords]))]
