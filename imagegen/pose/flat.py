"""Rugs: photographed from straight above, or lying on the studio's floor."""

from __future__ import annotations

import numpy as np

from imagegen.pose.fit import Fit
from imagegen.pose.forms import corners
from imagegen.pose.silhouette import Silhouette
from imagegen.types import Camera, Dimensions, Spread

HEIGHT = 4.0
"""Metres above the floor from which a top view is taken to be shot; the scale does not depend on it."""

UPRIGHT = np.array([[1.0, 0, 0], [0, -1, 0], [0, 0, -1]])
TURNED = np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, -1]])


def top_view(silhouette: Silhouette, size: Dimensions) -> tuple[Camera, Fit] | None:
    """The camera straight above the rug when the outline has its proportions (either way round), else None."""
    seen = silhouette.width / silhouette.height
    upright, turned = seen / (size.width / size.depth) - 1, seen / (size.depth / size.width) - 1
    mismatch, rotation = (upright, UPRIGHT) if abs(upright) <= abs(turned) else (turned, TURNED)
    if abs(mismatch) > 0.12:
        return None
    area = size.width * size.depth
    focal = (silhouette.width * silhouette.height / area) ** 0.5 * (HEIGHT - size.height)
    middle = ((silhouette.left + silhouette.right) / 2, (silhouette.top + silhouette.bottom) / 2)
    camera = Camera(focal, *middle, rotation, np.array([0.0, 0.0, HEIGHT]), *silhouette.photo)
    yaw = 0.0 if rotation is UPRIGHT else 90.0
    covered = float(silhouette.mask.sum()) / (silhouette.width * silhouette.height)
    ground = corners(size)[::2, :2]
    return camera, Fit(
        yaw, 90.0, HEIGHT, focal, middle, 2.0, min(1.0, covered / 0.785), mismatch, corners(size),
        Spread(1.0, 2.0, 0.5, 0.5), ground[[0, 2, 3, 1]], 0.01,
    )  # fmt: skip
