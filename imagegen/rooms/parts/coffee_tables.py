"""Coffee tables: stone cubes, a kidney, thick rustic planks, glass, a trunk, a nest, a low board."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.turning import peg, plate, polar, post
from imagegen.rooms.parts.upholstery import rounded_loop
from imagegen.rooms.shapes import Shape, bar, box, curve, join, lathe, sheet, slab, tube
from imagegen.types import Doubles


@form("coffee-table", "block")
def block(spec: Spec) -> list[Piece]:
    """Two plinths of stone set against each other, one lower and drawn forward."""
    width, depth, height = spec.size
    wide = width * 0.62
    low = height - 0.09
    made = [box((wide, depth * 0.86, height), 0.004, 3).move(-width / 2 + wide / 2, depth * 0.07)]
    small = box((width - wide - 0.006, depth * 0.72, low), 0.004, 3).grain(False, (0.43, 0.21))
    made.append(small.move(width / 2 - (width - wide - 0.006) / 2, -depth * 0.14))
    return [Piece("top", join(made))]


@form("coffee-table", "kidney")
def kidney(spec: Spec) -> list[Piece]:
    """A boomerang of a top with a thinned edge on three tapered, splayed legs."""
    width, depth, height = spec.size
    outline = polar(
        lambda a: 1.0 - 0.42 * np.exp(-(((np.abs(a - 1.5 * np.pi)) / 0.62) ** 2)) + 0.10 * np.cos(2 * a), 120
    )
    span = np.ptp(outline, axis=0)
    outline = (outline - (outline.max(axis=0) + outline.min(axis=0)) / 2) * [width / span[0], depth / span[1]]
    top = plate(outline, height - 0.026, height, 0.0035, under=0.016)
    legs: list[Shape] = []
    for x, y in ((-0.36, -0.20), (0.36, -0.20), (0.0, 0.34)):
        knee = (x * width * 0.80, y * depth * 0.72, height - 0.024)
        legs.append(peg((x * width, y * depth, 0.0), knee, 0.010, 0.021))
        legs.append(lathe([(0, 0), (0.034, 0), (0.036, 0.012), (0, 0.012)], 20).move(knee[0], knee[1], height - 0.036))
    return [Piece("top", top), Piece("legs", join(legs))]


@form("coffee-table", "chunky")
def chunky(spec: Spec) -> list[Piece]:
    """Heavy planks with hand-worn edges and cleats at both ends, on four posts with a low shelf."""
    width, depth, height = spec.size
    thick, cleat, count = 0.062, 0.11, 4
    each = depth / count
    boards = []
    for index in range(count):
        y = -depth / 2 + each * (index + 0.5)
        board = box((width - 2 * cleat - 0.003, each - 0.003, thick), 0.009, 3, 6).bend(_worn(index + spec.seed))
        boards.append(board.grain(False, (0.53 * index, 0.17 * index)).move(0, y, height - thick - 0.001))
    for side in (-1, 1):
        end = box((cleat, depth, thick), 0.009, 3).grain()
        boards.append(end.move(side * (width / 2 - cleat / 2), z=height - thick))
    boards.append(
        slab((-width / 2 + 0.10, -depth / 2 + 0.07, 0.09), (width / 2 - 0.10, depth / 2 - 0.07, 0.122), 0.006)
    )
    hx, hy = width / 2 - 0.085, depth / 2 - 0.085
    legs = [post((x, y, 0), (x, y, height - thick + 0.001), 0.088, 0.094) for x in (-hx, hx) for y in (-hy, hy)]
    legs += [slab((-hx, y - 0.018, height - thick - 0.07), (hx, y + 0.018, height - thick), 0.006) for y in (-hy, hy)]
    return [Piece("top", join(boards)), Piece("legs", join(legs))]


def _worn(seed: int) -> Callable[[Doubles], Doubles]:
    """A board's hand-planed unevenness, 2 mm."""

    def wear(p: Doubles) -> Doubles:
        out = p.copy()
        out[:, 1] += 0.0022 * np.sin(11 * p[:, 0] + seed)
        out[:, 2] += np.where(p[:, 2] > 0.04, -0.0012 * (1 + np.sin(7 * p[:, 0] + 2.0 * seed)), 0.0)
        return out

    return wear


@form("coffee-table", "glass", slots=("top", "legs", "glass"))
def glass(spec: Spec) -> list[Piece]:
    """A sheet of glass on a slim metal frame, a second board low down. Slot ``top`` is that lower board."""
    width, depth, height = spec.size
    pane = plate(rounded_loop(width / 2, depth / 2, 0.035, 6, 4)[:-1], height - 0.012, height, 0.002)
    side, hx, hy = 0.010, width / 2 - 0.03, depth / 2 - 0.03
    top = height - 0.012
    steel = [slab((x - side, y - side, 0), (x + side, y + side, top), 0.002) for x in (-hx, hx) for y in (-hy, hy)]
    for z in (top - 2 * side, 0.10):
        steel += [slab((-hx, y - side, z), (hx, y + side, z + 2 * side), 0.002) for y in (-hy, hy)]
        steel += [slab((x - side, -hy, z), (x + side, hy, z + 2 * side), 0.002) for x in (-hx, hx)]
    shelf = slab((-hx + side, -hy + side, 0.102), (hx - side, hy - side, 0.122), 0.003)
    return [Piece("glass", pane), Piece("legs", join(steel)), Piece("top", shelf)]


