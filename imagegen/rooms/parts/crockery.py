"""Plates, bowls, glasses, cutlery, folded linen and candles, each standing on z = 0 about its own middle."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.bentwood import limb
from imagegen.rooms.shapes import Shape, box, curve, cylinder, join, lathe, tube
from imagegen.types import Doubles


def plate(radius: float, rise: float = 0.018, wall: float = 0.004, well: float = 0.66) -> Shape:
    """A plate on a foot ring: a flat well, a curved shoulder, a rim that rises."""
    top = [
        (radius * 0.985, rise),
        (radius * (well + 0.10), rise * 0.55),
        (radius * well, wall + 0.002),
        (0.0, wall + 0.002),
    ]
    under = [(0.0, 0.002), (radius * 0.50, 0.002), (radius * 0.52, 0.0), (radius * 0.57, 0.0), (radius * 0.60, 0.003)]
    return lathe(
        [*under, (radius * (well + 0.12), rise * 0.42), (radius, rise - 0.002), (radius * 0.998, rise - 0.0005), *top],
        28,
        30,
    )


def hollow(outer: list[tuple[float, float]], wall: float, floor: float, segments: int = 20) -> Shape:
    """A vessel of even wall: an outline of (radius, height) from foot to lip, its inside ``floor`` above the foot."""
    line = curve([(r, z, 0.0) for r, z in outer], 12)
    skin = [(float(r), float(z)) for r, z, _ in line]
    lip = skin[-1]
    inside = [(max(r - wall, 0.001), z) for r, z in skin if z > floor + 0.002][::-1]
    return lathe(
        [
            (0.0, skin[0][1]),
            *skin,
            (lip[0] - wall / 2, lip[1] + wall * 0.4),
            *inside,
            (inside[-1][0] * 0.7, floor),
            (0.0, floor),
        ],
        segments,
        50,
    )


def tumbler(radius: float, height: float) -> Shape:
    """A plain drinking glass with a heavy bottom."""
    return hollow(
        [(radius * 0.80, 0.0), (radius * 0.86, 0.008), (radius * 0.95, height * 0.6), (radius, height)], 0.0016, 0.008
    )


def wine_glass(height: float) -> Shape:
    """A thin bowl on a drawn stem and a flat foot."""
    h = height
    outer = curve(
        [
            (0.0045, 0.42 * h, 0),
            (0.020, 0.455 * h, 0),
            (0.036, 0.55 * h, 0),
            (0.040, 0.68 * h, 0),
            (0.036, 0.85 * h, 0),
            (0.031, h, 0),
        ],
        14,
    )
    skin = [(float(r), float(z)) for r, z, _ in outer]
    inside = [(r - 0.0012, z + 0.002) for r, z in skin[1:]][::-1]
    stem = [
        (0.0, 0.0),
        (0.034, 0.0),
        (0.035, 0.0012),
        (0.026, 0.0035),
        (0.008, 0.007),
        (0.0042, 0.015),
        (0.0034, 0.22 * h),
    ]
    return lathe([*stem, *skin, *inside, (0.0, 0.445 * h)], 20, 60)


def _handle(length: float, head: float) -> tuple[Doubles, Doubles]:
    """(path, width) of a flat handle along +Y, arched so that only its ends touch the cloth."""
    share = np.linspace(0, 1, 9)
    z = 0.0022 + 0.010 * np.sin(np.pi * np.clip(share * 1.15, 0, 1)) ** 1.5
    path = np.column_stack([np.zeros(9), share * length, z])
    return path, np.interp(share, [0.0, 0.08, 0.35, 0.75, 1.0], [0.012, 0.017, 0.012, 0.006, head])


def fork() -> Shape:
    """A table fork, 195 mm, handle towards -Y."""
    path, wide = _handle(0.128, 0.011)
    parts = [limb(path, wide, 0.0024, (1, 0, 0), 2.6, 8)]
    root = np.array([(0, 0.122, 0.0058), (0, 0.138, 0.0045), (0, 0.152, 0.0055)])
    parts.append(limb(root, np.array([0.012, 0.024, 0.025]), 0.0022, (1, 0, 0), 2.6, 8))
    for x in (-0.0105, -0.0035, 0.0035, 0.0105):
        tine = np.array([(x, 0.148, 0.0052), (x, 0.172, 0.0085), (x * 0.95, 0.195, 0.0060)])
        parts.append(limb(tine, np.array([0.0038, 0.0034, 0.0016]), 0.0020, (1, 0, 0), 3.0, 6))
    return join(parts).move(y=-0.0975)


def knife() -> Shape:
    """A table knife, 225 mm: rounded handle, blade with a curved edge."""
    handle = np.column_stack([np.zeros(6), np.linspace(0, 0.105, 6), np.full(6, 0.0050)])
    blade = np.column_stack(
        [
            np.interp(np.linspace(0, 1, 8), [0, 0.6, 1], [0, 0.0005, 0.004]),
            np.linspace(0.100, 0.225, 8),
            np.full(8, 0.0032),
        ]
    )
    wide = np.array([0.012, 0.016, 0.0195, 0.0205, 0.0205, 0.019, 0.014, 0.004])
    parts = [limb(handle, np.array([0.015, 0.018, 0.0165, 0.0145, 0.0135, 0.012]), 0.0075, (1, 0, 0), 2.4, 8)]
    return join([*parts, limb(blade, wide, 0.0018, (1, 0, 0), 3.0, 8)]).move(y=-0.1125)


def spoon() -> Shape:
    """A table spoon, 195 mm."""
    path, wide = _handle(0.135, 0.009)
    bowl = lathe(
        [
            (0.0, -0.008),
            (0.5, -0.0065),
            (0.85, -0.0025),
            (1.0, 0.0012),
            (0.985, 0.0022),
            (0.82, -0.001),
            (0.5, -0.0045),
            (0.0, -0.0062),
        ],
        22,
        70,
    )
    oval = bowl.bend(lambda p: p * np.array([0.0205, 0.031, 1.0])).move(y=0.162, z=0.0082)
    return join([limb(path, wide, 0.0024, (1, 0, 0), 2.6, 8), oval]).move(y=-0.0975)


def napkin(rng: np.random.Generator, width: float = 0.10, length: float = 0.215) -> Shape:
    """A linen napkin folded in three, its layers not quite on each other, soft at the folds."""
    layers = [
        box((width, length, 0.0042), 0.0018, 1, 0),
        box((width - 0.004, length - 0.005, 0.003), 0.0014, 1, 0).move(z=0.0042),
    ]
    phase, wave = rng.uniform(0, 6.28), rng.uniform(14, 26)

    def soften(points: Doubles) -> Doubles:
        lift = 0.0013 * (1 + np.sin(wave * points[:, 1] + 9 * points[:, 0] + phase)) * (points[:, 2] > 0.002)
        bulge = 1 + 0.015 * np.sin(wave * 0.6 * points[:, 1] + phase)
        return np.column_stack([points[:, 0] * bulge, points[:, 1], points[:, 2] + lift])

    layers.append(box((width - 0.001, length - 0.003, 0.0036), 0.0016, 1, 5).bend(soften).move(z=0.0068))
    return join(
        [
            layer.turn(float(rng.uniform(-1.8, 1.8))).move(
                float(rng.uniform(-0.002, 0.002)), float(rng.uniform(-0.003, 0.003))
            )
            for layer in layers
        ]
    )


def runner(rng: np.random.Generator, length: float, width: float) -> Shape:
    """A strip of linen along the middle, with the low waves of cloth that was ironed once."""
    phase = rng.uniform(0, 6.28, 3)

    def settle(points: Doubles) -> Doubles:
        x, y, z = points.T
        wave = 0.0006 * (1 + np.sin(9 * x + phase[0])) * (1 + np.sin(14 * y + 5 * x + phase[1])) / 2
        return np.column_stack([x, y + 0.004 * np.sin(4 * x + phase[2]), z + wave * (z > 0.0008)])

    return box((length, width, 0.0022), 0.001, 1, 26).bend(settle)


def candle(rng: np.random.Generator, tall: float) -> tuple[Shape, Shape]:
    """(stick, candle): a turned candlestick and a taper with its wick."""
    rise = float(rng.uniform(0.07, 0.13))
    stick = lathe(
        [
            (0.0, 0.0),
            (0.042, 0.0),
            (0.044, 0.004),
            (0.040, 0.008),
            (0.012, 0.013),
            (0.008, 0.02),
            (0.007, rise - 0.02),
            (0.017, rise - 0.012),
            (0.018, rise),
            (0.0, rise),
        ],
        26,
        50,
    )
    wax = cylinder(0.0108, tall - rise, 0.002, 18, 0.0085).move(z=rise - 0.001)
    wick = tube(np.array([(0, 0, tall - 0.003), (0.0005, 0, tall + 0.004), (0.002, 0, tall + 0.009)]), 0.0009, 6)
    return stick, join([wax, wick])
