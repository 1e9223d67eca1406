"""Plants that fall: vines over a pot's rim, and a pot hung from the ceiling."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.foliage import HEART, along, grown, leaves, through, twigs
from imagegen.rooms.parts.pots import potted
from imagegen.rooms.shapes import Shape, bar, join, tube
from imagegen.types import Doubles


def vines(
    rng: np.random.Generator, mouth: float, soil: float, rim: float, reach: float, falls: Doubles, leaf: float
) -> tuple[Shape, Shape]:
    """(stems, leaves) of vines from the soil over a rim at height ``rim``; ``falls``: metres each hangs below it."""
    stems, blades = [], []
    for index, fall in enumerate(falls):
        turn = np.radians(360 * index / len(falls) + rng.uniform(-16, 16))
        out = np.array([np.cos(turn), np.sin(turn), 0.0])
        far = mouth + (reach - mouth) * rng.uniform(0.35, 0.95)
        side = np.array([-out[1], out[0], 0.0]) * rng.normal(0, 0.03)
        path = through(
            [
                out * mouth * 0.3 + np.array([0, 0, soil]),
                out * mouth * 0.8 + np.array([0, 0, rim + rng.uniform(0.03, 0.07)]),
                out * (mouth + 0.4 * (far - mouth)) + np.array([0, 0, rim + rng.uniform(0.0, 0.03)]) + side,
                out * far * 0.97 + np.array([0, 0, rim - 0.32 * fall]) + 2 * side,
                out * (far + rng.normal(0, 0.012)) + np.array([0, 0, rim - 0.7 * fall]) + 1.2 * side,
                out * far * 0.98 + np.array([0, 0, rim - fall]) + 2.4 * side,
            ],
            26,
        )
        stems.append(path)
        n = max(6, int((fall + 0.16) / (leaf * 0.62)))
        at = along(path, np.linspace(0.14, 1.0, n) + rng.uniform(-0.01, 0.01, n))
        age = np.linspace(1, 0, n)
        size = leaf * (0.55 + 0.45 * np.sin(np.pi * (0.15 + 0.75 * age))) * rng.uniform(0.8, 1.15, n)
        yaw = np.degrees(turn) + np.where(np.arange(n) % 2, 58, -58) + rng.normal(0, 26, n)
        blades.append(
            leaves(
                at,
                yaw,
                rng.normal(8, 20, n) - 22 * (1 - age),
                size,
                size * 0.82,
                HEART,
                droop=rng.uniform(30, 75, n),
                fold=rng.uniform(4, 22, n),
                roll=rng.normal(0, 16, n),
                sweep=14,
                along=6,
                across=5,
            )
        )
    return twigs(np.stack(stems), 0.0017, 5), join(blades)


@form("plant", "trailing")
def trailing(spec: Spec) -> list[Piece]:
    """Vines over the rim of a small pot; they hang below its foot (over a shelf's edge) by ``settings.hang``."""
    rng, (width, _, height) = spec.rng(1), spec.size
    tall = min(0.20, 0.62 * height)
    pot = potted(spec, tall, min(0.20, 0.7 * width))
    mouth = pot.radius / 0.8
    n = 15
    falls = height * rng.uniform(0.25, 0.8, n)
    turn = np.radians(360 * np.arange(n) / n)
    falls = np.where(
        np.sin(turn) < 0.3, falls + spec.number("hang", 0.3) * rng.uniform(0.2, 1.0, n), np.minimum(falls, tall * 0.7)
    )
    stems, foliage = vines(rng, mouth, pot.soil, tall, width / 2, falls, 0.062)
    tuft = _tuft(rng, pot.soil, mouth, height - tall)
    return pot.pieces + grown([stems], [foliage, tuft])


def _tuft(rng: np.random.Generator, soil: float, mouth: float, tall: float) -> Shape:
    """Young leaves that stand over the pot's mouth."""
    n = 22
    at = np.column_stack([rng.normal(0, 0.4, (n, 2)) * mouth, soil + rng.uniform(0.01, max(tall, 0.05) * 0.8, n)])
    size = rng.uniform(0.035, 0.062, n)
    return leaves(
        at, rng.uniform(0, 360, n), rng.uniform(0, 60, n), size, size * 0.8, HEART, droop=40, sweep=14, across=5
    )


@form("plant", "hanging")
def hanging(spec: Spec) -> list[Piece]:
    """A pot on three cords: z = 0 is the ceiling, ``size`` height the whole fall to the longest vine's tip.

    ``settings.cord``: share of the height above the pot, 0.34.
    """
    rng, (width, _, height) = spec.rng(1), spec.size
    radius, tall = min(0.13, 0.3 * width), min(0.20, 0.26 * height)
    drop = height * spec.number("cord", 0.34)
    pot = potted(Spec((2 * radius, 2 * radius, tall), spec.form, spec.settings, spec.seed), tall, 2 * radius, "bowl")
    foot = -drop - tall
    turns = np.radians([90, 210, 330])
    knot = np.array([0.0, 0.0, -max(0.10, drop * 0.45)])
    cords = [
        tube(
            through(
                [
                    knot,
                    knot * 0.4 + out * radius * 0.5 + np.array([0, 0, -drop * 0.6]),
                    out * (radius + 0.004) + np.array([0, 0, -drop + 0.01]),
                    out * (radius * 0.86) + np.array([0, 0, foot + tall * 0.42]),
                    [0, 0, foot - 0.012],
                ],
                22,
            ),
            0.0028,
            6,
        )
        for out in (np.array([np.cos(t), np.sin(t), 0.0]) for t in turns)
    ]
    cords.append(bar((0, 0, 0), knot, 0.0032, segments=8))
    cords.append(
        tube(
            np.array([[0, 0, foot - 0.012], [0.002, 0, foot - 0.05], [0.004, 0, foot - 0.11]]),
            np.array([0.006, 0.005, 0.010]),
            8,
        )
    )
    n = 16
    longest = height - drop
    falls = longest * np.concatenate([[1.0], rng.uniform(0.22, 0.9, n - 1)])
    stems, foliage = vines(rng, radius * 0.9, pot.soil + foot, foot + tall, width / 2 * 0.86, falls, 0.058)
    pieces = [Piece(p.slot, p.shape.move(z=foot), p.segment) for p in pot.pieces]
    return [*pieces, *grown([*cords, stems], [foliage, _tuft(rng, pot.soil + foot, radius * 0.9, 0.07)])]
