"""One photo cut in one way, kept on disk: what a run that was stopped, or asks again, need not do twice."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from functools import cache
from inspect import getsource
from pathlib import Path

import numpy as np
from PIL import Image

from bench.cutout import measures, rivals
from bench.cutout.packshots import Packshot
from imagegen import cutouts
from imagegen.errors import NotAPackshotError
from imagegen.images import decode, linear_to_srgb, srgb_to_linear
from imagegen.types import Floats, Photo

OURS = "ours"
METHODS = (OURS, *rivals.RIVALS)


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """``alpha`` (H, W) and ``colour`` (H, W, 3; straight, linear), 8 bits each as a file holds them.

    ``seconds`` of wall clock, ``cpu`` seconds of all cores; ``refused``: what a cutter said that cut nothing.
    """

    alpha: Floats
    colour: Floats
    seconds: float
    cpu: float
    refused: str


def cut(packshot: Packshot, method: str, shelf: Path) -> Cut:
    """The photo cut by ``method``, from the ``shelf`` if it lies there and the method is still the same."""
    stem = shelf / f"{packshot.sku}-{method.replace(', ', '-').replace(' ', '-')}"
    key = hashlib.sha256(packshot.data + packshot.alpha.tobytes() + _source(method).encode()).hexdigest()
    facts_file, picture_file = stem.with_suffix(".json"), stem.with_suffix(".png")
    if facts_file.exists() and (facts := json.loads(facts_file.read_text()))["key"] == key:
        return _read(picture_file, facts)
    photo = decode(packshot.data)
    wall, cpu, refused = time.perf_counter(), time.process_time(), ""
    try:
        alpha, colour = _cut(photo, packshot.alpha, method)
    except NotAPackshotError as error:
        alpha, colour, refused = np.zeros_like(packshot.alpha), photo.colour, str(error)
    facts = {
        "seconds": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "refused": refused,
        "key": key,
    }
    shelf.mkdir(parents=True, exist_ok=True)
    planes = np.concatenate([linear_to_srgb(colour), alpha[..., None]], axis=2)
    Image.fromarray(np.clip(planes * 255 + 0.5, 0, 255).astype(np.uint8)).save(picture_file, compress_level=3)
    # The facts come last: whoever finds them finds the picture too.
    facts_file.write_text(json.dumps(facts, indent=1) + "\n")
    return _read(picture_file, facts)


def _cut(photo: Photo, truth: Floats, method: str) -> tuple[Floats, Floats]:
    if method == OURS:
        made = cutouts.choose(photo).cut(photo)
        return made.alpha, made.colour
    alpha, colour = rivals.RIVALS[method](photo, truth)
    return np.clip(alpha, 0, 1), colour


def _read(picture_file: Path, facts: dict[str, float | str]) -> Cut:
    with Image.open(picture_file) as picture:
        planes = np.asarray(picture, np.float32) / np.float32(255)
    colour = srgb_to_linear(planes[..., :3])
    return Cut(planes[..., 3], colour, float(facts["seconds"]), float(facts["cpu"]), str(facts["refused"]))


@cache
def _source(method: str) -> str:
    """Identity of a method: the text of all that decides its cutouts."""
    if method == OURS:
        text = "".join(file.read_text(encoding="utf-8") for file in sorted(Path(cutouts.__file__).parent.glob("*.py")))
    else:
        text = Path(rivals.__file__).read_text(encoding="utf-8") + getsource(measures.unknown_band) + str(measures.BAND)
    return f"{method} {text}"
