"""Blinds before a window and shutters beside it: wall at y = 0, body before it, lower edge at z = 0."""

from __future__ import annotations

import math

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.openwork import rails
from imagegen.rooms.shapes import Shape, bar, box, cylinder, join, lathe, sheet, slab


def _drop(spec: Spec) -> tuple[float, float]:
    """(upper, lower) level of the cloth: ``settings.drop``: share of the height that hangs down (1)."""
    height = spec.size[2]
    return height, height * (1 - min(1.0, spec.number("drop", 1.0)))


def _pull(x: float, y: float, top: float, end: float) -> list[Shape]:
    """A cord with its acorn."""
    return [
        bar((x, y, top), (x, y, end), 0.0016, segments=6),
        lathe([(0, 0), (0.008, 0.006), (0.004, 0.03), (0, 0.03)], 12).move(x, y, end - 0.028),
    ]


@kind("blind", 64, ("main", "rod"), ("roman",))
def roman(spec: Spec) -> list[Piece]:
    """Cloth drawn up in soft level folds. Settings: drop, folds."""
    width, depth, _ = spec.size
    top, low = _drop(spec)
    rng = spec.rng()
    folds = int(spec.number("folds", 4))
    y = -min(depth * 0.45, 0.045)
    stack = min(0.16, (top - low) * 0.5)
    path = [(y, top - 0.04), (y, low + stack)]
    for i in range(folds):
        base = low + stack * (1 - (i + 0.35) / folds)
        belly = y - 0.016 - 0.010 * (folds - i) / folds
        turn = np.linspace(0, math.pi, 9)
        path += [(y + (belly - y) * math.sin(t), base - stack / folds * 0.9 * (1 - math.cos(t)) / 2) for t in turn]
    line = np.array(path)
    u = np.linspace(-0.5, 0.5, 25)
    phase = rng.uniform(0, 6, 2)
    sag = 0.010 * np.cos(np.pi * u)[None, :] * ((top - line[:, 1]) / (top - low))[:, None]
    wave = 0.0025 * np.sin(9 * u + phase[0])[None, :] * np.clip((line[:, 1] - low) / stack, 0, 1)[:, None]
    grid = np.stack([np.broadcast_to(u * width, sag.shape), line[:, :1] + wave, line[:, 1:] - sag], axis=2)
    cloth = sheet(grid[::-1])
    rail = slab((-width / 2, y - 0.034, top - 0.045), (width / 2, 0.0, top), 0.003)
    return [
        Piece("main", cloth),
        Piece("rod", join([rail, *_pull(width / 2 - 0.04, y - 0.032, top - 0.03, low + 0.18)])),
    ]


@form("blind", "bamboo")
def bamboo(spec: Spec) -> list[Piece]:
    """Split canes woven with threads, rolled up at the lower edge. Settings: drop."""
    width, depth, _ = spec.size
    top, low = _drop(spec)
    rng = spec.rng()
    y = -min(depth * 0.5, 0.05)
    roll = 0.032
    pitch = 0.0095
    canes = []
    for z in np.arange(low + 2 * roll, top - 0.01, pitch):
        thick = float(rng.uniform(0.0028, 0.0042))
        cane = slab((-width / 2, y - thick / 2, z), (width / 2, y + thick / 2, z + pitch - 0.0012), 0.0014, 1)
        canes.append(cane.grain(False, shift=(float(rng.uniform(0, 1)), float(rng.uniform(0, 1)))))
    canes.append(_rolled(width - 0.004, roll).move(y=y - 0.012, z=low + roll))
    threads = [
        slab((x - 0.0015, y - 0.0035, low + 2 * roll), (x + 0.0015, y - 0.0022, top - 0.03), 0.0005, 1)
        for x in np.linspace(-width / 2 + 0.06, width / 2 - 0.06, max(3, round(width / 0.2)))
    ]
    rail = slab((-width / 2, y - 0.008, top - 0.03), (width / 2, 0.0, top), 0.003)
    cords = [c for s in (-1, 1) for c in _pull(s * (width / 2 - 0.1), y - 0.02, top - 0.02, low + roll)[:1]]
    return [Piece("main", join(canes)), Piece("rod", join([rail, *threads, *cords]))]


def _rolled(width: float, radius: float) -> Shape:
    """The roll of what is drawn up, along X: a spiral seen at its ends."""
    angle = np.linspace(0, 6 * math.pi, 109)
    r = radius * (1 - 0.55 * angle / angle[-1])
    ring = np.stack([np.zeros_like(angle), -r * np.sin(angle), r * np.cos(angle)], axis=1)
    ends = [ring + np.array([x, 0, 0]) for x in (-width / 2, width / 2)]
    return sheet(np.stack(ends, axis=1))


