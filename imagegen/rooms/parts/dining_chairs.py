"""Chairs that are moulded, pressed, padded or bent of tube. Front is -Y."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.bentwood import leg, limb, moulded, outline, pad_seat, planar, post, rounded, stood, straight
from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.upholstery import rounded_loop
from imagegen.rooms.parts.wooden_chairs import SEAT
from imagegen.rooms.shapes import Shape, bar, curve, cushion, cylinder, join, lathe, tube
from imagegen.types import Doubles

_SLOTS = ("main", "seat", "legs")


def shell_plate(width: float, depth: float, low: float, high: float, thick: float = 0.009) -> Shape:
    """A seat and back moulded in one: front lip rolled down, sides turned up, back wrapped round; seat at ``low``."""
    line = curve(
        [
            (-depth / 2 + 0.012, low - 0.034),
            (-depth / 2 + 0.05, low - 0.004),
            (-0.04, low - 0.016),
            (depth / 2 - 0.175, low - 0.006),
            (depth / 2 - 0.10, low + 0.062),
            (depth / 2 - 0.062, low + 0.19),
            (depth / 2 - 0.014, high - 0.004),
        ],
        34,
    )
    share = np.linspace(0, 1, 34)[:, None]
    across = np.linspace(-1, 1, 25)[None, :]
    half = width / 2 * np.interp(share, [0, 0.15, 0.42, 0.6, 0.85, 1.0], [0.88, 0.97, 0.98, 0.91, 0.90, 0.88])
    corner = 0.965 * np.clip((share - 0.76) / 0.24, 0, 1)
    half = half * (1 - corner**3.6) ** 0.42 * (1 - 0.20 * np.clip((0.12 - share) / 0.12, 0, 1) ** 2)
    step = np.gradient(line, axis=0)
    step /= np.linalg.norm(step, axis=1, keepdims=True)
    curl = np.interp(share, [0, 0.2, 0.45, 0.7, 1.0], [0.004, 0.026, 0.052, 0.046, 0.020]) * np.abs(across) ** 2.4
    grid = np.stack(
        [
            half * across * np.ones_like(share),
            line[:, :1] - curl * step[:, 1:],
            line[:, 1:] + curl * step[:, :1],
        ],
        axis=2,
    )
    return moulded(grid, thick)


@form("dining-chair", "shell", slots=_SLOTS)
def shell_chair(spec: Spec) -> list[Piece]:
    """One moulded shell on four splayed wooden legs; ``settings.pad = 0`` leaves out the pad on its seat."""
    width, depth, height = spec.size
    seat = spec.number("seat", SEAT)
    legs: list[Shape] = []
    for x in (-1, 1):
        for y in (-1, 1):
            foot = (x * (width / 2 - 0.03), y * (depth / 2 - 0.025) + 0.004, 0.0)
            top = (x * 0.27 * width, y * 0.20 * depth - 0.02, seat - 0.052)
            legs.append(leg(foot, top, 0.0105, 0.0165, 0.9))
            legs.append(cylinder(0.019, 0.012).move(top[0], top[1], seat - 0.062))
    for y in (-1, 1):
        rail = [(x * 0.29 * width, y * 0.20 * depth - 0.02, seat - 0.046) for x in (-1, 1)]
        legs.append(limb(straight(rail[0], rail[1]), 0.016, 0.026, (0, 0, 1), 6.0))
    for x in (-1, 1):
        rail = [(x * 0.16 * width, y * 0.20 * depth - 0.02, seat - 0.044) for y in (-1, 1)]
        legs.append(limb(straight(rail[0], rail[1]), 0.02, 0.022, (0, 0, 1), 6.0))
    pieces = [Piece("main", shell_plate(width, depth, seat, height)), Piece("legs", stood(join(legs)))]
    if spec.number("pad", 1):
        pad = pad_seat(0.74 * width, 0.66 * depth, seat - 0.020, seat + 0.006, 2.6, 0.04, 0.010)
        pieces.append(Piece("seat", pad.move(y=-0.035)))
    return pieces


@form("dining-chair", "upholstered", slots=_SLOTS)
def padded_chair(spec: Spec) -> list[Piece]:
    """A padded seat on a wooden frame with tapered legs; a padded back, bent to the sitter, between two raked posts."""
    width, depth, height = spec.size
    seat = spec.number("seat", SEAT)
    frame, legs = [], []
    rear_x, rear_y = width / 2 - 0.045, depth / 2 - 0.10
    for side in (-1, 1):
        legs.append(
            leg(
                (side * (width / 2 - 0.022), -depth / 2 + 0.024, 0),
                (side * (width / 2 - 0.055), -depth / 2 + 0.065, seat - 0.045),
                0.0105,
                0.0195,
                0.95,
            )
        )
        path = curve(
            [
                (side * (width / 2 - 0.025), depth / 2 - 0.022, 0),
                (side * rear_x, rear_y + 0.012, 0.28),
                (side * rear_x, rear_y, seat),
                (side * (rear_x - 0.006), depth / 2 - 0.050, height - 0.13),
            ],
            18,
        )
        legs.append(tube(path, np.interp(path[:, 2], [0, 0.34, height], [0.0105, 0.0185, 0.0115]), 12).grain())
        rail = [(side * (width / 2 - 0.055), -depth / 2 + 0.07, seat - 0.062), (side * rear_x, rear_y, seat - 0.062)]
        frame.append(limb(straight(rail[0], rail[1]), 0.042, 0.020, (0, 0, 1), 5.0))
    for y, x in ((-depth / 2 + 0.066, width / 2 - 0.055), (rear_y, rear_x)):
        frame.append(limb(np.linspace((-x, y, seat - 0.062), (x, y, seat - 0.062), 3), 0.042, 0.020, (0, 0, 1), 5.0))
    deep = rear_y + depth / 2 - 0.004
    pad = pad_seat(width - 0.012, deep, seat - 0.048, seat + 0.014, 4.2, 0.08, 0.022).move(
        y=(rear_y - depth / 2) / 2 - 0.004
    )
    tall = min(0.24, height - seat - 0.10)
    back = cushion((width - 0.01, 0.052, tall), 0.024, 0.006, spec.seed, 7)
    seam = rounded_loop(width / 2 - 0.011, tall / 2 - 0.006, 0.020, along=14)
    piping = [
        tube(np.column_stack([seam[:, 0], np.full(len(seam), y), seam[:, 1] + tall / 2]), 0.0042, 6, closed=True)
        for y in (-0.020, 0.020)
    ]

    def wrap(points: Doubles) -> Doubles:
        lean = points[:, 1] - 0.30 * points[:, 0] ** 2 / width + 0.12 * (points[:, 2] - tall / 2)
        return np.column_stack([points[:, 0], lean, points[:, 2]])

    rest = join([back, *piping]).bend(wrap).move(y=depth / 2 - 0.075, z=height - tall - 0.004)
    return [Piece("seat", join([pad, rest])), Piece("main", join(frame)), Piece("legs", stood(join(legs)))]


def _cane_panel(width: float, deep: float, bow: float) -> tuple[Shape, Shape]:
    """(frame, cane) lying on z = 0 about the origin: a bent frame with rounded corners round a woven panel."""
    angle = np.linspace(0, 2 * np.pi, 61)
    spread = (np.abs(np.cos(angle)) ** 7 + np.abs(np.sin(angle)) ** 7) ** (-1 / 7)
    x, y = spread * np.cos(angle) * (width / 2 - 0.018), spread * np.sin(angle) * (deep / 2 - 0.018)

    def lift(places: Doubles) -> Doubles:
        return np.asarray(bow * (2 * places / width) ** 2)

    frame = limb(
        np.column_stack([x, y, lift(x) - 0.011]), 0.036, 0.022, np.column_stack([x, y, 0 * x]), 5.0, closed=True
    )
    rows, columns = np.linspace(-1, 1, 9)[:, None], np.linspace(-1, 1, 17)[None, :]
    px = columns * (width / 2 - 0.030) * np.ones_like(rows)
    py = rows * (deep / 2 - 0.030) * np.ones_like(columns)
    cane = moulded(np.stack([px, py, lift(px) - 0.004 - 0.004 * (1 - rows**2) * (1 - columns**2)], axis=2), 0.0025)
    return frame, cane


@form("dining-chair", "cane", slots=_SLOTS)
def cane_chair(spec: Spec) -> list[Piece]:
    """A cantilever of bent steel tube ("legs"): caned seat and back ("seat") in bent wooden frames ("main")."""
    width, depth, height = spec.size
    seat = spec.number("seat", SEAT)
    x, r = width / 2 - 0.014, 0.0115
    front, rear = -depth / 2 + r + 0.004, depth / 2 - r - 0.004
    back_low, back_high = depth / 2 - 0.085, depth / 2 - 0.030
    side = [
        (x - 0.012, back_high, height - 0.05),
        (x - 0.012, back_low, seat - 0.005),
        (x - 0.012, back_low - 0.028, seat - 0.036),
        (x - 0.008, front, seat - 0.036),
        (x, front + 0.012, r),
        (x, rear, r),
    ]
    path = rounded([*side, *[(-a, b, c) for a, b, c in side[::-1]]], 0.075, 8)
    steel = [tube(path, r, 10)]
    deep = back_low - front - 0.050
    seat_frame, seat_cane = _cane_panel(width - 0.062, deep, 0.0)
    place = {"y": (front + back_low) / 2 - 0.026, "z": seat + 0.001}
    tall = min(0.27, height - seat - 0.10)
    back_frame, back_cane = (part.turn(90, "x") for part in _cane_panel(width - 0.050, tall, 0.030))
    lean = float(np.degrees(np.arctan2(back_high - back_low, height - seat)))
    middle = height - tall / 2 - 0.004
    tube_y = back_low + (back_high - back_low) * (middle - seat) / (height - 0.05 - seat)
    put = [part.turn(-lean, "x").move(y=tube_y - r + 0.011, z=middle) for part in (back_frame, back_cane)]
    steel += [
        bar((-x + 0.01, y, seat - 0.036), (x - 0.01, y, seat - 0.036), 0.008) for y in (front + 0.10, back_low - 0.09)
    ]
    return [
        Piece("main", join([seat_frame.move(**place), put[0]])),
        Piece("seat", join([seat_cane.move(**place), put[1]])),
        Piece("legs", join(steel)),
    ]


def _pressed_legs(width: float, depth: float, rear_y: float, seat: float) -> Shape:
    """Four channels of sheet steel that taper and splay, braced by two crossed flats."""
    legs = []
    for sx in (-1, 1):
        for sy in (-1, 1):
            foot = np.array([sx * (width / 2 - 0.018), sy * (depth / 2 - 0.018), 0.0])
            top = np.array([sx * (width / 2 - 0.083), -depth / 2 + 0.098 if sy < 0 else rear_y - 0.034, seat - 0.012])
            legs.append(post(foot, top, 0.026, 0.056, (sx, sy, 0)))
        x, y = sx * (width / 2 - 0.045), depth / 2 - 0.045
        path = rounded([(x, -y, 0.20), (0, 0, 0.205 + sx * 0.004), (-x, y, 0.20)], 0.1)
        legs.append(limb(path, 0.022, 0.004, (0, 0, 1), 6.0, 8))
    return stood(join(legs))


def _splat(low: tuple[float, float], high: tuple[float, float]) -> Shape:
    """A hollowed plate of sheet steel between two places (y, z), wider above, two beads pressed along it."""
    share, across = np.linspace(0, 1, 12)[:, None], np.linspace(-1, 1, 25)[None, :]
    wide = (0.036 + 0.026 * share**1.5) * across
    y = low[0] + (high[0] - low[0]) * share**0.9 + 0.012 * (1 - across**2)
    y = y - 0.0045 * np.exp(-(((np.abs(across) - 0.5) / 0.14) ** 2)) * np.sin(np.pi * np.clip(share, 0.02, 0.98)) ** 0.4
    z = low[1] + (high[1] - low[1]) * share + 0 * across
    return moulded(np.stack([wide, y, z], axis=2), 0.003)


@form("dining-chair", "metal", slots=_SLOTS)
def metal_chair(spec: Spec) -> list[Piece]:
    """A workshop chair of pressed steel: tapered splayed sheet legs, hollowed seat, tube back with a broad splat."""
    width, depth, height = spec.size
    seat = spec.number("seat", SEAT)
    rear_y = depth / 2 - 0.085
    rim = [
        (0.0, seat - 0.034), (0.985, seat - 0.034), (1.0, seat - 0.030), (1.0, seat - 0.008), (0.985, seat),
        (0.93, seat), (0.89, seat - 0.005), (0.86, seat - 0.009), (0.3, seat - 0.011), (0.085, seat - 0.011),
        (0.07, seat - 0.016), (0.0, seat - 0.016),
    ]  # fmt: skip
    deep = rear_y + depth / 2 + 0.005
    pan = planar(lathe(rim, 64, 25).bend(outline(width - 0.065, deep, 5.0, 0.06)))
    pan = pan.move(y=(rear_y - depth / 2) / 2 + 0.012)
    x = width / 2 - 0.058
    half = [
        (-x + 0.01, rear_y - 0.012, seat - 0.03),
        (-x, rear_y + 0.010, seat + 0.10),
        (-x - 0.006, depth / 2 - 0.046, seat + 0.24),
        (-0.30 * width, depth / 2 - 0.022, height - 0.030),
        (-0.12 * width, depth / 2 - 0.013, height - 0.012),
    ]
    line = curve([*half, *[(-a, b, c) for a, b, c in half[::-1]]], 44)
    splat = _splat((rear_y - 0.007, seat - 0.010), (depth / 2 - 0.027, height - 0.014))
    back = join([tube(line, 0.0115, 12), splat])
    return [Piece("seat", pan), Piece("main", back), Piece("legs", _pressed_legs(width, depth, rear_y, seat))]
