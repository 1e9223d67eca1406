"""Rugs that are not a plain rectangle: a hide, and one rug laid over another."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.shapes import Shape, bar, box, join, sheet
from imagegen.types import Doubles


@form("rug", "hide")
def hide(spec: Spec) -> list[Piece]:
    """The outline of a skin: four legs, a neck, a tail; thickest in the middle, thin and ragged at its rim."""
    width, depth, thick = spec.size
    rng = spec.rng(1)
    angle = np.linspace(0, 2 * np.pi, 241)
    lobes = [
        (0.0, 0.20, 0.26),
        (np.pi, 0.26, 0.10),
        (0.62, 0.42, 0.17),
        (-0.62, 0.42, 0.17),
        (np.pi - 0.60, 0.40, 0.17),
        (np.pi + 0.60, 0.40, 0.17),
    ]
    reach = np.full_like(angle, 0.78)
    for place, tall, wide in lobes:
        gap = (angle - place - rng.uniform(-0.05, 0.05) + np.pi) % (2 * np.pi) - np.pi
        reach += tall * np.exp(-((gap / wide) ** 2))
    reach += sum(0.14 / n * np.sin(n * angle + rng.uniform(0, 6)) for n in (7, 13, 29))
    rim = np.column_stack([reach * np.cos(angle), 0.72 * reach * np.sin(angle)])
    low, high = rim.min(axis=0), rim.max(axis=0)
    rim = (rim - (low + high) / 2) / (high - low) * [width, depth]
    rim[-1] = rim[0]
    rings = []
    for share in (1.0, 0.992, 0.97, 0.92, 0.8, 0.6, 0.4, 0.2, 0.001):
        full = thick * 0.85 * (1 - share**9) ** 0.5
        ripple = 0.15 * thick * np.sin(3 * angle + 5 * share) * np.sin(np.pi * share)
        rings.append(
            np.column_stack(
                [rim * share, np.maximum(0.0015, full + ripple * (share < 1)) if share < 1 else np.full(241, 0.0005)]
            )
        )
    grid = np.stack(rings)
    uv = grid[..., :2] + np.array([width / 2, depth / 2])
    return [Piece("main", sheet(grid, uv), sheet=(width, depth))]


def _mat(width: float, depth: float, thick: float, seed: int) -> Shape:
    """A rug whose sides are not quite straight; uv covers it once."""
    phase = np.random.default_rng(seed).uniform(0, 6, 2)

    def lie(p: Doubles) -> Doubles:
        out = p.copy()
        out[:, 0] += 0.007 * np.sin(2.1 * p[:, 1] + phase[0]) * np.sign(p[:, 0])
        out[:, 1] += 0.007 * np.sin(1.7 * p[:, 0] + phase[1]) * np.sign(p[:, 1])
        return out

    made = box((width - 0.014, depth - 0.014, thick), min(0.006, thick / 2.1), 2, 16).bend(lie)
    return Shape(made.vertices, made.faces, made.vertices[:, :2] + np.array([width / 2, depth / 2]), made.normals)


@form("rug", "layered", slots=("main", "edge", "second"))
def layered(spec: Spec) -> list[Piece]:
    """A small rug with a fringe laid askew over a large plain one. ``settings.turn`` degrees, ``settings.share``."""
    width, depth, thick = spec.size
    share = spec.number("share", 0.66)
    turn = spec.number("turn", -7.0)
    each = thick * 0.55
    below = _mat(width, depth, each, spec.seed)
    wide, deep = width * share, depth * (share + 0.02)
    above = _mat(wide, deep, thick - each, spec.seed + 1).turn(turn).move(width * 0.04, -depth * 0.03, each)
    rng = spec.rng(2)
    threads = []
    for side in (-1, 1):
        for y in np.arange(-deep / 2 + 0.015, deep / 2 - 0.01, 0.016):
            length = 0.07 * rng.uniform(0.8, 1.1)
            start = (side * (wide / 2 - 0.010), y, (thick - each) * 0.6)
            threads.append(
                bar(start, (side * (wide / 2 + length), y + rng.uniform(-0.014, 0.014), 0.0025), 0.0026, 0.0017, 5)
            )
    fringe = join(threads).turn(turn).move(width * 0.04, -depth * 0.03, each)
    return [
        Piece("main", below, sheet=(width, depth)),
        Piece("second", above, sheet=(wide, deep)),
        Piece("edge", fringe),
    ]
