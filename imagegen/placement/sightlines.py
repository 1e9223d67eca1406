"""What a product takes out of the picture by where it stands: parts that it covers, or that must step aside for it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from imagegen.types import Dimensions, Doubles
from styles.schema import Part

COVERED = 1 / 3
"""The share of a part that may be covered before its picture suffers."""


def lost_share(part: Part, eye: Doubles, position: Doubles, yaw_deg: float, size: Dimensions) -> float:
    """The share (0..1) of a part that the picture from ``eye`` (3,) loses to a product at ``position``.

    A part that stands between the camera and the product is lost whole: it would step aside for the product.
    """
    own = np.array(part.size)
    foot = np.array(part.at) - np.array([0.0, 0.0, own[2] if part.wall == "ceiling" else 0.0])
    theirs = size.as_array()
    if _crossed(eye, _points(position, yaw_deg, theirs), foot, part.yaw, own).any():
        return 1.0
    return float(_crossed(eye, _points(foot, part.yaw, own), position, yaw_deg, theirs).mean())


def _turn(yaw_deg: float) -> Doubles:
    c, s = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _points(foot: Doubles, yaw_deg: float, size: Doubles) -> Doubles:
    """Points all through a box that stands on ``foot``, (N, 3)."""
    across, up = np.linspace(-0.45, 0.45, 5), np.linspace(0.05, 0.95, 5)
    grid = np.array([(x, y, z) for x in across for y in across for z in up])
    return np.asarray(grid * size @ _turn(yaw_deg).T + foot)


def _crossed(eye: Doubles, targets: Doubles, foot: Doubles, yaw_deg: float, size: Doubles) -> NDArray[np.bool_]:
    """Which of ``targets`` (N, 3) are seen through the box that stands on ``foot`` (Kay and Kajiya, 1986)."""
    low, high = size * [-0.5, -0.5, 0.0], size * [0.5, 0.5, 1.0]
    start = (eye - foot) @ _turn(yaw_deg)
    way = (targets - foot) @ _turn(yaw_deg) - start
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (low - start) / way, (high - start) / way
    enter = np.nanmax(np.minimum(one, two), axis=1)
    leave = np.nanmin(np.maximum(one, two), axis=1)
    return np.asarray((enter < leave) & (enter < 1.0) & (leave > 0.0))
