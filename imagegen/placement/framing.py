"""How the photo lies in the picture: how large, and where. The camera follows by the same similarity."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imagegen.types import Camera, Cutout, Doubles, Mount, Product

WIDEST = 0.62
"""The largest share of the picture's width that a product may take."""
TALLEST = 0.76
"""The largest share of the picture's height that a product may take."""


@dataclass(frozen=True, slots=True)
class Share:
    """How large a kind of product is shown: shares of the picture's ``width`` and ``height``; the tighter one rules."""

    width: float
    height: float


SHARES: tuple[tuple[str, Share], ...] = (
    (r"sofa|couch|settee|sectional|bed\b", Share(0.52, 0.62)),
    (r"armchair|wing|lounge|recliner|loveseat", Share(0.36, 0.56)),
    (r"chair|stool|pouf", Share(0.30, 0.54)),
    (r"wardrobe|cupboard|bookcase|shel", Share(0.46, 0.74)),
    (r"sideboard|console|bench|\btv\b|cabinet|dresser|chest", Share(0.48, 0.55)),
    (r"side table|bedside|night ?stand|night table", Share(0.28, 0.42)),
    (r"table|desk", Share(0.50, 0.50)),
    (r"planter|\bpots?\b|basket|plant", Share(0.26, 0.46)),
    (r"(floor|standing|full length|leaning) mirror|screen|divider|(coat|hat|clothes) (rack|stand)", Share(0.36, 0.72)),
    (r"mirror|picture|frame|\bart\b|print|poster|painting", Share(0.30, 0.48)),
    (r"clock", Share(0.22, 0.36)),
)
BY_MOUNT = {
    Mount.FLOOR: Share(0.42, 0.70),
    Mount.WALL: Share(0.30, 0.45),
    Mount.CEILING: Share(0.26, 0.62),
    Mount.SURFACE: Share(0.18, 0.44),
    Mount.RUG: Share(0.60, 0.5),
}
TABLE_LAMP = Share(0.22, 0.50)
FLOOR_LAMP = Share(0.34, 0.72)

STRAY = 0.0002
"""Share of the product's pixels that may lie astray on either side."""
FEET_ROW = 0.82
SURFACE_ROW = 0.72
THIRDS = (0.5, 0.40, 0.60, 0.5, 0.36, 0.64)


@dataclass(frozen=True, slots=True)
class Extent:
    """Pixels of the photo that hold product: edges, not centres."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, cutout: Cutout) -> Extent:
        """Extents of alpha above one half (of any alpha when nothing is that solid), but for a few stray pixels."""
        solid = cutout.alpha > min(0.5, 0.5 * float(cutout.alpha.max()))
        (left, right), (top, bottom) = (_span(solid.sum(axis=axis)) for axis in (0, 1))
        return cls(left, top, right, bottom)

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top


def _span(counts: NDArray[np.int_]) -> tuple[float, float]:
    """First and last line that holds product, when ``counts`` (N,) are its pixels in each line."""
    share = np.cumsum(counts) / counts.sum()
    return float(np.searchsorted(share, STRAY)), float(np.searchsorted(share, 1 - STRAY) + 1)


def share_of(product: Product) -> Share:
    """How large that product is shown."""
    category, name = (re.sub(r"[\s_-]+", " ", text.lower()) for text in (product.category, product.name))
    lamp = re.search(r"\b(lamp|light)s?\b", category)
    if product.mount is Mount.SURFACE:
        return TABLE_LAMP if lamp else BY_MOUNT[Mount.SURFACE]
    if product.mount in {Mount.CEILING, Mount.RUG}:
        return BY_MOUNT[product.mount]
    if lamp and product.mount is Mount.FLOOR:
        return FLOOR_LAMP
    for text in (category, name):
        for words, share in SHARES:
            if re.search(words, text):
                return share
    return BY_MOUNT[product.mount]


def frame(product: Product, extent: Extent, width: int, height: int, variant: int, cut: float | None = None) -> Doubles:
    """The similarity (3, 3) from the photo's pixels to those of a ``width`` x ``height`` picture.

    ``variant`` walks through the rule-of-thirds compositions, the first is centred. ``cut``: the photo's row that must
    leave the picture at its top, where a cord ends in mid-air or reaches the ceiling.
    """
    share = share_of(product)
    scale = min(share.width * width / extent.width, share.height * height / extent.height)
    if product.mount is Mount.CEILING:
        below = extent.bottom - (extent.top if cut is None else cut)
        scale = min(share.width * width / extent.width, share.height * height / below)
        scale = max(scale, min(0.40 * height / below, 0.42 * width / extent.width))
    across = THIRDS[variant % len(THIRDS)] * width
    half = scale * extent.width / 2
    across = min(max(across, half + 0.05 * width), width - half - 0.05 * width)
    x = across - scale * (extent.left + extent.right) / 2
    return np.array([[scale, 0, x], [0, scale, _row(product, extent, scale, height, cut)], [0, 0, 1.0]])


def _row(product: Product, extent: Extent, scale: float, height: int, cut: float | None) -> float:
    tall = scale * extent.height
    if product.mount is Mount.CEILING:
        return 0.06 * height - scale * extent.top if cut is None else -scale * cut - 1.0
    if product.mount is Mount.WALL:
        return 0.44 * height - scale * (extent.top + extent.bottom) / 2
    bottom = (FEET_ROW if product.mount is Mount.FLOOR else SURFACE_ROW) * height
    # A tall product needs headroom more than floor.
    bottom = min(max(bottom, tall + 0.09 * height), 0.93 * height)
    return bottom - scale * extent.bottom


def warped(camera: Camera, warp: Doubles, width: int, height: int) -> Camera:
    """The camera of the picture that the photo becomes under a similarity."""
    scale = float(warp[0, 0])
    return replace(
        camera,
        focal=scale * camera.focal,
        cx=float(scale * camera.cx + warp[0, 2]),
        cy=float(scale * camera.cy + warp[1, 2]),
        width=width,
        height=height,
    )


def carried(camera: Camera, position: Doubles, yaw_deg: float) -> Camera:
    """The camera of a product's frame in the room where that frame sits at ``position``, turned by ``yaw_deg``."""
    angle = np.radians(yaw_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]])
    return replace(camera, rotation=camera.rotation @ turn.T, position=turn @ camera.position + position)
