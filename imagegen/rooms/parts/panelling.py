"""Wall coverings: plates on a wall, wall at y = 0, ``size`` (width, thickness, height), standing on z = 0.

Plates that products hang on stay within 14 mm; they pass behind a skirting of 16 mm. A plate lower than 1.6 m is a
dado and gets a cap rail. Settings of all: cap (0 or 1), board (metres of a board's width).
"""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.openwork import moulding, rails
from imagegen.rooms.shapes import Shape, join, slab

DADO = 1.6
"""Metres of height below which a plate ends in a cap rail."""


def _cap(spec: Spec) -> list[Shape]:
    """A small shelf with a bead under it."""
    width, thick, height = spec.size
    if not spec.number("cap", 1.0 if height < DADO else 0.0):
        return []
    return [
        slab((-width / 2, -thick - 0.016, height - 0.018), (width / 2, 0, height), 0.005),
        slab((-width / 2, -thick - 0.006, height - 0.034), (width / 2, 0, height - 0.016), 0.004),
    ]


def _plate(spec: Spec, thick: float) -> Shape:
    width, _, height = spec.size
    return slab((-width / 2, -thick, 0), (width / 2, 0, height - 0.002), 0.0008, 1)


def _field(spec: Spec) -> float:
    """The height that boards may fill below the cap."""
    return spec.size[2] - (0.02 if _cap(spec) else 0.0)


def _shift(rng: np.random.Generator) -> tuple[float, float]:
    """Where on its texture a board is cut from, metres."""
    return float(rng.uniform(0, 3)), float(rng.uniform(0, 3))


@kind("panelling", 1, ("main", "back"), ("beadboard",), stays=True)
def beadboard(spec: Spec) -> list[Piece]:
    """Narrow upright boards, each with a half-round bead along one edge."""
    width, thick, _ = spec.size
    count = max(2, round(width / spec.number("board", 0.075)))
    each, high, rng = width / count, _field(spec), spec.rng()
    parts = []
    for i in range(count):
        x = -width / 2 + each * i
        shift = _shift(rng)
        parts.append(slab((x + 0.011, -thick, 0), (x + each - 0.0015, -0.002, high), 0.0015, 1).grain(shift=shift))
        parts.append(slab((x + 0.0025, -thick, 0), (x + 0.0095, -thick + 0.007, high), 0.0033, 1).grain(shift=shift))
    return [Piece("main", join([*parts, *_cap(spec)])), Piece("back", _plate(spec, thick * 0.55))]


@form("panelling", "tongue")
def tongue(spec: Spec) -> list[Piece]:
    """Upright boards with bevelled edges, tongue in groove."""
    width, thick, _ = spec.size
    count = max(2, round(width / spec.number("board", 0.11)))
    each, high, rng = width / count, _field(spec), spec.rng()
    boards = [
        slab(
            (-width / 2 + each * i + 0.0008, -thick, 0), (-width / 2 + each * (i + 1) - 0.0008, -0.002, high), 0.0035
        ).grain(shift=_shift(rng))
        for i in range(count)
    ]
    return [Piece("main", join([*boards, *_cap(spec)])), Piece("back", _plate(spec, thick * 0.5))]


@form("panelling", "shiplap")
def shiplap(spec: Spec) -> list[Piece]:
    """Level boards with a narrow shadow gap."""
    width, thick, _ = spec.size
    high = _field(spec)
    count = max(2, round(high / spec.number("board", 0.16)))
    each, rng = high / count, spec.rng()
    boards = [
        slab((-width / 2, -thick, each * i + 0.002), (width / 2, -0.002, each * (i + 1) - 0.002), 0.002).grain(
            False, shift=_shift(rng)
        )
        for i in range(count)
    ]
    return [Piece("main", join([*boards, *_cap(spec)])), Piece("back", _plate(spec, thick * 0.4))]


