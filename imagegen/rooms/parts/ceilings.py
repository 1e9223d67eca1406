"""What hangs under a ceiling and what carries it; z = 0 is the ceiling, but a column stands on the floor."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.openwork import timber
from imagegen.rooms.shapes import bar, box, cylinder, join, slab


@kind("beam", 43, ("main",), ("wood",))
def wood(spec: Spec) -> list[Piece]:
    """A hewn trunk along Y: flat faces, wandering edges. Settings: hewn (0 sawn square .. 1 adzed)."""
    width, depth, height = spec.size
    amount = spec.number("hewn", 0.5)
    return [Piece("main", timber(depth, width, height, amount, spec.rng()).turn(90).move(z=-height))]


@form("beam", "steel")
def steel(spec: Spec) -> list[Piece]:
    """A rolled I along Y."""
    width, depth, height = spec.size
    flange = 0.016
    parts = [
        slab((-width / 2, -depth / 2, -flange), (width / 2, depth / 2, 0)),
        slab((-width / 2, -depth / 2, -height), (width / 2, depth / 2, -height + flange)),
        slab((-0.006, -depth / 2, -height), (0.006, depth / 2, 0)),
    ]
    return [Piece("main", join(parts))]


@kind("ceiling-boards", 6, ("main", "beam"))
def ceiling_boards(spec: Spec) -> list[Piece]:
    """Boards along X over a whole ceiling with beams along Y under them.

    Settings: beams (how many, default one each 1.1 m; 0 for boards alone), beam (metres wide), board (metres wide),
    hewn (0 sawn .. 1 adzed beams).
    """
    width, depth, height = spec.size
    rng = spec.rng()
    plate = min(0.022, height * 0.6)
    count = max(3, round(depth / spec.number("board", 0.145)))
    each = depth / count
    boards = [
        slab(
            (-width / 2, -depth / 2 + each * i + 0.0015, -plate),
            (width / 2, -depth / 2 + each * (i + 1) - 0.0015, 0),
            0.004,
            1,
        ).grain(False, shift=(float(rng.uniform(0, 3)), float(rng.uniform(0, 3))))
        for i in range(count)
    ]
    pieces = [Piece("main", join(boards))]
    beams = int(spec.number("beams", max(2, round(width / 1.1)) if height > 0.06 else 0))
    if beams and height > plate + 0.02:
        wide, high = spec.number("beam", 0.13), height - plate + 0.004
        trunks = [
            timber(depth, wide, high, spec.number("hewn", 0.35), spec.rng(i + 1)).turn(90).move(x=x, z=-height)
            for i, x in enumerate((np.arange(beams) + 0.5) / beams * width - width / 2)
        ]
        pieces.append(Piece("beam", join(trunks)))
    return pieces


@kind("pipe", 43, ("main",))
def pipe(spec: Spec) -> list[Piece]:
    """A duct or conduit along X with collars; hangs below z = 0 on rods, its lower side at the end of its height."""
    width, depth, height = spec.size
    r = depth / 2
    low = r - max(height, depth)
    parts = [cylinder(r, width, 0.002, 32).turn(90, "y").move(-width / 2, 0, low)]
    for x in np.arange(-width / 2 + 0.3, width / 2, 1.2):
        parts.append(cylinder(r * 1.06, 0.05, 0.006, 32).turn(90, "y").move(x, 0, low))
        parts.append(bar((x + 0.025, 0, low), (x + 0.025, 0, 0.0), 0.005))
    return [Piece("main", join(parts))]


@kind("column", 43, ("main",))
def column(spec: Spec) -> list[Piece]:
    """A post from floor to ceiling."""
    return [Piece("main", box(spec.size, 0.006))]
