"""From a picture's size to one that a model knows, and back.

A model paints well at the sizes it was trained at, its *buckets*. A picture whose shape differs by two percent at most
is stretched onto its bucket: that is less than a lens's breathing, it is taken back afterwards, and the product's own
pixels never see it. Any other is laid into its bucket whole, and what is left of the bucket on two sides is painted
with the rest and cut off again. Nothing is ever cropped, so nothing of a product can be lost, and the model sees a
picture with more room around it rather than one that was squeezed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagegen.types import Labels

Plane = TypeVar("Plane", bound=NDArray[Any])
Size = tuple[int, int]

STRETCH = 0.02
"""How much more a picture may be scaled one way than the other."""
GRID = 8
"""Pixels of one latent: what is cut off should not cut through one."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a picture lies in a bucket. All sizes are (width, height).

    ``size``: the picture's; ``bucket``: the model's; ``inner``: the part of the bucket that shows the picture, whose
    corner lies at ``offset`` (x, y).
    """

    size: Size
    bucket: Size
    inner: Size
    offset: tuple[int, int]

    @property
    def stretch(self) -> float:
        """By what share it is scaled more one way than the other."""
        return _apart(self.size, self.inner)

    def laid(self, picture: Labels) -> Labels:
        """A picture (H, W, 3) uint8 of that size, scaled and laid into the bucket."""
        small = Image.fromarray(np.ascontiguousarray(picture)).resize(self.inner, Image.Resampling.LANCZOS)
        return self.padded(np.asarray(small))

    def padded(self, plane: Plane, fill: float | None = None) -> Plane:
        """What was made at ``inner`` (h, w, ...) in the bucket, with ``fill`` around it, or its own edge for None."""
        (width, height), (left, top) = self.inner, self.offset
        room = [(top, self.bucket[1] - height - top), (left, self.bucket[0] - width - left)]
        room += [(0, 0)] * (plane.ndim - 2)
        wide: Any = np.pad(plane, room, "edge") if fill is None else np.pad(plane, room, constant_values=fill)
        taken: Plane = wide
        return taken

    def cropped(self, plane: Plane) -> Plane:
        """The part of a bucket's plane that shows the picture, (h, w, ...) at ``inner``."""
        (width, height), (left, top) = self.inner, self.offset
        taken: Plane = plane[top : top + height, left : left + width]  # type: ignore[assignment]
        return taken


def fit(size: Size, buckets: Sequence[Size]) -> Fit:
    """The bucket whose shape is nearest to the picture's, and how it lies there.

    All buckets onto which it could be stretched are equally near; of those the one whose area is nearest is taken.
    """
    stretchable = [bucket for bucket in buckets if _apart(size, bucket) <= STRETCH]
    area = size[0] * size[1]
    bucket = min(
        stretchable or buckets,
        key=lambda each: (0.0 if stretchable else round(_apart(size, each), 9), abs(log(each[0] * each[1] / area))),
    )
    inner = bucket if stretchable else _inside(size, bucket)
    return Fit(size, bucket, inner, (_middle(bucket[0] - inner[0]), _middle(bucket[1] - inner[1])))


def _apart(size: Size, other: Size) -> float:
    """By what share one shape is wider than the other."""
    ratio = size[0] * other[1] / (size[1] * other[0])
    return max(ratio, 1 / ratio) - 1


def _inside(size: Size, bucket: Size) -> Size:
    """The largest size of that shape inside the bucket, on the latents' grid where that stretches it little enough."""
    scale = min(bucket[0] / size[0], bucket[1] / size[1])
    exact = size[0] * scale, size[1] * scale
    coarse = _rounded(exact, bucket, GRID)
    return coarse if _apart(size, coarse) <= STRETCH else _rounded(exact, bucket, 1)


def _rounded(exact: tuple[float, float], bucket: Size, step: int) -> Size:
    width, height = (min(max(step, round(e / step) * step), most) for e, most in zip(exact, bucket, strict=True))
    return width, height


def _middle(room: int) -> int:
    """Half of what is left, on the latents' grid."""
    return room // 2 // GRID * GRID
