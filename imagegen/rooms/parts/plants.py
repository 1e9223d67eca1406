"""Plants of several habits in pots: every leaf is its own surface, and no two are alike."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.parts.wares import pot
from imagegen.rooms.shapes import Shape, curve, cylinder, join, lathe, sheet, tube


def blade(length: float, width: float, arch: float, along: int = 9, across: int = 5, tip: float = 1.0) -> Shape:
    """A leaf from the origin along +X: cupped, arched downwards, its uv over the leaf pattern's tile (0.3 x 0.14 m)."""
    u = np.linspace(0, 1, along)
    v = np.linspace(-1, 1, across)
    outline = np.sin(np.pi * np.clip(u, 0, 1) ** (0.8 / tip)) ** 0.75 * (1 - 0.12 * u)
    uu, vv = np.meshgrid(u, v)
    half = np.maximum(outline, 0.02)[None, :] * width / 2
    x = uu * length * (1 - 0.18 * arch * uu)
    z = -arch * length * uu**2 * 0.55 + 0.10 * width * vv**2 + 0.012 * length * np.sin(6 * uu) * vv
    grid = np.stack([x, vv * half, z], axis=2)
    return sheet(grid, np.stack([uu * 0.3, 0.07 + vv * 0.07], axis=2))


def _pot(form: str, radius: float, height: float) -> list[Piece]:
    """The pot and the soil in it."""
    soil = lathe([(0, height * 0.88), (radius * 0.93, height * 0.87)], 32)
    if form == "basket":
        outer = curve([(0.78, 0), (0.98, 0.2), (1.04, 0.55), (0.98, 1.0)], 24)
        wall = [(float(a * radius), float(b * height)) for a, b in outer]
        body = lathe([(0, 0), *wall, (wall[-1][0] - 0.012, height), (wall[-1][0] - 0.015, height * 0.8)], 56)
    elif form == "cylinder":
        body = lathe(
            [
                (0, 0),
                (radius - 0.004, 0),
                (radius, 0.005),
                (radius, height - 0.004),
                (radius - 0.004, height),
                (radius - 0.012, height),
                (radius - 0.014, height * 0.8),
            ],
            56,
        )
    else:
        body = pot(radius, height)
    return [Piece("pot", body, 126), Piece("soil", soil, 126)]


@kind(
    "plant",
    18,
    ("leaf", "stem", "pot", "soil"),
    ("broad", "palm", "trailing", "sword"),
    words=("planter", "plant", "pot"),
    near=1.3,
)
def plant(spec: Spec) -> list[Piece]:
    """A potted plant: "broad" (fig, rubber tree), "palm" (arching fronds), "trailing", "sword" (upright blades).

    ``settings.pot``: basket, cylinder or round; ``size`` is the whole: width, depth, height with the pot.
    """
    width, _, height = spec.size
    form = spec.form or "broad"
    tall = height * {"broad": 0.22, "palm": 0.24, "trailing": 0.5, "sword": 0.36}[form]
    tall = min(tall, 0.36)
    radius = {"broad": 0.62, "palm": 0.55, "trailing": 0.45, "sword": 0.5}[form] * tall
    made = _pot(str(spec.settings.get("pot", "round")), max(radius, 0.05), tall)
    grow = {"broad": _broad, "palm": _palm, "trailing": _trailing, "sword": _sword}[form]
    return made + grow(spec, width, height, tall)


def _broad(spec: Spec, width: float, height: float, base: float) -> list[Piece]:
    """Several stems with large leaves set spirally."""
    rng = spec.rng(1)
    stems, leaves = [], []
    for index in range(4):
        turn = 2 * np.pi * index / 4 + rng.uniform(0, 0.9)
        lean = rng.uniform(0.05, 0.24) * width
        top = height * rng.uniform(0.68, 0.93)
        x, y = np.cos(turn), np.sin(turn)
        path = curve(
            [
                (0.02 * x, 0.02 * y, base * 0.8),
                (0.4 * lean * x, 0.4 * lean * y, base + 0.4 * (top - base)),
                (lean * x, lean * y, top),
            ],
            24,
        )
        stems.append(tube(path, np.linspace(0.011, 0.004, 24), 8))
        angle = rng.uniform(0, 360)
        for share in np.linspace(0.30, 1.0, 12):
            at = path[min(23, int(share * 23))]
            angle += 137.5
            size = width * rng.uniform(0.27, 0.40) * (1.05 - 0.45 * max(0.0, share - 0.6))
            rise = 12 + 55 * share**2 + rng.uniform(-12, 12)
            leaf = blade(size, size * 0.58, rng.uniform(0.25, 0.7), 10, 5).move(size * 0.16)
            stalk = tube(np.array([[0, 0, 0], [size * 0.09, 0, 0.0], [size * 0.19, 0, -0.002]]), 0.0028, 6)
            tilt = float(rng.uniform(-18, 18))
            leaves.append(leaf.turn(tilt, "x").turn(-rise, "y").turn(angle).move(*at))
            stems.append(stalk.turn(-rise, "y").turn(angle).move(*at))
    return [Piece("stem", join(stems)), Piece("leaf", join(leaves))]


