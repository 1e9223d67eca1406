"""Where a product stands: its box in the room, and the photo's camera beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imagegen.errors import DoesNotFitError
from imagegen.previews.sprite import Sprite
from imagegen.types import Dimensions, Doubles, Mount
from styles.schema import Room

SLACK = 0.011
"""Metres of overhang that are forgiven, as in the exact placement."""
LOOKS_OUT_DEG = 65.0
"""From this far off the back wall, the photo's camera sees more of the room's open side than of the room."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A product's frame in the room: ``position`` (3,) metres, ``yaw_deg`` about Z."""

    position: Doubles
    yaw_deg: float


@dataclass(frozen=True, slots=True)
class Place:
    """An anchor, and where the exact pipeline would put the product there: metres in the room, degrees."""

    anchor: str
    x: float
    y: float
    z: float
    yaw_deg: float

    @property
    def standing(self) -> Standing:
        """The product's frame there."""
        return Standing(np.array([self.x, self.y, self.z]), self.yaw_deg)


@dataclass(frozen=True, slots=True)
class PhotoCamera:
    """The camera of the exact picture: where it stands (metres) and where it looks, seen from above.

    ``heading_deg``: 0 looks straight at the back wall, positive turns to the left wall.
    """

    x: float
    y: float
    z: float
    heading_deg: float

    @property
    def looks_out(self) -> bool:
        """Whether it would rather see the open side of the room than its walls."""
        return abs(self.heading_deg) > LOOKS_OUT_DEG


def turn(yaw_deg: float) -> Doubles:
    """Rotation about Z (3, 3)."""
    c, s = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def footprint(size: Dimensions, standing: Standing) -> Doubles:
    """Corners of the product's foot in the room (4, 3): left front, right front, right back, left back."""
    half = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0.0]]) * np.array([size.width, size.depth, 0.0]) / 2
    return np.asarray(half @ turn(standing.yaw_deg).T + standing.position)


def box(size: Dimensions, standing: Standing) -> Doubles:
    """Corners of the product's box in the room (8, 3)."""
    foot = footprint(size, standing)
    return np.concatenate([foot, foot + np.array([0.0, 0.0, size.height])])


def check_inside(sprite: Sprite, standing: Standing, room: Room) -> None:
    """Raises DoesNotFitError when the product would stick through floor, wall or ceiling."""
    size, mount = sprite.size, sprite.mount
    height = 0.0 if mount is Mount.RUG else size.height
    x, y = footprint(size, standing)[:, :2].T
    foot = float(standing.position[2])
    # A hung thing's height may be mostly cord, which is as long as the room lets it be.
    top = height if mount is Mount.CEILING else foot + height
    within = abs(x).max() <= room.width / 2 + SLACK and y.max() <= SLACK and y.min() >= -room.depth - SLACK
    if not within or foot < -SLACK or top > room.height + SLACK:
        px, py, pz = standing.position
        raise DoesNotFitError(
            f"At x {px:.2f} m, y {py:.2f} m, z {pz:.2f} m the product would stick out of the room {room.name!r}.",
            hint=f"The room has x from {-room.width / 2:.2f} to {room.width / 2:.2f} m, y from {-room.depth:.2f} m "
            f"to 0 (the back wall) and is {room.height:.2f} m high; half the product lies on each side of the place.",
            where="placement",
        )


def photo_camera(sprite: Sprite, standing: Standing) -> PhotoCamera:
    """The photo's camera, carried into the room with the product."""
    turned = turn(standing.yaw_deg)
    x, y, z = turned @ sprite.camera.position + standing.position
    forward = turned @ np.asarray(sprite.camera.rotation)[2]
    heading = math.degrees(math.atan2(-forward[0], forward[1]))
    return PhotoCamera(float(x), float(y), float(z), heading)
