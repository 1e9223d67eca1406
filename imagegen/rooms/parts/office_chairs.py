"""Chairs to work in: they turn, and most of them roll. Front is -Y."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.bentwood import board_seat, limb, pad_seat, spindle
from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.dining_chairs import shell_plate
from imagegen.rooms.shapes import Shape, bar, curve, cushion, cylinder, join, lathe
from imagegen.types import Doubles

_SLOTS = ("main", "legs", "seat")
SEAT = 0.46
"""Height of the seat, metres, unless ``settings.seat`` says otherwise."""


def _castor() -> Shape:
    """A twin-wheel castor of 50 mm, its stem's top at 72 mm."""
    wheel = lathe([(0.0, -0.009), (0.021, -0.009), (0.025, -0.006), (0.025, 0.006), (0.021, 0.009), (0.0, 0.009)], 20)
    wheels = [wheel.turn(90, "y").move(x, 0.0, 0.025) for x in (-0.0125, 0.0125)]
    hood = lathe([(0.012, 0.030), (0.017, 0.040), (0.012, 0.052), (0.0, 0.054)], 14).move(y=-0.006)
    return join([*wheels, hood, cylinder(0.0055, 0.042, 0.001, 10).move(z=0.030)])


def star_base(reach: float, top: float, rng: np.random.Generator, wooden: bool = False) -> Shape:
    """Five arms that slope to castors, each turned as it last rolled; a gas lift up to ``top``."""
    parts = [
        lathe([(0.0, 0.070), (0.036, 0.070), (0.036, 0.112), (0.029, 0.124), (0.0, 0.124)], 28),
        cylinder(0.025, 0.14, 0.002, 24).move(z=0.115),
        cylinder(0.014, top - 0.24, 0.001, 20).move(z=0.24),
        lathe(
            [(0.0, top - 0.062), (0.030, top - 0.062), (0.030, top - 0.045), (0.022, top - 0.04), (0.0, top - 0.04)], 20
        ),
    ]
    for angle in np.radians(np.arange(5) * 72 + 18 + float(rng.uniform(-12, 12))):
        out = np.array([np.cos(angle), np.sin(angle), 0.0])
        line = np.stack(
            [
                out * r + [0, 0, z]
                for r, z in ((0.02, 0.100), (0.12, 0.096), (reach * 0.7, 0.083), (reach - 0.018, 0.072))
            ]
        )
        path = curve(line.tolist(), 10)
        tall = np.linspace(0.040, 0.018, 10) * (1.25 if wooden else 1.0)
        parts.append(limb(path, tall, np.linspace(0.036, 0.024, 10), (0, 0, 1), 4.0))
        end = out * (reach - 0.028)
        parts.append(_castor().turn(float(rng.uniform(0, 360))).move(end[0], end[1], 0.0))
    return join(parts)


def _mechanism(seat: float) -> Shape:
    """The plate and box under the seat, with its lever."""
    return join([
        cushion((0.15, 0.19, 0.036), 0.010, 0.0, 0, 3).move(y=0.0, z=seat - 0.036),
        bar((0.06, 0.02, seat - 0.018), (0.215, -0.01, seat - 0.022), 0.005, None, 8),
        bar((0.185, -0.006, seat - 0.021), (0.225, -0.012, seat - 0.022), 0.009, None, 8),
    ])  # fmt: skip


@kind("office-chair", 76, _SLOTS, ("shell",), words=("office chair", "desk chair", "task chair"))
def shell_task_chair(spec: Spec) -> list[Piece]:
    """A moulded shell on a star of five castors; ``settings.pad = 0`` leaves out its seat pad."""
    width, depth, height = spec.size
    seat, reach = spec.number("seat", SEAT), min(width, depth) / 2 - 0.012
    wide = min(0.50, width - 0.08)
    shell = shell_plate(wide, min(0.54, depth - 0.04), seat, height)
    pieces = [
        Piece("main", shell),
        Piece("legs", join([star_base(reach, seat, spec.rng()), _mechanism(seat - 0.028)])),
    ]
    if spec.number("pad", 1):
        pieces.append(
            Piece("seat", pad_seat(0.74 * wide, 0.36, seat - 0.018, seat + 0.010, 2.6, 0.04, 0.012).move(y=-0.03))
        )
    return pieces


