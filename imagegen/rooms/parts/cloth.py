"""Rugs and curtains."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.shapes import Shape, bar, box, join, lathe, sheet


@kind("rug", 29, ("main", "edge"), ("rectangle", "round"), flat=True, words=("rug", "carpet", "mat"))
def rug(spec: Spec) -> list[Piece]:
    """A rug with a soft edge; uv covers it once. ``settings.fringe`` (metres) ties threads to the short sides."""
    width, depth, thick = spec.size
    if spec.form == "round":
        top = lathe(
            [(width / 2, 0), (width / 2, thick * 0.5), (width / 2 - 0.006, thick), (width / 4, thick), (0, thick)],
            96,
            60,
        )
    else:
        rng = spec.rng()
        phase = rng.uniform(0, 6, 4)

        def lie(p: np.ndarray) -> np.ndarray:
            out = p.copy()
            out[:, 0] += 0.006 * np.sin(2.1 * p[:, 1] + phase[0]) * np.sign(p[:, 0])
            out[:, 1] += 0.006 * np.sin(1.7 * p[:, 0] + phase[1]) * np.sign(p[:, 1])
            return out

        top = box((width, depth, thick), min(0.006, thick / 2.1), 2, 24).bend(lie)
    flat = Shape(top.vertices, top.faces, top.vertices[:, :2] + np.array([width / 2, depth / 2]), top.normals)
    pieces = [Piece("main", flat, sheet=(width, depth))]
    fringe = spec.number("fringe", 0.0)
    if fringe:
        rng = spec.rng(2)
        threads = []
        for side in (-1, 1):
            for y in np.arange(-depth / 2 + 0.01, depth / 2 - 0.005, 0.014):
                length = fringe * rng.uniform(0.8, 1.1)
                start = (side * (width / 2 - 0.004), y, thick * 0.5)
                end = (side * (width / 2 + length), y + rng.uniform(-0.012, 0.012), 0.0022)
                threads.append(bar(start, end, 0.0024, 0.0016, 5))
        pieces.append(Piece("edge", join(threads)))
    return pieces


def _drape(width: float, height: float, folds: int, amplitude: float, seed: int, gather: float = 0.0) -> Shape:
    """A hanging cloth facing -Y: pleats that open and wander as they fall, standing on z = 0."""
    rng = np.random.default_rng(seed)
    columns, rows = folds * 12 + 1, 28
    u = np.linspace(0, 1, columns)[None, :]
    t = np.linspace(0, 1, rows)[:, None]
    wander = rng.uniform(-0.5, 0.5, (3, 1))
    phase = 2 * np.pi * folds * u + 0.9 * np.sin(2 * np.pi * u * 1.3 + 2.2) + wander[0] * np.sin(3 * t + 5 * u)
    swell = amplitude * (0.55 + 0.45 * t) * (1 + 0.30 * np.sin(2 * np.pi * u * 2.1 + wander[1] * 6))
    y = swell * np.sin(phase) + 0.25 * swell * np.sin(2 * phase + 1.0)
    x = (u - 0.5) * width * (1 + gather * t) + 0.22 * swell * np.cos(phase) + 0.010 * wander[2] * t
    z = height * (1 - t) + 0 * u
    grid = np.stack([x + 0 * t, y, z], axis=2)
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x[-1]), np.diff(y[-1])))])
    uv = np.stack([np.broadcast_to(length[None, :], x.shape), np.broadcast_to(height * t, x.shape)], axis=2)
    return sheet(grid[::-1], uv[::-1])


@kind("curtains", 19, ("heavy", "sheer", "rod"), ("pair", "sheer", "heavy"))
def curtains(spec: Spec) -> list[Piece]:
    """Curtains on a rod before an opening: ``size`` (width, depth, height), standing on z = 0, wall at +Y.

    "pair": sheers across the opening and a heavy curtain at each side; "sheer" or "heavy" alone.
    """
    width, depth, height = spec.size
    form = spec.form or "pair"
    made: list[Piece] = []
    drop = height - 0.03
    stack = spec.number("stack", 0.16) * width
    if form in {"pair", "heavy"}:
        sides = [
            _drape(stack, drop, max(4, round(stack / 0.075)), 0.032, spec.seed + side, 0.06).move(
                side * (width / 2 - stack / 2), -depth * 0.2, 0.012
            )
            for side in (-1, 1)
        ]
        made.append(Piece("heavy", join(sides)))
    if form in {"pair", "sheer"}:
        cover = spec.number("sheer_cover", 0.28) * width
        sheers = [
            _drape(cover, drop, max(6, round(cover / 0.10)), 0.022, spec.seed + 7 + side, 0.03).move(
                side * (width / 2 - stack * 0.7 - cover / 2), depth * 0.22, 0.012
            )
            for side in (-1, 1)
        ]
        made.append(Piece("sheer", join(sheers)))
    rods = [bar((-width / 2 - 0.08, -depth * 0.2, height), (width / 2 + 0.08, -depth * 0.2, height), 0.011)]
    ends = lathe([(0, 0), (0.017, 0), (0.018, 0.03), (0, 0.034)], 20)
    rods += [
        ends.turn(90, "y").move(width / 2 + 0.08, -depth * 0.2, height),
        ends.turn(-90, "y").move(-width / 2 - 0.08, -depth * 0.2, height),
    ]
    rods += [
        bar((x, depth / 2, height), (x, -depth * 0.2, height), 0.007) for x in (-width / 2 + 0.02, width / 2 - 0.02)
    ]
    made.append(Piece("rod", join(rods)))
    return made


@kind("blanket", 132, ("main",))
def blanket(spec: Spec) -> list[Piece]:
    """A folded blanket: layers with a rounded fold in front."""
    width, depth, height = spec.size
    layers = max(2, round(height / 0.022))
    each = height / layers
    return [
        Piece(
            "main",
            join(
                [
                    box((width - 0.006 * i, depth - 0.01 * (i % 2), each * 0.96), each * 0.45, 3).move(
                        x=0.003 * (i % 3), z=i * each
                    )
                    for i in range(layers)
                ]
            ),
        )
    ]
