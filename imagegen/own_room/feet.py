"""A product's feet, put where they stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imagegen.previews.sprite import Sprite
from imagegen.types import Doubles, Pose

REACH = 0.01
"""How far around a foot its depth is mended, as a share of the sprite (one standard deviation)."""
UPWARDS, SMALL_M = 5.0, 0.2
"""So much further up its leg, that it does not bend; but for a gap beyond the second, which is the hull's mistake."""


def planted(made: Sprite, pose: Pose) -> Sprite:
    """The sprite with the depth mended around each foot, so that the foot's own pixel lies on the floor.

    A hull tells a foot that stands behind others seldom exactly, and an eye sees at once where one touches the floor.
    """
    near = made.near.astype(float)
    rows, cols = np.indices(near.shape)
    for contact in pose.contacts:
        row, col = _cell(made, pose, contact.pixel[None])
        ray = pose.camera.rays(contact.pixel[None])[0]
        if ray[2] > -1e-4:
            continue
        missing = -float(pose.camera.position[2]) / float(ray[2]) - near[row[0], col[0]]
        spread = REACH * max(near.shape)
        up = np.where((rows < row[0]) & (abs(missing) < SMALL_M), UPWARDS, 1.0)
        near += missing * np.exp(-(((rows - row[0]) / up) ** 2 + (cols - col[0]) ** 2) / (2 * spread**2))
    return replace(made, near=near.astype(np.float32))


def _cell(made: Sprite, pose: Pose, pixels: Doubles) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of the depth's cells that pixels (N, 2) of the product's photo fall into."""
    own, small = pose.camera, made.camera
    there = (pixels - [own.cx, own.cy]) * small.focal / own.focal + [small.cx, small.cy]
    rows, cols = made.near.shape
    cell = max(small.width, small.height) / max(rows, cols)
    col, row = np.clip((there / cell).astype(int), 0, (cols - 1, rows - 1)).T
    return row, col