@form("coffee-table", "chest")
def chest(spec: Spec) -> list[Piece]:
    """A travelling trunk: planks, a lid with a lip, straps with buckles, corner pieces, side handles."""
    width, depth, height = spec.size
    lid = 0.105
    hx, hy = width / 2 - 0.012, depth / 2 - 0.012
    wood: list[Shape] = []
    rows = 3
    for index in range(rows):
        z0, z1 = (0.02 + (height - lid - 0.026) * (index + k) / rows for k in (0, 1))
        board = slab((-hx, -hy, z0), (hx, hy, z1 - 0.002), 0.004)
        wood.append(board.grain(False, (0.37 * index, 0.0)))
    wood.append(slab((-hx - 0.003, -hy - 0.003, height - lid), (hx + 0.003, hy + 0.003, height), 0.010, 3))
    iron: list[Shape] = []
    for x in (-width * 0.27, width * 0.27):
        strap = rounded_loop(hy + 0.0055, (height - 0.02) / 2, 0.012, 4, 12)
        iron.append(_strap(strap, x, 0.034, (height + 0.02) / 2 - 0.0005))
        iron.append(box((0.052, 0.007, 0.044), 0.002).move(x, -hy - 0.0085, height - lid - 0.035))
    for sx in (-1, 1):
        for sy in (-1, 1):
            for z0, z1 in ((0.012, 0.075), (height - 0.055, height - 0.0005)):
                corner = [sx * (hx + 0.005), sy * (hy + 0.005)]
                inner = [sx * (hx - 0.05), sy * (hy - 0.05)]
                low = (min(corner[0], inner[0]), min(corner[1], inner[1]), z0)
                high = (max(corner[0], inner[0]), max(corner[1], inner[1]), z1)
                iron.append(slab(low, high, 0.009, 3))
        loop = curve(
            [
                (sx * (hx + 0.002), -0.07, height * 0.50),
                (sx * (hx + 0.016), -0.055, height * 0.46),
                (sx * (hx + 0.018), 0.0, height * 0.43),
                (sx * (hx + 0.016), 0.055, height * 0.46),
                (sx * (hx + 0.002), 0.07, height * 0.50),
            ],
            16,
        )
        iron.append(tube(loop, 0.008, 8))
    iron.append(box((0.07, 0.010, 0.085), 0.002).move(0, -hy - 0.007, height - lid - 0.055))
    iron += [slab((x - 0.03, -hy + 0.03, 0), (x + 0.03, hy - 0.03, 0.024), 0.003) for x in (-hx + 0.08, hx - 0.08)]
    return [Piece("top", join(wood)), Piece("legs", join(iron))]


def _strap(loop: Doubles, x: float, wide: float, middle: float) -> Shape:
    """A flat band round a box: a loop of (y, z) made ``wide`` along x, 3 mm proud."""
    rows = []
    for offset, out in ((-wide / 2, 0.0), (-wide / 2, 0.9), (0.0, 1.0), (wide / 2, 0.9), (wide / 2, 0.0)):
        scale = 1 - 0.003 * (1 - out) / np.maximum(np.linalg.norm(loop, axis=1), 1e-6)
        ring = loop * scale[:, None]
        rows.append(np.column_stack([np.full(len(loop), x + offset), ring[:, 0], middle + ring[:, 1]]))
    return sheet(np.stack(rows)[::-1])


@form("coffee-table", "nest")
def nest(spec: Spec) -> list[Piece]:
    """Two round tables of different heights, the lower one slipped half under the other."""
    width, depth, height = spec.size
    big, small = min(width * 0.36, depth / 2), min(width * 0.27, depth * 0.42)
    tops, legs = [], []
    places = [
        (-width / 2 + big, depth / 2 - big, big, height),
        (width / 2 - small, -depth / 2 + small, small, height - 0.075),
    ]
    for x, y, radius, tall in places:
        first = 90 if tall == height else -90
        tops.append(plate(polar(np.ones_like, 72) * radius, tall - 0.024, tall, 0.005).move(x, y))
        for angle in np.radians([first, first + 120, first + 240]):
            way = np.array([np.cos(angle), np.sin(angle)])
            legs.append(
                peg(
                    (*(way * radius * 0.86 + [x, y]), 0.0),
                    (*(way * radius * 0.68 + [x, y]), tall - 0.023),
                    0.010,
                    0.016,
                )
            )
        ring = np.radians(np.linspace(0, 360, 49))
        hoop = np.column_stack(
            [x + 0.67 * radius * np.cos(ring), y + 0.67 * radius * np.sin(ring), np.full(49, tall - 0.034)]
        )
        legs.append(tube(hoop, 0.010, 8, closed=True))
    return [Piece("top", join(tops)), Piece("legs", join(legs))]


@form("coffee-table", "low")
def low(spec: Spec) -> list[Piece]:
    """A thick board with round corners on two broad feet set far in, a groove of shadow between."""
    width, depth, height = spec.size
    thick = 0.055
    top = plate(rounded_loop(width / 2, depth / 2, 0.09, 10, 5)[:-1], height - thick, height, 0.010)
    feet: list[Shape] = []
    for side in (-1, 1):
        foot = plate(rounded_loop(0.045, depth / 2 - 0.09, 0.040, 8, 4)[:-1], 0.0, height - thick - 0.006, 0.004)
        feet.append(foot.grain().move(side * (width / 2 - 0.20)))
    feet.append(
        slab((-width / 2 + 0.18, -0.03, height - thick - 0.05), (width / 2 - 0.18, 0.03, height - thick + 0.002), 0.005)
    )
    rail = [bar((-width / 2 + 0.20, y, 0.11), (width / 2 - 0.20, y, 0.11), 0.012) for y in (0.0,)]
    return [Piece("top", top), Piece("legs", join([*feet, *rail]))]
