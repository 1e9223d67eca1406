"""Boards: tables with air beneath, shelves with light through them."""

from __future__ import annotations

import numpy as np

from imagegen.hull.convex import Convex, block, slab
from imagegen.hull.lattice import LIFT, Lattice
from imagegen.types import Dimensions

THINNEST = 0.02  # metres of a table's top
STEP = 0.01  # metres between the heights at which a shelf's boards are looked for
WHOLE = 0.93  # share of a board that must lie behind the silhouette
CLOSED = 0.97  # share of a back


def table(lattice: Lattice, size: Dimensions, clearance: float, *, round_goods: bool = False) -> tuple[Convex, ...]:
    """A top over the whole footprint; what carries it is left to be found as limbs."""
    del lattice
    return (slab(size, max(min(clearance, size.height - THINNEST), LIFT), size.height, round_goods=round_goods),)


def shelf(lattice: Lattice, size: Dimensions, clearance: float) -> tuple[Convex, ...]:
    """Each board of an open shelf: the heights at which the whole footprint lies behind the silhouette.

    Nothing (a plain box) when its back is closed.
    """
    del clearance
    width, depth = size.width / 2, size.depth / 2
    x, z = np.meshgrid(np.linspace(-0.9, 0.9, 25) * width, np.linspace(0.05, 0.95, 60) * size.height)
    back = np.column_stack([x.ravel(), np.full(x.size, depth), z.ravel()])
    if lattice.sees(back) > CLOSED:
        return ()
    x, y = np.meshgrid(np.linspace(-0.85, 0.85, 25) * width, np.linspace(-0.8, 0.8, 9) * depth)
    across = np.column_stack([x.ravel(), y.ravel()])
    heights = np.arange(LIFT, size.height + STEP, STEP)
    board = np.array([lattice.covers(across, height) > WHOLE for height in heights])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], board, [False]]).astype(int)))
    return tuple(
        block((-width, -depth, max(heights[a] - STEP, LIFT)), (width, depth, min(heights[b - 1] + STEP, size.height)))
        for a, b in edges.reshape(-1, 2)
    )
