"""How the photo lies in the picture: how large, and where. The camera follows by the same similarity."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imagegen.shares import HEIGHT_COUNTS, WIDEST, share_of
from imagegen.types import Camera, Cutout, Doubles, Mount, Pose, Product

STRAY = 0.0002
"""Share of the product's pixels that may lie astray on either side."""
FEET_ROW = 0.82
SURFACE_ROW = 0.70
HEADROOM = 0.09
LOWEST_FOOT = 0.93
RAISED = 0.13
"""The share of a tall picture's height by which low goods stand higher than in a wide one."""
HORIZON = (0.04, 0.96)
"""The rows, as shares of the height, between which the horizon belongs."""
USUAL_ASPECT = 1216 / 832
WIDEST_VIEW_DEG = 62.0
"""A wider view pulls whatever stands at its edges out of shape (about 30 mm on 35 mm film)."""
SHARPEST = 1.0
"""Pixels of the picture for one of the photo's beyond which a product is rather shown smaller than blown up."""
OFFSETS = (0.0, 0.10, -0.08, 0.14, 0.05, -0.12)
"""Where variants put the product, from the middle: mostly on the third away from the side that it looks to."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A product's photo as framing needs it; ``cut``: the photo's row that must leave the picture at its top."""

    product: Product
    pose: Pose
    extent: Extent
    cut: float | None = None

    @property
    def height(self) -> float:
        """The photo's pixels that the picture holds, from top to bottom."""
        return self.extent.bottom - (self.extent.top if self.cut is None else self.cut)

    @property
    def pixel(self) -> float:
        """Metres of one pixel where the product stands."""
        return self.pose.distance_m / self.pose.camera.focal


def frame(shot: Shot, width: int, height: int, variant: int) -> Doubles:
    """The similarity (3, 3) from the photo's pixels to those of a ``width`` x ``height`` picture.

    ``variant`` walks through the rule-of-thirds compositions, the first is centred.
    """
    extent = shot.extent
    largest, least = _scales(shot, width, height)
    scale = largest
    while not _holds_horizon(shot, scale, width, height) and scale > least:
        scale = max(least, 0.94 * scale)
    if not _holds_horizon(shot, scale, width, height):
        scale = largest
    across = (0.5 + looks(shot.pose) * OFFSETS[variant % len(OFFSETS)]) * width
    half = scale * extent.width / 2
    margin = min(0.05 * width, max(width / 2 - half, 0.0))
    across = min(max(across, half + margin), width - half - margin)
    x = across - scale * (extent.left + extent.right) / 2
    return np.array([[scale, 0, x], [0, scale, _row(shot, scale, width, height)], [0, 0, 1.0]])


def looks(pose: Pose) -> float:
    """Which half of the picture a product should stand in (+1 the right one) to have the side that it faces free.

    Seen from its right side (a positive yaw) its front points to the picture's left.
    """
    return -1.0 if pose.yaw_deg < -3.0 else 1.0


def _scales(shot: Shot, width: int, height: int) -> tuple[float, float]:
    """(aimed at, smallest) scales: as large as the kind may be, but with room around it and no larger than it is sharp.

    A narrow picture lets wide goods have more of its width.
    """
    share, extent = share_of(shot.product), shot.extent
    narrow = math.sqrt(USUAL_ASPECT * height / width)
    wide = min(WIDEST, share.width * min(max(narrow, 0.9), 1.4))
    largest = min(wide * width / extent.width, share.height * height / shot.height)
    if shot.product.mount is Mount.CEILING:
        largest = max(largest, min(0.40 * height / shot.height, 0.42 * width / extent.width))
    least = min(share.least * width / extent.width, share.least / HEIGHT_COUNTS * height / shot.height)
    view = math.tan(math.radians(WIDEST_VIEW_DEG / 2))
    least = max(least, max(width, height) / 2 / view / shot.pose.camera.focal)
    least = min(least, largest)
    around = math.sqrt(USUAL_ASPECT * width * height) * shot.pixel / share.span
    return min(largest, max(least, min(around, max(SHARPEST, least)))), least


def _row(shot: Shot, scale: float, width: int, height: int) -> float:
    """The shift downwards: feet, middle or cord at the row of their kind, the horizon inside where that can be."""
    product, extent = shot.product, shot.extent
    tall = scale * extent.height
    if product.mount is Mount.CEILING:
        return 0.06 * height - scale * extent.top if shot.cut is None else -scale * shot.cut - 1.0
    if product.mount is Mount.WALL:
        # A small thing hangs in the upper third: what stands below it belongs to the picture.
        middle = (0.36 + 0.08 * min(1.0, tall / (0.45 * height))) * height
        bottom = middle + tall / 2
    else:
        bottom = (FEET_ROW if product.mount is Mount.FLOOR else SURFACE_ROW) * height
        if product.mount is Mount.FLOOR and height > width:
            # In a tall picture a low thing stands higher: else half of what is seen is ceiling.
            bottom -= RAISED * height * min(max((0.35 - tall / height) / 0.2, 0.0), 1.0)
        # A tall product needs headroom more than floor.
        bottom = min(max(bottom, tall + HEADROOM * height), LOWEST_FOOT * height)
    row = scale * (horizon(shot.pose.camera) - extent.bottom) + bottom
    bottom += min(max(row, HORIZON[0] * height), HORIZON[1] * height) - row
    return min(max(bottom, tall + 0.04 * height), 0.96 * height) - scale * extent.bottom


def _holds_horizon(shot: Shot, scale: float, width: int, height: int) -> bool:
    row = scale * horizon(shot.pose.camera) + _row(shot, scale, width, height)
    return HORIZON[0] * height - 1 <= row <= HORIZON[1] * height + 1


def horizon(camera: Camera) -> float:
    """The pixel row, anywhere above, in or below the picture, of what is level with the camera, straight before it."""
    right, down, forward = camera.rotation
    del right
    level = math.hypot(float(forward[0]), float(forward[1]))
    if level < 1e-6:
        return math.copysign(math.inf, -float(down[2]) * float(forward[2]))
    return camera.cy + camera.focal * float(down @ [forward[0], forward[1], 0.0]) / level**2


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
