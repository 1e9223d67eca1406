"""Chests of drawers."""

from __future__ import annotations

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.joinery import carcass, flat_front, knob, openings, plank, pull, ring, splayed_legs
from imagegen.rooms.shapes import Shape, join, slab


def _columns(spec: Spec) -> int:
    return int(spec.number("columns", 2 if spec.size[0] > 1.05 else 1))


def _rows(spec: Spec, low: float, each: float) -> int:
    return int(spec.number("rows", max(2, round((spec.size[2] - low) / each))))


@kind(
    "dresser",
    45,
    ("main", "fronts", "legs", "handles"),
    ("drawers",),
    words=("dresser", "chest of drawers", "drawer"),
    near=1.3,
)
def drawers(spec: Spec) -> list[Piece]:
    """A plain chest: overlaid fronts, a top that stands proud, bar pulls, a plinth set back."""
    width, depth, height = spec.size
    foot, d = 0.07, depth / 2
    inner = width - 0.03
    body = [s.move(y=0.017) for s in carcass(inner, depth - 0.034, foot, height - 0.022, 0.02)]
    body.append(plank((-width / 2, -d, height - 0.025), (width / 2, d, height), 0.004))
    fields = openings(-inner / 2, inner / 2, foot, height - 0.028, _columns(spec), _rows(spec, foot, 0.2), 0.004)
    face = -d + 0.014
    fronts = [flat_front(place, face) for place in fields]
    pulls = [pull((x0 + x1) / 2, face, z1 - 0.06, min(0.2, (x1 - x0) * 0.3)) for x0, x1, _, z1 in fields]
    plinth = slab((-inner / 2 + 0.02, -d + 0.05, 0), (inner / 2 - 0.02, d - 0.02, foot), 0.001)
    return [
        Piece("main", join(body)),
        Piece("fronts", join(fronts)),
        Piece("legs", plinth),
        Piece("handles", join(pulls)),
    ]


@form("dresser", "tapered")
def tapered(spec: Spec) -> list[Piece]:
    """Flush drawers between bevelled sides on splayed tapering legs; small turned knobs, two to a broad drawer."""
    width, depth, height = spec.size
    foot, d, thick = 0.18, depth / 2, 0.024
    body = carcass(width, depth, foot, height, thick)
    fields = openings(
        -width / 2 + thick,
        width / 2 - thick,
        foot + thick,
        height - thick,
        _columns(spec),
        _rows(spec, foot, 0.19),
        0.004,
    )
    fronts = [flat_front(place, -d + 0.003) for place in fields]
    knobs: list[Shape] = []
    for x0, x1, z0, z1 in fields:
        shares = (0.22, 0.78) if x1 - x0 > 0.45 else (0.5,)
        knobs += [knob(x0 + (x1 - x0) * s, -d + 0.003, (z0 + z1) / 2, 0.0125) for s in shares]
    rails = [
        plank((-width / 2 + 0.07, y - 0.011, foot - 0.03), (width / 2 - 0.07, y + 0.011, foot + 0.002))
        for y in (-d + 0.07, d - 0.07)
    ]
    stand = [*splayed_legs(width, depth, foot, 0.019, 0.05), *rails]
    return [
        Piece("main", join(body)),
        Piece("fronts", join(fronts)),
        Piece("legs", join(stand)),
        Piece("handles", join(knobs)),
    ]


@form("dresser", "apothecary")
def apothecary(spec: Spec) -> list[Piece]:
    """Many small square drawers with drop rings in a thick case on a moulded plinth."""
    width, depth, height = spec.size
    foot, d, thick = 0.08, depth / 2, 0.026
    body = carcass(width - 0.03, depth - 0.015, foot, height - 0.02, thick)
    body = [s.move(y=0.0075) for s in body]
    body.append(plank((-width / 2, -d, height - 0.03), (width / 2, d, height), 0.006))
    w = width / 2 - 0.015 - thick
    columns = int(spec.number("columns", max(3, round(2 * w / 0.22))))
    rows = int(spec.number("rows", max(3, round((height - foot) / 0.17))))
    face = -d + 0.017
    fields = openings(-w, w, foot + thick, height - 0.03 - 0.012, columns, rows, 0.016)
    for z in {place[2] for place in fields}:
        body.append(plank((-w, face, z - 0.0145), (w, face + 0.02, z - 0.0015), 0.0015))
    for x in {place[0] for place in fields}:
        body.append(plank((x - 0.0145, face + 0.0005, foot + thick), (x - 0.0015, face + 0.02, height - 0.03), 0.0015))
    fronts = [flat_front((x0, x1, z0, z1), face + 0.002) for x0, x1, z0, z1 in fields]
    rings = [ring((x0 + x1) / 2, face + 0.002, (z0 + z1) / 2 + 0.012, 0.018) for x0, x1, z0, z1 in fields]
    stand = [
        plank((-width / 2, -d, 0), (width / 2, -d + 0.022, foot), 0.004),
        plank((-width / 2, -d + 0.022, 0), (-width / 2 + 0.022, d, foot), 0.004),
        plank((width / 2 - 0.022, -d + 0.022, 0), (width / 2, d, foot), 0.004),
    ]
    return [
        Piece("main", join(body)),
        Piece("fronts", join(fronts)),
        Piece("legs", join(stand)),
        Piece("handles", join(rings)),
    ]
