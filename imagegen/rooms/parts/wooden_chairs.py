"""Chairs of a joiner or turner: spindles, a bent bow, a ladder, a cross, plain blocks. Front is -Y."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.bentwood import (
    between,
    board_seat,
    envelope_seat,
    leg,
    limb,
    pad_seat,
    post,
    spindle,
    stood,
    straight,
)
from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.shapes import Shape, curve, join, tube
from imagegen.types import Doubles

SEAT = 0.45
"""Height of a chair's seat, metres, unless ``settings.seat`` says otherwise."""
_SLOTS = ("main", "seat", "legs")


@kind("dining-chair", 20, _SLOTS, ("spindle",), words=("dining chair", "chair"))
def spindle_chair(spec: Spec) -> list[Piece]:
    """A modern Windsor: saddled seat, splayed turned legs with an H of rungs, slim spindles under a bent crest rail."""
    width, depth, height = spec.size
    seat = spec.number("seat", SEAT)
    across, deep, middle = width - 0.05, depth - 0.10, -0.025
    legs, stands = [], {}
    for x in (-1, 1):
        for y in (-1, 1):
            foot = np.array([x * (width / 2 - 0.022), y * (depth / 2 - 0.022), 0.0])
            top = np.array([x * 0.30 * width, middle + y * 0.27 * depth, seat - 0.016])
            stands[x, y] = foot, top
            legs.append(leg(foot, top, 0.0115, 0.0185))
    sides = []
    for x in (-1, 1):
        ends = [between(*stands[x, y], 0.205) for y in (-1, 1)]
        legs.append(spindle(ends[0], ends[1], 0.0075, 0.0115))
        sides.append((ends[0] + ends[1]) / 2)
    legs.append(spindle(sides[0], sides[1], 0.0075, 0.0115))
    turn = np.linspace(-1, 1, 17)
    bow = np.column_stack([turn * (width / 2 - 0.02), depth / 2 - 0.018 - 0.075 * turn**2, np.full(17, height - 0.034)])
    crest = limb(bow, 0.066 - 0.022 * np.abs(turn) ** 3, 0.018 - 0.004 * turn**2, (0, 0.22, 1), 3.0)
    back = [crest]
    for place in np.linspace(-0.86, 0.86, 8):
        x = place * 0.78 * across / 2
        y = middle + 0.80 * deep / 2 * (1 - abs(place * 0.78) ** 2.9) ** (1 / 2.9)
        head = (place * (width / 2 - 0.02), depth / 2 - 0.018 - 0.075 * place**2 - 0.004, height - 0.045)
        back.append(spindle((x, y, seat - 0.02), head, 0.0055, 0.0085 if abs(place) < 0.8 else 0.0115))
    board = board_seat(across, deep, seat, 0.036, 0.012, 2.9, 0.06).move(y=middle)
    return [Piece("seat", board), Piece("legs", stood(join(legs))), Piece("main", join(back))]


def _bow(width: float, depth: float, height: float) -> Shape:
    """The rail of a bow-backed chair: flat as an arm at its tips, upright behind the sitter."""
    half = curve(
        [
            (-width / 2 + 0.020, -0.085, height - 0.036),
            (-width / 2 + 0.018, 0.02, height - 0.030),
            (-0.40 * width, depth / 2 - 0.115, height - 0.022),
            (-0.22 * width, depth / 2 - 0.038, height - 0.018),
            (0.0, depth / 2 - 0.016, height - 0.017),
        ],
        17,
    )
    line = np.vstack([half, (half * [-1, 1, 1])[-2::-1]])
    rear = np.clip(line[:, 1] / (depth / 2), 0, 1) ** 3
    return limb(line, 0.022 + 0.011 * rear, 0.036 - 0.012 * rear, power=2.4)


