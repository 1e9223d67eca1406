"""Photos of rooms whose camera and floor are known, and the goods that are shown in them."""

import io
import math
from pathlib import Path

import numpy as np
import trimesh
from PIL import Image

from imagegen.own_room.calibrate import FILM, Mark
from imagegen.types import Camera, Dimensions, Mount, Product

DEMO = Path(__file__).parents[2] / "demo"
RUG = ((-1.2, -0.9), (1.2, -0.9), (1.2, 0.9), (-1.2, 0.9))
CHAIR = Product("CHA-ASK-1", "Ask dining chair", "dining chair", Dimensions.from_cm(53, 51, 78))
ARMCHAIR = Product("ARM-HOLM-W", "Holm wing chair", "armchair", Dimensions.from_cm(80, 89, 111))
RUG_GOODS = Product("RUG-RUTA-240", "Ruta knotted rug", "rug", Dimensions.from_cm(240, 165, 1.5), Mount.RUG)


def eye(position, aim, focal_mm=26.0, size=(640, 480), roll=0.0):
    """A camera at ``position`` that looks at ``aim``."""
    width, height = size
    forward = np.array(aim, float) - np.array(position, float)
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    down, lean = np.cross(forward, right), math.radians(roll)
    level, steep = right * math.cos(lean) - down * math.sin(lean), down * math.cos(lean) + right * math.sin(lean)
    rotation = np.array([level, steep, forward])
    focal = focal_mm / FILM * max(size)
    return Camera(focal, width / 2, height / 2, rotation, np.array(position, float), width, height)


FRONT = eye((0.3, -3.6, 1.45), (0.0, 0.0, 0.45))


def marked(camera, places=RUG, off=0.5, seed=0):
    """The places as somebody clicks them: a pixel off, or less."""
    pixels = camera.project(np.column_stack([places, np.zeros(len(places))]))
    pixels += np.random.default_rng(seed).normal(0, off, pixels.shape)
    return tuple(
        Mark(tuple(map(float, place)), tuple(map(float, pixel))) for place, pixel in zip(places, pixels, strict=True)
    )


def tiled(camera, tint=(1.0, 1.0, 1.0), level=1.0):
    """A floor of half-metre tiles under a plain wall, as an RGB picture (H, W, 3) uint8."""
    u, v = np.meshgrid(np.arange(camera.width) + 0.5, np.arange(camera.height) + 0.5)
    rays = camera.rays(np.column_stack([u.ravel(), v.ravel()]))
    depth = np.where(rays[:, 2] < -1e-3, -camera.position[2] / np.minimum(rays[:, 2], -1e-3), np.inf)
    seen = camera.position[:2] + np.where(np.isfinite(depth), depth, 0)[:, None] * rays[:, :2]
    floor = np.isfinite(depth) & (seen[:, 1] < 3)
    dark = (np.floor(seen / 0.5).sum(axis=1) % 2).astype(bool)
    grey = np.where(floor, np.where(dark, 150, 190), 215)
    grain = np.random.default_rng(1).integers(-3, 4, grey.shape)
    colour = (grey + grain)[:, None] * np.array(tint) * level
    return np.clip(colour, 0, 255).reshape(camera.height, camera.width, 3).astype(np.uint8)


def png(picture):
    """The picture as a file."""
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "PNG")
    return data.getvalue()


def packshot(product):
    """The product's photo in the demo's catalog."""
    return (DEMO / "packshots" / f"{product.sku}.jpg").read_bytes()


def model(product):
    """Points (N, 3) of the product itself, in its own frame."""
    return np.asarray(trimesh.load(DEMO / "truth" / product.sku / "model.ply", process=False).vertices)


def extent(points):
    """Left, top, right, bottom."""
    return np.concatenate([points.min(axis=0), points.max(axis=0)])
