"""Sideboards, chests, open shelves with what stands in them."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.parts.wares import book_row, book_stack, pot, vessel
from imagegen.rooms.shapes import Shape, bar, join, lathe, slab


def _fronts(width: float, low: float, high: float, y: float, count: int, rows: int = 1) -> list[Shape]:
    """Door or drawer fronts with a shadow gap round each, proud of the carcass."""
    gap, made = 0.0035, []
    for column in range(count):
        for row in range(rows):
            x0, x1 = -width / 2 + width * column / count, -width / 2 + width * (column + 1) / count
            z0, z1 = low + (high - low) * row / rows, low + (high - low) * (row + 1) / rows
            front = slab((x0 + gap, y - 0.018, z0 + gap), (x1 - gap, y, z1 - gap), 0.002)
            made.append(front.grain(False, (0.41 * column + 0.2 * row, 0.23 * row)))
    return made


@kind(
    "sideboard",
    11,
    ("main", "fronts", "legs", "handles"),
    ("legs", "steel", "plinth"),
    words=("sideboard", "dresser", "chest", "tv bench", "console"),
    near=1.3,
)
def sideboard(spec: Spec) -> list[Piece]:
    """A low cabinet: "legs" turned, with small knobs; "steel" drawers in a frame; "plinth" fluted to the floor."""
    width, depth, height = spec.size
    form = spec.form or "legs"
    leg = {"legs": 0.17, "steel": 0.14, "plinth": 0.05}[form]
    count = int(spec.number("doors", 3))
    rows = int(spec.number("rows", 1))
    y = -depth / 2 + 0.018
    shell = [
        slab((-width / 2, -depth / 2 + 0.012, height - 0.024), (width / 2, depth / 2, height), 0.003),
        slab((-width / 2, -depth / 2 + 0.012, leg), (width / 2, depth / 2, leg + 0.022), 0.003),
        slab((-width / 2, -depth / 2 + 0.012, leg), (-width / 2 + 0.022, depth / 2, height), 0.003),
        slab((width / 2 - 0.022, -depth / 2 + 0.012, leg), (width / 2, depth / 2, height), 0.003),
        slab((-width / 2 + 0.02, -depth / 2 + 0.04, leg + 0.02), (width / 2 - 0.02, depth / 2, height - 0.02), 0.001),
    ]
    fronts = _fronts(width - 0.046, leg + 0.023, height - 0.025, y, count, rows)
    if form == "plinth":
        fronts = [
            lathe([(0.011, leg + 0.02), (0.011, height - 0.028)], 12).move(x, y)
            for x in np.arange(-width / 2 + 0.035, width / 2 - 0.03, 0.024)
        ]
    knobs: list[Shape] = []
    for column in range(count):
        for row in range(rows):
            x = -width / 2 + 0.023 + (width - 0.046) * (column + 0.5) / count
            z = leg + (height - leg) * (row + 0.5) / rows
            if form == "legs":
                side = (width - 0.046) / count / 2 - 0.05
                knob = lathe([(0, 0), (0.005, 0), (0.005, 0.010), (0.012, 0.014), (0.012, 0.022), (0, 0.024)], 20).turn(
                    90, "x"
                )
                knobs.append(knob.move(x + (side if column % 2 == 0 else -side), y - 0.018, height - 0.13))
            elif form == "steel":
                knobs.append(slab((x - 0.06, y - 0.032, z + 0.015), (x + 0.06, y - 0.018, z + 0.030), 0.003))
    pieces = [Piece("main", join(shell)), Piece("fronts", join(fronts))]
    if knobs:
        pieces.append(Piece("handles", join(knobs)))
    if form == "legs":
        legs = [
            bar(
                (sx * (width / 2 - 0.10), sy * (depth / 2 - 0.06), 0),
                (sx * (width / 2 - 0.14), sy * (depth / 2 - 0.09), leg + 0.005),
                0.011,
                0.019,
            )
            for sx in (-1, 1)
            for sy in (-1, 1)
        ]
    elif form == "steel":
        legs = [
            slab((x - 0.015, s * (depth / 2 - 0.03) - 0.015, 0), (x + 0.015, s * (depth / 2 - 0.03) + 0.015, leg))
            for x in (-width / 2 + 0.03, width / 2 - 0.03)
            for s in (-1, 1)
        ]
        legs += [
            slab(
                (-width / 2 + 0.03, s * (depth / 2 - 0.03) - 0.012, leg - 0.026),
                (width / 2 - 0.03, s * (depth / 2 - 0.03) + 0.012, leg),
            )
            for s in (-1, 1)
        ]
    else:
        legs = [slab((-width / 2 + 0.03, -depth / 2 + 0.05, 0), (width / 2 - 0.03, depth / 2, leg), 0.001)]
    return [*pieces, Piece("legs", join(legs))]


@kind(
    "shelf",
    25,
    ("main", "frame", "books1", "books2", "books3", "pages", "ceramic1", "ceramic2"),
    ("ladder", "steel", "case"),
    words=("shelf", "shelving", "bookcase", "wardrobe", "cupboard", "cabinet"),
    near=1.3,
)
def shelf(spec: Spec) -> list[Piece]:
    """An open shelf with books and pots: "case" is joinery, "ladder" light wood, "steel" boards in a black frame."""
    width, depth, height = spec.size
    form = spec.form or "case"
    levels = int(spec.number("levels", round(height / 0.37)))
    thick = 0.03 if form == "steel" else 0.022
    heights = np.linspace(0.09, height - thick - (0.0 if form == "case" else 0.02), levels)
    boards = [
        slab((-width / 2 + 0.01, -depth / 2 + 0.005, z), (width / 2 - 0.01, depth / 2 - 0.005, z + thick), 0.003).grain(
            False, (0.3 * i, 0.2 * i)
        )
        for i, z in enumerate(heights)
    ]
    half = 0.0125
    if form == "case":
        uprights = [
            slab((x, -depth / 2, 0), (x + 0.022, depth / 2, height), 0.002).grain()
            for x in (-width / 2, width / 2 - 0.022)
        ]
        uprights.append(
            slab((-width / 2 + 0.01, depth / 2 - 0.008, 0.06), (width / 2 - 0.01, depth / 2, height - 0.01), 0.001)
        )
    else:
        radius = half if form == "steel" else 0.014
        uprights = [
            slab(
                (x - radius, s * (depth / 2 - radius) - radius, 0),
                (x + radius, s * (depth / 2 - radius) + radius, height),
                0.002 if form == "steel" else 0.01,
            )
            for x in (-width / 2 + radius, width / 2 - radius)
            for s in (-1, 1)
        ]
        uprights += [
            slab((x - 0.009, -depth / 2, z - 0.018), (x + 0.009, depth / 2, z), 0.002)
            for x in (-width / 2 + radius, width / 2 - radius)
            for z in heights
        ]
    pieces = [Piece("main", join(boards)), Piece("frame", join(uprights))]
    return pieces + _filled(
        spec, width - 0.10, [float(z + thick) for z in heights[:-1]], float(heights[1] - heights[0] - thick)
    )


def _filled(spec: Spec, width: float, levels: list[float], clear: float) -> list[Piece]:
    """Books, stacks and pots with air between them: about two thirds of the boards."""
    rng = spec.rng(3)
    pieces: list[Piece] = []
    for index, z in enumerate(levels):
        at = -width / 2 + float(rng.uniform(0.0, 0.06))
        while at < width / 2 - 0.12:
            room = width / 2 - at
            choice = int(rng.integers(0, 5))
            if choice <= 1:
                span = min(room, float(rng.uniform(0.16, 0.36)))
                pieces += book_row(rng, span, min(clear - 0.04, 0.27), at, z, 0.0)
            elif choice == 2:
                span = min(room, 0.24)
                pieces += book_stack(rng, int(rng.integers(2, 5)), at + span / 2, 0.0, z)
            elif choice == 3:
                span = min(room, 0.17)
                pot_height = min(clear - 0.05, float(rng.uniform(0.13, 0.24)))
                pieces.append(
                    Piece(
                        f"ceramic{1 + index % 2}", vessel(rng, 0.065, pot_height, 16).move(at + span / 2, 0.0, z), 136
                    )
                )
            else:
                span = min(room, 0.20)
                pieces.append(
                    Piece(
                        f"ceramic{1 + (index + 1) % 2}",
                        pot(0.075, min(clear - 0.1, 0.10), 9).move(at + span / 2, 0.0, z),
                        136,
                    )
                )
            at += span + float(rng.uniform(0.02, 0.11))
    return pieces
