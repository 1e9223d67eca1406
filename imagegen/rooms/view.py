"""What a camera asks of a room: where its rays go, and which boxes stand before the product.

Everything here is in the frame of the room as its page describes it: a mirrored placement is mirrored back first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagegen.rooms.shapes import rotation
from imagegen.types import Camera, Dimensions, Doubles, Placement


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A turned box: ``centre`` (3,), ``half`` sizes (3,), turn about Z in degrees."""

    centre: Doubles
    half: Doubles
    yaw_deg: float

    def local(self, points: Doubles) -> Doubles:
        """Points (N, 3) in the box's own axes, from its centre."""
        return np.asarray((points - self.centre) @ rotation(self.yaw_deg))

    def corners(self) -> Doubles:
        """(8, 3)."""
        signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
        return np.asarray(signs * self.half @ rotation(self.yaw_deg).T + self.centre)

    def grown(self, metres: float) -> Block:
        """The same box with more room on every side."""
        return Block(self.centre, self.half + metres, self.yaw_deg)

    def contains(self, point: Doubles) -> bool:
        """Whether a point (3,) lies inside."""
        return bool((np.abs(self.local(point[None])[0]) <= self.half).all())

    def touches(self, other: Block) -> bool:
        """Whether two boxes share space (separating axes of upright boxes)."""
        if abs(self.centre[2] - other.centre[2]) >= self.half[2] + other.half[2]:
            return False
        mine, theirs = self.corners()[:, :2], other.corners()[:, :2]
        for turn in (self.yaw_deg, self.yaw_deg + 90, other.yaw_deg, other.yaw_deg + 90):
            axis = rotation(turn)[:2, 0]
            a, b = mine @ axis, theirs @ axis
            if a.max() <= b.min() or b.max() <= a.min():
                return False
        return True

    def hides(self, eye: Doubles, targets: Doubles) -> bool:
        """Whether the box lies on the way from ``eye`` (3,) to any of ``targets`` (N, 3)."""
        start = self.local(eye[None])[0]
        way = self.local(targets) - start
        with np.errstate(divide="ignore", invalid="ignore"):
            one, two = (-self.half - start) / way, (self.half - start) / way
        enter = np.nanmax(np.minimum(one, two), axis=1)
        leave = np.nanmin(np.maximum(one, two), axis=1)
        return bool(((enter < leave) & (enter < 0.97) & (leave > 0.0)).any())


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A camera and a product in the page's frame. ``rays`` (N, 3) cover the picture, at one metre of depth each."""

    eye: Doubles
    forward: Doubles
    rays: Doubles
    product: Block
    camera: Camera
    mirrored: bool

    def sees(self, block: Block) -> bool:
        """Whether any of the box falls into the picture (judged by its corners and middle)."""
        points = np.vstack([block.corners(), block.centre])
        if self.mirrored:
            points = points * np.array([-1.0, 1.0, 1.0])
        seen = self.camera.project(points)
        inside = (seen > 0).all(axis=1) & (seen < [self.camera.width, self.camera.height]).all(axis=1)
        spans = np.isfinite(seen).all(axis=1)
        if not spans.any():
            return False
        low, high = np.nanmin(seen, axis=0), np.nanmax(seen, axis=0)
        overlap = (low < [self.camera.width, self.camera.height]).all() and (high > 0).all()
        return bool(inside.any() or overlap)

    def depth(self, points: Doubles) -> Doubles:
        """Metres along the viewing direction of points (N, 3)."""
        return np.asarray((points - self.eye) @ self.forward)

    def reach(self, axis: int, level: float) -> Doubles:
        """Where the picture's rays meet the plane of an axis, (M, 3): nothing within 60 m is left out."""
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = (level - self.eye[axis]) / self.rays[:, axis]
        good = np.isfinite(distance) & (distance > 0) & (distance < 60)
        return np.asarray(self.eye + self.rays[good] * distance[good, None])


def view_of(placement: Placement, size: Dimensions) -> View:
    """The placement seen in the page's frame."""
    flip = np.array([-1.0 if placement.mirrored else 1.0, 1.0, 1.0])
    camera = placement.camera
    edge_u, edge_v = np.linspace(0, camera.width, 13), np.linspace(0, camera.height, 9)
    pixels = np.array([(u, v) for u in edge_u for v in edge_v])
    half = size.as_array() / 2
    centre = np.asarray(placement.position, float) * flip + np.array([0.0, 0.0, half[2]])
    yaw = -placement.yaw_deg if placement.mirrored else placement.yaw_deg
    return View(
        eye=np.asarray(camera.position, float) * flip,
        forward=np.asarray(camera.rotation[2], float) * flip,
        rays=camera.rays(pixels) * flip,
        product=Block(centre, half, yaw),
        camera=camera,
        mirrored=placement.mirrored,
    )
