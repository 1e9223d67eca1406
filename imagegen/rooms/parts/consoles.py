"""Console tables for halls and behind sofas."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.joinery import flat_front, knob, openings, plank
from imagegen.rooms.shapes import Shape, box, curve, join, slab, tube


@kind(
    "console",
    16,
    ("top", "legs", "drawer", "handles"),
    ("slim",),
    words=("console", "hall table", "entry table"),
    near=1.3,
)
def slim(spec: Spec) -> list[Piece]:
    """A board on two frames of thin square steel, a bar between them and a board low down."""
    width, depth, height = spec.size
    w, d, t = width / 2, depth / 2, 0.011
    steel: list[Shape] = []
    for x in (-w + 0.03, w - 0.03):
        steel += [plank((x - t, y - t, 0), (x + t, y + t, height - 0.026), 0.002) for y in (-d + t, d - t)]
        steel += [
            plank((x - t, -d + 2 * t, z), (x + t, d - 2 * t, z + 2 * t), 0.002) for z in (0.0, 0.14, height - 0.048)
        ]
    steel.append(plank((-w + 0.03 + t, d - 2 * t, height - 0.048), (w - 0.03 - t, d, height - 0.026), 0.002))
    boards = [
        plank((-w, -d, height - 0.026), (w, d, height), 0.004),
        plank((-w + 0.03 - t, -d + 0.012, 0.162), (w - 0.03 + t, d - 0.012, 0.182)),
    ]
    return [Piece("top", join(boards)), Piece("legs", join(steel))]


@form("console", "drawer")
def drawer(spec: Spec) -> list[Piece]:
    """A hall table on tapered legs, with an apron and two or three shallow drawers."""
    width, depth, height = spec.size
    w, d, deep = width / 2, depth / 2, 0.14
    low, top = height - 0.024 - deep, height - 0.024
    legs: list[Shape] = []
    for sx in (-1, 1):
        for sy in (-1, 1):
            leg = box((0.042, 0.042, top), 0.004, 2, 4)
            taper = leg.bend(
                lambda p: (
                    p * np.column_stack([*(2 * [0.58 + 0.42 * np.clip(p[:, 2] / (top * 0.8), 0, 1)]), 1 + 0 * p[:, 2]])
                )
            )
            legs.append(taper.grain().move(sx * (w - 0.046), sy * (d - 0.040)))
    body = [plank((-w, -d, top), (w, d, height), 0.004)]
    body += [plank((-w + 0.066, y, low), (w - 0.066, y + 0.02, top)) for y in (-d + 0.03, d - 0.05)]
    body += [plank((s * (w - 0.046) - 0.01, -d + 0.06, low), (s * (w - 0.046) + 0.01, d - 0.06, top)) for s in (-1, 1)]
    count = max(2, round(width / 0.5))
    places = openings(-w + 0.07, w - 0.07, low + 0.012, top - 0.006, count, 1, 0.012)
    fronts = [flat_front(place, -d + 0.026) for place in places]
    knobs = [knob((a + b) / 2, -d + 0.026, (z0 + z1) / 2, 0.011) for a, b, z0, z1 in places]
    return [
        Piece("top", join(body)),
        Piece("legs", join(legs)),
        Piece("drawer", join(fronts)),
        Piece("handles", join(knobs)),
    ]


@form("console", "wishbone", slots=("top", "legs"))
def wishbone(spec: Spec) -> list[Piece]:
    """A thick slab with round ends on two arches."""
    width, depth, height = spec.size
    w, d, thick = width / 2, depth / 2, 0.045
    top = box((width, depth, thick), 0.012, 2, 18)

    def rounded(p: np.ndarray) -> np.ndarray:
        out = p.copy()
        reach = np.clip((np.abs(p[:, 0]) - (w - d)) / d, 0, 1)
        out[:, 1] *= np.sqrt(np.maximum(1 - reach**2, 0.02))
        return out

    legs: list[Shape] = []
    for s in (-1, 1):
        x, r = s * (w - max(d, 0.2)), 0.038
        arch = curve(
            [
                (x, -d + r, 0),
                (x, -d + r, height * 0.42),
                (x, -d * 0.55, height * 0.83),
                (x, 0, height - thick - r + 0.004),
                (x, d * 0.55, height * 0.83),
                (x, d - r, height * 0.42),
                (x, d - r, 0),
            ],
            40,
        )
        legs.append(tube(arch, r, 20))
    brace = slab(
        (-(w - max(d, 0.2)), -0.02, height - thick - 0.05), (w - max(d, 0.2), 0.02, height - thick + 0.003), 0.006
    )
    return [Piece("top", top.bend(rounded).move(z=height - thick)), Piece("legs", join([*legs, brace]))]
