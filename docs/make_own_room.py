# ruff: noqa: INP001 - a script beside the pages, not a package
"""Draws the picture of docs/own-room.md: a room with its four points, and two products of the demo stood into it.

    python docs/make_own_room.py

The "customer's photo" is a room of the library, path-traced with most of its furniture sold, so its camera is known: a
minute or two on two cores.
"""

from __future__ import annotations

import csv
import math
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from imagegen import images, renderer, tone
from imagegen.own_room.calibrate import FILM, Mark
from imagegen.own_room.showing import Wish, show
from imagegen.types import Camera, Dimensions, Labels, Mount, Product
from imagegen.views.making import furnished, thinned
from styles.library import default_library

ROOT = Path(__file__).parents[1]
SIZE, SAMPLES, WIDTH, QUALITY = (960, 720), 16, 720, 84
EYE, AIM, LENS_MM, ROLL_DEG = (-1.75, -5.3, 1.5), (0.2, -1.0, 0.55), 25.0, 0.6
SOLD = {"sofa", "coffee-table", "armchair", "pouf", "side-table", "floor-lamp", "sideboard", "books", "table-lamp"}
CORNER = np.array([-1.8, -2.85])
"""The rug's near left corner in the room; the tape begins there."""
TAPE = ((0.0, 0.0), (2.9, 0.0), (2.9, 2.0), (0.0, 2.0))
GOODS = (("SOFA-LUND-3", (1.75, 2.23, 0.0), 0.0), ("ARM-HOLM-W", (3.15, 0.65, 0.0), -20.0))
BLUE = (20, 90, 220)


def main() -> None:
    """Draw it."""
    camera = _camera()
    room = _room(camera)
    marks = _clicked(camera)
    picture = room
    for sku, at, yaw in GOODS:
        photo = (ROOT / "demo/packshots" / f"{sku}.jpg").read_bytes()
        made = show(Wish(images.encode(picture, "png"), marks, _product(sku), (photo,), at, yaw, light=(-75.0, 50.0)))
        for found in made.findings:
            sys.stdout.write(f"{sku} {found.check}: {found.verdict}, {found.message}\n")
        picture = made.picture
    pair = [_small(_marked(room, marks)), _small(Image.fromarray(picture))]
    sheet = Image.new("RGB", (2 * WIDTH + 12, pair[0].height), (255, 255, 255))
    for number, each in enumerate(pair):
        sheet.paste(each, (number * (WIDTH + 12), 0))
    data = BytesIO()
    sheet.save(data, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    (ROOT / "docs/pictures/own-room.jpg").write_bytes(data.getvalue())
    sys.stdout.write(f"own-room.jpg {len(data.getvalue()) // 1024} KiB\n")


def _camera() -> Camera:
    (width, height), roll = SIZE, math.radians(ROLL_DEG)
    forward = np.array(AIM) - np.array(EYE)
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    across = right * math.cos(roll) - down * math.sin(roll)
    rotation = np.array([across, np.cross(forward, across), forward])
    return Camera(LENS_MM / FILM * width, width / 2, height / 2, rotation, np.array(EYE), width, height)


def _room(camera: Camera) -> Labels:
    library = default_library()
    style, page = library.style("scandinavian"), library.room("scandinavian", "living-room")
    sold = {part.id for part in page.parts if part.kind in SOLD or part.id.startswith(("table-", "side-table"))}
    geometry = furnished(
        style, thinned(page, sold | {"second-rug", "vase", "sideboard-bowl", "oar"}), camera, samples=SAMPLES
    )
    return tone.view_transform(renderer.render(geometry, camera, None, samples=SAMPLES, seed=0).picture)


def _clicked(camera: Camera) -> tuple[Mark, ...]:
    """The rug's corners, as somebody clicks them."""
    pixels = camera.project(np.column_stack([CORNER + TAPE, np.zeros(len(TAPE))]))
    pixels = np.round(pixels + np.random.default_rng(0).normal(0, 0.7, pixels.shape))
    return tuple(Mark(place, (float(u), float(v))) for place, (u, v) in zip(TAPE, pixels, strict=True))


def _product(sku: str) -> Product:
    with (ROOT / "demo/catalog.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["sku"] == sku)
    size = Dimensions.from_cm(*(float(row[name]) for name in ("width_cm", "depth_cm", "height_cm")))
    return Product(sku, row["name"], row["category"], size, Mount(row["mount"]))


def _marked(room: Labels, marks: tuple[Mark, ...]) -> Image.Image:
    picture = Image.fromarray(room)
    pen = ImageDraw.Draw(picture)
    for mark in marks:
        u, v = mark.pixel
        pen.ellipse((u - 9, v - 9, u + 9, v + 9), outline=BLUE, width=3)
        pen.text((u + 12, v - 30), f"{mark.place[0]:g}, {mark.place[1]:g} m", fill=BLUE, font_size=22)
    return picture


def _small(picture: Image.Image) -> Image.Image:
    return picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
