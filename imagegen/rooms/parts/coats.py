"""Rails and stands for coats, and what hangs on them."""

from __future__ import annotations

import math

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.joinery import plank
from imagegen.rooms.shapes import Shape, bar, curve, cushion, join, lathe, sheet, slab, tube

_COAT_SLOTS = ("main", "hooks", "coat1", "coat2", "bag")
_COAT, _BAG = 93, 116


def coat(length: float, seed: int) -> Shape:
    """A coat hung by its loop: origin at the hook, falling along -Z before a wall at y = 0; sleeves at its sides."""
    rng = np.random.default_rng(seed)
    rows, around = 36, 72
    t = np.linspace(0, 1, rows)[:, None]
    a = np.linspace(0, 2 * np.pi, around + 1)[None, :]
    half = np.interp(t, [0, 0.04, 0.12, 0.25, 0.6, 1.0], [0.035, 0.07, 0.145, 0.175, 0.19, 0.235])
    deep = np.interp(t, [0, 0.05, 0.2, 0.6, 1.0], [0.022, 0.035, 0.055, 0.060, 0.072])
    phase = rng.uniform(0, 6, 3)
    folds = 1 + t * (0.16 * np.sin(6 * a + phase[0]) + 0.10 * np.sin(11 * a + phase[1] + 2 * t))
    x = half * np.sign(np.cos(a)) * np.abs(np.cos(a)) ** 0.8 * (1 + 0.05 * t * np.sin(4 * a + phase[2]))
    y = -deep - 0.018 + deep * 0.92 * np.sin(a) * folds
    z = -length * t + 0.010 * t * np.sin(5 * a + phase[0])
    body = sheet(np.stack([x, np.minimum(y, -0.004 - 0.018 * np.clip(t / 0.2, 0, 1)), z + 0 * a], axis=2)[::-1])
    made = [body]
    for s in (-1, 1):
        path = curve(
            [
                (s * 0.10, -0.05, -0.10 * length),
                (s * 0.175, -0.06, -0.24 * length),
                (s * 0.20, -0.075, -0.42 * length),
                (s * 0.19, -0.085, -0.64 * length),
            ],
            22,
        )
        sleeve = tube(
            path,
            np.interp(np.arange(22), [0, 4, 21], [0.030, 0.058, 0.046])
            * (1 + 0.05 * np.sin(np.arange(22) * 1.7 + phase[1])),
            14,
        )
        flat = sleeve.bend(lambda p: np.column_stack([p[:, 0], -0.06 + (p[:, 1] + 0.06) * 0.72, p[:, 2]]))
        made.append(flat)
    collar = [
        (0.062 * math.cos(v), -0.035 + 0.034 * math.sin(v), -0.03 - 0.035 * (1 - math.sin(v)) * 0.5)
        for v in np.linspace(0.3, 2 * math.pi - 0.3 + 0.6, 22)
    ]
    made.append(tube(np.array(collar), 0.015, 8, closed=False))
    opening = curve(
        [(0.012, -0.080, -0.10 * length), (0.016, -0.128, -0.5 * length), (0.02, -0.150, -0.985 * length)], 8
    )
    made.append(tube(opening, 0.0035, 6))
    return join(made)


def bag(seed: int) -> Shape:
    """A cloth bag hung by two straps: origin at the hook."""
    rng = np.random.default_rng(seed)
    body = cushion((0.36, 0.075, 0.34), 0.03, 0.02, seed, 12).bend(
        lambda p: (
            p * np.column_stack([0.80 + 0.35 * (1 - p[:, 2] / 0.36), 0.7 + 0.6 * (1 - p[:, 2] / 0.36), 1 + 0 * p[:, 2]])
        )
    )
    straps = [
        tube(
            curve(
                [
                    (-0.09, y, -0.235),
                    (-0.05, y * 0.8, -0.09),
                    (0, y * 0.4, 0.006),
                    (0.05, y * 0.8, -0.09),
                    (0.09, y, -0.235),
                ],
                24,
            ),
            0.007,
            8,
        )
        for y in (-0.02, 0.012)
    ]
    return join([body.turn(rng.uniform(-3, 3), "y").move(z=-0.56), *straps]).move(y=-0.055)


def hat(radius: float = 0.165) -> Shape:
    """A brimmed hat seen from its crown, its brim against the wall."""
    profile = curve(
        [
            (1.0, 0.0, 0),
            (0.85, 0.014, 0),
            (0.58, 0.022, 0),
            (0.53, 0.30, 0),
            (0.46, 0.58, 0),
            (0.2, 0.60, 0),
            (0.0, 0.54, 0),
        ],
        34,
    )
    crown = lathe([(float(max(r, 0)) * radius, float(z) * radius * 1.05 + 0.004) for r, z, _ in profile], 48, 70)
    return crown.turn(90, "x")


def _hung(spec: Spec, hooks: list[tuple[float, float, float]]) -> list[Piece]:
    """What ``settings`` asks for on the hooks (x, y, z): coats (2), hat (1), bag (1)."""
    free = list(hooks)
    pieces: list[Piece] = []
    coats = min(int(spec.number("coats", 2)), len(free))
    for index in range(coats):
        x, y, z = free.pop(0 if index == 0 else min(1, len(free) - 1))
        length = min(1.02 - 0.14 * index, z - 0.35)
        pieces.append(Piece(f"coat{index % 2 + 1}", coat(length, spec.seed + index).move(x, y, z - 0.01), _COAT))
    if spec.number("bag", 1) and free:
        x, y, z = free.pop()
        pieces.append(Piece("bag", bag(spec.seed).move(x, y, z - 0.005), _BAG))
    if spec.number("hat", 1) and free:
        x, y, z = free.pop()
        pieces.append(Piece("bag", hat().move(x, y, z - 0.05), _COAT))
    return pieces


