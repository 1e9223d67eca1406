"""Passes at another size, without ever mixing what is near with what is far."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagegen.types import Floats

Plane = TypeVar("Plane", bound=NDArray[Any])

FINEST = 4  # samples a side of each pixel, at most
SEEN = 0.5  # share of a pixel from which on it is the product's
SAME = 0.02  # by how much inverse depths of one surface differ within a pixel, as a share


def nearest(plane: Plane, size: tuple[int, int]) -> Plane:
    """The plane (H, W, ...) at (width, height): each pixel takes what lies at its centre."""
    rows, cols = _centres(plane.shape[0], size[1]), _centres(plane.shape[1], size[0])
    taken: Plane = plane[rows[:, None], cols[None, :]]  # type: ignore[assignment]
    return taken


def one_surface(nearness: Floats, size: tuple[int, int]) -> Floats:
    """Inverse depth (H, W), 1/metres, at (width, height), of one surface in each pixel.

    A shrunk pixel at a silhouette covers two things. The one that fills more of it is taken, as a mean over its own
    samples: a mean of both would be a surface that is nowhere, and the nearer of both would let everything grow.
    """
    width, height = size
    down, across = (_fineness(have, want) for have, want in zip(nearness.shape, (height, width), strict=True))
    rows, cols = _centres(nearness.shape[0], height * down), _centres(nearness.shape[1], width * across)
    blocks = nearness[rows[:, None], cols[None, :]].reshape(height, down, width, across)
    samples = blocks.transpose(0, 2, 1, 3).reshape(height, width, down * across)
    if samples.shape[2] == 1:
        return samples[..., 0]
    middle = samples.shape[2] // 2
    chosen = np.partition(samples, middle, axis=2)[..., middle, None]
    own = np.abs(samples - chosen) <= SAME * chosen
    mean = (samples * own).sum(axis=2) / own.sum(axis=2)
    return np.asarray(mean, np.float32)


def share(plane: Floats, size: tuple[int, int]) -> Floats:
    """A coverage (H, W) 0..1 at (width, height): the mean over each pixel when it shrinks, linear when it grows."""
    if plane.shape == (size[1], size[0]):
        return plane.astype(np.float32)
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
    way = Image.Resampling.BOX if size[0] <= plane.shape[1] else Image.Resampling.BILINEAR
    return np.clip(np.asarray(image.resize(size, way), np.float32), 0, 1)


def _centres(have: int, want: int) -> NDArray[np.intp]:
    return np.minimum(((np.arange(want) + 0.5) * have / want).astype(np.intp), have - 1)


def _fineness(have: int, want: int) -> int:
    return int(np.clip(np.ceil(have / want - 1e-6), 1, FINEST))
