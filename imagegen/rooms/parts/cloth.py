"""Rugs and folded blankets."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.shapes import Shape, bar, box, join, lathe


@kind("rug", 29, ("main", "edge"), ("rectangle", "round"), flat=True, words=("rug", "carpet", "mat"))
def rug(spec: Spec) -> list[Piece]:
    """A rug with a soft edge, "round" as oval as its size; uv covers it once.

    ``settings.fringe`` (metres) ties threads to the short sides.
    """
    width, depth, thick = spec.size
    if spec.form == "round":
        top = lathe(
            [(width / 2, 0), (width / 2, thick * 0.5), (width / 2 - 0.006, thick), (width / 4, thick), (0, thick)],
            96,
            60,
        ).bend(lambda p: np.asarray(p * [1.0, depth / width, 1.0]))
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
                    box((width - 0.006 * i, depth - 0.01 * (i % 2), each * 0.96), each * 0.45, 2).move(
                        x=0.003 * (i % 3), z=i * each
                    )
                    for i in range(layers)
                ]
            ),
        )
    ]