@form("panelling", "planks")
def planks(spec: Spec) -> list[Piece]:
    """Reclaimed boards lying end to end: lengths, widths and thicknesses all differ."""
    width, thick, _ = spec.size
    rng, high = spec.rng(), _field(spec)
    usual = spec.number("board", 0.13)
    boards: list[Shape] = []
    z = 0.0
    while z < high - 0.02:
        tall = min(float(rng.uniform(0.72, 1.28)) * usual, high - z)
        if high - z - tall < usual * 0.5:
            tall = high - z
        x = -width / 2
        while x < width / 2 - 0.01:
            long = float(rng.uniform(0.7, 2.1))
            end = width / 2 if x + long > width / 2 - 0.35 else x + long
            front = thick * float(rng.uniform(0.66, 1.0))
            boards.append(
                slab((x + 0.001, -front, z + 0.0015), (end - 0.001, -0.001, z + tall - 0.0015), 0.002).grain(
                    False, shift=_shift(rng)
                )
            )
            x = end
        z += tall
    return [Piece("main", join([*boards, *_cap(spec)])), Piece("back", _plate(spec, thick * 0.4))]


@form("panelling", "slats")
def slats(spec: Spec) -> list[Piece]:
    """Upright slats on a dark backing. Settings: slat, gap (metres), plinth (metres, 0.1; 0 down to the floor)."""
    width, thick, height = spec.size
    slat, gap = spec.number("slat", 0.026), spec.number("gap", 0.014)
    count = max(2, round((width + gap) / (slat + gap)))
    pitch, rng = (width + gap) / count, spec.rng()
    foot = spec.number("plinth", 0.1)
    made = [
        slab((x, -thick, foot), (x + pitch - gap, -0.003, height), 0.002, 1).grain(shift=_shift(rng))
        for x in -width / 2 + pitch * np.arange(count)
    ]
    if foot:
        made.append(slab((-width / 2, -thick, 0), (width / 2, 0, foot), 0.003))
    return [Piece("main", join(made)), Piece("back", _plate(spec, 0.004))]


@form("panelling", "shaker")
def shaker(spec: Spec) -> list[Piece]:
    """Flat rails and stiles round sunk fields. Settings: columns, rows."""
    width, thick, height = spec.size
    high, rail = _field(spec), 0.085
    columns = int(spec.number("columns", max(1, round(width / (0.55 if height < DADO else 0.8)))))
    rows = int(spec.number("rows", 1 if height < DADO else 2))
    low = 0.14
    parts = rails(width, high, rail, -thick, -0.003, foot=low, radius=0.0015)
    clear = (width - rail * (columns + 1)) / columns
    for i in range(1, columns):
        x = -width / 2 + (clear + rail) * i
        parts.append(slab((x, -thick, low), (x + rail, -0.003, high - rail), 0.0015).grain())
    levels = [low + (high - rail - low) * share for share in ((0.62,) if rows == 2 else np.arange(1, rows) / rows)]
    for z in levels:
        for i in range(columns):
            x = -width / 2 + rail + (clear + rail) * i
            parts.append(slab((x, -thick, z - rail / 2), (x + clear, -0.003, z + rail / 2), 0.0015))
    return [Piece("main", join([*parts, *_cap(spec)])), Piece("back", _plate(spec, 0.004))]


_BOLECTION = (
    (0.0, 0.0),
    (0.0, 0.5),
    (0.006, 0.85),
    (0.014, 1.0),
    (0.022, 0.85),
    (0.028, 0.5),
    (0.036, 0.32),
    (0.040, 0.0),
)
"""(metres inwards, share of the thickness): a rounded picture moulding."""


@form("panelling", "moulding")
def moulded(spec: Spec) -> list[Piece]:
    """Classic frames of picture moulding; a tall plate has a low row and a high row. Settings: columns."""
    width, thick, height = spec.size
    columns = int(spec.number("columns", max(1, round(width / 0.95))))
    gap, low = 0.11, 0.20
    profile = [(inwards, share * thick) for inwards, share in _BOLECTION]
    clear = (width - gap * (columns + 1)) / columns
    rows = [(low, _field(spec) - gap)] if height < DADO else [(low, 0.84), (0.84 + gap, height - 0.16)]
    frames = []
    for i in range(columns):
        x = -width / 2 + gap + clear / 2 + (clear + gap) * i
        frames += [moulding(clear, z1 - z0, profile, (x, z0)).move(y=-0.0025) for z0, z1 in rows]
    return [Piece("main", join([*frames, *_cap(spec)])), Piece("back", _plate(spec, 0.003))]
