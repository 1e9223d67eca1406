"""Potted plants with leaves on stems: a rubber tree, a fig on a trunk, a split-leaf plant, upright swords.

Slots of every plant: leaf, stem, pot, soil. ``settings.pot`` names the pot (see ``potted``).
"""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.foliage import (
    HEART,
    OVAL,
    STRAP,
    Outline,
    along,
    arcs,
    fitted,
    grown,
    leaves,
    outline,
    to_light,
    twigs,
    wander,
)
from imagegen.rooms.parts.pots import potted
from imagegen.rooms.shapes import Shape, tube
from imagegen.types import Doubles

_FIDDLE = outline((0, 0.12), (0.1, 0.5), (0.3, 0.66), (0.45, 0.68), (0.7, 1.0), (0.88, 0.82), (0.97, 0.3), (1, 0.02))


@kind("plant", 18, ("leaf", "stem", "pot", "soil"), ("broad",), words=("planter", "plant", "pot"), near=1.3)
def broad(spec: Spec) -> list[Piece]:
    """A rubber tree: a few stems of uneven height, oval leaves spirally on them, the lower ones hanging."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.34, 0.22 * height), min(0.40, 0.46 * width))
    stems, foliage = [], []
    first = rng.uniform(0, 360)
    for index in range(4):
        turn = np.radians(first + 90 * index + rng.uniform(-28, 28))
        reach, top = width * rng.uniform(0.04, 0.20), pot.soil + (height - pot.soil) * (0.92, 0.66, 0.8, 0.5)[index]
        foot = pot.radius * 0.45
        path = wander(
            rng,
            (foot * np.cos(turn), foot * np.sin(turn), pot.soil - 0.03),
            (reach * np.cos(turn), reach * np.sin(turn), top),
            0.018,
        )
        stems.append(tube(path, np.linspace(0.011, 0.005, len(path)), 8))
        shares = np.linspace(0.16, 1.0, 15 + index % 2) + rng.uniform(-0.02, 0.02, 15 + index % 2)
        twig, blades = _whorl(rng, along(path, np.clip(shares, 0, 1)), shares, width * 0.36, OVAL, 0.54, 0.17)
        stems.append(twig)
        foliage.append(blades)
    return pot.pieces + fitted(grown(stems, foliage), spec, pot.soil)


def _whorl(
    rng: np.random.Generator, at: Doubles, shares: Doubles, size: float, form_: Outline, slim: float, stalk: float
) -> tuple[Shape, Shape]:
    """(stalks, leaves) set spirally up a stem by the golden angle, young and upright towards its tip."""
    n = len(at)
    yaw = to_light(rng.uniform(0, 360) + 137.5 * np.arange(n) + rng.normal(0, 14, n), 20)
    rise = -8 + 68 * np.clip(shares, 0, 1) ** 1.6 + rng.normal(0, 11, n)
    length = size * rng.uniform(0.8, 1.15, n) * (1.08 - 0.5 * np.clip(shares - 0.7, 0, 1) / 0.3)
    stalks = arcs(at, yaw, rise + 12, length * stalk, 14, 4)
    blades = leaves(
        stalks[:, -1],
        yaw,
        rise,
        length,
        length * slim,
        form_,
        droop=rng.uniform(18, 62, n) * (1.2 - 0.5 * shares),
        fold=rng.uniform(6, 26, n),
        roll=rng.normal(0, 14, n),
        twist=rng.normal(0, 12, n),
        sweep=8,
        wave=0.10,
        along=10,
        across=5,
    )
    return twigs(stalks, 0.0026), blades


@form("plant", "fiddle")
def fiddle(spec: Spec) -> list[Piece]:
    """A fig with a bare forked trunk and a crown of large, stiff, wavy, fiddle-shaped leaves."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.36, 0.22 * height), min(0.40, 0.46 * width), "basket")
    fork = pot.soil + (height - pot.soil) * 0.40
    trunk = wander(rng, (0, 0, pot.soil - 0.03), (0.02, -0.01, fork), 0.012)
    stems, foliage = [tube(trunk, np.linspace(0.017, 0.013, len(trunk)), 9)], []
    first = rng.uniform(0, 360)
    for index, share in enumerate((0.90, 0.74, 0.56)):
        turn, reach = np.radians(first + 120 * index + rng.uniform(-25, 25)), width * (0.07, 0.17, 0.20)[index]
        top = pot.soil + (height - pot.soil) * share
        path = wander(rng, trunk[-2], (reach * np.cos(turn), reach * np.sin(turn), top), 0.012, 16)
        stems.append(tube(path, np.linspace(0.012, 0.006, len(path)), 8))
        n = (13, 11, 9)[index]
        shares = np.clip(np.linspace(0.12, 1.0, n) + rng.uniform(-0.03, 0.03, n), 0, 1)
        twig, blades = _whorl(rng, along(path, shares), shares, width * 0.36, _FIDDLE, 0.66, 0.10)
        stems.append(twig)
        foliage.append(blades)
    return pot.pieces + fitted(grown(stems, foliage), spec, pot.soil)


