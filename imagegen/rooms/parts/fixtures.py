"""What is built into a room: windows, doors, radiators, pipes, beams."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.shapes import Shape, bar, box, cylinder, join, slab


def _rails(width: float, height: float, rail: float, y0: float, y1: float) -> list[Shape]:
    w, h = width / 2, height
    return [
        slab((-w, y0, 0), (w, y1, rail), 0.004).grain(False),
        slab((-w, y0, h - rail), (w, y1, h), 0.004).grain(False),
        slab((-w, y0, 0), (-w + rail, y1, h), 0.004).grain(),
        slab((w - rail, y0, 0), (w, y1, h), 0.004).grain(),
    ]


@kind("window", 9, ("frame", "sill"), ("casement", "steel", "sash"), stays=True)
def window(spec: Spec) -> list[Piece]:
    """A window in an opening: ``size`` is the opening, ``at`` the middle of its lower edge on the wall's face.

    "casement" has two wooden sashes, "sash" adds a crossbar, "steel" a grid of thin bars. +Y is outside.
    """
    width, depth, height = spec.size
    form = spec.form or "casement"
    y = depth * 0.55
    if form == "steel":
        parts = _rails(width, height, 0.035, y, y + 0.05)
        columns, rows = (
            int(spec.number("columns", max(2, round(width / 0.42)))),
            int(spec.number("rows", max(3, round(height / 0.5)))),
        )
        for i in range(1, columns):
            x = -width / 2 + width * i / columns
            parts.append(slab((x - 0.011, y + 0.005, 0.03), (x + 0.011, y + 0.04, height - 0.03), 0.003))
        for j in range(1, rows):
            z = height * j / rows
            parts.append(
                slab((-width / 2 + 0.03, y + 0.005, z - 0.011), (width / 2 - 0.03, y + 0.04, z + 0.011), 0.003)
            )
        sill = [slab((-width / 2, 0.0, -0.001), (width / 2, y, 0.004), 0.002)]
        return [Piece("frame", join(parts)), Piece("sill", join(sill))]
    parts = _rails(width, height, 0.045, y, y + 0.07)
    leaves = int(spec.number("leaves", 2))
    each = (width - 0.09) / leaves
    for i in range(leaves):
        x = -width / 2 + 0.045 + each * (i + 0.5)
        parts += [s.move(x, 0, 0.045) for s in _rails(each - 0.004, height - 0.09, 0.055, y - 0.012, y + 0.042)]
        for bar_level in np.arange(1, int(spec.number("bars", 1)) + 1) / (spec.number("bars", 1) + 1):
            z = 0.045 + (height - 0.09) * bar_level
            parts.append(slab((x - each / 2 + 0.05, y, z - 0.012), (x + each / 2 - 0.05, y + 0.03, z + 0.012), 0.003))
    parts.append(bar((0.02, y - 0.03, height * 0.45), (0.02, y - 0.03, height * 0.45 - 0.11), 0.007))
    board = slab((-width / 2 - 0.05, -0.055, -0.028), (width / 2 + 0.05, y, 0.0), 0.008)
    return [Piece("frame", join(parts)), Piece("sill", board)]


@kind("radiator", 147, ("main",), ("panel", "column"))
def radiator(spec: Spec) -> list[Piece]:
    """A radiator, "column" of cast iron or "panel" of pressed steel; the wall is at +Y."""
    width, depth, height = spec.size
    if spec.form == "panel":
        ribs = [
            slab((x, -depth / 2, 0.10), (x + 0.032, -depth / 2 + 0.02, height), 0.008)
            for x in np.arange(-width / 2, width / 2 - 0.03, 0.036)
        ]
        return [
            Piece(
                "main",
                join(
                    [
                        *ribs,
                        slab((-width / 2, -depth / 2 + 0.015, 0.1), (width / 2, depth / 2 - 0.03, height - 0.01), 0.01),
                    ]
                ),
            )
        ]
    parts = []
    for x in np.arange(-width / 2 + 0.025, width / 2, 0.05):
        rows = (-depth / 2 + 0.025, 0.0, depth / 2 - 0.025)
        parts += [cylinder(0.0155, height - 0.14, 0.008, 14).move(x, y, 0.10) for y in rows]
        parts += [box((0.044, depth, 0.055), 0.02, 3).move(x, 0, z) for z in (0.08, height - 0.07)]
    feet = (-width / 2 + 0.025, width / 2 - 0.03)
    parts += [slab((x - 0.02, -depth / 2 + 0.02, 0), (x + 0.02, depth / 2 - 0.02, 0.09), 0.008) for x in feet]
    parts.append(bar((width / 2, 0, 0.11), (width / 2 + 0.09, 0, 0.11), 0.011))
    parts.append(bar((width / 2 + 0.09, 0, 0.11), (width / 2 + 0.09, 0, 0.0), 0.011))
    return [Piece("main", join(parts))]


@kind("pipe", 43, ("main",))
def pipe(spec: Spec) -> list[Piece]:
    """A duct or conduit along X with collars; hangs below z = 0."""
    width, depth, _ = spec.size
    r = depth / 2
    parts = [cylinder(r, width, 0.002, 32).turn(90, "y").move(-width / 2, 0, -r - 0.12)]
    for x in np.arange(-width / 2 + 0.3, width / 2, 1.2):
        parts.append(cylinder(r * 1.06, 0.05, 0.006, 32).turn(90, "y").move(x, 0, -r - 0.12))
        parts.append(bar((x + 0.025, 0, -r - 0.12), (x + 0.025, 0, 0.0), 0.005))
    return [Piece("main", join(parts))]


@kind("beam", 43, ("main",), ("wood", "steel"))
def beam(spec: Spec) -> list[Piece]:
    """A beam along Y under the ceiling: a steel I or a squared trunk; z = 0 is the ceiling."""
    width, depth, height = spec.size
    if spec.form == "steel":
        flange = 0.016
        parts = [
            slab((-width / 2, -depth / 2, -flange), (width / 2, depth / 2, 0)),
            slab((-width / 2, -depth / 2, -height), (width / 2, depth / 2, -height + flange)),
            slab((-0.006, -depth / 2, -height), (0.006, depth / 2, 0)),
        ]
        return [Piece("main", join(parts))]
    return [Piece("main", slab((-width / 2, -depth / 2, -height), (width / 2, depth / 2, 0), 0.012).grain())]


@kind("column", 43, ("main",))
def column(spec: Spec) -> list[Piece]:
    """A post from floor to ceiling."""
    return [Piece("main", box(spec.size, 0.006))]


@kind("door", 15, ("main", "frame", "handles"), stays=True)
def door(spec: Spec) -> list[Piece]:
    """A closed panelled door with its casing on the wall's face (no opening is cut); wall at +Y = 0."""
    width, _, height = spec.size
    casing = [
        slab((-width / 2 - 0.08, -0.022, 0), (-width / 2, 0, height + 0.08), 0.004),
        slab((width / 2, -0.022, 0), (width / 2 + 0.08, 0, height + 0.08), 0.004),
        slab((-width / 2 - 0.08, -0.022, height), (width / 2 + 0.08, 0, height + 0.08), 0.004),
    ]
    leaf = [slab((-width / 2 + 0.003, -0.010, 0.006), (width / 2 - 0.003, 0, height - 0.003), 0.002)]
    for z0, z1 in ((0.2, height * 0.42), (height * 0.5, height - 0.16)):
        for s in (-1, 1):
            x0, x1 = sorted((s * 0.045, s * (width / 2 - 0.13)))
            leaf += [slab((x0, -0.018, z0), (x1, -0.008, z1), 0.006)]
    knob = [
        bar((width / 2 - 0.07, -0.055, 1.02), (width / 2 - 0.19, -0.055, 1.02), 0.009),
        cylinder(0.026, 0.012).turn(90, "x").move(width / 2 - 0.07, -0.01, 1.02),
        bar((width / 2 - 0.07, 0, 1.02), (width / 2 - 0.07, -0.055, 1.02), 0.008),
    ]
    return [Piece("main", join(leaf)), Piece("frame", join(casing)), Piece("handles", join(knob))]
