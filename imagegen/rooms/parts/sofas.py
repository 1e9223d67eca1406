"""Sofas of loose cushions: on a timber platform, under a loose cover, as a daybed, as blocks on the floor."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.throws import over_arm, over_seat
from imagegen.rooms.parts.turning import peg, splayed
from imagegen.rooms.parts.upholstery import Crown, rounded_loop, scatter, stuffed, upright
from imagegen.rooms.shapes import Shape, bar, curve, join, sheet, slab, tube
from imagegen.types import Doubles

SEAT = 0.44  # metres, as sat on


def seats(inner: float, count: int, low: float, front: float, back: float, seed: int, welt: float = 0.0) -> list[Shape]:
    """Seat cushions side by side from y = front to back, lying on ``low`` and filled up to the seat's height."""
    each = inner / count
    made = []
    for index in range(count):
        block = stuffed(
            (each - 0.006, back - front, SEAT - low - 0.012), 0.038, (0.003, 0.006, 0.022), seed + 11 * index, welt
        )
        made.append(block.move(-inner / 2 + each * (index + 0.5), (front + back) / 2, low))
    return made


def rests(
    inner: float,
    count: int,
    height: float,
    thick: float,
    back: float,
    lean: float,
    seed: int,
    welt: float = 0.0,
    low: float = SEAT - 0.012,
    crown: Crown = (0.004, 0.010, 0.028),
) -> list[Shape]:
    """Back cushions side by side: they stand on ``low`` and lean so that their top touches y = ``back``."""
    each = inner / count
    made = []
    for index in range(count):
        block = stuffed((each - 0.008, height, thick), 0.05, crown, seed + 17 * index + 3, welt)
        up = upright(block, lean)
        up = up.move(y=back - float(up.vertices[:, 1].max()), z=low - float(up.vertices[:, 2].min()))
        made.append(up.move(-inner / 2 + each * (index + 0.5)))
    return made


@form("sofa", "platform", slots=("main", "frame", "legs", "cushion1", "cushion2", "throw"))
def platform(spec: Spec) -> list[Piece]:
    """A low timber deck that runs on past slim loose cushions as a ledge at both ends; an open slatted back."""
    width, depth, height = spec.size
    ledge = min(0.20, width * 0.09)
    inner, deck = width - 2 * ledge, 0.265
    wood = [
        slab((-width / 2, -depth / 2, deck - 0.04), (width / 2, depth / 2, deck), 0.007),
        slab((-width / 2 + 0.10, -depth / 2 + 0.08, deck - 0.10), (width / 2 - 0.10, -depth / 2 + 0.105, deck - 0.04)),
        slab((-width / 2 + 0.10, depth / 2 - 0.105, deck - 0.10), (width / 2 - 0.10, depth / 2 - 0.08, deck - 0.04)),
    ]
    rear, top = depth / 2 - 0.02, height - 0.03
    wood.append(slab((-inner / 2 - 0.03, rear - 0.032, top - 0.05), (inner / 2 + 0.03, rear, top), 0.008))
    count = round(inner / 0.115)
    wood += [
        slab((x - 0.011, rear - 0.026, deck - 0.002), (x + 0.011, rear - 0.006, top - 0.04), 0.004, 1).grain()
        for x in np.linspace(-inner / 2, inner / 2, count)
    ]
    feet = [
        slab((x - 0.035, y - 0.035, 0), (x + 0.035, y + 0.035, deck - 0.04), 0.004).grain()
        for x in (-width / 2 + 0.20, width / 2 - 0.20)
        for y in (-depth / 2 + 0.12, depth / 2 - 0.12)
    ]
    count = 3 if inner > 1.95 else 2
    soft = seats(inner, count, deck, -depth / 2 + 0.015, rear - 0.035, spec.seed, 0.003)
    back = rests(inner, count, height - SEAT - 0.02, 0.13, rear - 0.03, 9, spec.seed, 0.003)
    pieces = [Piece("main", join(soft + back)), Piece("frame", join(wood)), Piece("legs", join(feet))]
    pieces += scatter(spec, [(inner / 2 - 0.28, 0.46), (-inner / 2 + 0.27, 0.46)], rear - 0.20, SEAT + 0.012)
    return pieces + over_seat(spec, [*soft, *back], -inner * 0.22, deck + 0.02, SEAT, height - 0.03)


