"""What of a photo stands before a product: a mask that somebody drew, or depth that was read; else nothing."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from imagegen import images
from imagegen.errors import BadRequestError
from imagegen.previews.warp import Layer
from imagegen.types import Camera, Floats

NEARER, AT_LEAST_M = 0.06, 0.1
"""By which share of its depth, and by how many metres, something must be nearer: depth that is read is good to that."""
SOFT = 0.7
"""Pixels of blur at the edge of what depth tells."""


FAR = 1e4
"""Metres: depth of what the floor does not reach, finite so that everything is nearer."""


def floor_depth(camera: Camera, level: float) -> Floats:
    """Depth (H, W) in metres of the plane z = ``level`` in a photo, ``FAR`` where it is not seen."""
    u, v = np.arange(camera.width) + 0.5, np.arange(camera.height) + 0.5
    across, down = (u - camera.cx) / camera.focal, (v - camera.cy) / camera.focal
    right, below, ahead = np.asarray(camera.rotation)[:, 2]
    sinks = -(across[None] * right + down[:, None] * below + ahead)
    height = float(camera.position[2]) - level
    return np.where(sinks > 1e-4, np.minimum(height / np.maximum(sinks, 1e-4), FAR), FAR).astype(np.float32)


def drawn(mask: bytes, size: tuple[int, int]) -> Floats:
    """A mask's file as (H, W) 0..1: white, or opaque where it has alpha, stands in front.

    Raises BadImageError, and BadRequestError when it is not of the photo's ``size``.
    """
    read = images.decode(mask)
    if read.size != size:
        raise BadRequestError(
            f"The mask has {read.size[0]} x {read.size[1]} pixels, the photo {size[0]} x {size[1]}.",
            hint="Draw the mask over the photo itself: white where something stands before the product.",
            where="front",
        )
    if read.alpha is not None:
        return read.alpha
    return images.linear_to_srgb(read.colour.mean(axis=2))


def nearer(depth: Floats, layer: Layer, floor: Floats) -> Floats:
    """Where depth that was read in the photo (H, W), metres, lies before the product: (H, W) 0..1.

    The floor itself stands before nothing, however it was read.
    """
    place = slice(layer.top, layer.top + layer.depth.shape[0]), slice(layer.left, layer.left + layer.depth.shape[1])
    there, own = depth[place], np.where(np.isfinite(layer.depth), layer.depth, 0)
    before = (there < own * (1 - NEARER) - AT_LEAST_M) & (there < floor[place] * (1 - NEARER))
    before = ndimage.binary_opening(before, np.ones((3, 3), bool))
    front = np.zeros_like(depth)
    front[place] = np.clip(ndimage.gaussian_filter(before.astype(np.float32), SOFT), 0, 1)
    return front
