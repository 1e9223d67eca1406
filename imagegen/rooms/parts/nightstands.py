"""Bedside tables."""

from __future__ import annotations

import itertools

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.joinery import (
    carcass,
    flat_front,
    knob,
    openings,
    plank,
    splayed_legs,
)
from imagegen.rooms.shapes import Shape, join, lathe, slab


@kind(
    "nightstand",
    45,
    ("main", "legs", "handles"),
    ("legs",),
    words=("nightstand", "bedside table", "night table"),
    near=1.3,
)
def legs(spec: Spec) -> list[Piece]:
    """A drawer over an open compartment, on four splayed turned legs."""
    width, depth, height = spec.size
    low, thick = min(0.20, height * 0.4), 0.020
    w, d = width / 2, depth / 2
    drawer = low + (height - low) * 0.48
    body = [
        plank((-w, -d, height - thick), (w, d, height)),
        plank((-w, -d, low), (w, d, low + thick)),
        plank((-w, -d, low + thick), (-w + thick, d, height - thick)),
        plank((w - thick, -d, low + thick), (w, d, height - thick)),
        plank((-w + thick, -d + 0.004, drawer - thick), (w - thick, d, drawer)),
        slab((-w + thick, d - 0.008, low + thick), (w - thick, d - 0.002, height - thick), 0.001),
        slab((-w + thick, -d + 0.03, drawer), (w - thick, d - 0.01, height - thick), 0.001),
    ]
    place = openings(-w + thick, w - thick, drawer, height - thick, 1, 1)[0]
    body.append(flat_front(place, -d + 0.002))
    return [
        Piece("main", join(body)),
        Piece("legs", join(splayed_legs(width, depth, low, 0.017, 0.03))),
        Piece("handles", knob(0.0, -d + 0.002, (drawer + height - thick) / 2, 0.012)),
    ]


@form("nightstand", "block", slots=("main",))
def block(spec: Spec) -> list[Piece]:
    """Two drawers between mitred boards, no handle: a shadow gap to pull at, a plinth set back under it."""
    width, depth, height = spec.size
    foot, thick = 0.035, 0.024
    w, d = width / 2, depth / 2
    body = carcass(width, depth, foot, height, thick)
    fields = openings(-w + thick, w - thick, foot + thick, height - thick, 1, 2, 0.012)
    body += [flat_front((x0 - 0.004, x1 + 0.004, z0, z1), -d + 0.001) for x0, x1, z0, z1 in fields]
    body.append(slab((-w + 0.03, -d + 0.04, 0), (w - 0.03, d - 0.01, foot), 0.001))
    return [Piece("main", join(body))]


@form("nightstand", "drum", slots=("main", "legs"))
def drum(spec: Spec) -> list[Piece]:
    """A round body of upright staves under a turned top with a soft edge."""
    width, depth, height = spec.size
    r, count = width / 2, 28
    top = lathe(
        [
            (0, height - 0.024),
            (r - 0.004, height - 0.024),
            (r, height - 0.018),
            (r, height - 0.006),
            (r - 0.006, height),
            (0, height),
        ],
        64,
    )
    body = [lathe([(0, 0.02), (r - 0.022, 0.02), (r - 0.022, height - 0.024), (0, height - 0.024)], 56)]
    body.append(lathe([(0, 0), (r - 0.03, 0), (r - 0.03, 0.021), (0, 0.021)], 48))
    for angle in np.linspace(0, 360, count, endpoint=False):
        half = np.pi * (r - 0.014) / count - 0.0015
        stave = plank((-half, -0.011, 0.012), (half, 0.011, height - 0.024), 0.006)
        body.append(stave.move(y=-(r - 0.016)).turn(float(angle)))
    oval = np.array([1.0, depth / width, 1.0])
    return [Piece("main", join([top, *body]).bend(lambda p: p * oval) if depth != width else join([top, *body]))]


@form("nightstand", "crate", slots=("main", "handles"))
def crate(spec: Spec) -> list[Piece]:
    """An old box stood on its end: rough boards with gaps, corner posts, a shelf within, iron straps."""
    width, depth, height = spec.size
    w, d, rng = width / 2, depth / 2, spec.rng()
    rows = max(3, round(height / 0.13))
    edge = np.linspace(0.0, height - 0.022, rows + 1)
    boards: list[Shape] = []
    for z0, z1 in itertools.pairwise(edge):
        gap = float(rng.uniform(0.003, 0.008))
        for side in (-1, 1):
            x = side * (w - 0.009)
            boards.append(plank((x - 0.009, -d, z0 + gap), (x + 0.009, d, z1), 0.002))
        boards.append(plank((-w + 0.018, d - 0.018, z0 + gap), (w - 0.018, d, z1), 0.002))
    lines = np.linspace(-d, d, 4)
    for level in (height - 0.022, height * 0.45, 0.02):
        boards += [
            plank(
                (-w + (0 if level > height / 2 else 0.019), y0 + 0.001, level),
                (w - (0 if level > height / 2 else 0.019), y1 - 0.001, level + 0.022),
                0.002,
            )
            for y0, y1 in itertools.pairwise(lines)
        ]
    posts = [
        plank((x - 0.016, y - 0.016, 0.0), (x + 0.016, y + 0.016, height - 0.023), 0.002)
        for x in (-w + 0.034, w - 0.034)
        for y in (-d + 0.018, d - 0.034)
    ]
    straps = [
        slab((s * w - 0.002, y - 0.012, z), (s * w + 0.002, y + 0.012, z + 0.03), 0.001)
        for s in (-1, 1)
        for y in (-d + 0.02, d - 0.02)
        for z in (0.02, height - 0.07)
    ]
    return [Piece("main", join([*boards, *posts])), Piece("handles", join(straps))]
