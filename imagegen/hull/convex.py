"""Convex pieces: what furniture is built of, and where rays go through it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from imagegen.hull.lattice import LIFT, Lattice, Span
from imagegen.types import Bools, Dimensions, Doubles

SIDES = 24  # of a drum


@dataclass(frozen=True, slots=True, eq=False)
class Convex:
    """The points p (3,) of the product's frame with ``normals`` (K, 3) @ p <= ``offsets`` (K,), metres."""

    normals: Doubles
    offsets: Doubles


def block(low: tuple[float, float, float], high: tuple[float, float, float]) -> Convex:
    """The upright box between two corners."""
    return Convex(np.concatenate([np.eye(3), -np.eye(3)]), np.concatenate([high, -np.asarray(low)]))


def slab(size: Dimensions, low: float, high: float, *, round_goods: bool) -> Convex:
    """A whole footprint's board (or round goods' disc) between two heights."""
    if not round_goods:
        return block((-size.width / 2, -size.depth / 2, low), (size.width / 2, size.depth / 2, high))
    angle = (np.arange(SIDES) + 0.5) * 2 * np.pi / SIDES
    around = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(SIDES)])
    reach = np.hypot(size.width / 2 * around[:, 0], size.depth / 2 * around[:, 1])
    return Convex(np.vstack([around, [0, 0, 1], [0, 0, -1]]), np.concatenate([reach, [high, -low]]))


def leaning(size: Dimensions, low: float, high: float, thick: tuple[float, float], lean: float) -> Convex:
    """A back over the whole width that leans out behind: ``thick`` at its foot and at its top, ``lean`` metres back."""
    rear, rise = size.depth / 2, high - low
    front_slope, rear_slope = (lean + thick[0] - thick[1]) / rise, lean / rise
    normals = np.vstack([[1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1], [0, -1, front_slope], [0, 1, -rear_slope]])
    foot = rear - lean
    offsets = [size.width / 2, size.width / 2, high, -low, -(foot - thick[0]) + front_slope * low]
    return Convex(normals, np.array([*offsets, foot - rear_slope * low]))


def span(lattice: Lattice, piece: Convex) -> tuple[Bools, Span]:
    """Which rays (R, C) go through the piece, and where."""
    along = lattice.rays @ piece.normals.T
    room = piece.offsets - piece.normals @ lattice.eye
    depth = room / np.where(np.abs(along) < 1e-9, 1e-9, along)
    near = np.where(along < 0, depth, -np.inf).max(axis=-1)
    far = np.where(along >= 0, depth, np.inf).min(axis=-1)
    return (far > near + 1e-6) & (near > 0), (near, far)


def box_span(lattice: Lattice, size: Dimensions) -> Span:
    """Where each ray enters and leaves the product's box; rays that miss it take their nearest neighbour's."""
    box = slab(size, LIFT, max(size.height, 2 * LIFT), round_goods=False)
    hit, (near, far) = span(lattice, box)
    if not hit.any():
        middle = lattice.depth_of(np.array([0, 0, size.height / 2]))
        return middle - size.depth / 2, middle + size.depth / 2
    near, far = spread(hit, (near, far))
    floor = lattice.down_to(LIFT)  # a borrowed span may end below it
    return np.minimum(near, np.maximum(floor - 1e-3, 1e-3)), np.minimum(far, np.maximum(floor, 2e-3))


def spread(known: Bools, spans: Span) -> Span:
    """The spans everywhere: unknown nodes take their nearest known neighbour's."""
    nearest = tuple(ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True))
    return spans[0][nearest], spans[1][nearest]
