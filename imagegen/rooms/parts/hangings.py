"""Cloth and woven things on walls, and screens that stand by themselves."""

from __future__ import annotations

import math

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.joinery import frame_front, plank, slats
from imagegen.rooms.shapes import Shape, bar, cylinder, join, lathe, panel, sheet, tube

_WORDS = ("wall hanging", "macrame", "tapestry", "wall art")


def _hitch(x: float, y: float, z: float, radius: float) -> Shape:
    """A cord's turn round the rod."""
    turn = np.linspace(0, 2 * np.pi, 11)
    path = np.column_stack([radius * np.cos(turn), 0.6 * radius * np.sin(2 * turn), 0.7 * radius * np.sin(turn)])
    return tube(path, radius * 0.45, 5, closed=True).move(x, y, z)


def _knot(x: float, y: float, z: float, radius: float) -> Shape:
    """A square knot drawn tight: a bead a little wider than high."""
    bead = lathe([(0.0, -0.75), (0.85, -0.5), (1.0, 0.1), (0.7, 0.6), (0.0, 0.75)], 6, 180)
    return bead.bend(lambda p: np.asarray(p * radius)).move(x, y, z)


@kind("wall-hanging", 23, ("main", "rod"), ("macrame",), words=_WORDS, near=1.3)
def macrame(spec: Spec) -> list[Piece]:
    """Cotton cords knotted in diamonds below a branch, ending in a long fringe cut to a point; middle on the wall."""
    width, depth, height = spec.size
    rng, y = spec.rng(), -depth / 2
    cords = max(12, 2 * round(width / 0.034))
    xs = np.linspace(-width / 2 + 0.05, width / 2 - 0.05, cords)
    pitch, rows = float(xs[1] - xs[0]), 11
    top = height / 2 - 0.02
    step = min(0.036, height * 0.42 / rows)
    made: list[Shape] = []
    for i, x in enumerate(xs):
        edge = abs(2 * i / (cords - 1) - 1)
        points = [(x, y, top + 0.012)]
        for row in range(rows):
            z = top - 0.03 - step * (row + 0.5)
            side = 0.42 * pitch * (1 if (i + row) % 2 == 0 else -1)
            points.append((x + side, y - 0.004 * (-1) ** i, z))
            if (i + row) % 2 == 0 and row < rows - 3 * edge:
                made.append(_knot(x + pitch / 2, y - 0.004, z, pitch * 0.34))
        last = points[-1][2]
        end = -height / 2 + edge * (last + height / 2) * 0.62 + rng.uniform(0, 0.02)
        points += [
            (x + rng.uniform(-0.004, 0.004), y + rng.uniform(-0.004, 0.004), last + (end - last) * share)
            for share in (0.35, 0.7, 1.0)
        ]
        path = np.array(points)
        made.append(tube(path, np.linspace(0.0048, 0.0056, len(path)), 5))
        made.append(_hitch(float(x), y - 0.002, top + 0.004, 0.011))
    swell = np.linspace(-1, 1, 24)
    branch = np.column_stack(
        [swell * width / 2, y + 0.006 * np.sin(5 * swell), top + 0.012 + 0.008 * np.sin(4 * swell + 1)]
    )
    cord = np.array([(-width * 0.36, y, top + 0.015), (0, -0.006, height / 2 + 0.12), (width * 0.36, y, top + 0.015)])
    return [
        Piece("main", join([*made, tube(cord, 0.003, 6)])),
        Piece("rod", tube(branch, 0.012 + 0.002 * np.sin(7 * swell), 10)),
    ]


@form("wall-hanging", "tapestry")
def tapestry(spec: Spec) -> list[Piece]:
    """A woven cloth on a rod, hanging with a slight wave, its lower edge fringed; uv covers it once."""
    width, depth, height = spec.size
    rng, y = spec.rng(), -depth / 2
    u, t = np.meshgrid(np.linspace(0, 1, 40), np.linspace(0, 1, 30))
    wave = 0.007 * (0.2 + t) * (np.sin(9 * u + rng.uniform(0, 6)) + 0.5 * np.sin(17 * u + 2 * t + rng.uniform(0, 6)))
    fringe = min(0.11, height * 0.14)
    top, low = height / 2 - 0.012, -height / 2 + fringe
    grid = np.stack(
        [(u - 0.5) * (width - 0.06) * (1 - 0.008 * t), y + np.minimum(wave, -y - 0.003), low + (top - low) * t], axis=2
    )
    uv = np.stack([u * (width - 0.06), t * (top - low)], axis=2)
    cloth = sheet(grid, uv)
    threads = [
        bar(
            (x, y, low + 0.004),
            (x + rng.uniform(-0.006, 0.006), y, low - fringe * rng.uniform(0.85, 1)),
            0.0032,
            0.002,
            5,
        )
        for x in np.arange(-width / 2 + 0.034, width / 2 - 0.032, 0.011)
    ]
    rods = [cylinder(0.011, width).turn(90, "y").move(-width / 2, y, top)]
    cord = np.array([(-width * 0.42, y, top), (0, -0.006, height / 2 + 0.16), (width * 0.42, y, top)])
    rods.append(tube(cord, 0.0025, 6))
    return [Piece("main", cloth, sheet=(width - 0.06, top - low)), Piece("rod", join([*rods, join(threads)]))]