@form("plant", "monstera")
def monstera(spec: Spec) -> list[Piece]:
    """A split-leaf plant: arching stalks, large heart-shaped leaves cut between the side veins, faces to the light."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.34, 0.26 * height), min(0.42, 0.46 * width))
    n = 19
    age = np.linspace(1, 0, n)
    yaw = to_light(rng.uniform(0, 360) + 137.5 * np.arange(n) + rng.normal(0, 15, n), 42)
    long = (height - pot.soil) * (0.95 - 0.42 * age + rng.normal(0, 0.06, n))
    foot = np.column_stack(
        [*(np.array([np.cos(np.radians(yaw)), np.sin(np.radians(yaw))]) * pot.radius * 0.4), 0 * yaw]
    )
    stalks = arcs(
        foot + np.array([0, 0, pot.soil - 0.02]), yaw, 87 - 26 * age + rng.normal(0, 5, n), long, 14 + 34 * age, 10
    )
    size = width * (0.30 + 0.14 * np.sin(np.pi * np.clip(age * 1.1, 0, 1))) * rng.uniform(0.88, 1.1, n)
    lamina = np.stack([_split(rng, 44, 7) for _ in range(n)])
    blades = leaves(
        stalks[:, -1],
        to_light(yaw, 25),
        -6 - 26 * age + rng.normal(0, 12, n),
        size,
        size * 1.12,
        lamina,
        droop=rng.uniform(22, 48, n),
        fold=rng.uniform(-4, 12, n),
        roll=rng.normal(0, 16, n),
        sweep=24,
        wave=0.06,
        along=44,
        across=7,
    )
    stem = twigs(stalks, np.linspace(0.0065, 0.0035, 10)[None], 7)
    return pot.pieces + fitted(grown([stem], [blades]), spec, pot.soil)


def _split(rng: np.random.Generator, steps: int, across: int) -> Doubles:
    """Half widths (steps, across) of one leaf: a heart with five or six cuts a side, never the same on both."""
    u = np.linspace(0, 1, steps)
    both = np.ones((steps, across))
    for side in (slice(0, across // 2), slice(across // 2 + 1, across)):
        cuts = np.linspace(0.20, 0.78, int(rng.integers(4, 6))) + rng.normal(0, 0.022, 1)
        depth = rng.uniform(0.36, 0.72, len(cuts))
        notch = np.max(depth * np.exp(-(((u[:, None] - cuts - rng.normal(0, 0.012, len(cuts))) / 0.015) ** 4)), axis=1)
        both[:, side] = (1 - notch)[:, None]
    return both * HEART(u)[:, None]


@form("plant", "sword")
def sword(spec: Spec) -> list[Piece]:
    """Stiff upright blades in loose rosettes, tapering to a point, each a little twisted."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.32, 0.36 * height), min(0.34, 0.62 * width), "cylinder")
    n = 27
    hearts = rng.uniform(-0.55, 0.55, (3, 2)) * pot.radius
    base = hearts[np.arange(n) % 3] + rng.normal(0, 0.014, (n, 2))
    long = (height - pot.soil) * np.clip(rng.uniform(0.45, 1.06, n), 0, 1)
    blades = leaves(
        np.column_stack([base, np.full(n, pot.soil - 0.02)]),
        np.degrees(np.arctan2(base[:, 1], base[:, 0])) + rng.normal(0, 40, n),
        rng.uniform(70, 89, n),
        long,
        rng.uniform(0.052, 0.076, n),
        STRAP,
        droop=rng.uniform(-8, 10, n),
        fold=rng.uniform(14, 34, n),
        roll=rng.uniform(-60, 60, n),
        twist=rng.normal(0, 55, n),
        wave=0.16,
        along=16,
        across=5,
    )
    return pot.pieces + fitted([Piece("leaf", blades)], spec, pot.soil)