def _palm(spec: Spec, width: float, height: float, base: float) -> list[Piece]:
    """Arching fronds with two rows of narrow leaflets."""
    rng = spec.rng(1)
    stems, leaves = [], []
    for index in range(13):
        turn = 137.5 * index + rng.uniform(-12, 12)
        outer = 0.25 + 0.75 * index / 14
        reach, top = (
            width * 0.52 * outer * rng.uniform(0.85, 1.05),
            height * (1.0 - 0.34 * outer * rng.uniform(0.7, 1.1)),
        )
        path = curve(
            [
                (0.02, 0, base * 0.8),
                (0.20 * reach, 0, base + 0.52 * (top - base)),
                (0.5 * reach, 0, top),
                (reach, 0, top - 0.30 * reach),
            ],
            30,
        )
        stem = [tube(path, np.linspace(0.005, 0.0015, 30), 6)]
        for step in range(11, 30):
            ahead = path[min(step + 1, 29)] - path[step - 1]
            pitch = np.degrees(np.arctan2(ahead[2], ahead[0]))
            size = 0.30 * width * (0.35 + 0.65 * np.sin(np.pi * (step - 8) / 24)) * rng.uniform(0.9, 1.1)
            for side in (-1, 1):
                leaf = blade(size, 0.026, rng.uniform(0.4, 0.9), 7, 3, 0.8)
                leaf = leaf.turn(side * rng.uniform(42, 56)).turn(-pitch * 0.8 - 6, "y")
                leaves.append(leaf.move(*path[step]).turn(turn))
        stems.append(join(stem).turn(turn))
    return [Piece("stem", join(stems)), Piece("leaf", join(leaves))]


def _trailing(spec: Spec, width: float, height: float, base: float) -> list[Piece]:
    """Vines that fall over the rim; they may hang lower than the pot's foot."""
    rng = spec.rng(1)
    stems, leaves = [], []
    for index in range(13):
        turn = 360 * index / 13 + rng.uniform(-10, 10)
        fall = height * rng.uniform(0.2, 1.0)
        reach = width * rng.uniform(0.32, 0.5)
        path = curve(
            [
                (0, 0, base * 0.85),
                (reach * 0.6, 0, base * 1.25),
                (reach, 0, base * 0.8),
                (reach * 1.02, 0, base * 0.8 - fall),
            ],
            22,
        )
        stems.append(tube(path, 0.0016, 5).turn(turn))
        for step in range(4, 22, 2):
            size = rng.uniform(0.045, 0.075)
            leaf = blade(size, size * 0.8, 0.5, 6, 5).turn(rng.uniform(20, 60), "y").turn(rng.uniform(-80, 80))
            leaves.append(leaf.move(*path[step]).turn(turn))
    return [Piece("stem", join(stems)), Piece("leaf", join(leaves))]


def _sword(spec: Spec, width: float, height: float, base: float) -> list[Piece]:
    """Stiff upright blades from the soil."""
    rng = spec.rng(1)
    leaves = []
    for _ in range(16):
        long = (height - base * 0.85) * rng.uniform(0.55, 1.0)
        leaf = (
            blade(long, 0.065, rng.uniform(-0.06, 0.10), 12, 5, 0.75)
            .turn(rng.uniform(0, 180), "x")
            .turn(-rng.uniform(72, 88), "y")
        )
        leaf = leaf.move(0.02 + rng.uniform(0, 0.10) * width).turn(rng.uniform(0, 360))
        leaves.append(leaf.move(z=base * 0.82))
    return [Piece("leaf", join(leaves)), Piece("stem", cylinder(0.01, 0.02).move(z=base * 0.8))]
