"""From the size that a model paints at to the size asked for.

Plain enlarging that takes its fine detail from the traced picture: that exists at full size and agrees with the painted
one wherever that kept the room's geometry. ``tiles`` lets the model itself paint the detail afterwards.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from imagegen.types import Floats, Labels

Size = tuple[int, int]

WINDOW = 2.0  # pixels of the painted picture (sigma) over which two pictures' edges are compared
NOISE = 3.0  # levels of 255 a pixel: weaker gradients are no edges
AGREE = (0.5, 0.85)
"""Correlation of the gradients from which on detail is taken over, and from which on all of it is."""


def enlarged(picture: Labels, size: Size, guide: Labels | None = None) -> Labels:
    """A painted picture (h, w, 3) uint8 sRGB at (width, height), Lanczos, never beyond what its neighbours hold.

    ``guide`` (H, W, 3) uint8 sRGB at that size: the traced picture. What it loses by being as small as the painted one
    is added, in lightness, with the slope by which the painted edges follow its own (as in He et al. 2010's guided
    filter, but of gradients) and only where they do: where the two pictures show different things nothing is added. No
    pixel leaves the range of the painted pixels around it, so there is no halo.
    """
    detail = _detail(picture, size, guide) if guide is not None else np.zeros((), np.float32)
    out = np.empty((size[1], size[0], 3), np.uint8)
    for channel in range(3):
        plane = picture[..., channel].astype(np.float32)
        least, most = _around(plane)
        fine = _scaled(plane, size, Image.Resampling.LANCZOS) + detail
        low, high = (_scaled(bound, size, Image.Resampling.BILINEAR) for bound in (least, most))
        out[..., channel] = np.rint(np.clip(fine, low, high))
    return out


def _detail(picture: Labels, size: Size, guide: Labels) -> Floats:
    """What the guide knows and the painted picture lost (H, W), levels of 255."""
    small = picture.shape[1], picture.shape[0]
    bright = _lightness(guide)
    low = _scaled(bright, small, Image.Resampling.BOX)
    lost = bright - _scaled(low, size, Image.Resampling.LANCZOS)
    return lost * _scaled(_agreement(_lightness(picture), low), size, Image.Resampling.BILINEAR)


def _agreement(painted: Floats, traced: Floats) -> Floats:
    """How much of the traced picture's detail belongs into the painted one (h, w), 0..1."""
    from scipy import ndimage  # noqa: PLC0415 - heavy, and only where pictures are made

    (py, px), (ty, tx) = np.gradient(painted), np.gradient(traced)
    both, own, other = (
        ndimage.gaussian_filter(product, WINDOW)
        for product in (px * tx + py * ty, tx * tx + ty * ty, px * px + py * py)
    )
    slope = both / (own + NOISE**2)
    alike = both / np.sqrt((own + NOISE**2) * (other + NOISE**2))
    sure = np.clip((alike - AGREE[0]) / (AGREE[1] - AGREE[0]), 0, 1)
    return np.asarray(np.clip(slope, 0, 1) * sure, np.float32)


def _lightness(picture: Labels) -> Floats:
    weights: Floats = np.array([0.299, 0.587, 0.114], np.float32)
    return np.asarray(picture.astype(np.float32) @ weights, np.float32)


def _around(plane: Floats) -> tuple[Floats, Floats]:
    """The least and the greatest value of each pixel's neighbourhood."""
    from scipy import ndimage  # noqa: PLC0415 - as above

    return ndimage.minimum_filter(plane, 3), ndimage.maximum_filter(plane, 3)


def _scaled(plane: Floats, size: Size, way: Image.Resampling) -> Floats:
    return np.asarray(Image.fromarray(np.ascontiguousarray(plane, np.float32)).resize(size, way), np.float32)
