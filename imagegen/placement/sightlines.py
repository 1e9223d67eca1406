"""What a product takes out of the picture by where it stands: parts that it covers, or that must step aside for it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from imagegen.types import Camera, Dimensions, Doubles
from styles.schema import Part, Room

COVERED = 1 / 3
"""The share of a part that may be covered before its picture suffers."""
CELLS = (24, 16)
"""Across and down: how finely a picture is asked what is seen in it."""
FLAT = frozenset({"rug", "panelling"})
"""What covers floor and walls without furnishing them."""


def lost_share(part: Part, eye: Doubles, position: Doubles, yaw_deg: float, size: Dimensions) -> float:
    """The share (0..1) of a part that the picture from ``eye`` (3,) loses to a product at ``position``.

    A part that stands between the camera and the product is lost whole: it would step aside for the product.
    """
    own = np.array(part.size)
    foot = np.array(part.at) - np.array([0.0, 0.0, own[2] if part.wall == "ceiling" else 0.0])
    theirs = size.as_array()
    if crossed(eye, spread(position, yaw_deg, theirs), foot, part.yaw, own).any():
        return 1.0
    return float(crossed(eye, spread(foot, part.yaw, own), position, yaw_deg, theirs).mean())


def _turn(yaw_deg: float) -> Doubles:
    c, s = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def spread(foot: Doubles, yaw_deg: float, size: Doubles) -> Doubles:
    """Points all through a box that stands on ``foot``, (N, 3)."""
    across, up = np.linspace(-0.45, 0.45, 5), np.linspace(0.05, 0.95, 5)
    grid = np.array([(x, y, z) for x in across for y in across for z in up])
    return np.asarray(grid * size @ _turn(yaw_deg).T + foot)


def crossed(eye: Doubles, targets: Doubles, foot: Doubles, yaw_deg: float, size: Doubles) -> NDArray[np.bool_]:
    """Which of ``targets`` (N, 3) are seen through the box that stands on ``foot`` (Kay and Kajiya, 1986)."""
    low, high = size * [-0.5, -0.5, 0.0], size * [0.5, 0.5, 1.0]
    start = (eye - foot) @ _turn(yaw_deg)
    way = (targets - foot) @ _turn(yaw_deg) - start
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (low - start) / way, (high - start) / way
    enter = np.nanmax(np.minimum(one, two), axis=1)
    leave = np.nanmin(np.maximum(one, two), axis=1)
    return np.asarray((enter < leave) & (enter < 1.0) & (leave > 0.0))


def company(room: Room, camera: Camera, position: Doubles, size: Dimensions, side: float) -> float:
    """The share (0..1) of a picture in which furniture is seen beside the product, by the parts' projected boxes.

    What stands nearer than the product may step aside and does not count, nor does what the product stands in. The
    camera and ``position`` (3,) are those of the (mirrored where ``side`` is -1) room.
    """
    columns = np.linspace(0, camera.width, CELLS[0] + 1)
    rows = np.linspace(0, camera.height, CELLS[1] + 1)
    u, v = (columns[:-1] + columns[1:]) / 2, (rows[:-1] + rows[1:]) / 2
    seen = np.zeros((len(v), len(u)), bool)
    signs = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)])
    own = float((position - camera.position) @ camera.rotation[2])
    reach = max(size.width, size.depth) / 2
    for part in room.parts:
        if part.kind in FLAT:
            continue
        extent = np.array(part.size)
        foot = np.array(part.at) - np.array([0.0, 0.0, extent[2] if part.wall == "ceiling" else 0.0])
        points = (signs * extent @ _turn(part.yaw).T + foot) * [side, 1.0, 1.0]
        apart = points.mean(axis=0) - position
        nearer = float((points.mean(axis=0) - camera.position) @ camera.rotation[2]) < own - reach / 2
        level = foot[2] < position[2] + size.height and foot[2] + extent[2] > position[2] + 0.02
        if nearer or (level and np.abs(apart[:2]).max() <= reach):
            continue
        flat = camera.project(points)
        if np.isfinite(flat).all():
            low, high = flat.min(axis=0), flat.max(axis=0)
            seen |= ((v >= low[1]) & (v <= high[1]))[:, None] & ((u >= low[0]) & (u <= high[0]))
    return float(seen.mean())
