"""Windows: ``size`` is the opening, ``at`` the middle of its lower edge on the wall's face; +Y is outside.

The opening in the wall is always square; a round head closes its own corners with a piece of wall.
"""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.openwork import arch, band, bars, rails, spandrel, timber
from imagegen.rooms.shapes import Shape, bar, join, slab

TALL = 1.95
"""Metres of height from which a window is taken to reach the floor: it has a threshold instead of a sill."""


def _sill(width: float, y: float, thick: float = 0.028, front: float = 0.055, ears: float = 0.05) -> Shape:
    return slab((-width / 2 - ears, -front, -thick), (width / 2 + ears, y, 0.0), 0.008)


def _threshold(width: float, y: float) -> Shape:
    return slab((-width / 2, 0.0, -0.001), (width / 2, y, 0.012), 0.004)


def _leaves(width: float, height: float, count: int, edge: float, stile: float, foot: float, y: float) -> list[Shape]:
    """Sashes side by side within a frame ``edge`` wide, each 54 mm deep."""
    each = (width - 2 * edge) / count
    made: list[Shape] = []
    for i in range(count):
        x = -width / 2 + edge + each * (i + 0.5)
        sash = rails(each - 0.004, height - 2 * edge, stile, y - 0.012, y + 0.042, foot=foot)
        made += [piece.move(x, 0, edge) for piece in sash]
    return made


def _panes(
    width: float, height: float, count: int, edge: float, stile: float, foot: float, y: float, grid: tuple[int, int]
) -> list[Shape]:
    """The glazing bars within each of those sashes, ``grid`` panes (columns, rows) each."""
    each = (width - 2 * edge) / count
    field = bars(each - 2 * stile, edge + foot, height - edge - stile, *grid, 0.022, y, y + 0.03)
    return [b.move(-width / 2 + edge + each * (i + 0.5)) for i in range(count) for b in field]


def _handle(x: float, y: float, z: float) -> list[Shape]:
    """A lever on its plate."""
    return [
        slab((x - 0.012, y - 0.008, z - 0.06), (x + 0.012, y, z + 0.06), 0.004),
        bar((x, y, z), (x, y - 0.045, z), 0.007),
        bar((x, y - 0.045, z + 0.004), (x, y - 0.045, z - 0.11), 0.0075),
    ]


@kind("window", 9, ("frame", "sill"), ("casement",), stays=True)
def casement(spec: Spec) -> list[Piece]:
    """Wooden leaves in a frame. Settings: leaves, bars (lying bars in each leaf)."""
    width, depth, height = spec.size
    y = depth * 0.55
    count, cross = int(spec.number("leaves", max(2, round(width / 0.75)))), int(spec.number("bars", 1))
    parts = rails(width, height, 0.045, y, y + 0.07)
    parts += _leaves(width, height, count, 0.045, 0.055, 0.055, y)
    parts += _panes(width, height, count, 0.045, 0.055, 0.055, y, (1, cross + 1))
    parts += _handle(0.026, y - 0.012, height * 0.45)
    return [Piece("frame", join(parts)), Piece("sill", _sill(width, y))]


@form("window", "sash")
def sash(spec: Spec) -> list[Piece]:
    """Two wooden sashes that slide past each other, the upper one outside. Settings: columns, rows (panes of each)."""
    width, depth, height = spec.size
    y, edge = depth * 0.5, 0.05
    grid = int(spec.number("columns", max(2, round(width / 0.5)))), int(spec.number("rows", 1))
    parts = rails(width, height, edge, y, y + 0.1)
    wide, half, stile = width - 2 * edge, (height - 2 * edge) / 2, 0.05
    for base, foot, front in ((edge, 0.075, y - 0.006), (edge + half - 0.02, 0.04, y + 0.042)):
        high = half + 0.02
        leaf = rails(wide, high, stile, front, front + 0.044, foot=foot)
        leaf += bars(wide - 2 * stile, foot, high - stile, *grid, 0.02, front + 0.008, front + 0.034)
        parts += [piece.move(z=base) for piece in leaf]
    lifts = [
        slab((x - 0.03, y - 0.022, edge + 0.03), (x + 0.03, y - 0.004, edge + 0.044), 0.004)
        for x in (-0.25 * wide, 0.25 * wide)
    ]
    return [Piece("frame", join([*parts, *lifts])), Piece("sill", _sill(width, y))]