def _tine(side: int, y: float, seat: float, head: tuple[float, float]) -> Shape:
    """Half of a forked splat: from the seat's rear rail up and outwards to the bow."""
    line = [
        (side * 0.0125, y + 0.002, seat - 0.03),
        (side * 0.0125, y + 0.020, seat + 0.09),
        (side * 0.030, y + 0.040, seat + 0.155),
        (side * 0.066, y + 0.060, seat + 0.225),
        (side * 0.100, *head),
    ]
    return limb(curve(line, 18), np.linspace(0.030, 0.022, 18), 0.013, (1, 0, 0), 3.0)


@form("dining-chair", "ybow", slots=_SLOTS)
def ybow_chair(spec: Spec) -> list[Piece]:
    """A bow bent round the sitter on a forked splat; seat of paper cord, rear legs that bend forward under the bow."""
    width, depth, height = spec.size
    seat = spec.number("seat", SEAT)
    front_y, rear_y = -depth / 2 + 0.045, depth / 2 - 0.10
    front_x, rear_x = width / 2 - 0.045, width / 2 - 0.105
    legs, frame = [], [_bow(width, depth, height)]
    for side in (-1, 1):
        foot, top = (side * (front_x + 0.012), front_y - 0.016, 0), (side * front_x, front_y, seat + 0.012)
        legs.append(leg(foot, top, 0.0125, 0.0185, 0.8))
        rear = [
            (side * (rear_x + 0.012), depth / 2 - 0.028, 0),
            (side * (rear_x + 0.004), rear_y + 0.012, 0.24),
            (side * rear_x, rear_y, seat),
            (side * (rear_x + 0.026), rear_y - 0.03, seat + 0.13),
            (side * (width / 2 - 0.026), 0.045, height - 0.034),
        ]
        path = curve(rear, 22)
        legs.append(tube(path, np.interp(path[:, 2], [0, 0.4, height], [0.0125, 0.0185, 0.0105]), 12).grain())
        frame.append(_tine(side, rear_y, seat, (depth / 2 - 0.028, height - 0.024)))
        for z in (0.185, 0.265, seat - 0.022):
            ends = (side * (front_x + 0.003), front_y - 0.004, z), (side * (rear_x + 0.002), rear_y + 0.006, z)
            frame.append(spindle(*ends, 0.009, 0.0115))
    for y, x, z in (
        (front_y, front_x, seat - 0.022),
        (rear_y, rear_x, seat - 0.022),
        (front_y - 0.006, front_x, 0.30),
        (rear_y + 0.010, rear_x, 0.26),
    ):
        frame.append(spindle((-x, y, z), (x, y, z), 0.0095, 0.012))
    sides = 2 * front_x - 0.012, 2 * rear_x - 0.012
    woven = envelope_seat(*sides, rear_y - front_y + 0.010, seat, 0.0062, spec.rng(), 0.014)
    return [
        Piece("main", join(frame)),
        Piece("seat", woven.move(y=(rear_y + front_y) / 2)),
        Piece("legs", stood(join(legs))),
    ]


