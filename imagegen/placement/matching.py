"""How a companion's photo, taken by a camera of its own, is laid into a picture that another camera took."""

from __future__ import annotations

import math

import numpy as np

from imagegen.furnished import turned
from imagegen.placement.rug import homography, laid
from imagegen.types import Camera, Doubles, Mount, Pose, Product

THIN = 0.12
"""Depth over width up to which goods on a wall count as flat."""


def is_flat(product: Product) -> bool:
    """Whether a homography shows the product from anywhere as it is: rugs, pictures, clocks, mirrors."""
    size = product.dimensions
    return product.mount is Mount.RUG or (product.mount is Mount.WALL and size.depth <= THIN * size.width)


def facing(pose: Pose, position: Doubles, camera: Camera) -> float:
    """The turn about Z, degrees, at which ``camera`` sees a product at ``position`` from the side its photo shows."""
    way = np.asarray(camera.position) - position
    photo = pose.camera.position
    return math.degrees(math.atan2(way[0], -way[1]) - math.atan2(photo[0], -photo[1]))


def mismatch(pose: Pose, product: Product, position: Doubles, yaw_deg: float, camera: Camera) -> float:
    """Degrees between the direction from which the photo shows the product and the one from which the picture does."""
    middle = np.array([0.0, 0.0, product.dimensions.height / 2])
    there = np.asarray(pose.camera.position) - middle
    way = np.asarray(camera.position) - position
    here = np.array([*(turned(-yaw_deg) @ way[:2]), way[2]]) - middle
    cosine = float(there @ here / (np.linalg.norm(there) * np.linalg.norm(here)))
    return math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))


def overlaid(pose: Pose, product: Product, position: Doubles, yaw_deg: float, camera: Camera) -> Doubles:
    """The map (3, 3) from the photo's pixels to the picture's.

    Flat goods: the homography of their face, exact. Others: the similarity that gives the product's body its true size
    at that place (the geometric mean of width and height) and sets the foot of its box where it stands.
    """
    if product.mount is Mount.RUG:
        return laid(pose, product.dimensions, position, yaw_deg, camera)
    if is_flat(product):
        size = product.dimensions
        face = np.array([[x, -size.depth / 2, z] for x in (-size.width / 2, size.width / 2) for z in (0, size.height)])
        return homography(pose.camera.project(face), camera.project(carried(face, position, yaw_deg)))
    box = _box(product) if pose.body is None else pose.body
    base = _box(product) * [1.0, 1.0, 0.0]
    photo, picture = (_extent(view.project(body)) for view, body in _views(pose, camera, box, position, yaw_deg))
    own, its = (_extent(view.project(foot)) for view, foot in _views(pose, camera, base, position, yaw_deg))
    scale = math.sqrt(float(np.prod(picture[2:] - picture[:2]) / np.prod(photo[2:] - photo[:2])))
    x = (its[0] + its[2] - scale * (own[0] + own[2])) / 2
    y = its[3] - scale * own[3]
    return np.array([[scale, 0.0, x], [0.0, scale, y], [0.0, 0.0, 1.0]])


def carried(points: Doubles, position: Doubles, yaw_deg: float) -> Doubles:
    """Points (N, 3) of the product's frame in the room."""
    flat = points[:, :2] @ turned(yaw_deg).T
    return np.column_stack([flat, points[:, 2]]) + position


def _views(
    pose: Pose, camera: Camera, points: Doubles, position: Doubles, yaw_deg: float
) -> tuple[tuple[Camera, Doubles], tuple[Camera, Doubles]]:
    return (pose.camera, points), (camera, carried(points, position, yaw_deg))


def _box(product: Product) -> Doubles:
    signs = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)])
    return np.asarray(signs * product.dimensions.as_array())


def _extent(points: Doubles) -> Doubles:
    """Left, top, right, bottom."""
    return np.concatenate([points.min(axis=0), points.max(axis=0)])
