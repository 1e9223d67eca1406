"""A bare room, a chair and its photo: small inputs with a known truth."""

import math

import numpy as np
import trimesh

from imagegen.geometry import Geometry, Material, Mesh, Panel, Sky
from imagegen.types import Camera, Cutout, Dimensions, Placement, Pose, Product

WHITE = Material(colour=(0.8, 0.8, 0.8), roughness=1.0, specular=0.0)
RED = Material(colour=(0.6, 0.1, 0.1), roughness=1.0, specular=0.0)


def box(low, high, material=WHITE, segment=0):
    made = trimesh.creation.box(bounds=[low, high])
    return Mesh(np.asarray(made.vertices), np.asarray(made.faces), material, segment=segment)


def camera(width=96, height=72, *, yaw=0.0, elevation=10.0, distance=4.0, at=(0.0, -1.5, 0.5), focal=1.6):
    turn, tilt = math.radians(yaw), math.radians(elevation)
    way = np.array([math.sin(turn) * math.cos(tilt), -math.cos(turn) * math.cos(tilt), math.sin(tilt)])
    forward = -way
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    rotation = np.array([right, np.cross(forward, right), forward])
    return Camera(focal * width, width / 2, height / 2, rotation, np.asarray(at) + way * distance, width, height)


EVEN = Sky((0.8, 0.8, 0.8), (0.8, 0.8, 0.8))


def room(*more, lights=(EVEN,)):
    floor = box((-3, -6, -0.1), (3, 0, 0), WHITE, 4)
    wall = box((-3, 0, 0), (3, 0.1, 2.6), WHITE, 1)
    return Geometry((floor, wall, *more), lights)


def panel(centre, normal):
    return Panel(centre, normal, (1.0, 1.0), (30.0, 0.0, 0.0))


CHAIR = Product("chair", "chair", "chair", Dimensions(0.5, 0.5, 0.9))


def chair_photo(size=240):
    """A stool-backed chair as a silhouette with the true camera: four legs, a seat and a back."""
    return photographed(CHAIR_PARTS, size)


LEG = 0.03
CHAIR_PARTS = [
    *(((x - LEG / 2, y - LEG / 2, 0), (x + LEG / 2, y + LEG / 2, 0.45)) for x in (-0.23, 0.23) for y in (-0.23, 0.23)),
    ((-0.25, -0.25, 0.42), (0.25, 0.25, 0.47)),
    ((-0.25, 0.2, 0.45), (0.25, 0.25, 0.9)),
]


def _filled(points, size):
    """A convex polygon as a mask: inside all its edges."""
    from scipy.spatial import ConvexHull

    equations = ConvexHull(points).equations
    v, u = np.mgrid[0:size, 0:size] + 0.5
    return np.all([a * u + b * v + c <= 0 for a, b, c in equations], axis=0).astype(np.float32)


def placed(pose, position=(0.0, -1.5, 0.0), yaw_deg=0.0, scale=0.4, shift=(10.0, 5.0), size=(120, 100)):
    """The photo scaled and shifted into a picture, and the room's camera that sees the same."""
    c, s = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    photo = pose.camera
    view = Camera(
        photo.focal * scale,
        photo.cx * scale + shift[0],
        photo.cy * scale + shift[1],
        photo.rotation @ turn.T,
        turn @ photo.position + np.asarray(position),
        *size,
    )
    warp = np.array([[scale, 0, shift[0]], [0, scale, shift[1]], [0, 0, 1.0]])
    return Placement("here", np.asarray(position, float), yaw_deg, False, view, warp)


def photographed(parts, size=240, *, yaw=-30, elevation=12, distance=3.5, at=(0, 0, 0.45), focal=2.4):
    """Boxes (low, high) seen by a known camera: the cutout of their silhouette and the pose."""
    view = camera(size, size, yaw=yaw, elevation=elevation, distance=distance, at=at, focal=focal)
    alpha = np.zeros((size, size), np.float32)
    for low, high in parts:
        corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
        alpha = np.maximum(alpha, _filled(view.project(corners), size))
    colour = np.broadcast_to(np.float32([0.3, 0.2, 0.1]), (size, size, 3)).copy()
    return Cutout(colour, alpha, "true"), Pose(view, "given", yaw, elevation, distance, focal * 36, 0, 1)


def legs(width, depth, height, thick=0.04):
    """Four posts at the corners of a footprint."""
    x, y = width / 2 - thick, depth / 2 - thick
    return [
        ((a - thick / 2, b - thick / 2, 0), (a + thick / 2, b + thick / 2, height)) for a in (-x, x) for b in (-y, y)
    ]


TABLE = Product("table", "table", "dining table", Dimensions(1.2, 0.7, 0.74))
TABLE_PARTS = [*legs(1.2, 0.7, 0.71), ((-0.6, -0.35, 0.71), (0.6, 0.35, 0.74))]
SOFA = Product("sofa", "sofa", "sofa", Dimensions(1.8, 0.9, 0.85))
SOFA_PARTS = [
    ((-0.9, -0.45, 0.14), (0.9, 0.45, 0.42)), ((-0.9, 0.2, 0.42), (0.9, 0.45, 0.85)),
    *(((x, -0.45, 0.42), (x + 0.18, 0.45, 0.62)) for x in (-0.9, 0.72)), *legs(1.8, 0.9, 0.14),
]  # fmt: skip
SHELF = Product("shelf", "shelf", "open shelving", Dimensions(0.9, 0.35, 1.8))
SHELF_PARTS = [
    *(((-0.45, -0.175, z), (0.45, 0.175, z + 0.02)) for z in (0.1, 0.65, 1.2, 1.76)), *legs(0.9, 0.35, 1.8, 0.025)
]  # fmt: skip
BED = Product("bed", "bed", "bed", Dimensions(1.6, 2.1, 1.1))
BED_PARTS = [((-0.8, -1.05, 0.12), (0.8, 1.05, 0.52)), ((-0.8, 0.99, 0), (0.8, 1.05, 1.1)), *legs(1.6, 2.1, 0.12, 0.06)]
