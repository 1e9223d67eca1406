"""Further low cabinets for the wall of a living or dining room."""

from __future__ import annotations

import itertools

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.joinery import (
    carcass,
    flat_front,
    frame_front,
    knob,
    openings,
    panelled_front,
    plank,
    slats,
    splayed_legs,
    woven_panel,
)
from imagegen.rooms.shapes import Shape, join, lathe, slab

_HIGH = 0.19
"""Metres under a cabinet on legs."""


@form("sideboard", "tapered")
def tapered(spec: Spec) -> list[Piece]:
    """Long and low: two sliding doors beside a bank of drawers, recessed round pulls, splayed legs on a frame."""
    width, depth, height = spec.size
    d, thick, foot = depth / 2, 0.024, min(_HIGH, height * 0.3)
    body = carcass(width, depth, foot, height, thick)
    x0, x1 = -width / 2 + thick, width / 2 - thick
    third = x0 + (x1 - x0) / 3
    low, high = foot + thick, height - thick
    body.append(plank((third - 0.011, -d + 0.001, low), (third + 0.011, -d + 0.05, high)))
    fronts, pulls = [], []
    for place in openings(x0, third - 0.011, low, high, 1, 3):
        fronts.append(flat_front(place, -d + 0.004))
        middle = (place[0] + place[1]) / 2
        pulls.append(
            slab((middle - 0.05, -d + 0.002, place[3] - 0.022), (middle + 0.05, -d + 0.012, place[3] - 0.004), 0.004)
        )
    half = (x1 + third + 0.011) / 2
    doors = ((third + 0.011, half + 0.015, 0.005), (half - 0.015, x1, 0.026))
    for index, (a, b, y) in enumerate(doors):
        fronts.append(flat_front((a + 0.001, b - 0.001, low + 0.002, high - 0.003), -d + y))
        cup = lathe([(0.021, 0.0), (0.021, 0.0035), (0.017, 0.0035), (0.014, 0.001), (0, 0.0005)], 28).turn(90, "x")
        pulls.append(cup.move(a + 0.06 if index == 0 else b - 0.06, -d + y + 0.0005, (low + high) / 2))
    rails = [
        plank((-width / 2 + 0.12, y - 0.012, foot - 0.035), (width / 2 - 0.12, y + 0.012, foot + 0.001))
        for y in (-d + 0.075, d - 0.075)
    ]
    legs = splayed_legs(width - 0.14, depth - 0.02, foot, 0.021, 0.055)
    return [
        Piece("main", join(body)),
        Piece("fronts", join(fronts)),
        Piece("legs", join([*legs, *rails])),
        Piece("handles", join(pulls)),
    ]


@form("sideboard", "slatted")
def slatted(spec: Spec) -> list[Piece]:
    """Tambour: close upright slats across the whole front between a thick top and floor, on a slim recessed base."""
    width, depth, height = spec.size
    d, thick, foot = depth / 2, 0.028, 0.09
    body = carcass(width, depth, foot, height, thick)
    place = (-width / 2 + thick + 0.002, width / 2 - thick - 0.002, foot + thick + 0.001, height - thick - 0.002)
    fronts = slats(place, -d + 0.006, 0.021, 0.0185, 0.012)
    base = [
        plank((-width / 2 + 0.05, y - 0.0125, 0), (width / 2 - 0.05, y + 0.0125, foot)) for y in (-d + 0.06, d - 0.05)
    ]
    base += [
        plank((x - 0.0125, -d + 0.06, 0), (x + 0.0125, d - 0.05, foot))
        for x in (-width / 2 + 0.0625, width / 2 - 0.0625)
    ]
    return [Piece("main", join(body)), Piece("fronts", join(fronts)), Piece("legs", join(base))]


@form("sideboard", "cane", slots=("main", "fronts", "cane", "legs", "handles"))
def cane(spec: Spec) -> list[Piece]:
    """Framed doors with woven cane, on turned legs."""
    width, depth, height = spec.size
    d, thick, foot, rail = depth / 2, 0.024, min(_HIGH, height * 0.3), 0.042
    body = carcass(width, depth, foot, height, thick)
    count = int(spec.number("doors", max(2, round(width / 0.5))))
    fields = openings(-width / 2 + thick, width / 2 - thick, foot + thick, height - thick, count, 1)
    fronts: list[Shape] = []
    for place in fields:
        fronts += frame_front(place, -d + 0.001, rail)
    woven = [woven_panel(place, -d + 0.001, rail) for place in fields]
    knobs = [
        knob(x1 - rail / 2 if i % 2 == 0 and i < count - 1 else x0 + rail / 2, -d + 0.001, (z0 + z1) / 2, 0.011)
        for i, (x0, x1, z0, z1) in enumerate(fields)
    ]
    return [
        Piece("main", join(body)),
        Piece("fronts", join(fronts)),
        Piece("cane", join(woven)),
        Piece("legs", join(splayed_legs(width - 0.06, depth, foot, 0.02, 0.03))),
        Piece("handles", join(knobs)),
    ]


