"""Where the product meets the floor: the ends of its legs as they are seen, else the corners of what it stands on."""

from __future__ import annotations

import math

import numpy as np

from imagegen.pose.fit import Fit
from imagegen.types import Camera, Contact, Dimensions, Doubles

PIXEL_SIGMA = 1.5
"""Pixels by which the end of a leg is misplaced: its own thickness, the cutout's edge."""
SLACK = 0.06
"""Share of the footprint's side by which a point seen on the floor may lie outside it and still be a foot."""


def contacts(fit: Fit, camera: Camera, size: Dimensions) -> tuple[Contact, ...]:
    """The points on the floor that carry the product, in the order of the photo from left to right.

    A point's uncertainty is what a pixel and a standard deviation of the camera's elevation move it on the floor.
    """
    seen = np.zeros((0, 2))
    if len(fit.tips):
        on_floor = _floor(camera, fit.tips)
        half = np.array([size.width, size.depth]) / 2 * (1 + 2 * SLACK)
        seen = fit.tips[np.isfinite(on_floor).all(axis=1) & (np.abs(on_floor) <= half).all(axis=1)]
    if len(seen) < 2:  # fewer carry nothing: the corners of what it stands on do
        seen = camera.project(np.column_stack([fit.footprint, np.zeros(len(fit.footprint))]))
    seen = seen[np.argsort(seen[:, 0], kind="stable")]
    points = _floor(camera, seen)
    moved = _floor(camera, seen + np.array([0, PIXEL_SIGMA])) - points
    # Depth on the floor is the photo's row over the sine of the elevation: an error of that stretches it.
    stretch = np.radians(fit.spread.elevation_deg) / max(math.tan(math.asin(min(_sine(camera), 0.99))), 0.02)
    sigma = np.hypot(np.linalg.norm(moved, axis=1), min(stretch, 1.0) * np.linalg.norm(points, axis=1))
    return tuple(Contact(pixel, point, float(s)) for pixel, point, s in zip(seen, points, sigma, strict=True))


def _floor(camera: Camera, pixels: Doubles) -> Doubles:
    """Where pixels (N, 2) meet the floor (N, 2), metres in the product's frame; nan above the horizon."""
    rays = camera.rays(pixels)
    down = np.where(rays[:, 2] < -1e-6, rays[:, 2], np.nan)
    return np.asarray((camera.position - rays * (camera.position[2] / down)[:, None])[:, :2])


def _sine(camera: Camera) -> float:
    """Of the angle at which the camera looks down."""
    return float(-camera.rotation[2, 2])