@form("dining-chair", "ladder", slots=_SLOTS)
def ladder_chair(spec: Spec) -> list[Piece]:
    """A country chair: turned posts with finials, four bowed slats, rungs all round, a rush seat."""
    width, depth, height = spec.size
    seat = spec.number("seat", SEAT)
    front_x, rear_x, front_y = width / 2 - 0.028, width / 2 - 0.062, -depth / 2 + 0.028
    posts, frame = [], []
    rear_y = depth / 2 - 0.095

    def rear(z: float) -> float:
        return float(np.interp(z, [0, 0.30, height], [depth / 2 - 0.055, rear_y, depth / 2 - 0.022]))

    for side in (-1, 1):
        line = [(side * rear_x, rear(z), z) for z in (0, 0.15, 0.30, 0.45, 0.7, height - 0.07)]
        path = np.vstack(
            [
                curve(line, 18),
                [(side * rear_x, rear(height) - 0.002, z) for z in height - np.array([0.06, 0.05, 0.035, 0.015, 0.0])],
            ]
        )
        radius = np.append(
            np.interp(path[:18, 2], [0, 0.1, height], [0.013, 0.0175, 0.015]), [0.009, 0.012, 0.0165, 0.013, 0.003]
        )
        posts.append(tube(path, radius, 12).grain())
        line_front = np.array([0, 0.02, 0.12, seat - 0.06, seat - 0.005, seat + 0.012, seat + 0.018])
        path = np.column_stack([np.full((7, 2), [side * front_x, front_y]), line_front])
        posts.append(tube(path, np.array([0.012, 0.014, 0.0175, 0.0185, 0.0165, 0.017, 0.009]), 12).grain())
        frame += [
            spindle((side * front_x, front_y, z), (side * rear_x, rear(z), z), 0.009, 0.0125)
            for z in (0.14, 0.29, seat - 0.024)
        ]
    frame += [
        spindle((-front_x, front_y, z), (front_x, front_y, z), 0.009, stout)
        for z, stout in ((0.19, 0.017), (0.34, 0.017), (seat - 0.024, 0.0125))
    ]
    frame += [spindle((-rear_x, rear(z), z), (rear_x, rear(z), z), 0.009, 0.0125) for z in (0.21, seat - 0.024)]
    turn = np.linspace(-1, 1, 13)
    for share, tall in zip((0.16, 0.40, 0.64, 0.88), (0.048, 0.052, 0.056, 0.066), strict=True):
        z = seat + (height - 0.06 - seat) * share
        arch = 0.010 * (1 - turn**2)
        slat = np.column_stack([turn * rear_x, rear(z) + 0.024 * (1 - turn**2), z + arch])
        frame.append(limb(slat, tall - 0.012 * turn**2, 0.009, (0, 0, 1), 4.0))
    woven = envelope_seat(2 * front_x, 2 * rear_x, rear_y - front_y + 0.012, seat, 0.0088, spec.rng(), 0.016)
    return [
        Piece("main", join(frame)),
        Piece("seat", woven.move(y=(rear_y + front_y) / 2)),
        Piece("legs", stood(join(posts))),
    ]


def _crossed(x: float, y: float, low: float, high: float) -> list[Shape]:
    """Two bent strips that cross in a back, one before the other, between two heights."""
    turn = np.linspace(-1, 1, 15)
    strips = []
    for side in (-1, 1):
        before = side * 0.0045 * (1 - turn**4)
        out = y + 0.018 * turn + 0.020 * (1 - turn**2) + before
        path = np.column_stack([side * turn * x, out, low + (high - low) * (turn + 1) / 2])
        strips.append(limb(path, 0.026, 0.0085, (1, 0, 0.2), 3.4))
    return strips


def _rim(width: float, depth: float, y: float, z: float) -> Doubles:
    """A closed round-cornered ring (49, 3) at a height, its middle at ``y``."""
    angle = np.linspace(0, 2 * np.pi, 49)
    spread = (np.abs(np.cos(angle)) ** 2.6 + np.abs(np.sin(angle)) ** 2.6) ** (-1 / 2.6)
    return np.column_stack([spread * np.cos(angle) * width / 2, y + spread * np.sin(angle) * depth / 2, np.full(49, z)])


