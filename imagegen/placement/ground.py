"""What a product would stand on and go through: its footprint, the room's fixtures, and the edges of rugs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from imagegen.furnished import Fixture, rectangle, turned
from imagegen.types import Dimensions, Doubles, Mount, Product

SLIM = 0.16
"""Metres: what stands out less than this from a wall (panelling, a sill) moves goods that stand before it forward."""
TOUCH = 0.004
"""Metres by which boxes may meet before one is said to go into the other."""
STEPS = (0.0, 0.15, -0.15, 0.3, -0.3, 0.45, -0.45)
"""Metres by which goods on open floor are moved to stand wholly on a rug or wholly beside it."""
FEET_ON_RUG = 0.7
"""From this width on goods stand well with only their front feet on a rug, as sofas and armchairs do; metres."""


def footprint(product: Product, position: Doubles, yaw_deg: float, *, round_goods: bool = False) -> Doubles:
    """Outline (N, 2) of what the product covers, seen from above: its box's corners, or the ellipse inside."""
    size = product.dimensions
    half = np.array([size.width, size.depth]) / 2
    if not round_goods:
        return rectangle(position[:2], half, yaw_deg)
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    ellipse = np.column_stack([np.cos(turn), np.sin(turn)]) * half
    return np.asarray(ellipse @ turned(yaw_deg).T + position[:2])


def pierced(fixtures: Iterable[Fixture], product: Product, position: Doubles, foot: Doubles) -> dict[str, float]:
    """The fixtures that the product would go through, and by how many metres."""
    if product.mount is Mount.RUG:
        return {}
    low, high = float(position[2]) + TOUCH, float(position[2]) + product.dimensions.height - TOUCH
    depths = {f.part: f.depth(foot, low, high) for f in fixtures if not f.flat}
    return {part: depth for part, depth in depths.items() if depth > TOUCH}


def come_forward(
    fixtures: Sequence[Fixture], product: Product, position: Doubles, yaw_deg: float, forward: Doubles
) -> Doubles:
    """The position (3,) in front of whatever slim thing covers the wall behind the product.

    ``forward`` (3,): away from the wall.
    """
    foot = footprint(product, position, yaw_deg)
    through = pierced(fixtures, product, position, foot)
    fronts = [float((f.corners() @ forward[:2]).max()) for f in fixtures if f.part in through]
    step = max(fronts, default=-np.inf) - float((foot @ forward[:2]).min()) + TOUCH
    return position + forward * step if 0 < step <= SLIM else position


def straddles(fixtures: Iterable[Fixture], product: Product, foot: Doubles) -> bool:
    """Whether the product would stand half on a rug and half off; a wide one may have its front feet on it."""
    if product.mount is not Mount.FLOOR:
        return False
    for rug in (f for f in fixtures if f.flat):
        on = rug.covers(foot)
        if on.all() or not on.any():
            continue
        front_feet = len(foot) == 4 and on[:2].all() and not on[2:].any()
        if not (front_feet and product.dimensions.width >= FEET_ON_RUG):
            return True
    return False


def steps_aside(free: Sequence[float], size: Dimensions, yaw_deg: float) -> Doubles:
    """Moves (N, 2) within an open place's free box, in the room's frame, the shortest first; none at all leads."""
    slack = (np.array(free[:2]) - [size.width, size.depth]) / 2
    moves = np.array([(x, y) for x in STEPS for y in STEPS])
    moves = moves[(np.abs(moves) <= np.maximum(slack, 0.0) + 1e-9).all(axis=1)]
    order = np.argsort(np.abs(moves).sum(axis=1), kind="stable")
    return np.asarray(moves[order] @ turned(yaw_deg).T)
