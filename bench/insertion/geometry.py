"""How far a solved camera is from the true one: angles, scale, contacts, and the true model seen through it.

Cameras are of the product's frame or of the room's; both are metres with Z up.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from bench.goods import Good
from imagegen.types import Camera, Doubles, Mount


def middle_of(good: Good) -> Doubles:
    """The middle of the catalog's box (3,) in the product's frame, metres."""
    return np.array([0.0, 0.0, good.dimensions.height / 2])


def direction_error(solved: Camera, true: Camera, middle: Doubles) -> float:
    """Degrees between the lines from the product's middle to the two cameras: the mismatch of perspective."""
    ways = [(seen.position - middle) / np.linalg.norm(seen.position - middle) for seen in (solved, true)]
    return math.degrees(math.acos(float(np.clip(ways[0] @ ways[1], -1, 1))))


def yaw_error(solved: float, true: float, turns: int) -> float:
    """Degrees from 0 to 180 between two yaws of a thing that looks the same ``turns`` times in a full turn.

    nan for ``turns`` = 0: any yaw is right.
    """
    if turns == 0:
        return float("nan")
    fold = 360.0 / turns
    apart = (solved - true) % fold
    return min(apart, fold - apart)


def scale_error(solved: Camera, true: Camera, middle: Doubles) -> float:
    """By which share a metre at the product's middle is larger through the solved camera than through the true one.

    In the photo's own pixels: a room rendered for the solved camera is as much too large for its product.
    """
    per_metre = [seen.focal / float(seen.rotation[2] @ (middle - seen.position)) for seen in (solved, true)]
    return per_metre[0] / per_metre[1] - 1


def turned(seen: Camera, degrees: float) -> Camera:
    """The camera walked round the upright axis of a product's frame."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    return replace(seen, rotation=seen.rotation @ turn.T, position=turn @ seen.position)


def plane_of(good: Good, position: Doubles, yaw_deg: float) -> tuple[Doubles, Doubles] | None:
    """(point, normal) of what a product touches in the room: its floor or shelf, its wall; None for what hangs."""
    if good.mount is Mount.CEILING:
        return None
    if good.mount is Mount.WALL:
        yaw = math.radians(yaw_deg)
        back = np.array([-math.sin(yaw), math.cos(yaw), 0.0])
        return position + back * good.dimensions.depth / 2, back
    return np.asarray(position, float), np.array([0.0, 0.0, 1.0])


def contact_errors(pixels: Doubles, points: Doubles, seen: Camera, plane: tuple[Doubles, Doubles]) -> Doubles:
    """Centimetres (N,) from where contacts truly are to where the picture has them stand.

    ``pixels`` (N, 2): where the picture shows the contacts; ``points`` (N, 3): where they are, in the frame of ``seen``
    for which the room is rendered. Each pixel's ray is followed to ``plane``; nan where it never meets it.
    """
    at, normal = plane
    rays = seen.rays(pixels)
    along = rays @ normal
    reach = ((at - seen.position) @ normal) / np.where(np.abs(along) < 1e-9, np.nan, along)
    met = seen.position + np.where(reach > 0, reach, np.nan)[:, None] * rays
    return np.asarray(100 * np.linalg.norm(met - points, axis=1))


def mapped(warp: Doubles, pixels: Doubles) -> Doubles:
    """Pixels (N, 2) under a homography (3, 3)."""
    lifted = np.column_stack([pixels, np.ones(len(pixels))]) @ np.asarray(warp).T
    return np.asarray(lifted[:, :2] / lifted[:, 2:])
