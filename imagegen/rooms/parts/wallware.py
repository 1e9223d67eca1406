"""What hangs on walls: framed prints, mirrors, clocks. ``at`` is the middle of the piece on the wall."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.shapes import Shape, bar, cylinder, join, lathe, panel, slab


def _frame(width: float, height: float, bar_width: float, depth: float) -> Shape:
    """Four rails round an opening; back at y = 0, front at -depth, centred on the origin."""
    w, h, b = width / 2, height / 2, bar_width
    return join(
        [
            slab((-w, -depth, h - b), (w, 0, h), 0.0015).grain(False),
            slab((-w, -depth, -h), (w, 0, -h + b), 0.0015).grain(False),
            slab((-w, -depth, -h + b), (-w + b, 0, h - b), 0.0015).grain(),
            slab((w - b, -depth, -h + b), (w, 0, h - b), 0.0015).grain(),
        ]
    )


@kind(
    "print",
    23,
    ("frame", "mat", "art", "glass"),
    ("mat", "bare"),
    words=("mirror", "clock", "print", "picture", "painting", "frame", "poster", "wall art"),
    near=1.3,
)
def print_(spec: Spec) -> list[Piece]:
    """A framed print: "mat" has a passe-partout, "bare" is printed to the edge. ``settings.art`` picks the slot."""
    width, depth, height = spec.size
    rail = spec.number("rail", 0.018)
    pieces = [Piece("frame", _frame(width, height, rail, depth))]
    border = 0.0 if spec.form == "bare" else spec.number("border", 0.16) * min(width, height)
    inner_w, inner_h = width - 2 * rail, height - 2 * rail
    if border:
        mat = _frame(inner_w, inner_h, border, 0.006).move(y=-0.004)
        pieces.append(Piece("mat", mat))
    art_w, art_h = inner_w - 2 * border, inner_h - 2 * border
    pieces.append(
        Piece(str(spec.settings.get("art", "art")), panel(art_w, art_h, (0, -0.005, -art_h / 2)), sheet=(art_w, art_h))
    )
    return pieces


@kind(
    "mirror",
    28,
    ("frame", "mirror"),
    ("round", "arch"),
    words=("mirror", "clock", "print", "picture", "painting", "frame", "poster", "wall art"),
    near=1.3,
)
def mirror(spec: Spec) -> list[Piece]:
    """A mirror in a thin frame."""
    width, depth, height = spec.size
    angle = np.linspace(0, 2 * np.pi, 97)
    if spec.form == "arch":
        outline = [(-width / 2, -height / 2), (width / 2, -height / 2)]
        outline += [
            (float(width / 2 * np.cos(a)), float(height / 2 - width / 2 + width / 2 * np.sin(a)))
            for a in np.linspace(0, np.pi, 40)
        ]
        rim = np.array([(x, -depth / 2, z) for x, z in [*outline, outline[0]]])
    else:
        rim = np.column_stack([width / 2 * np.cos(angle), np.full(97, -depth / 2), height / 2 * np.sin(angle)])
    centre = np.array([[0.0, -depth * 0.6, 0.0]])
    face = np.vstack([rim[:-1] * [0.985, 1.2, 0.985], centre])
    n = len(face) - 1
    fan = np.column_stack([np.full(n, n), (np.arange(n) + 1) % n, np.arange(n)])
    cross = np.cross(face[fan[0, 1]] - face[n], face[fan[0, 2]] - face[n])[1]
    fan = fan if cross < 0 else fan[:, ::-1]
    glass = Shape(face, fan, face[:, [0, 2]], np.repeat([[0.0, -1.0, 0.0]], n + 1, axis=0))
    rail = join([bar(a, b, depth / 2, segments=8) for a, b in pairwise(rim)])
    return [Piece("frame", rail), Piece("mirror", glass)]


@kind(
    "clock",
    149,
    ("frame", "face", "hands"),
    words=("mirror", "clock", "print", "picture", "painting", "frame", "poster", "wall art"),
    near=1.3,
)
def clock(spec: Spec) -> list[Piece]:
    """A plain wall clock at ten past ten."""
    r, depth = spec.size[0] / 2, spec.size[1]
    rim = lathe([(r, 0), (r, depth), (r - 0.008, depth), (r - 0.009, depth - 0.008)], 64).turn(90, "x")
    face = lathe([(r - 0.004, depth - 0.012), (0, depth - 0.012)], 64).turn(90, "x")
    hands = [
        slab((-0.004, -depth, -0.02), (0.004, -depth + 0.003, r * s)).turn(-a, "y")
        for s, a in ((0.5, -55.0), (0.78, 62.0))
    ]
    marks = [
        slab((-0.003, -depth + 0.008, r * 0.86), (0.003, -depth + 0.011, r * 0.93)).turn(30.0 * i, "y")
        for i in range(12)
    ]
    return [
        Piece("frame", rim),
        Piece("face", face),
        Piece("hands", join([*hands, *marks, cylinder(0.008, 0.004).turn(90, "x").move(y=-depth)])),
    ]