@kind("coat-rack", 25, _COAT_SLOTS, ("pegs",), words=("coat rack", "coat stand", "hook", "peg rail"), near=1.3)
def pegs(spec: Spec) -> list[Piece]:
    """A rail on the wall with turned pegs; wall at y = 0, ``size`` is the rail's, z = 0 at its lower edge.

    ``settings``: coats (2), hat (1), bag (1) hang on it.
    """
    width, depth, height = spec.size
    rail = plank((-width / 2, -0.02, 0), (width / 2, 0, height), 0.006)
    reach = max(depth, 0.06)
    profile = [
        (0, 0),
        (0.010, 0),
        (0.008, 0.02),
        (0.008, reach - 0.034),
        (0.015, reach - 0.024),
        (0.015, reach - 0.012),
        (0.010, reach - 0.003),
        (0, reach),
    ]
    xs = np.linspace(-width / 2 + 0.10, width / 2 - 0.10, max(4, round(width / 0.24)))
    sticks = [lathe(profile, 20).turn(90, "x").turn(8, "x").move(float(x), -0.004, height / 2 - 0.006) for x in xs]
    hooks = [(float(x), -0.018, height / 2 + 0.012) for x in xs]
    return [Piece("main", rail), Piece("hooks", join(sticks)), *_hung_on_wall(spec, hooks)]


def _hung_on_wall(spec: Spec, hooks: list[tuple[float, float, float]]) -> list[Piece]:
    """As ``_hung``, for a rail whose z = 0 is high on a wall."""
    lift = 1.6
    return [
        Piece(p.slot, p.shape.move(z=-lift), p.segment) for p in _hung(spec, [(x, y, z + lift) for x, y, z in hooks])
    ]


@form("coat-rack", "hooks")
def hooks(spec: Spec) -> list[Piece]:
    """A thick old plank on the wall with double iron hooks."""
    width, depth, height = spec.size
    rail = plank((-width / 2, -0.028, 0), (width / 2, 0, height), 0.005)
    reach = max(depth, 0.07)
    xs = np.linspace(-width / 2 + 0.12, width / 2 - 0.12, max(4, round(width / 0.24)))
    iron: list[Shape] = []
    mid = height / 2
    for x in xs:
        iron.append(slab((x - 0.014, -0.032, mid - 0.045), (x + 0.014, -0.0275, mid + 0.045), 0.002))
        upper = curve([(x, -0.03, mid + 0.02), (x, -reach * 0.7, mid + 0.018), (x, -reach, mid + 0.055)], 12)
        lower = curve([(x, -0.03, mid - 0.02), (x, -reach * 0.62, mid - 0.045), (x, -reach * 0.72, mid - 0.008)], 12)
        iron += [tube(upper, np.linspace(0.0055, 0.0045, 12), 8), tube(lower, np.linspace(0.0055, 0.0045, 12), 8)]
        iron.append(lathe([(0, -0.009), (0.009, 0), (0, 0.009)], 14, 80).move(x, -reach, mid + 0.058))
    places = [(float(x), -0.034, mid + 0.03) for x in xs]
    return [Piece("main", rail), Piece("hooks", join(iron)), *_hung_on_wall(spec, places)]


@form("coat-rack", "stand")
def stand(spec: Spec) -> list[Piece]:
    """A pole on three splayed feet with pegs at two heights."""
    width, _, height = spec.size
    r = width / 2
    wood = [bar((0, 0, 0.16), (0, 0, height), 0.020, 0.014, 16)]
    for angle in np.radians([90, 210, 330]):
        c, s = math.cos(angle), math.sin(angle)
        foot = curve([(r * c * 0.97, r * s * 0.97, 0.012), (r * c * 0.5, r * s * 0.5, 0.10), (0, 0, 0.30)], 14)
        leg = tube(foot, np.linspace(0.0115, 0.017, 14), 12)
        wood.append(leg)
    arms: list[Shape] = []
    tips: list[tuple[float, float, float]] = []
    for index, angle in enumerate(np.radians([250, 290, 200, 340, 120, 60])):
        z = height - 0.05 - 0.16 * (index % 2)
        tip = np.array([0.14 * math.cos(angle), 0.14 * math.sin(angle), z + 0.07])
        arms.append(bar((0, 0, z), tip, 0.009, 0.008))
        arms.append(lathe([(0, -0.013), (0.013, 0), (0, 0.013)], 16, 80).move(*tip))
        tips.append((float(tip[0]) * 0.7, float(tip[1]) * 0.7 + 0.02, z + 0.055))
    coats = int(spec.number("coats", 1))
    pieces = [Piece("main", join(wood)), Piece("hooks", join(arms))]
    for index in range(min(coats, 2)):
        x, y, z = tips[2 * index]
        turn = (-20.0, -70.0)[index]
        pieces.append(
            Piece(f"coat{index + 1}", coat(min(1.0, z - 0.5), spec.seed + index).turn(turn).move(x, y, z), _COAT)
        )
    if spec.number("hat", 1):
        pieces.append(Piece("bag", hat(0.15).turn(-90, "x").turn(9, "x").move(z=height - 0.055), _COAT))
    return pieces
