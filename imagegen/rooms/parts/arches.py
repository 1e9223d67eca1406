"""Round-headed plasterwork: a niche on a wall, a wall with a passage."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.parts.openwork import arch, band, level
from imagegen.rooms.shapes import Shape, join, sheet, slab
from imagegen.types import Doubles


@kind("niche", 1, ("main", "shelf"), stays=True)
def niche(spec: Spec) -> list[Piece]:
    """A plastered surround that stands off the wall, so that what it frames lies recessed; wall at y = 0.

    ``size``: the whole surround (width, how far it stands out, height). Settings: rim (metres, 0.11), shelves (2).
    """
    width, deep, height = spec.size
    rim = spec.number("rim", min(0.11, width * 0.16))
    inner = width - 2 * rim
    outer_line, inner_line = _outline(width, height, 0.0), _outline(inner, height - rim, rim)
    body = _rounded(inner_line, outer_line, deep)
    shelves = int(spec.number("shelves", 2))
    clear = height - rim - inner / 2 - rim
    boards = [
        slab((-inner / 2 - 0.004, -deep + 0.012, z - 0.022), (inner / 2 + 0.004, 0.0, z), 0.004)
        for z in rim + clear * np.arange(1, shelves + 1) / shelves * 0.98
    ]
    pieces = [Piece("main", body)]
    return [*pieces, Piece("shelf", join(boards))] if boards else pieces


def _outline(width: float, top: float, foot: float) -> Doubles:
    """A round-headed outline, closed at its foot, (N, 2), from the lower left round to the lower left."""
    line = arch(width, top - width / 2, width / 2, 40)
    near = np.array([0.0, 0.02, 0.06, 0.94, 0.98, 1.0])[:, None]  # points close to the corners keep the flats flat
    left, right = np.array([[-width / 2, foot]]), np.array([[width / 2, foot]])
    up, down = left + near[:-1] * (line[:1] - left), line[-1:] + near[1:] * (right - line[-1:])
    return np.vstack([up, line, down, right + near[1:] * (left - right)])


def _rounded(inner: Doubles, outer: Doubles, deep: float) -> Shape:
    """The surround between two outlines, its front edges rounded."""
    r = min(0.018, deep * 0.45)
    turn = np.linspace(0, np.pi / 2, 6)
    way = inner - outer
    length = np.linalg.norm(way, axis=1, keepdims=True)
    way = way / np.maximum(length, 1e-9)
    rows = [(outer, 0.0)]
    rows += [(outer + way * r * (1 - np.cos(t)), deep - r + r * np.sin(t)) for t in turn]
    rows += [(inner - way * r * (1 - np.cos(t)), deep - r + r * np.sin(t)) for t in turn[::-1]]
    rows.append((inner, 0.0))
    grid = np.stack([np.column_stack([line[:, 0], np.full(len(line), -out), line[:, 1]]) for line, out in rows])
    return sheet(grid[:, ::-1])


@kind("arch", 1, ("main",), stays=True)
def passage(spec: Spec) -> list[Piece]:
    """A free-standing wall with a round-headed passage.

    Settings: opening (metres wide, 0.55 of the width), clear (metres of clear height, 2.1).
    """
    width, deep, height = spec.size
    hole = min(spec.number("opening", width * 0.55), width - 0.3)
    clear = min(spec.number("clear", 2.1), height - 0.12)
    line = arch(hole, clear - hole / 2, hole / 2)
    y0, y1 = -deep / 2, deep / 2
    lower = np.vstack([[(-width / 2, 0), (-hole / 2, 0)], line, [(hole / 2, 0), (width / 2, 0)]])
    return [Piece("main", band(lower, level(lower, height), y0, y1))]
