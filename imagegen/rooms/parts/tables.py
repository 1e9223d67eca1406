"""Coffee tables, side tables, benches: tops with an edge one can feel."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.parts.turning import peg
from imagegen.rooms.shapes import Shape, box, cylinder, join, lathe, slab


def _round_top(radius: float, height: float, thick: float) -> Shape:
    """A turned board with an under-cut edge."""
    return lathe(
        [
            (0, height - thick),
            (radius * 0.94, height - thick),
            (radius - 0.003, height - thick * 0.42),
            (radius, height - thick * 0.25),
            (radius - 0.003, height - 0.002),
            (radius - 0.006, height),
            (0, height),
        ],
        64,
    )


@kind("coffee-table", 65, ("top", "legs"), ("round", "trestle", "drum", "oval"), words=("coffee table",))
def coffee_table(spec: Spec) -> list[Piece]:
    """Low table: "round" or "oval" on splayed legs, "trestle" planks on a steel frame with a shelf, "drum" turned."""
    width, depth, height = spec.size
    form = spec.form or "round"
    if form == "trestle":
        boards = [
            slab((-width / 2, y, height - 0.045), (width / 2, y + depth / 3 - 0.002, height), 0.004)
            for y in np.arange(3) * depth / 3 - depth / 2
        ]
        boards = [b.grain(False, (0.37 * i, 0.11 * i)) for i, b in enumerate(boards)]
        steel = []
        for x in (-width / 2 + 0.06, width / 2 - 0.06):
            corners = (-depth / 2 + 0.05, depth / 2 - 0.05)
            steel += [slab((x - 0.0175, y - 0.0175, 0), (x + 0.0175, y + 0.0175, height - 0.045)) for y in corners]
            steel.append(
                slab((x - 0.0175, -depth / 2 + 0.05, height - 0.08), (x + 0.0175, depth / 2 - 0.05, height - 0.045))
            )
            steel.append(slab((x - 0.015, -depth / 2 + 0.05, 0.09), (x + 0.015, depth / 2 - 0.05, 0.12)))
        shelf = slab((-width / 2 + 0.05, -depth / 2 + 0.07, 0.12), (width / 2 - 0.05, depth / 2 - 0.07, 0.142), 0.003)
        return [Piece("top", join([*boards, shelf])), Piece("legs", join(steel))]
    if form == "drum":
        r = width / 2
        body = lathe([(0, 0), (r * 0.78, 0), (r * 0.8, 0.01), (r * 0.8, height - 0.05)], 64)
        oval = [
            part.bend(lambda p: p * np.array([1.0, depth / width, 1.0])) for part in (body, _round_top(r, height, 0.05))
        ]
        return [Piece("legs", oval[0]), Piece("top", oval[1])]
    top = _round_top(width / 2, height, 0.03)
    if depth < width * 0.95:
        top = top.bend(lambda p: p * np.array([1.0, depth / width, 1.0]))
    legs = [
        peg(
            (0.42 * width * np.cos(a), 0.42 * depth * np.sin(a), 0),
            (0.30 * width * np.cos(a), 0.30 * depth * np.sin(a), height - 0.02),
            0.013,
            0.021,
        )
        for a in np.radians([45, 135, 225, 315])
    ]
    return [Piece("top", top), Piece("legs", join(legs))]


@kind(
    "side-table",
    16,
    ("top", "legs"),
    ("tripod", "tray", "block", "cube"),
    words=("side table", "end table", "nightstand", "bedside table", "stool"),
    near=1.3,
)
def side_table(spec: Spec) -> list[Piece]:
    """Small table: "tripod" turned wood, "tray" thin steel on a post, "block" a sawn trunk, "cube" a welded frame."""
    width, depth, height = spec.size
    form = spec.form or "tripod"
    r = width / 2 if form == "cube" else min(width, depth) / 2
    if form == "tray":
        top = lathe(
            [
                (0, height - 0.02),
                (r - 0.004, height - 0.02),
                (r, height - 0.014),
                (r, height),
                (r - 0.005, height),
                (r - 0.006, height - 0.012),
                (0, height - 0.012),
            ],
            64,
        )
        foot = lathe([(0, 0), (r * 0.62, 0), (r * 0.63, 0.006), (r * 0.6, 0.012), (0.02, 0.018), (0, 0.018)], 64)
        return [Piece("top", top), Piece("legs", join([foot, cylinder(0.011, height - 0.02)]))]
    if form == "block":
        trunk = lathe(
            [
                (0, 0),
                (r * 0.9, 0),
                (r * 0.93, 0.012),
                (r * 0.98, height * 0.3),
                (r, height * 0.7),
                (r * 0.96, height - 0.01),
                (r * 0.93, height),
                (0, height),
            ],
            40,
        )
        wobble = trunk.bend(
            lambda p: (
                p
                * (
                    1
                    + 0.035 * np.sin(3 * np.arctan2(p[:, 1], p[:, 0]) + 1.0)
                    + 0.02 * np.sin(7 * np.arctan2(p[:, 1], p[:, 0]))
                )[:, None]
                ** np.array([1, 1, 0])
            )
        )
        return [Piece("top", wobble)]
    if form == "cube":
        steel = [
            slab((x - 0.009, y - 0.009, 0), (x + 0.009, y + 0.009, height - 0.025))
            for x in (-r + 0.012, r - 0.012)
            for y in (-depth / 2 + 0.012, depth / 2 - 0.012)
        ]
        steel += [
            slab((-r, y - 0.009, z), (r, y + 0.009, z + 0.018))
            for y in (-depth / 2 + 0.012, depth / 2 - 0.012)
            for z in (0.0, height - 0.043)
        ]
        steel += [
            slab((x - 0.009, -depth / 2, z), (x + 0.009, depth / 2, z + 0.018))
            for x in (-r + 0.012, r - 0.012)
            for z in (0.0, height - 0.043)
        ]
        return [Piece("top", box((width, depth, 0.025), 0.004).move(z=height - 0.025)), Piece("legs", join(steel))]
    legs = [
        peg(
            (0.78 * r * np.cos(a), 0.78 * r * np.sin(a), 0),
            (0.50 * r * np.cos(a), 0.50 * r * np.sin(a), height - 0.015),
            0.010,
            0.016,
        )
        for a in np.radians([90, 210, 330])
    ]
    return [Piece("top", _round_top(r, height, 0.026)), Piece("legs", join(legs))]
