"""A product and a room small enough to know every pixel of: a brick on an empty floor, without tracing a ray."""

import numpy as np

from imagegen.pose.orbit import orbit
from imagegen.previews.backdrop import Backdrop
from imagegen.previews.sprite import Sprite
from imagegen.previews.standing import Place
from imagegen.types import Camera, Dimensions, Mount
from imagegen.views.shelf import ANGLES_DEG, PLACING, Probe, camera_of
from workers.tasks.previews import Goods

BRICK = Dimensions(1.0, 0.4, 0.8)
COLOUR = (150, 90, 60)


def brick(size=BRICK, mount=Mount.FLOOR, yaw_deg=0.0, elevation_deg=0.0, colour=COLOUR):
    """A box as a photo from 5 m shows it."""
    photo = (400, 400)
    focal = 330 * 5.0 / max(size.width, size.height)
    camera = orbit(size, yaw_deg, elevation_deg, 5.0, focal, (200.0, 200.0), photo)
    v, u = np.meshgrid(np.arange(400) + 0.5, np.arange(400) + 0.5, indexing="ij")
    near, far = chords(size, camera, np.column_stack([u.ravel(), v.ravel()]))
    hit = (far > near).reshape(photo)
    picture = np.zeros((400, 400, 4), np.uint8)
    picture[hit] = (*colour, 255)
    near, far = (coarse(plane, hit.ravel()) for plane in (near, far))
    return Sprite(picture, near, far, camera, "box", 2.0, size, mount)


def coarse(plane, hit):
    """Means over 8 x 8 pixels of what was hit, elsewhere the middle value."""
    weight = hit.reshape(50, 8, 50, 8).sum(axis=(1, 3))
    total = np.where(hit, plane, 0.0).reshape(50, 8, 50, 8).sum(axis=(1, 3))
    return np.where(weight > 0, total / np.maximum(weight, 1), np.median(plane[hit])).astype(np.float32)


def chords(size, camera, pixels):
    """Where rays enter and leave the box, metres of depth."""
    rays = camera.rays(pixels)
    rays = np.where(np.abs(rays) < 1e-9, 1e-9, rays)
    low = np.array([-size.width / 2, -size.depth / 2, 0.0])
    high = np.array([size.width / 2, size.depth / 2, size.height])
    one, two = (low - camera.position) / rays, (high - camera.position) / rays
    return np.minimum(one, two).max(axis=1), np.maximum(one, two).min(axis=1)


def empty_room(room, angle=0, width=768, light=None, grey=200):
    """The room's floor and back wall, one grey; ``light``: the direction that it comes from (else from all sides)."""
    camera = camera_of(room, ANGLES_DEG[angle], width, PLACING)
    v, u = np.meshgrid(np.arange(camera.height) + 0.5, np.arange(width) + 0.5, indexing="ij")
    rays = camera.rays(np.column_stack([u.ravel(), v.ravel()]))
    with np.errstate(divide="ignore"):
        floor = np.where(rays[:, 2] < -1e-6, -camera.position[2] / rays[:, 2], np.inf)
        wall = np.where(rays[:, 1] > 1e-6, -camera.position[1] / rays[:, 1], np.inf)
    depth = np.minimum(floor, wall).reshape(camera.height, width).astype(np.float32)
    picture = np.full((camera.height, width, 3), grey, np.uint8)
    return Backdrop(picture, depth, camera, (probe(light),))


def probe(light=None, level=1.0):
    """Even light of radiance ``level`` from all sides; with ``light`` half of it from there."""
    radiance = np.zeros((9, 3), np.float32)
    radiance[0] = level / 0.282095
    if light is not None:
        x, y, z = np.asarray(light, float) / np.linalg.norm(light)
        radiance[[1, 2, 3]] += level * np.pi * 0.488603 * 0.9 * np.array([[y], [z], [x]], np.float32)
    return Probe("middle", np.array([0.0, -1.2, 1.0]), radiance)


def prepare(settings, order, progress):
    """What a worker gives for previews, at once: a brick of the product's size in an empty room."""
    progress("room", 0.2)
    from styles.library import Library

    room = Library(settings.style_paths).room(order.wanted.style, order.wanted.room)
    angle = order.wanted.angle or 0
    made = order.known or brick(order.product.dimensions, order.product.mount)
    places = (Place("middle", 0.0, -1.2, 0.0, 0.0),) if order.product.dimensions.width < 3 else ()
    return Goods(made, empty_room(room, angle), angle, places)


def shifted(camera, **changes):
    """The camera with other numbers."""
    told = {name: getattr(camera, name) for name in Camera.__slots__}
    return Camera(**told | changes)
