"""Rugs: the room keeps its own camera, and the photo of the rug is laid on the floor by a homography."""

from __future__ import annotations

import math

import numpy as np

from imagegen.types import Camera, Dimensions, Doubles, Pose

EYE_HEIGHT = 1.45
LENS_MM = 40.0
YAW_DEG = 18.0
FAR_EDGE_ROW = 0.56
NEAR_EDGE_ROW = 0.93
NEAR_EDGE_ROW_TALL = 0.80
"""Of pictures that are higher than wide: lower, and half of what is seen would be ceiling."""
WIDTH_SHARE = 0.62


def house_camera(
    size: Dimensions, position: Doubles, yaw_deg: float, turn_sign: float, width: int, height: int, across: float
) -> Camera:
    """A standing person's view of a rug: eye height, a normal lens, a quarter from the side, level verticals.

    The camera looks level and the picture is shifted down (as an architect's lens does), so walls stay upright.
    """
    yaw = math.radians(yaw_deg + turn_sign * YAW_DEG)
    right = np.array([math.cos(yaw), math.sin(yaw), 0.0])
    forward = np.array([-math.sin(yaw), math.cos(yaw), 0.0])
    rotation = np.stack([right, np.array([0, 0, -1.0]), forward])
    focal = LENS_MM / 36.0 * width
    corners = footprint(size, position, yaw_deg)
    reach = (corners - position) @ forward
    aside = (corners - position) @ right
    back = _distance(reach, aside, focal, width, height)
    eye = position - back * forward
    eye[2] = EYE_HEIGHT
    near = focal * EYE_HEIGHT / (back + reach.min())
    cy = (NEAR_EDGE_ROW if width >= height else NEAR_EDGE_ROW_TALL) * height - near
    seen = focal * aside / (back + reach)
    return Camera(focal, across * width - (seen.min() + seen.max()) / 2, cy, rotation, eye, width, height)


def _distance(reach: Doubles, aside: Doubles, focal: float, width: int, height: int) -> float:
    """The nearest stand from which the rug takes its share of the picture's width and height."""
    for back in np.arange(1.6 - reach.min(), 12.0, 0.1):
        seen = focal * aside / (back + reach)
        rows = focal * EYE_HEIGHT / (back + reach)
        if np.ptp(seen) <= WIDTH_SHARE * width and np.ptp(rows) <= (NEAR_EDGE_ROW - FAR_EDGE_ROW) * height:
            return float(back)
    return 12.0


def footprint(size: Dimensions, position: Doubles, yaw_deg: float) -> Doubles:
    """Floor corners (4, 3): left front, right front, right back, left back, as the product names them."""
    c, s = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]]) * np.array([size.width, size.depth]) / 2
    flat = half @ np.array([[c, s], [-s, c]]) + position[:2]
    return np.column_stack([flat, np.full(4, position[2] + size.height)])


def laid(pose: Pose, size: Dimensions, position: Doubles, yaw_deg: float, camera: Camera) -> Doubles:
    """The homography (3, 3) that takes the rug's photo to where the picture sees the rug."""
    here = footprint(size, np.zeros(3), 0.0)
    return homography(pose.camera.project(here), camera.project(footprint(size, position, yaw_deg)))


def homography(source: Doubles, target: Doubles) -> Doubles:
    """The projective map (3, 3) that takes four points (4, 2) to four others (direct linear transformation)."""
    rows = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    answer = np.linalg.solve(np.array(rows), target.reshape(-1))
    return np.append(answer, 1.0).reshape(3, 3)
