"""Stems in a vase: what a hand would set there, leaning against the rim, no two alike."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from imagegen.rooms.parts.catalogue import Piece
from imagegen.rooms.parts.foliage import HEART, LANCE, OVAL, STRAP, along, leaves, outline, through, twigs
from imagegen.rooms.parts.palms import plume
from imagegen.rooms.parts.trees import pairs
from imagegen.rooms.shapes import Shape, join, lathe
from imagegen.types import Doubles

Filling = Callable[[np.random.Generator, list[Doubles]], tuple[list[Shape], list[Shape]]]
_COIN = outline((0, 0.35), (0.12, 0.85), (0.42, 1.0), (0.75, 0.86), (0.94, 0.4), (1, 0.02))


def bouquet(rng: np.random.Generator, filling: str, count: int, mouth: float, base: float, reach: float) -> list[Piece]:
    """``count`` stems out of a mouth of radius ``mouth`` at height ``base``, rising ``reach`` above it.

    ``filling``: twig (fine leafy twigs), eucalyptus (round leaves in pairs), pampas (plumes), tulip, dried (seed heads
    and ears), branch (bare, forked). Slot stem holds green or wood, slot leaf what is shown.
    """
    calm = {"tulip": 0.45, "pampas": 0.5, "branch": 0.8}.get(filling, 0.62)
    reach *= 0.8 if filling == "pampas" else 1.0  # plumes stand over the ends of their canes
    paths = [_stem(rng, index, count, mouth, base, reach, calm) for index in range(count)]
    stems, shown = _FILLINGS[filling](rng, paths)
    slots = [Piece("stem", join(stems), 18)] if stems else []
    return [*slots, *([Piece("leaf", join(shown), 67 if filling == "tulip" else 18)] if shown else [])]


def _stem(
    rng: np.random.Generator, index: int, count: int, mouth: float, base: float, reach: float, spread: float
) -> Doubles:
    """A stem that rests on the rim and bows outwards, least to the back; the first is tallest, nearly upright."""
    turn = 2.4 * index + rng.uniform(-0.5, 0.5)
    # Behind a vase there is mostly a wall.
    out = np.array([np.cos(turn), np.sin(turn) * (0.25 if np.sin(turn) > 0 else 0.8), 0.0])
    far = reach * spread * (0.22 if index == 0 and count > 1 else rng.uniform(0.45, 1.0))
    tall = reach * (1.0 if index == 0 else rng.uniform(0.62, 0.95))
    foot, rim = -0.6 * mouth * out + np.array([0, 0, base * 0.18]), 0.8 * mouth * out + np.array([0, 0, base])
    side = np.array([-out[1], out[0], 0.0]) * rng.normal(0, 0.05) * reach
    return through(
        [
            foot,
            rim,
            rim + 0.36 * far * out + np.array([0, 0, 0.52 * tall]) + side,
            rim + far * out + np.array([0, 0, tall]) + 0.4 * side,
        ],
        24,
    )


def _twig(rng: np.random.Generator, paths: list[Doubles]) -> tuple[list[Shape], list[Shape]]:
    shown, wood = [], [twigs(np.stack(paths), np.linspace(0.0026, 0.0010, 24)[None], 6)]
    for path in paths:
        for share in rng.uniform(0.45, 0.85, 3):
            start = along(path, [share])[0]
            side = through(
                [
                    start,
                    start + rng.normal(0, 0.03, 3) + np.array([0, 0, 0.05]),
                    start + rng.normal(0, 0.07, 3) + np.array([0, 0, 0.13]),
                ],
                10,
            )
            wood.append(twigs(side[None], 0.0010, 5))
            shown.append(pairs(rng, side, 6, 0.042, 0.40))
        shown.append(pairs(rng, path[10:], 9, 0.048, 0.40))
    return wood, shown


def _eucalyptus(rng: np.random.Generator, paths: list[Doubles]) -> tuple[list[Shape], list[Shape]]:
    shown = []
    for path in paths:
        n = 26
        shares = np.repeat(np.linspace(0.40, 1.0, n // 2), 2)
        size = (0.056 - 0.030 * (shares - 0.40) / 0.60) * rng.uniform(0.85, 1.15, n)
        yaw = np.where(np.arange(n) % 2, 180, 0) + np.repeat(np.arange(n // 2) * 74.0, 2) + rng.normal(0, 14, n)
        shown.append(
            leaves(
                along(path, shares),
                yaw,
                rng.normal(24, 18, n),
                size,
                size * 0.92,
                _COIN,
                droop=30,
                fold=6,
                roll=rng.normal(0, 18, n),
                along=6,
                across=5,
            )
        )
    return [twigs(np.stack(paths), np.linspace(0.0026, 0.0009, 24)[None], 6)], shown


def _pampas(rng: np.random.Generator, paths: list[Doubles]) -> tuple[list[Shape], list[Shape]]:
    return [twigs(np.stack(paths), np.linspace(0.0028, 0.0014, 24)[None], 5)], [
        plume(rng, p, 0.52, 230, 0.17) for p in paths
    ]


def _tulip(rng: np.random.Generator, paths: list[Doubles]) -> tuple[list[Shape], list[Shape]]:
    """Cups of six petals on bowed stems; straps of leaf stay with the green of the stems."""
    green, cups = [twigs(np.stack(paths), 0.0034, 7)], []
    for path in paths:
        ahead = path[-1] - path[-3]
        petal = np.arange(6) * 60.0 + rng.normal(0, 5, 6)
        tall = rng.uniform(0.050, 0.062)
        at = np.repeat(path[-1:], 6, axis=0) + np.array([0, 0, -0.004])
        cup = leaves(
            at,
            petal,
            np.tile([38.0, 46.0], 3),
            tall * 1.22,
            tall * 0.86,
            OVAL,
            droop=rng.uniform(-78, -66, 6),
            fold=34,
            along=8,
            across=5,
        )
        tilt = np.degrees(np.arctan2(np.hypot(*ahead[:2]), ahead[2]))
        face = float(np.degrees(np.arctan2(ahead[1], ahead[0])))
        cups.append(cup.move(*-path[-1]).turn(-face).turn(float(tilt), "y").turn(face).move(*path[-1]))
        n = 2
        green.append(
            leaves(
                path[[9, 11]],
                rng.uniform(0, 360, n),
                rng.uniform(62, 80, n),
                rng.uniform(0.16, 0.22, n),
                0.034,
                STRAP,
                droop=rng.uniform(15, 80, n),
                fold=34,
                twist=rng.normal(0, 30, n),
                wave=0.1,
                along=12,
                across=5,
            )
        )
    return green, cups


def _dried(rng: np.random.Generator, paths: list[Doubles]) -> tuple[list[Shape], list[Shape]]:
    """Poppy heads and ears of grain by turns."""
    shown = []
    for index, path in enumerate(paths):
        tip = path[-1]
        if index % 3 == 0:
            profile = [
                (0.001, 0),
                (0.006, 0.003),
                (0.013, 0.012),
                (0.013, 0.020),
                (0.007, 0.028),
                (0.012, 0.031),
                (0.011, 0.034),
                (0, 0.034),
            ]
            shown.append(lathe([(r, z) for r, z in profile], 16).move(*tip))
            continue
        n = 34
        at = along(path, np.linspace(0.80, 1.0, n))
        yaw = np.arange(n) * 137.5
        shown.append(
            leaves(
                at,
                yaw,
                rng.uniform(48, 76, n),
                rng.uniform(0.014, 0.020, n),
                0.0065,
                OVAL,
                droop=-24,
                fold=40,
                along=4,
                across=3,
            )
        )
        shown.append(
            leaves(
                at, yaw, rng.uniform(66, 84, n), rng.uniform(0.05, 0.09, n), 0.0011, LANCE, droop=12, along=3, across=2
            )
        )
    return [twigs(np.stack(paths), np.linspace(0.0018, 0.0010, 24)[None], 5)], shown


def _branch(rng: np.random.Generator, paths: list[Doubles]) -> tuple[list[Shape], list[Shape]]:
    """Bare forked wood with buds."""
    wood, buds = [twigs(np.stack(paths), np.linspace(0.0050, 0.0014, 24)[None], 7)], []
    for path in paths:
        for index, share in enumerate(rng.uniform(0.42, 0.9, 6)):
            start = along(path, [share])[0]
            out = rng.normal(0, 1, 3) * [1, 0.6, 0] * (1 if index % 2 else -1)
            out = out / max(float(np.linalg.norm(out)), 1e-6) * rng.uniform(0.06, 0.16)
            side = through(
                [
                    start,
                    start + 0.5 * out + np.array([0, 0, 0.03]),
                    start + out + np.array([0, 0, rng.uniform(0.09, 0.18)]),
                ],
                12,
            )
            wood.append(twigs(side[None], np.linspace(0.0024, 0.0009, 12)[None], 5))
            n = 6
            buds.append(
                leaves(
                    along(side, np.linspace(0.2, 1, n)),
                    rng.uniform(0, 360, n),
                    rng.uniform(30, 80, n),
                    0.011,
                    0.005,
                    HEART,
                    droop=-20,
                    fold=40,
                    along=4,
                    across=3,
                )
            )
    return wood, buds


_FILLINGS: dict[str, Filling] = {
    "twig": _twig,
    "eucalyptus": _eucalyptus,
    "pampas": _pampas,
    "tulip": _tulip,
    "dried": _dried,
    "branch": _branch,
}
