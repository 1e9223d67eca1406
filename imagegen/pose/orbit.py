"""Cameras that look at a product's middle, and the priors that a studio obeys."""

from __future__ import annotations

import math

import numpy as np

from imagegen.types import Camera, Dimensions, Doubles

FILM_MM = 36.0
"""Width of the 35 mm frame that equivalent focal lengths refer to."""


def axes(yaw_deg: float, elevation_deg: float) -> Doubles:
    """Rows right, down, forward (3, 3) of an upright camera, walked ``yaw_deg`` round, ``elevation_deg`` up."""
    y, e = math.radians(yaw_deg), math.radians(elevation_deg)
    right = np.array([math.cos(y), math.sin(y), 0.0])
    forward = np.array([-math.sin(y) * math.cos(e), math.cos(y) * math.cos(e), -math.sin(e)])
    return np.stack([right, np.cross(forward, right), forward])


def orbit(
    size: Dimensions,
    yaw_deg: float,
    elevation_deg: float,
    distance: float,
    focal: float,
    principal: tuple[float, float],
    photo: tuple[int, int],
) -> Camera:
    """The camera ``distance`` metres from the product's middle that looks straight at it, in the product's frame.

    ``focal`` and ``principal`` in pixels of the ``photo`` (width, height).
    """
    rotation = axes(yaw_deg, elevation_deg)
    position = np.array([0.0, 0.0, size.height / 2]) - distance * rotation[2]
    return Camera(focal, principal[0], principal[1], rotation, position, photo[0], photo[1])


def focal_mm(focal: float, photo_width: int) -> float:
    """35 mm equivalent of a focal length in pixels."""
    return focal / photo_width * FILM_MM


def usual_lens(size: Dimensions) -> tuple[float, float]:
    """Mean and sigma of the logarithm of a studio's 35 mm equivalent: the smaller the product, the longer the lens."""
    largest = max(math.hypot(size.width, size.depth), size.height)
    return math.log(80.0 * min(max(1.0 / largest, 0.6), 4.0) ** 0.2), 0.4
