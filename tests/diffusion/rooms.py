"""Rooms of boxes that are seen exactly, ray by ray: passes with a known truth, without a path tracer."""

import numpy as np

from imagegen.types import Body, Passes
from tests.renderer.rooms_of_boxes import camera

FLOOR, WALL = 4, 1


def _box(origin, rays, low, high):
    """Depth (N,) of a box's front, inf where it is missed, and its normals."""
    with np.errstate(divide="ignore", invalid="ignore"):
        near, far = (low - origin) / rays, (high - origin) / rays
    entry, leave = np.minimum(near, far), np.maximum(near, far)
    depth, axis = entry.max(axis=1), entry.argmax(axis=1)
    depth = np.where((depth < leave.min(axis=1)) & (depth > 0), depth, np.inf)
    normals = np.zeros(rays.shape)
    normals[np.arange(len(rays)), axis] = -np.sign(rays[np.arange(len(rays)), axis])
    return depth, normals


def seen(products=(), furniture=(), *, view=None, wall=True):
    """Passes of a floor, a back wall, boxes (low, high) that are products' hulls, and boxes (low, high, class)."""
    view = view or camera(192, 144)
    v, u = np.mgrid[0 : view.height, 0 : view.width] + 0.5
    rays = view.rays(np.column_stack([u.ravel(), v.ravel()]))
    floor = ((-9.0, -9.0, -0.1), (9.0, 0.0, 0.0), FLOOR)
    back = ((-9.0, 0.0, 0.0), (9.0, 0.1, 9.0), WALL)
    things = [floor, *([back] if wall else []), *furniture, *((*product, 0) for product in products)]
    depth, classes = np.full(len(rays), np.inf), np.zeros(len(rays), int)
    normals, owner = np.zeros(rays.shape), np.full(len(rays), -1)
    for number, (low, high, kind) in enumerate(things):
        own, faces = _box(view.position, rays, np.array(low, float), np.array(high, float))
        front = own < depth
        depth, classes, owner = (
            np.where(front, own, depth),
            np.where(front, kind, classes),
            np.where(front, number, owner),
        )
        normals[front] = faces[front]
    shape = view.height, view.width
    first = len(things) - len(products)
    hulls = [(owner == first + k).reshape(shape).astype(np.float32) for k in range(len(products))]
    light = np.full((*shape, 3), 0.4, np.float32) * (0.6 + 0.4 * np.abs(normals[:, 2:])).reshape(*shape, 1)
    light = light.astype(np.float32)
    hero = hulls[0] if hulls else np.zeros(shape, np.float32)
    return Passes(
        light, depth.reshape(shape).astype(np.float32), normals.reshape(*shape, 3).astype(np.float32), light,
        classes.reshape(shape).astype(np.uint8), light, hero, others=tuple(Body(hull, light) for hull in hulls[1:]),
    )  # fmt: skip