@form("sofa", "modular", slots=("main", "legs", "cushion1", "cushion2", "throw"))
def modular(spec: Spec) -> list[Piece]:
    """Low, deep blocks set against each other, one end open without a back; no legs to be seen."""
    width, depth, height = spec.size
    arm, rest = 0.24, 0.27
    count = 3 if width > 1.9 else 2
    each = (width - arm) / count
    soft, plinth = [], slab((-width / 2 + 0.06, -depth / 2 + 0.06, 0), (width / 2 - 0.06, depth / 2 - 0.06, 0.05))
    soft.append(
        stuffed((arm - 0.004, depth, SEAT + 0.10), 0.05, (0.006, 0.004, 0.010), spec.seed).move(
            width / 2 - arm / 2, z=0.03
        )
    )
    for index in range(count):
        x = -width / 2 + each * (index + 0.5)
        open_end = index == 0 and count > 2
        soft.append(
            stuffed((each - 0.004, depth, 0.235), 0.032, (0.003, 0.003, 0.004), spec.seed + index).move(x, z=0.03)
        )
        reach = depth if open_end else depth - rest
        pad = stuffed((each - 0.006, reach, SEAT - 0.265), 0.05, (0.003, 0.004, 0.022), spec.seed + 5 * index)
        soft.append(pad.move(x, -depth / 2 + reach / 2, 0.258))
        if not open_end:
            block = stuffed(
                (each - 0.006, rest - 0.004, height - 0.285), 0.06, (0.005, 0.012, 0.018), spec.seed + 9 * index
            )
            soft.append(block.move(x, depth / 2 - rest / 2, 0.26))
    left = -width / 2 + (each if count > 2 else 0.0)
    pieces = [Piece("main", join(soft)), Piece("legs", plinth)]
    pieces += scatter(
        spec, [(width / 2 - arm - 0.30, 0.52), (left + 0.32, 0.5)], depth / 2 - rest - 0.02, SEAT + 0.012, 16
    )
    return pieces + over_arm(spec, soft, arm, SEAT)


def skirt(half_x: float, half_y: float, top: float, pleats: Doubles, seed: int) -> Shape:
    """A cloth skirt that hangs round a seat to just above the floor, in an inverted fold at each of ``pleats``.

    ``pleats``: metres along ``rounded_loop``.
    """
    loop = rounded_loop(half_x, half_y, 0.03, 8, 120)
    step = np.linalg.norm(np.diff(loop, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(step)])
    dense = np.linspace(0, along[-1], round(along[-1] / 0.014))
    path = np.column_stack([np.interp(dense, along, loop[:, i]) for i in range(2)])
    tangent = np.gradient(path, axis=0)
    out = np.column_stack([tangent[:, 1], -tangent[:, 0]]) / np.linalg.norm(tangent, axis=1, keepdims=True)
    rng = np.random.default_rng(seed)
    wave = sum(np.sin(2 * np.pi * n * dense / along[-1] + rng.uniform(0, 6)) for n in (23, 37, 52)) / 3
    fold = np.zeros_like(dense)
    for place in pleats:
        gap = np.abs((dense - place + along[-1] / 2) % along[-1] - along[-1] / 2)
        fold = np.maximum(fold, np.exp(-((gap / 0.018) ** 4)))
    rows = []
    for t in np.linspace(0, 1, 7):
        push = 0.006 + 0.012 * t + 0.009 * t * wave - (0.012 + 0.026 * t) * fold
        rows.append(np.column_stack([path + out * push[:, None], np.full(len(path), top + (0.006 - top) * t)]))
    rows.reverse()
    uv = np.stack([np.column_stack([dense, row[:, 2]]) for row in rows])
    return sheet(np.stack(rows), uv)


