"""Baskets: standing, lidded, of coiled rope, and flat ones in a group on the wall."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.pots import walled
from imagegen.rooms.shapes import Shape, curve, join, lathe, sheet, tube

_OUTER = ((0.80, 0), (0.94, 0.15), (1.0, 0.5), (0.94, 1.0))


def _ring(radius: float, z: float, thick: float) -> Shape:
    turns = np.linspace(0, 2 * np.pi, 57)
    return tube(
        np.column_stack([radius * np.cos(turns), radius * np.sin(turns), np.full(57, z)]), thick, 8, closed=True
    )


def _loops(radius: float, height: float, rise: float) -> list[Shape]:
    return [
        tube(
            curve(
                [
                    (s * radius * 0.93, -0.065, height * 0.9),
                    (s * radius * 0.98, -0.045, height + rise),
                    (s * radius * 0.98, 0.045, height + rise),
                    (s * radius * 0.93, 0.065, height * 0.9),
                ],
                16,
            ),
            0.008,
            8,
        )
        for s in (-1, 1)
    ]


@kind("basket", 113, ("main", "throw"), words=("basket",), near=0.8)
def basket(spec: Spec) -> list[Piece]:
    """A woven basket with a bound rim and two loops; a folded throw looks out of it."""
    width, _, height = spec.size
    body = walled(curve(_OUTER, 22), width / 2 * 0.98, height, 0.014, 0.05)
    rim = _ring(width / 2 * 0.92, height - 0.004, 0.011)
    floor = lathe([(width * 0.42, 0.03), (0, 0.03)], 32)
    pieces = [Piece("main", join([body, rim, floor, *_loops(width / 2, height, 0.05)]))]
    return [*pieces, Piece("throw", _folded(spec.rng(), width * 0.36, height), 132)]


def _folded(rng: np.random.Generator, reach: float, height: float) -> Shape:
    """Soft folds of cloth that fill the mouth and fall over the rim in front."""
    turns, shares = np.linspace(0, 2 * np.pi, 49), np.linspace(0, 1, 12)
    angle, share = np.meshgrid(turns, shares)
    a, b = rng.uniform(0, 6, 2)
    puff = (
        0.05 * np.sqrt(np.clip(1 - share**2, 0, 1))
        + 0.012 * np.sin(4 * angle + a + 3 * share) * share
        + 0.010 * np.sin(9 * share + b + np.sin(angle))
    )
    grid = np.stack([share * reach * np.cos(angle), share * reach * np.sin(angle), height * 0.86 + puff], axis=2)
    return sheet(grid[:, ::-1], grid[:, ::-1, :2])


@form("basket", "lidded")
def lidded(spec: Spec) -> list[Piece]:
    """A tall laundry basket with a domed lid and a knob."""
    width, _, height = spec.size
    tall, r = height * 0.84, width / 2
    outer = curve([(0.84, 0), (0.97, 0.22), (1.0, 0.6), (0.90, 1.0)], 24)
    body = lathe([(0, 0), *[(float(a * r), float(b * tall)) for a, b in outer]], 56)
    lid = curve([(0.93, 0), (0.93, 0.12), (0.78, 0.5), (0.40, 0.76), (0.08, 0.82)], 20)
    top = lathe([(float(a * r), tall + float(b) * height * 0.13) for a, b in lid] + [(0, tall + 0.107 * height)], 56)
    knob = lathe([(0.010, 0), (0.010, 0.2), (0.022, 0.5), (0.020, 0.85), (0, 1.0)], 20)
    knob = Shape(knob.vertices * [1, 1, height * 0.055], knob.faces, knob.uv, knob.normals).move(z=height * 0.945)
    return [Piece("main", join([body, top, knob, _ring(r * 0.915, tall, 0.010), *_loops(r, tall * 0.8, 0.03)]))]


@form("basket", "rope")
def rope(spec: Spec) -> list[Piece]:
    """A soft basket of coiled cotton rope, slightly slumped, its two handles part of the coil."""
    width, _, height = spec.size
    thick = 0.0085
    rows = int(height / (2 * thick * 0.94))
    rng = spec.rng()
    sway = rng.uniform(0, 6, 3)
    turns = np.linspace(0, 2 * np.pi, 57)
    coils = []
    for row in range(rows):
        z = thick + row * (height - 2 * thick) / max(rows - 1, 1)
        bulge = 0.93 + 0.07 * np.sin(np.pi * (0.15 + 0.7 * row / rows))
        r = (
            (width / 2 - thick)
            * bulge
            * (1 + 0.012 * np.sin(2 * turns + sway[0] + 0.1 * row) + 0.007 * np.sin(5 * turns + sway[1]))
        )
        dip = 0.012 * np.cos(2 * turns + sway[2]) * (row / rows) ** 2 * (row < rows - 1)
        coils.append(
            tube(
                np.column_stack([r * np.cos(turns), r * np.sin(turns), z + dip - abs(dip).max()]), thick, 7, closed=True
            )
        )
    floor = lathe([(width * 0.44, thick), (0, thick)], 32)
    return [Piece("main", join([*coils, floor, *_loops(width / 2 - 0.005, height - thick, 0.055)]))]


@kind("wall-baskets", 113, ("main", "second"), words=("wall basket", "basket", "wall decor", "wall art"), near=1.3)
def wall_baskets(spec: Spec) -> list[Piece]:
    """Flat woven baskets in a loose overlapping group on the wall, banded; every other one of the slot second."""
    width, depth, height = spec.size
    rng = spec.rng()
    unit = min(width, height)
    plan = (
        (-0.24, 0.16, 0.27),
        (0.22, 0.24, 0.20),
        (0.10, -0.14, 0.25),
        (-0.28, -0.26, 0.17),
        (0.36, -0.02, 0.12),
        (-0.02, 0.40, 0.10),
        (0.34, -0.34, 0.14),
    )
    made: dict[str, list[Shape]] = {"main": [], "second": []}
    for index, (x, z, r) in enumerate(plan):
        radius = r * unit * rng.uniform(0.95, 1.05)
        at = np.clip(
            [x * width, z * height],
            [radius - width / 2, radius - height / 2],
            [width / 2 - radius, height / 2 - radius],
        )
        ground, band = ("main", "second") if index % 2 == 0 else ("second", "main")
        deep = depth * (0.7 + 0.3 * (index % 3) / 2)
        for banded, ring in _platter(rng, radius, deep):
            made[band if banded else ground].append(ring.move(float(at[0]), 0, float(at[1])))
    return [Piece(slot, join(group)) for slot, group in made.items()]


def _platter(rng: np.random.Generator, radius: float, deep: float) -> list[tuple[bool, Shape]]:
    """A woven dish seen from inside, back at y = 0: coils that run over and under its ribs, up to a thick rim.

    Each coil with whether it belongs to the one or two bands of the other colour.
    """
    thick, ribs = 0.0078, 2 * int(rng.integers(6, 8))
    turns = np.linspace(0, 2 * np.pi, 3 * ribs + 1)
    inner, wide, starred = rng.uniform(0.30, 0.42), rng.uniform(0.16, 0.24), rng.random() < 0.6
    rings = []
    for row, r in enumerate(np.arange(1.5 * thick, radius - thick, 2 * thick * 0.92)):
        share = r / radius
        over = 0.0034 * min(1.0, 2.2 * share) * np.cos(ribs / 2 * turns + np.pi * row)
        last = r + 2 * thick * 0.92 >= radius - thick
        z = thick + 0.0034 + (deep - 2 * thick - 0.012) * share**2.0 + over * (not last)
        coil = tube(
            np.column_stack([r * np.cos(turns), r * np.sin(turns), z]), thick * (1.25 if last else 1.0), 5, closed=True
        )
        rings.append((bool(inner < share < inner + wide or (starred and share > 0.80)), coil.turn(90, "x")))
    return rings
