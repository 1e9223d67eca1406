"""Radiators; the wall is at +Y."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.shapes import bar, box, cylinder, join, slab


@kind("radiator", 147, ("main",), ("panel",))
def radiator(spec: Spec) -> list[Piece]:
    """Pressed steel: a plate with upright ribs, off the floor."""
    width, depth, height = spec.size
    ribs = [
        slab((x, -depth / 2, 0.10), (x + 0.032, -depth / 2 + 0.02, height), 0.008)
        for x in np.arange(-width / 2, width / 2 - 0.03, 0.036)
    ]
    plate = slab((-width / 2, -depth / 2 + 0.015, 0.1), (width / 2, depth / 2 - 0.03, height - 0.01), 0.01)
    return [Piece("main", join([*ribs, plate]))]


@form("radiator", "column")
def column(spec: Spec) -> list[Piece]:
    """Cast iron: sections of three columns on feet, with the pipe at its end."""
    width, depth, height = spec.size
    parts = []
    end = width / 2 - 0.10  # the pipe stands within the width
    for x in np.arange(-width / 2 + 0.025, end, 0.05):
        rows = (-depth / 2 + 0.025, 0.0, depth / 2 - 0.025)
        parts += [cylinder(0.0155, height - 0.14, 0.008, 10).move(x, y, 0.10) for y in rows]
        parts += [box((0.044, depth, 0.055), 0.02, 2).move(x, 0, z) for z in (0.08, height - 0.07)]
    feet = (-width / 2 + 0.025, end - 0.03)
    parts += [slab((x - 0.02, -depth / 2 + 0.02, 0), (x + 0.02, depth / 2 - 0.02, 0.09), 0.008) for x in feet]
    parts.append(bar((end - 0.02, 0, 0.11), (end + 0.085, 0, 0.11), 0.011))
    parts.append(bar((end + 0.085, 0, 0.12), (end + 0.085, 0, 0.0), 0.011))
    return [Piece("main", join(parts))]