@form("sideboard", "farmhouse")
def farmhouse(spec: Spec) -> list[Piece]:
    """Panelled doors under a row of drawers, square posts to the floor, a thick top of planks that stands out."""
    width, depth, height = spec.size
    w, d, top, foot = width / 2 - 0.025, depth / 2, 0.04, 0.10
    face = -d + 0.025
    edges = [-d + depth * i / 3 for i in range(4)]
    body = [
        plank((-width / 2, a + 0.0012, height - top), (width / 2, b - 0.0012, height), 0.005)
        for a, b in itertools.pairwise(edges)
    ]
    body.append(slab((-w + 0.01, face + 0.024, foot + 0.01), (w - 0.01, d - 0.003, height - top), 0.001))
    rails = ((foot, foot + 0.045), (height - top - 0.215, height - top - 0.185), (height - top - 0.04, height - top))
    body += [plank((-w, face + 0.002, a), (w, face + 0.024, b)) for a, b in rails]
    body += [
        plank((s * (w - 0.012) - 0.011, face + 0.05, foot), (s * (w - 0.012) + 0.011, d - 0.02, height - top))
        for s in (-1, 1)
    ]
    count = int(spec.number("doors", max(2, round(width / 0.48))))
    fronts: list[Shape] = []
    knobs: list[Shape] = []
    for i, place in enumerate(openings(-w + 0.06, w - 0.06, foot + 0.045, height - top - 0.215, count, 1, 0.006)):
        fronts += panelled_front(place, face, 0.065)
        x = place[1] - 0.032 if i % 2 == 0 and i < count - 1 else place[0] + 0.032
        knobs.append(knob(x, face, place[3] - 0.11, 0.015))
    for place in openings(-w + 0.06, w - 0.06, height - top - 0.185, height - top - 0.04, count, 1, 0.006):
        fronts.append(flat_front(place, face))
        knobs.append(knob((place[0] + place[1]) / 2, face, (place[2] + place[3]) / 2, 0.015))
    posts = [
        plank((x - 0.03, y - 0.03, 0), (x + 0.03, y + 0.03, height - top), 0.004)
        for x in (-w + 0.03, w - 0.03)
        for y in (face + 0.03, d - 0.03)
    ]
    return [
        Piece("main", join(body)),
        Piece("fronts", join(fronts)),
        Piece("legs", join(posts)),
        Piece("handles", join(knobs)),
    ]


@form("sideboard", "floating", slots=("main", "fronts"))
def floating(spec: Spec) -> list[Piece]:
    """Hung on the wall: a seamless box, drop fronts with hairline gaps, no handle and no leg.

    ``settings.clear``: metres of air under it (0.24).
    """
    width, depth, height = spec.size
    d, low = depth / 2, min(spec.number("clear", 0.24), height - 0.28)
    core = slab((-width / 2 + 0.018, -d + 0.024, low + 0.018), (width / 2 - 0.018, d - 0.004, height - 0.018), 0.001)
    count = int(spec.number("doors", max(2, round(width / 0.75))))
    fields = openings(-width / 2 + 0.001, width / 2 - 0.001, low + 0.001, height - 0.022, count, 1, 0.0035)
    top = plank((-width / 2, -d, height - 0.018), (width / 2, d, height), 0.002)
    fronts = [flat_front(place, -d, 0.02) for place in fields]
    sides = [
        plank((-width / 2, -d + 0.021, low), (width / 2, d, low + 0.018), 0.002),
        plank((-width / 2, -d + 0.021, low + 0.018), (-width / 2 + 0.018, d, height - 0.018), 0.002),
        plank((width / 2 - 0.018, -d + 0.021, low + 0.018), (width / 2, d, height - 0.018), 0.002),
    ]
    return [Piece("main", join([top, *sides, core])), Piece("fronts", join(fronts))]