@form("blind", "venetian")
def venetian(spec: Spec) -> list[Piece]:
    """Slats on ladder tapes. Settings: drop, slat (metres, 0.05), tilt (degrees from level, 28)."""
    width, depth, _ = spec.size
    top, low = _drop(spec)
    slat = min(spec.number("slat", 0.05), depth)
    tilt = spec.number("tilt", 28.0)
    y = -max(0.006 + slat / 2, depth / 2)
    blade = box((width - 0.01, slat, 0.0028), 0.0013, 1).turn(tilt, "x")
    levels = np.arange(low + 0.05, top - 0.07, slat * 0.84)
    slats = [blade.move(y=y, z=z) for z in levels]
    slats.append(slab((-width / 2 + 0.005, y - slat / 2, low), (width / 2 - 0.005, y + slat / 2, low + 0.016), 0.004))
    slats.append(slab((-width / 2, y - slat / 2 - 0.004, top - 0.055), (width / 2, 0.0, top), 0.004))
    tapes = []
    reach = slat / 2 * math.cos(math.radians(tilt)) + 0.002
    for x in np.linspace(-width / 2 + 0.14, width / 2 - 0.14, max(2, round(width / 0.55))):
        tapes += [
            slab(
                (x - 0.009, y + s * reach - 0.0006, low + 0.01),
                (x + 0.009, y + s * reach + 0.0006, top - 0.05),
                0.0004,
                1,
            )
            for s in (-1, 1)
        ]
    tapes += _pull(width / 2 - 0.08, y - slat / 2 - 0.008, top - 0.05, top - (top - low) * 0.6)
    return [Piece("main", join(slats)), Piece("rod", join(tapes))]


@form("blind", "paper")
def paper(spec: Spec) -> list[Piece]:
    """Finely pleated paper between two thin rails. Settings: drop."""
    width, depth, _ = spec.size
    top, low = _drop(spec)
    y = -min(depth * 0.5, 0.035)
    pleats = max(4, round((top - low - 0.04) / 0.026))
    z = np.linspace(low + 0.018, top - 0.022, 2 * pleats + 1)
    zig = y + 0.010 * np.where(np.arange(len(z)) % 2, 1.0, -1.0)
    strips = []
    for i in range(len(z) - 1):
        rows = [[(-width / 2 + 0.004, zig[k], z[k]), (width / 2 - 0.004, zig[k], z[k])] for k in (i, i + 1)]
        strips.append(sheet(np.array(rows)))
    rail = [
        slab((-width / 2, y - 0.014, low), (width / 2, y + 0.014, low + 0.018), 0.004),
        slab((-width / 2, y - 0.016, top - 0.024), (width / 2, 0.0, top), 0.004),
    ]
    return [Piece("main", join(strips)), Piece("rod", join(rail))]


@kind("shutters", 64, ("main",), ("louvre",))
def louvre(spec: Spec) -> list[Piece]:
    """Open leaves with tilted blades beside a window, flat to the wall.

    ``size`` spans both leaves and the window between them. Settings: leaf (metres, a quarter of the width).
    """
    return [Piece("main", join([_blades(leaf, spec.size[2]).move(x=x) for x, leaf in _places(spec)]))]


@form("shutters", "panel")
def panel(spec: Spec) -> list[Piece]:
    """The same with two sunk panels a leaf."""
    made = []
    for x, leaf in _places(spec):
        height = spec.size[2]
        stile = min(0.06, leaf * 0.2)
        frame = rails(leaf, height, stile, -0.034, -0.006, foot=stile * 1.4)
        middle = height * 0.42
        frame.append(
            slab((-leaf / 2 + stile, -0.034, middle - stile / 2), (leaf / 2 - stile, -0.006, middle + stile / 2), 0.003)
        )
        frame.append(
            slab(
                (-leaf / 2 + stile - 0.005, -0.022, stile),
                (leaf / 2 - stile + 0.005, -0.012, height - stile + 0.005),
                0.001,
            ).grain()
        )
        for z0, z1 in (
            (stile * 1.4 + 0.025, middle - stile / 2 - 0.025),
            (middle + stile / 2 + 0.025, height - stile - 0.025),
        ):
            frame.append(
                slab((-leaf / 2 + stile + 0.025, -0.028, z0), (leaf / 2 - stile - 0.025, -0.02, z1), 0.006).grain()
            )
        made.append(join([*frame, *_hinges(x, leaf, height)]).move(x=x))
    return [Piece("main", join(made))]


def _places(spec: Spec) -> list[tuple[float, float]]:
    """(middle, width) of each leaf; what is narrower than 0.7 m is a single leaf."""
    width = spec.size[0]
    if width < 0.7:
        return [(0.0, width)]
    leaf = spec.number("leaf", width / 4)
    return [(side * (width - leaf) / 2, leaf) for side in (-1, 1)]


def _hinges(x: float, leaf: float, height: float) -> list[Shape]:
    """Knuckles on the edge next to the window."""
    edge = -math.copysign(leaf / 2 - 0.004, x) if x else leaf / 2 - 0.004
    return [cylinder(0.007, 0.07, 0.002, 12).move(edge, -0.005, height * z) for z in (0.12, 0.84)]


def _blades(leaf: float, height: float) -> Shape:
    stile = min(0.048, leaf * 0.18)
    parts = rails(leaf, height, stile, -0.034, -0.006, foot=stile * 1.7)
    middle = height * 0.47
    parts.append(slab((-leaf / 2 + stile, -0.034, middle - 0.03), (leaf / 2 - stile, -0.006, middle + 0.03), 0.003))
    blade = box((leaf - 2 * stile + 0.006, 0.042, 0.007), 0.003, 1).turn(48, "x")
    for low, high in ((stile * 1.7, middle - 0.03), (middle + 0.03, height - stile)):
        count = max(1, int((high - low - 0.03) / 0.034))
        parts += [blade.move(y=-0.02, z=low + (high - low) * (i + 0.5) / count) for i in range(count)]
    return join(parts)