def _arm(side: int, reach: float, seat: float) -> tuple[Shape, Shape]:
    """(rest, bracket): a short arm rest on a flat bar bent up from under the seat."""
    x = side * reach
    up = [(side * 0.10, seat - 0.070), (x - side * 0.02, seat - 0.066), (x, seat - 0.03), (x, seat + 0.17)]
    path = curve([*((a, 0.02, z) for a, z in up), (x, 0.0, seat + 0.192)], 18)
    line = curve([(x, -0.13, seat + 0.196), (x, -0.04, seat + 0.200), (x, 0.11, seat + 0.197)], 10)
    return limb(line, 0.046, 0.020, (1, 0, 0), 3.0), limb(path, 0.034, 0.010, (0, 1, 0), 5.0)


@form("office-chair", "upholstered", slots=_SLOTS)
def padded_task_chair(spec: Spec) -> list[Piece]:
    """A padded seat and a padded, wrapped back on a stem behind it; slim arms; a star of five castors."""
    width, depth, height = spec.size
    seat, reach = spec.number("seat", SEAT), min(width, depth) / 2 - 0.012
    wide = min(0.50, width - 0.10)
    pad = pad_seat(wide, min(0.48, depth - 0.10), seat - 0.058, seat + 0.012, 3.6, 0.06, 0.022).move(y=-0.03)
    tall = min(0.44, height - seat - 0.06)

    def wrap(points: Doubles) -> Doubles:
        up = points[:, 2] / tall
        curve_in = 0.42 * points[:, 0] ** 2 / wide
        lumbar = 0.022 * np.exp(-(((up - 0.28) / 0.22) ** 2))
        return np.column_stack(
            [points[:, 0] * (1 - 0.10 * up**2), points[:, 1] - curve_in - lumbar + 0.10 * points[:, 2], points[:, 2]]
        )

    back = cushion((wide * 0.94, 0.055, tall), 0.026, 0.008, spec.seed, 10).bend(wrap)
    y = min(depth / 2 - 0.085, 0.20)
    rest = back.move(y=y, z=height - tall - 0.006)
    stem = curve(
        [
            (0, 0.04, seat - 0.078),
            (0, y - 0.01, seat - 0.080),
            (0, y + 0.052, seat - 0.01),
            (0, y + 0.062, height - tall + 0.08),
            (0, y + 0.066, height - tall + 0.14),
        ],
        18,
    )
    legs = [
        star_base(reach, seat - 0.045, spec.rng()),
        _mechanism(seat - 0.054),
        limb(stem, 0.055, 0.012, (1, 0, 0), 5.0),
    ]
    arms = [_arm(side, wide / 2 + 0.018, seat) for side in (-1, 1)]
    legs += [bracket for _, bracket in arms]
    return [Piece("seat", join([pad, rest])), Piece("main", join([top for top, _ in arms])), Piece("legs", join(legs))]


@form("office-chair", "wooden", slots=_SLOTS)
def captains_chair(spec: Spec) -> list[Piece]:
    """A swivelling wooden chair: saddled seat, a bowed arm rail on turned spindles, a wooden star with castors."""
    width, depth, height = spec.size
    seat, reach = spec.number("seat", SEAT), min(width, depth) / 2 - 0.012
    wide, deep = min(0.50, width - 0.08), min(0.48, depth - 0.08)
    board = board_seat(wide, deep, seat, 0.040, 0.016, 2.8, 0.02).move(y=-0.02)
    angle = np.linspace(-28, 208, 31)
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    rx, ry = width / 2 - 0.045, depth / 2 - 0.045
    up = np.clip(s, 0, 1) ** 2.2
    arm_z = seat + 0.205
    rail_z = arm_z + 0.03 * up
    rail = limb(np.column_stack([rx * c, ry * s, rail_z]), 0.026, 0.052 - 0.014 * up, (0, 0, 1), 3.0)
    crest_at = slice(7, 24)
    crest = np.column_stack([rx * c, ry * s + 0.004, rail_z + 0.012])[crest_at]
    t = np.linspace(-1, 1, len(crest))
    tall = min(0.12, height - arm_z - 0.045)
    crest[:, 2] += tall / 2 * (1 - 0.55 * t**2)
    wood = [rail, limb(crest, tall * (1 - 0.62 * t**2) + 0.012, 0.022, (0, 0.2, 1), 4.0)]
    for each in np.linspace(-14, 194, 13):
        ca, sa = np.cos(np.radians(each)), np.sin(np.radians(each))
        foot = (0.80 * wide / 2 * ca, -0.02 + 0.84 * deep / 2 * sa, seat - 0.02)
        head = (rx * ca, ry * sa, arm_z + 0.03 * max(sa, 0) ** 2.2)
        wood.append(spindle(foot, head, 0.0065, 0.0115))
    return [
        Piece("seat", board),
        Piece("main", join(wood)),
        Piece("legs", join([star_base(reach, seat, spec.rng(), wooden=True), _mechanism(seat - 0.038)])),
    ]