@form("sofa", "slipcover")
def slipcover(spec: Spec) -> list[Piece]:
    """A deep sofa under a loose, piped cover whose skirt falls to the floor in box pleats."""
    width, depth, height = spec.size
    arm, hem, arm_top = 0.20, 0.27, 0.61
    inner, hx, hy = width - 2 * arm, width / 2 - 0.018, depth / 2 - 0.018
    soft = [
        stuffed((2 * hx - 0.02, 2 * hy - 0.02, 0.20), 0.03, (0.002, 0.002, 0.0), spec.seed).move(z=0.10),
        upright(stuffed((inner + 0.02, height - 0.17, 0.20), 0.06, (0.0, 0.016, 0.01), spec.seed, 0.0035)).move(
            y=hy, z=0.15
        ),
    ]
    for side in (-1, 1):
        block = stuffed((arm, arm_top - 0.15, 2 * hy - 0.006), 0.055, (0.012, 0.014, 0.004), spec.seed + side, 0.0035)
        soft.append(upright(block).move(side * (hx - arm / 2), hy, 0.15))
    count = 3 if inner > 1.95 else 2
    soft += seats(inner, count, hem - 0.005, -hy - 0.006, hy - 0.16, spec.seed, 0.0035)
    soft += rests(
        inner, count, height - SEAT - 0.005, 0.20, hy - 0.07, 10, spec.seed, 0.0035, crown=(0.004, 0.014, 0.04)
    )
    ring = rounded_loop(hx, hy, 0.03, 8, 30)
    side_length = np.linalg.norm(np.diff(ring, axis=0), axis=1).sum()
    share = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))]) / side_length
    corners = [
        share[np.argmin(np.linalg.norm(ring - [x, y], axis=1))] for x, y in ((hx, hy), (-hx, hy), (-hx, -hy), (hx, -hy))
    ]
    front = [share[np.argmin(np.linalg.norm(ring - [x, -hy], axis=1))] for x in np.linspace(-hx, hx, count + 3)[1:-1]]
    soft.append(skirt(hx, hy, hem + 0.03, np.array([*corners, *front]) * side_length, spec.seed))
    soft.append(tube(np.column_stack([ring * 1.004, np.full(len(ring), hem + 0.03)]), 0.0045, 6, closed=True))
    feet = splayed(hx - 0.1, hy - 0.1, 0.12, 0.0, 0.02, 0.022)
    pieces = [Piece("main", join(soft)), Piece("legs", feet)]
    places = [(inner / 2 - 0.27, 0.5), (-inner / 2 + 0.26, 0.5), (-inner / 2 + 0.50, 0.46)]
    pieces += scatter(spec, places, hy - 0.28, SEAT + 0.015)
    return pieces + over_arm(spec, soft, arm + 0.018, SEAT)


@form("sofa", "daybed", slots=("main", "legs", "cushion1", "cushion2", "throw", "frame"))
def daybed(spec: Spec) -> list[Piece]:
    """A low daybed: a thick mattress in a frame of bent poles with looped ends, heaped with cushions."""
    width, depth, height = spec.size
    hx, hy, deck = width / 2 - 0.03, depth / 2 - 0.03, 0.25
    poles: list[Shape] = []
    for z in (deck - 0.02, deck - 0.10):
        ring = rounded_loop(hx, hy, 0.05, 6, 8)
        poles.append(tube(np.column_stack([ring, np.full(len(ring), z)]), 0.019, 10, closed=True))
    ring = rounded_loop(hx, hy, 0.05, 6, 60)
    poles += [bar((*point, deck - 0.10), (*point, deck - 0.02), 0.006, segments=6) for point in ring[::5]]
    top = height - 0.014
    hoop = [
        (-hx, -hy, deck - 0.05),
        (-hx, -hy + 0.02, 0.46),
        (-hx, -hy + 0.16, 0.585),
        (-hx, hy - 0.3, 0.61),
        (-hx, hy - 0.12, 0.66),
    ]
    back = [(-hx + 0.03, hy, top - 0.03), (-hx + 0.16, hy, top), (0, hy, top)]
    fall = min(1.0, (top - deck) / 0.53)  # a low one keeps its arms below its back
    hoop = [(x, y, deck + (z - deck) * fall) for x, y, z in hoop]
    half = curve([*hoop, *back], 70)
    rail = np.vstack([half, (half * [-1, 1, 1])[-2::-1]])
    poles.append(tube(rail, 0.017, 10))
    for point in rail[8:-8:3]:
        foot = (float(np.clip(point[0], -hx, hx)), point[1], deck - 0.02)
        poles.append(bar(foot, point, 0.0065, segments=6))
    feet = [peg((sx * hx, sy * hy, 0.0), (sx * hx, sy * hy, deck), 0.020, 0.026) for sx in (-1, 1) for sy in (-1, 1)]
    low = deck - 0.005
    bed = stuffed(
        (2 * hx - 0.05, 2 * hy - 0.05, SEAT - low - 0.01), 0.035, (0.004, 0.004, 0.02), spec.seed, 0.004, 10
    ).move(z=low)
    slats = slab((-hx + 0.01, -hy + 0.01, low - 0.02), (hx - 0.01, hy - 0.01, low + 0.004))
    pieces = [Piece("main", bed), Piece("frame", join([*poles, slats])), Piece("legs", join(feet))]
    places = [(x * (hx - 0.28), 0.56) for x in (-1.0, -0.35, 0.35, 1.0)]
    places = [places[0], places[3], (0.0, 0.6), places[1], places[2], (hx - 0.52, 0.46)]
    pieces += scatter(spec, places, hy - 0.05, SEAT + 0.012, 15)
    return pieces + over_seat(spec, [bed, *poles], -hx * 0.42, deck, SEAT, height)