@form("window", "steel")
def steel(spec: Spec) -> list[Piece]:
    """A grid of thin steel bars with one opening light. Settings: columns, rows."""
    width, depth, height = spec.size
    y = depth * 0.55
    columns = int(spec.number("columns", max(2, round(width / 0.42))))
    rows = int(spec.number("rows", max(3, round(height / 0.5))))
    parts = rails(width, height, 0.035, y, y + 0.05, radius=0.003)
    for i in range(1, columns):
        x = -width / 2 + width * i / columns
        parts.append(slab((x - 0.011, y + 0.005, 0.03), (x + 0.011, y + 0.04, height - 0.03), 0.003))
    for j in range(1, rows):
        z = height * j / rows
        parts.append(slab((-width / 2 + 0.03, y + 0.005, z - 0.011), (width / 2 - 0.03, y + 0.04, z + 0.011), 0.003))
    if columns > 2 and rows > 3:
        parts += _steel_light(width, height, columns, rows, y)
    return [Piece("frame", join(parts)), Piece("sill", slab((-width / 2, 0.0, -0.001), (width / 2, y, 0.004), 0.002))]


def _steel_light(width: float, height: float, columns: int, rows: int, y: float) -> list[Shape]:
    """The opening light two panes high under the top row: a second, heavier frame with its stay."""
    across, up = width / columns, height / rows
    middle = -width / 2 + across * (columns // 2 + 0.5)
    leaf = rails(across + 0.02, 2 * up + 0.02, 0.03, y - 0.008, y + 0.006, radius=0.003)
    made = [piece.move(middle, 0, height - 3 * up - 0.01) for piece in leaf]
    z = height - 3 * up + 0.02
    return [*made, bar((middle, y - 0.02, z + 0.03), (middle - 0.12, y - 0.03, z + 0.03), 0.006)]


@form("window", "picture")
def picture(spec: Spec) -> list[Piece]:
    """One large fixed pane in a slim deep frame, flush in its reveal. Settings: lights (panes side by side)."""
    width, depth, height = spec.size
    y = depth * 0.45
    count = int(spec.number("lights", max(1, round(width / 2.3))))
    parts = rails(width, height, 0.048, y, y + 0.085, radius=0.003)
    parts += [s.move(z=0.048) for s in rails(width - 0.096, height - 0.096, 0.014, y + 0.03, y + 0.055, radius=0.002)]
    for x in (np.arange(1, count) / count - 0.5) * width:
        parts.append(slab((x - 0.024, y, 0.048), (x + 0.024, y + 0.085, height - 0.048), 0.003).grain())
    board = _threshold(width, y) if height > TALL else _sill(width, y, 0.03, 0.03, 0.0)
    return [Piece("frame", join(parts)), Piece("sill", board)]


@form("window", "french")
def french(spec: Spec) -> list[Piece]:
    """Glazed double doors or tall casements of many panes. Settings: leaves, columns, rows (panes of a leaf)."""
    width, depth, height = spec.size
    y = depth * 0.55
    count = int(spec.number("leaves", max(2, 2 * round(width / 1.5))))
    each = (width - 0.1) / count
    grid = (
        int(spec.number("columns", max(1, round(each / 0.36)))),
        int(spec.number("rows", max(3, round(height / 0.46)))),
    )
    tall = height > TALL
    foot = 0.19 if tall else 0.09
    parts = rails(width, height, 0.05, y, y + 0.08)
    parts += _leaves(width, height, count, 0.05, 0.075, foot, y)
    parts += _panes(width, height, count, 0.05, 0.075, foot, y, grid)
    for i in range(1, count, 2):
        seam = -width / 2 + 0.05 + each * i
        parts.append(slab((seam - 0.016, y - 0.022, 0.055), (seam + 0.016, y - 0.010, height - 0.055), 0.004).grain())
        parts += _handle(seam + 0.045, y - 0.012, 1.0 if tall else height * 0.42)
    return [Piece("frame", join(parts)), Piece("sill", _threshold(width, y) if tall else _sill(width, y))]


@form("window", "arched", slots=("frame", "sill", "wall"))
def arched(spec: Spec) -> list[Piece]:
    """Round-headed: two casements, a transom at the spring and a fan of bars above. Settings: rise, leaves."""
    width, depth, height = spec.size
    y = depth * 0.6
    rise = min(spec.number("rise", width / 2), height * 0.45)
    spring, rail = height - rise, 0.05
    outer, inner = arch(width, spring, rise), arch(width - 2 * rail, spring, rise - rail)
    head = band(inner, outer, y, y + 0.07)
    count = int(spec.number("leaves", max(2, round(width / 0.75))))
    lower = rails(width, spring, rail, y, y + 0.07)
    lower += _leaves(width, spring, count, rail, 0.05, 0.06, y)
    lower += _panes(width, spring, count, rail, 0.05, 0.06, y, (1, max(2, round(spring / 0.5))))
    fan = []
    for angle in np.radians(np.linspace(180, 0, 5)[1:-1]):
        tip = (np.cos(angle) * (width / 2 - rail / 2), y + 0.025, spring + np.sin(angle) * (rise - rail / 2))
        fan.append(bar((np.cos(angle) * 0.1, y + 0.025, spring + np.sin(angle) * 0.1), tip, 0.011))
    eye = band(arch(0.17, spring, 0.085), arch(0.23, spring, 0.115), y + 0.01, y + 0.04)
    corners = spandrel(width, height, rise, 0.0, depth)
    frame = join([head, *lower, *fan, eye, *_handle(0.026, y - 0.012, spring * 0.45)])
    return [Piece("frame", frame), Piece("sill", _sill(width, y)), Piece("wall", corners, 1)]


@form("window", "deep", slots=("frame", "sill", "lintel"))
def deep(spec: Spec) -> list[Piece]:
    """A small casement far out in a thick wall, under a hewn timber lintel, over a heavy board.

    Settings: leaves, columns, rows.
    """
    width, depth, height = spec.size
    y = depth * 0.68
    count = int(spec.number("leaves", max(2, round(width / 0.62))))
    grid = int(spec.number("columns", 1)), int(spec.number("rows", max(2, round(height / 0.42))))
    parts = rails(width, height, 0.05, y, y + 0.065)
    parts += _leaves(width, height, count, 0.05, 0.05, 0.06, y)
    parts += _panes(width, height, count, 0.05, 0.05, 0.06, y, grid)
    parts += _handle(0.026, y - 0.012, height * 0.45)
    lintel = timber(width + 0.44, y + 0.03, 0.17, 0.5, spec.rng(1)).move(0, y - (y + 0.03) / 2, height - 0.012)
    return [
        Piece("frame", join(parts)),
        Piece("sill", _sill(width, y, 0.045, 0.045, 0.06)),
        Piece("lintel", lintel),
    ]


@form("window", "shoji", slots=("frame", "sill", "paper"))
def shoji(spec: Spec) -> list[Piece]:
    """Sliding leaves of paper behind a fine lattice. Settings: leaves, columns, rows, open (share of a leaf)."""
    width, depth, height = spec.size
    y = depth * 0.30
    count = int(spec.number("leaves", max(2, round(width / 0.85))))
    each = (width - 0.07) / count + 0.012
    frame = rails(width, height, 0.035, y - 0.012, y + 0.078, radius=0.003)
    papers = []
    for i in range(count):
        x = -width / 2 + 0.035 + (width - 0.07) / count * (i + 0.5)
        if i == count - 1:
            x -= spec.number("open", 0.0) * each
        leaf, paper = _shoji_leaf(spec, each, height - 0.07)
        frame += [piece.move(x, y + 0.034 * (i % 2), 0.035) for piece in leaf]
        papers.append(paper.move(x, y + 0.034 * (i % 2), 0.035))
    board = _threshold(width, y - 0.012) if height > TALL else _sill(width, y - 0.012, 0.03, 0.02, 0.0)
    return [Piece("frame", join(frame)), Piece("sill", board), Piece("paper", join(papers))]


def _shoji_leaf(spec: Spec, width: float, height: float) -> tuple[list[Shape], Shape]:
    """(lattice, paper) of one leaf, 30 mm deep; a tall one has a board at its foot."""
    columns = int(spec.number("columns", max(2, round(width / 0.27))))
    foot = 0.34 if height > TALL else 0.05
    rows = int(spec.number("rows", max(4, round((height - foot) / 0.21))))
    leaf = rails(width, height, 0.032, 0.0, 0.03, foot=0.045, radius=0.002)
    leaf += bars(width - 0.064, foot, height - 0.032, columns, rows, 0.011, 0.003, 0.02)
    if foot > 0.1:
        leaf.append(slab((-width / 2 + 0.03, 0.0, foot - 0.03), (width / 2 - 0.03, 0.03, foot), 0.002))
        leaf.append(slab((-width / 2 + 0.03, 0.012, 0.04), (width / 2 - 0.03, 0.020, foot - 0.02), 0.001))
    paper = slab((-width / 2 + 0.03, 0.0205, foot - 0.005), (width / 2 - 0.03, 0.0215, height - 0.03), 0.0004, 1)
    return leaf, paper
