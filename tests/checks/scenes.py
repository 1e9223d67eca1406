"""A box that stands in an empty room, seen and composed exactly: what every check should pass."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage
from scipy.spatial import ConvexHull

from imagegen.geometry import Geometry, Material, Mesh
from imagegen.images import linear_to_srgb
from imagegen.protocols import Settings, Staged
from imagegen.types import Camera, Composed, Cutout, Dimensions, Mount, Passes, Placement, Pose, Product

WIDTH, HEIGHT = 320, 240
SIZE = Dimensions(0.9, 0.6, 0.8)


@dataclass
class FakeRoom:
    """The one fact of a room that a check asks for."""

    height: float = 2.6


def camera():
    """Two and a half metres before the back wall's middle, 1.3 m high, looking a little down."""
    pitch = np.radians(-9)
    forward = np.array([0.0, np.cos(pitch), np.sin(pitch)])
    right = np.array([1.0, 0.0, 0.0])
    return Camera(
        380.0,
        WIDTH / 2,
        HEIGHT / 2,
        np.stack([right, np.cross(forward, right), forward]),
        np.array([0.0, -4.6, 1.3]),
        WIDTH,
        HEIGHT,
    )


def corners(position, size=SIZE, yaw_deg=20.0):
    angle = np.radians(yaw_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    box = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0, 1)])
    return box * size.as_array() @ turn.T + position


def silhouette(points):
    hull = points[ConvexHull(points).vertices] * 4
    image = Image.new("L", (WIDTH * 4, HEIGHT * 4), 0)
    ImageDraw.Draw(image).polygon([tuple(p) for p in hull], fill=255)
    return (np.asarray(image, np.float32) / 255).reshape(HEIGHT, 4, WIDTH, 4).mean(axis=(1, 3))


def scene(
    *, seen_at=(0.0, -1.2, 0.0), seen_size=SIZE, mount=Mount.FLOOR, tint=(1.0, 1.0, 1.0), room_level=0.45, shadow=0.4
):
    """Staged, passes and composed: a box of SIZE placed at (0, -1.2, 0) whose photo shows it ``seen_at``."""
    place, view = np.array([0.0, -1.2, 0.0]), camera()
    alpha = silhouette(view.project(corners(np.array(seen_at), seen_size)))
    colour = np.empty((HEIGHT, WIDTH, 3), np.float32)
    colour[:] = (0.35, 0.12, 0.08)
    gain = np.broadcast_to(np.array(tint, np.float32), colour.shape)
    lit = np.rint(linear_to_srgb(colour * gain) * 255).astype(np.uint8)
    near = ndimage.gaussian_filter(ndimage.maximum_filter(alpha, 5), 3)
    light = np.full((HEIGHT, WIDTH, 3), room_level, np.float32) * (1 - shadow * near)[..., None]
    over = alpha[..., None]
    shown = np.rint(linear_to_srgb(light * (1 - over) + colour * gain * over) * 255).astype(np.uint8)
    picture = np.where(over == 1, lit, shown)
    up = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    up[..., 2] = 1
    plane = np.ones((HEIGHT, WIDTH), np.float32)
    passes = Passes(
        light,
        plane * 3,
        up,
        plane[..., None] * np.full(3, 0.5, np.float32),
        np.zeros((HEIGHT, WIDTH), np.uint8),
        light,
        alpha,
    )
    product = Product("BOX-1", "Box", "box", SIZE, mount)
    pose = Pose(view, "box", 20.0, 9.0, 3.5, 40.0, 1.0, 0.99)
    hull = Mesh(corners(place), np.array([[0, 1, 2]]), Material())
    staged = Staged(
        product, None, FakeRoom(), Cutout(colour, alpha, "alpha 1"), pose,
        Placement("explicit", place, 20.0, False, view, np.eye(3)), Geometry((), ()), hull, Settings(WIDTH, HEIGHT, 8),
    )  # fmt: skip
    return staged, passes, Composed(picture, colour, alpha, gain, lit)


def warped(staged, warp):
    return replace(staged, placement=replace(staged.placement, warp=np.asarray(warp, float)))
