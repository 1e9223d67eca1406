"""Path-traces the rooms that the demonstration model learns from: every style, every room, from everywhere.

    python -m training.mini.rooms --count 528 --out var/mini/rooms

Each picture comes with what the model is told of it: inverse depth, classes, the style's and the room's name. It can be
stopped and started again: what is there is kept.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from api.cli.console import progress_bar
from imagegen import renderer, tone
from imagegen.types import Camera
from imagegen.views.making import furnished
from styles.library import default_library
from styles.schema import Room

SIZE = (256, 192)
SAMPLES = 3
SHEET = 66
"""Pictures to a file: few enough that little is lost when somebody stops it."""


def camera(room: Room, rng: np.random.Generator) -> Camera:
    """A level camera of any height, lens, side and distance that packshots are taken with."""
    width, height = SIZE
    yaw = np.radians(rng.uniform(-45, 45))
    focal = rng.uniform(0.8, 2.2)
    forward = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    target = np.array([rng.uniform(-0.35, 0.35) * room.width, rng.uniform(-0.6, 0.0) * room.depth, 0.0])
    position = target - forward * rng.uniform(1.4, 2.6) * focal + np.array([0.0, 0.0, rng.uniform(0.7, 1.9)])
    horizon = rng.uniform(0.2, 0.6)
    rotation = np.array([right, [0.0, 0.0, -1.0], forward])
    return Camera(focal * width, width / 2, height * horizon, rotation, position, width, height)


def traced(number: int) -> dict[str, Any]:
    """Picture ``number`` (H, W, 3) uint8 sRGB, its ``depth`` (H, W) float16 metres and ``segments`` (H, W) uint8."""
    rng = np.random.default_rng([number, 20261128])
    library = default_library()
    pairs = [(style.slug, room.slug) for style in library.styles() for room in library.rooms(style.slug)]
    style_slug, room_slug = pairs[number % len(pairs)]
    style, room = library.style(style_slug), library.room(style_slug, room_slug)
    light = str(rng.choice(list(style.lights)))
    shot = camera(room, rng)
    geometry = furnished(style, room, shot, light=light, samples=SAMPLES)
    passes = renderer.render(geometry, shot, None, samples=SAMPLES, seed=number)
    return {
        "picture": tone.view_transform(passes.picture),
        "depth": np.minimum(passes.depth, 6e4).astype(np.float16),
        "segments": passes.segments,
        "told": {"style": style.slug, "room": room.room_type, "light": light, "time": style.light(light).time},
    }


def sheet(first: int, folder: Path) -> Path:
    """Pictures ``first`` to ``first + SHEET - 1`` in one file, made unless it is there."""
    file = folder / f"{first:06d}.npz"
    if not file.exists():
        made = [traced(number) for number in range(first, first + SHEET)]
        told = json.dumps([one.pop("told") for one in made])
        part = file.with_suffix(".part")
        with part.open("wb") as out:
            np.savez_compressed(out, told=told, **{name: np.stack([one[name] for one in made]) for name in made[0]})
        part.replace(file)
    return file


def main() -> None:
    """Make what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=528)
    parser.add_argument("--out", type=Path, default=Path("var/mini/rooms"))
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    starts = range(0, asked.count, SHEET)
    with (
        ProcessPoolExecutor(asked.workers, get_context("spawn")) as pool,
        progress_bar(f"{asked.count} rooms") as tell,
    ):
        for done, file in enumerate(pool.map(sheet, starts, repeat(asked.out)), 1):
            tell(file.name, done / len(starts))


if __name__ == "__main__":
    main()
