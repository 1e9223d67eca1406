"""How true a product stands in a photo of a room, against the real models of the demo catalog.

    python -m bench.own_room

Each product is stood, turned as its photo shows it, into a bare photo of four cameras whose floor points are clicked a
pixel off. What is measured is its height, its width and its foot in pixels, against the model itself seen by the true
camera. About three minutes on two cores.
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

import numpy as np
import trimesh

from imagegen import images
from imagegen.own_room.calibrate import FILM, Mark
from imagegen.own_room.showing import Wish, show
from imagegen.previews.standing import turn
from imagegen.types import Camera, Dimensions, Doubles, Mount, Product

DEMO = Path(__file__).parents[1] / "demo"
SKUS = (
    "SOFA-LUND-3", "ARM-HOLM-W", "CHA-ASK-1", "CHA-KROM-B", "SHE-GALLER-5", "TAB-TROMMA-80", "SID-RIBBA-160",
    "WAR-VIT-100",
)  # fmt: skip
EYES = ((1.3, -3.6, 1.5), (-1.9, -3.2, 1.8), (-0.3, -3.0, 1.4), (-1.0, -4.2, 1.35))
SIZE, LENS_MM, CLICK_PX = (1200, 900), 26.0, 0.7
RUG = ((-1.2, -0.9), (1.2, -0.9), (1.2, 0.9), (-1.2, 0.9))


def main() -> None:
    """Measure and tell."""
    grey = images.encode(np.full((SIZE[1], SIZE[0], 3), 190, np.uint8), "png")
    sys.stdout.write("sku | views off, degrees | height off, % | width off, % | foot off, px\n")
    for sku in SKUS:
        rows = [_measured(sku, _camera(eye), grey, seed) for seed, eye in enumerate(EYES)]
        off, *wrong = np.array(rows).T
        told = " | ".join(f"{np.abs(each).mean():.1f} (at most {np.abs(each).max():.1f})" for each in wrong)
        sys.stdout.write(f"{sku} | {off.min():.0f} to {off.max():.0f} | {told}\n")
        sys.stdout.flush()


def _measured(sku: str, camera: Camera, photo: bytes, seed: int) -> tuple[float, float, float, float]:
    """Degrees between the views; height and width off in percent; the foot's row off in pixels."""
    packshot = (DEMO / "packshots" / f"{sku}.jpg").read_bytes()
    made = show(Wish(photo, _clicked(camera, seed), _product(sku), (packshot,), (0.0, 0.0, 0.0)))
    model = np.asarray(trimesh.load(DEMO / "truth" / sku / "model.ply", process=False).vertices)
    seen: Doubles = camera.project(model @ turn(made.recipe["drawn"]["yaw_deg"]).T)
    low, high = seen.min(axis=0), seen.max(axis=0)
    left, top, right, bottom = made.recipe["drawn"]["box"]
    mismatch = next(finding.score for finding in made.findings if finding.check == "mismatch")
    wide, tall = (right - left) / (high[0] - low[0]), (bottom - top) / (high[1] - low[1])
    return mismatch, 100 * (tall - 1), 100 * (wide - 1), bottom - high[1]


def _camera(eye: tuple[float, float, float]) -> Camera:
    position = np.array(eye)
    forward = np.array([0.0, 0.0, 0.6]) - position
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= math.sqrt(float(right @ right))
    rotation = np.array([right, np.cross(forward, right), forward])
    return Camera(LENS_MM / FILM * SIZE[0], SIZE[0] / 2, SIZE[1] / 2, rotation, position, *SIZE)


def _clicked(camera: Camera, seed: int) -> tuple[Mark, ...]:
    pixels = camera.project(np.column_stack([RUG, np.zeros(len(RUG))]))
    pixels = pixels + np.random.default_rng(seed).normal(0, CLICK_PX, pixels.shape)
    return tuple(Mark(place, (float(u), float(v))) for place, (u, v) in zip(RUG, pixels, strict=True))


def _product(sku: str) -> Product:
    with (DEMO / "catalog.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["sku"] == sku)
    size = Dimensions.from_cm(*(float(row[name]) for name in ("width_cm", "depth_cm", "height_cm")))
    return Product(sku, row["name"], row["category"], size, Mount(row["mount"]))


if __name__ == "__main__":
    main()