@form("wall-hanging", "fan")
def fans(spec: Spec) -> list[Piece]:
    """Three woven palm fans of different sizes, grouped, each with a bound rim and a handle."""
    width, _, height = spec.size
    r = min(width, height)
    places = ((-0.20, 0.16, 0.29, 12.0), (0.24, 0.22, 0.22, -20.0), (0.10, -0.24, 0.25, -6.0))
    discs: list[Shape] = []
    rims: list[Shape] = []
    for index, (x, z, share, lean) in enumerate(places):
        radius, count = share * r, 44
        angle = np.linspace(-0.87 * math.pi, 0.87 * math.pi, count) + math.pi / 2
        edge = radius * (1 - 0.10 * np.abs(np.linspace(-1, 1, count)) ** 3)
        pleat = np.where(np.arange(count) % 2 == 0, -0.004, -0.013)
        rows = np.linspace(0.06, 1, 8)[:, None]
        grid = np.stack([rows * edge * np.cos(angle), pleat * rows + 0 * angle, rows * edge * np.sin(angle)], axis=2)
        grid[..., 1] -= 0.006 + 0.012 * index
        ribs = np.stack(np.broadcast_arrays(0.7 * radius * angle, radius * rows), axis=2)  # the blades' own direction
        rim = grid[-1]
        stick = bar((0, -0.02 - 0.012 * index, 0.06), (0, -0.02 - 0.012 * index, -radius * 1.08), 0.007, 0.0055, 10)
        for shape, group in ((sheet(grid[:, ::-1], ribs[:, ::-1]), discs), (tube(rim, 0.005, 6), rims), (stick, rims)):
            group.append(shape.turn(lean, "y").move(x * width, 0, z * height))
    return [Piece("main", join(discs)), Piece("rod", join(rims))]


def _folded(spec: Spec, leaf: float, leaves: int) -> list[tuple[float, float, float]]:
    """(x, y, turn) of each leaf's middle of a screen that stands in a zigzag."""
    width = spec.size[0]
    angle = math.degrees(math.acos(min(1.0, width / leaves / leaf)))
    step = leaf * math.cos(math.radians(angle))
    return [((i - (leaves - 1) / 2) * step, 0.0, angle if i % 2 == 0 else -angle) for i in range(leaves)]


def _screen(spec: Spec, fill: str) -> list[Piece]:
    """Leaves of a frame, hinged in a zigzag that keeps within the footprint."""
    width, depth, height = spec.size
    leaves = int(spec.number("leaves", 3))
    leaf = math.hypot(width / leaves, max(depth - 0.03, 0.02))
    rail, frames, fields = 0.028, [], []
    for x, y, turn in _folded(spec, leaf, leaves):
        place = (-leaf / 2 + 0.002, leaf / 2 - 0.002, 0.09, height)
        parts = frame_front(place, -0.0125, rail, 0.025)
        parts += [
            plank((s * (leaf / 2 - 0.016) - 0.014, -0.0125, 0), (s * (leaf / 2 - 0.016) + 0.014, 0.0125, 0.092))
            for s in (-1, 1)
        ]
        if fill == "slat":
            inner = (place[0] + rail, place[1] - rail, place[2] + rail, place[3] - rail)
            field = join(slats(inner, -0.008, 0.030, 0.016, 0.016))
        else:
            w, h = leaf - 2 * rail, height - 0.09 - 2 * rail
            field = panel(w, h, (0, 0.0, 0.09 + rail))
        if fill == "paper":
            parts += [
                plank((-leaf / 2 + rail, -0.006, z), (leaf / 2 - rail, 0.006, z + 0.010), 0.001)
                for z in np.linspace(0.09, height, 7)[1:-1]
            ]
            parts += [
                plank((s * leaf / 6 - 0.005, -0.0055, 0.10), (s * leaf / 6 + 0.005, 0.0055, height - 0.01), 0.001)
                for s in (-1, 1)
            ]
        elif fill == "cane":
            z = 0.09 + (height - 0.09) * 0.36
            parts.append(plank((-leaf / 2 + rail, -0.011, z), (leaf / 2 - rail, 0.011, z + rail)))
        frames += [s.turn(turn).move(x, y) for s in parts]
        fields.append(field.turn(turn).move(x, y))
    return [Piece("frame", join(frames)), Piece("main", join(fields))]


@kind("folding-screen", 131, ("frame", "main"), ("paper",), words=("room divider", "folding screen"), near=1.3)
def paper(spec: Spec) -> list[Piece]:
    """Leaves of paper in a fine lattice."""
    return _screen(spec, "paper")


@form("folding-screen", "cane")
def cane(spec: Spec) -> list[Piece]:
    """Leaves of woven cane in a wooden frame, a rail across at knee height."""
    return _screen(spec, "cane")


@form("folding-screen", "slat")
def slat(spec: Spec) -> list[Piece]:
    """Leaves of upright slats in a frame."""
    return _screen(spec, "slat")
