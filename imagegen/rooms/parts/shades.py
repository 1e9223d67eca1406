"""What lamps are put together from: shades of cloth, paper, metal, glass and cane, bulbs, rosettes, rings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from imagegen.rooms.shapes import Shape, bar, curve, cylinder, join, lathe, tube
from imagegen.types import Doubles

Profile = Sequence[tuple[float, float]]


def shade(low: float, high: float, height: float, wall: float = 0.003) -> Shape:
    """A conical shade open at both ends, standing on z = 0: radii below and above, its edges bound."""
    bound = 0.0012
    outer = [
        (low + bound, 0.0),
        (low + bound, 0.009),
        (low, 0.010),
        (high, height - 0.010),
        (high + bound, height - 0.009),
        (high + bound, height),
    ]
    inner = [(high - wall, height), (low - wall, 0.0), (low + bound, 0.0)]
    return lathe([*outer, *inner], 56)


def spider(radius: float, z: float) -> Shape:
    """Three wires from a small hub to a shade's upper ring, which is at height z."""
    spokes = [
        bar((0, 0, z), (radius * np.cos(a), radius * np.sin(a), z), 0.0018, segments=6)
        for a in np.radians((30, 150, 270))
    ]
    return join([*spokes, cylinder(0.012, 0.012).move(z=z - 0.006)])


def ball(radius: float, squash: float = 1.0, segments: int = 36) -> Shape:
    """A ball about the origin; ``squash`` is its height over its width."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 2)
    return lathe(
        [(max(0.0, float(radius * np.cos(a))), float(radius * squash * np.sin(a))) for a in angle], segments, 80
    )


def dome(radius: float, height: float, wall: float = 0.004) -> Shape:
    """A spun metal dome, open below, its rim at z = 0."""
    angle = np.linspace(0, np.pi / 2, 20)
    outer = [(float(radius * np.cos(a) ** 0.8), float(height * np.sin(a))) for a in angle[:-1]] + [(0.0, height)]
    inner = [(max(0.0, r - wall), max(0.0, z - wall)) for r, z in outer[::-1]]
    return lathe([*outer, *inner[:-1], (radius - wall, 0.0), (radius, 0.0)], 56)


def bulb(radius: float = 0.03) -> Shape:
    """A pear-shaped bulb about the origin, its socket end up."""
    pear = curve([(0, -1.0), (0.72, -0.7), (1.0, 0.0), (0.72, 0.75), (0.42, 1.4), (0.40, 1.7), (0, 1.72)], 22)
    return lathe([(max(0.0, float(r) * radius), float(z) * radius) for r, z in pear[:, :2]], 24, 80)


def ring(radius: float, z: float, thick: float, segments: int = 6) -> Shape:
    """A wire hoop."""
    angle = np.linspace(0, 2 * np.pi, 41)
    path = np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.full(41, z)])
    return tube(path, thick, segments, closed=True)


def rosette(radius: float = 0.05) -> Shape:
    """The cap under the ceiling that hides a pendant's wires; hangs from z = 0."""
    edge = radius * 0.24
    return lathe(
        [(0, -0.026), (radius - edge, -0.025), (radius - 0.3 * edge, -0.021), (radius, -0.012), (radius, 0), (0, 0)]
    )


def ribbed(profile: Doubles, ribs: int, depth: float) -> list[tuple[float, float]]:
    """A paper lantern's outline (N, 2): drawn in between its wires by ``depth`` of the radius."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))])
    share = np.linspace(0, along[-1], 3 * ribs + 1)
    radius, height = (np.interp(share, along, profile[:, i]) for i in (0, 1))
    drawn = radius * (1 - depth * np.abs(np.sin(share / along[-1] * np.pi * ribs)) ** 0.6)
    return [(float(r), float(z)) for r, z in zip(drawn, height, strict=True)]


def lantern(radius: float, squash: float = 0.92) -> Shape:
    """A rice-paper ball on wire rings about the origin, open above and below."""
    angle = np.linspace(-np.pi / 2 + 0.16, np.pi / 2 - 0.16, 97)
    return lathe(ribbed(np.column_stack([radius * np.cos(angle), radius * squash * np.sin(angle)]), 22, 0.016), 48, 80)


def stacked(radius: float, height: float) -> Shape:
    """Paper swelling and drawn in again, two full tiers and a small one, standing on z = 0."""
    outline = [(0.42, 0.0), (0.92, 0.10), (1.0, 0.22), (0.90, 0.35), (0.58, 0.42), (0.82, 0.52), (0.88, 0.62)]
    outline += [(0.80, 0.72), (0.48, 0.78), (0.60, 0.85), (0.58, 0.93), (0.32, 1.0)]
    swell = curve(outline, 90)[:, :2] * (radius, height)
    return lathe(ribbed(swell, 30, 0.014), 44, 80)


def woven(profile: Doubles, strands: int = 20, thick: float = 0.0024, twist: float = 1.1) -> Shape:
    """Open cane-work on a surface of revolution (N, 2), from bottom to top: crossing strands, held by hoops."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))])
    share = np.linspace(0, 1, 13)
    radius, height = (np.interp(share * along[-1], along, profile[:, i]) for i in (0, 1))
    made = []
    for way in (-1, 1):
        lift = 1 + way * thick * 0.5 / max(float(radius.max()), 1e-3)
        for start in np.linspace(0, 2 * np.pi, strands, endpoint=False):
            turn = start + way * twist * share
            path = np.column_stack([radius * lift * np.cos(turn), radius * lift * np.sin(turn), height])
            made.append(tube(path, thick, 4))
    hoops = [ring(float(radius[i]), float(height[i]), thick * (2.0 if i in (0, 12) else 1.0)) for i in (0, 4, 8, 12)]
    return join([*made, *hoops])


def bell(radius: float, height: float, neck: float) -> Doubles:
    """The outline of a woven bell: wide at its rim (z = 0), a ``neck`` at its top."""
    return curve([(radius, 0), (radius * 0.97, height * 0.25), (radius * 0.78, height * 0.68), (neck, height)], 24)[
        :, :2
    ]


def flex(*points: Sequence[float], radius: float = 0.003) -> Shape:
    """A straight cord through points."""
    return join([bar(a, b, radius, segments=8) for a, b in pairwise(points)])
