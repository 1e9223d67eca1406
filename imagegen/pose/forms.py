"""The bent box: how kinds of furniture depart from the box of their centimetres.

A trial is a vector of eleven numbers: three of the view, eight of the form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imagegen.types import Belief, Dimensions, Doubles

YAW, ELEVATION, DISTANCE, SIDE, FRONT, REAR, KNEE, SHOULDER, TAPER, LEAN, CHAMFER = range(11)
STEP = np.array([0.2, 0.2, 0.01, 0.004, 0.004, 0.004, 0.01, 0.01, 0.01, 0.004, 0.004])
LOW = np.array([-89.0, -30, math.log(0.8), -0.05, -0.05, -0.05, 0, 0.3, 0, 0, 0])
HIGH = np.array([89.0, 75, math.log(30.0), 0.6, 0.6, 0.8, 1, 1, 0.6, 0.3, 0.45])


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of furniture departs from its box.

    Shares of half the footprint's shorter side: ``side``, ``front``, ``rear`` (how far the feet are set in),
    ``chamfer`` (how much of the corners is cut off, seen from above). Shares of the height: ``knee`` (where it
    reaches its full width), ``shoulder`` (how high its front is). ``taper``: how much narrower it is at the top of
    its back; ``lean``: how far the back leans out behind the rest, as a share of the depth. ``shoulders``: starts.
    ``slack``: how loosely its outline follows its body (1: upholstery). ``plumb``: degrees by which its uprights lean.
    """

    side: Belief = (0.03, 0.03)
    front: Belief = (0.03, 0.03)
    rear: Belief = (0.03, 0.03)
    knee: Belief = (0.1, 0.0)
    shoulder: Belief = (1.0, 0.0)
    taper: Belief = (0.0, 0.0)
    lean: Belief = (0.0, 0.0)
    chamfer: Belief = (0.02, 0.02)
    shoulders: tuple[float, ...] = (1.0,)
    slack: float = 1.0
    plumb: float = 4.0


def vertices(size: Dimensions, shape: Doubles) -> Doubles:
    """Corners (N, 28, 3) of the bent box in metres, its middle at the origin; the first four are the feet."""
    half = min(size.width, size.depth) / 2
    w, d, h = size.width / 2, size.depth / 2, size.height
    side, front, rear, cut = (half * shape[:, i, None] for i in (SIDE, FRONT, REAR, CHAMFER))
    knee, shoulder, taper, lean = (shape[:, i, None] for i in (KNEE, SHOULDER, TAPER, LEAN))
    one = np.ones_like(side)
    sx, sy = np.array([-1, 1, 1, -1.0]), np.array([-1, -1, 1, 1.0])
    feet_x, feet_y = sx * (w - side), np.where(sy < 0, front - d, d - rear)
    # Below a leaning back everything ends further front.
    end = np.where(sy < 0, -d, d * (1 - 2 * lean))
    ring_x = np.concatenate([sx * (w - cut), sx * w * one], axis=1)
    ring_y = np.concatenate([end, end - sy * cut], axis=1)
    top_x = np.concatenate([sx * (1 - taper) * (w - cut), sx * (1 - taper) * w], axis=1)
    top_y = np.where(np.tile(sy, 2) < 0, 0.4 * d, d + ring_y - np.tile(end, 2))
    x = np.concatenate([feet_x, ring_x, ring_x, top_x], axis=1)
    y = np.concatenate([feet_y, ring_y, ring_y, top_y], axis=1)
    level = np.concatenate([0 * one] * 4 + [knee] * 8 + [shoulder] * 8 + [one] * 8, axis=1)
    return np.stack([x, y, level * h - h / 2], axis=2)


def corners(size: Dimensions) -> Doubles:
    """The eight corners (8, 3) of a product's box in its own frame, metres."""
    signs = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)])
    return np.asarray(signs * size.as_array())
