"""Seats: how chairs, armchairs, sofas and beds are hollow. Heights follow the sitter, not the maker."""

from __future__ import annotations

import numpy as np

from imagegen.hull.convex import Convex, block, leaning
from imagegen.hull.lattice import LIFT, Lattice
from imagegen.types import Dimensions

SITTING = 0.45  # metres above the floor of a dining chair's seat
LOUNGING = 0.42  # of an armchair's
ARM_RISE = 0.2  # metres of an arm above the seat
LYING = 0.55  # of a mattress
APRON = 0.07  # a chair's seat with its frame
LOWEST, HIGHEST = 0.35, 0.85  # metres: where a seat is looked for


def chair(lattice: Lattice, size: Dimensions, clearance: float) -> tuple[Convex, ...]:
    """A seat of a hand's thickness, and an upright back at the rear; legs and arms are left to be found as limbs."""
    del clearance
    top = _seat_height(lattice, size)
    seat = block((-size.width / 2, -size.depth / 2, top - APRON), (size.width / 2, 0.38 * size.depth, top))
    if size.height - top < 0.1:
        return (seat,)
    return seat, leaning(size, top, size.height, (0.1 * size.depth, 0.08 * size.depth), 0.12 * size.depth)


def wing_chair(lattice: Lattice, size: Dimensions, clearance: float) -> tuple[Convex, ...]:
    """An armchair whose back comes forward at its sides: from outside as deep as its wings."""
    return lounge(lattice, size, clearance, thick=(0.45, 0.4))


def lounge(
    lattice: Lattice, size: Dimensions, clearance: float, *, thick: tuple[float, float] = (0.3, 0.18)
) -> tuple[Convex, ...]:
    """A sofa or armchair: a seat between two arms, and a back ``thick`` (at its foot and top, shares of the depth)."""
    width, depth, height = size.width / 2, size.depth / 2, size.height
    seat = float(np.clip(LOUNGING, 0.38 * height, 0.6 * height))
    back = leaning(size, seat, height, (thick[0] * size.depth, thick[1] * size.depth), 0.04 * size.depth)
    base = block((-width, -depth, max(min(clearance, 0.6 * seat), LIFT)), (width, depth, seat))
    arm, rise = min(0.2 * size.width, 0.2), seat + min(ARM_RISE, 0.7 * (height - seat))
    left = block((-width, -depth, seat), (arm - width, depth, rise))
    right = block((width - arm, -depth, seat), (width, depth, rise))
    arms = (
        piece for piece, side in ((left, -1.0), (right, 1.0)) if _has_arm(lattice, size, side * (width - arm / 2), rise)
    )
    return base, back, *arms


def bed(lattice: Lattice, size: Dimensions, clearance: float) -> tuple[Convex, ...]:
    """A mattress on its frame, and a headboard at the rear."""
    del lattice
    width, depth = size.width / 2, size.depth / 2
    top = min(LYING, 0.7 * size.height)
    low = max(min(clearance, 0.6 * top), LIFT)
    head = block((-width, depth - 0.1, low), (width, depth, size.height))
    return block((-width, -depth, low), (width, depth, top)), head


def _seat_height(lattice: Lattice, size: Dimensions) -> float:
    """Where the silhouette covers a level seat best; of equals, the one nearest to where people sit."""
    usual = min(SITTING, 0.75 * size.height)
    heights = np.arange(max(LOWEST, 0.35 * size.height), min(HIGHEST, 0.97 * size.height), 0.01)
    if not heights.size:
        return usual
    x, y = np.meshgrid(np.linspace(-0.38, 0.38, 9) * size.width, np.linspace(-0.4, 0.3, 9) * size.depth)
    across = np.column_stack([x.ravel(), y.ravel()])
    covered = np.array([lattice.covers(across, height) for height in heights])
    best = heights[covered >= covered.max() - 0.02]
    return float(best[np.argmin(np.abs(best - usual))])


def _has_arm(lattice: Lattice, size: Dimensions, x: float, rise: float) -> bool:
    """Whether the silhouette covers the top of an arm there."""
    y = np.linspace(-0.35, 0.3, 12) * size.depth
    return lattice.sees(np.column_stack([np.full(12, x), y, np.full(12, rise - 0.04)])) > 0.8