@form("dining-chair", "cross", slots=_SLOTS)
def cross_chair(spec: Spec) -> list[Piece]:
    """A bistro chair: legs and back bent from one rod, two crossed strips in the back, a round woven seat."""
    width, depth, height = spec.size
    seat = spec.number("seat", SEAT)
    x, rear_y, low = 0.40 * width, depth / 2 - 0.085, 0.235
    half = [
        (-width / 2 + 0.035, depth / 2 - 0.018, 0.0),
        (-x - 0.006, depth / 2 - 0.065, 0.22),
        (-x, rear_y, seat),
        (-x - 0.012, depth / 2 - 0.055, seat + 0.5 * (height - seat)),
        (-0.33 * width, depth / 2 - 0.026, height - 0.055),
        (-0.17 * width, depth / 2 - 0.017, height - 0.019),
        (0.0, depth / 2 - 0.016, height - 0.0145),
    ]
    line = curve([*half, *[(-a, b, c) for a, b, c in half[-2::-1]]], 50)
    legs = [tube(line, np.interp(line[:, 2], [0, seat, height], [0.0125, 0.016, 0.0145]), 12).grain()]
    deep = depth - 0.098
    middle = -depth / 2 + 0.027 + deep / 2
    hoop = _rim(0.72 * (width - 0.09), 0.72 * (deep - 0.04), middle + 0.01, low)
    frame = _crossed(x - 0.004, rear_y + 0.035, seat + 0.045, height - 0.105)
    frame.append(limb(_rim(width - 0.09, deep - 0.04, middle, seat - 0.021), 0.042, 0.026, power=3.6, closed=True))
    frame.append(tube(hoop, 0.009, 8, closed=True).grain())
    for side in (-1, 1):
        foot = (side * (width / 2 - 0.03), -depth / 2 + 0.02, 0.0)
        top = (side * 0.34 * width, -depth / 2 + 0.10, seat - 0.012)
        legs.append(leg(foot, top, 0.0125, 0.0165, 0.8))
        behind = line[np.argmin(np.abs(line[:, 2] - low) + (line[:, 0] * side < 0))]
        for held in (between(foot, top, low), behind):
            frame.append(spindle(held, hoop[np.argmin(np.linalg.norm(hoop - held, axis=1))], 0.007, 0.008))
    woven = pad_seat(width - 0.115, deep - 0.065, seat - 0.014, seat + 0.001, 2.6, 0.0, 0.004).move(y=middle)
    return [Piece("main", join(frame)), Piece("seat", woven), Piece("legs", stood(join(legs)))]


def _square_legs(width: float, depth: float, height: float, seat: float, rear_y: float) -> list[Shape]:
    """Two square front legs, two rear ones that lean back below the seat and above it."""
    x, y = width / 2 - 0.021, depth / 2 - 0.021
    legs = []
    for side in (-x, x):
        legs.append(post((side, -y, 0), (side, -y, seat - 0.026), 0.030, 0.034))
        line = [(side, y, 0), (side, rear_y, 0.26), (side, rear_y, seat), (side, depth / 2 - 0.028, height - 0.012)]
        path = curve(line, 16)
        deep = np.interp(path[:, 2], [0, 0.3, seat, height], [0.030, 0.036, 0.036, 0.024])
        legs.append(limb(path, 0.034, deep, (1, 0, 0), 7.0))
    return legs


@form("dining-chair", "block", slots=_SLOTS)
def block_chair(spec: Spec) -> list[Piece]:
    """All of one wood and few pieces: square legs, a flat dished board, one broad bowed board to lean on."""
    width, depth, height = spec.size
    seat = spec.number("seat", SEAT)
    x, z, front_y, rear_y = width / 2 - 0.021, seat - 0.056, -depth / 2 + 0.024, depth / 2 - 0.085
    frame = [limb(straight((s, front_y, z), (s, rear_y, z)), 0.056, 0.022, power=7.0) for s in (-x, x)]
    frame += [limb(straight((-x, y, z), (x, y, z)), 0.056, 0.022, power=7.0) for y in (front_y, rear_y)]
    turn = np.linspace(-1, 1, 15)
    out = depth / 2 - 0.060 + 0.034 * (1 - turn**2)
    lean = np.column_stack([turn * (width / 2 - 0.012), out, np.full(15, height - 0.075)])
    frame.append(limb(lean, 0.150, 0.018, (0, 0.20, 1), 8.0, 16))
    board = board_seat(width, depth / 2 + rear_y - 0.006, seat, 0.026, 0.006, 9.0, 0.0)
    return [
        Piece("main", join(frame)),
        Piece("seat", board.move(y=(rear_y - depth / 2 - 0.006) / 2)),
        Piece("legs", stood(join(_square_legs(width, depth, height, seat, rear_y)))),
    ]
