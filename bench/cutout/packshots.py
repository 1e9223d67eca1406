"""The photos that are cut, with their exact alphas: one split to tune by, another that is reported."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from imagegen.types import Floats

ROOT = Path(__file__).parents[2]
COUNT, LONG_SIDE, SEED = 16, 700, 1
"""Products of the reported split, pixels of their photos' longer side, and which cameras and lights."""


@dataclass(frozen=True, slots=True, eq=False)
class Packshot:
    """A photo's file as a retailer sends it, and the true coverage (H, W) 0..1 that its studio knows."""

    sku: str
    category: str
    data: bytes
    alpha: Floats


def tuning() -> Iterator[Packshot]:
    """The demo's catalog: whoever works on the cutter looks at these."""
    with (ROOT / "demo/catalog.csv").open(newline="", encoding="utf-8") as sheet:
        rows = list(csv.DictReader(sheet))
    for row in rows:
        alpha = (ROOT / "demo/truth" / row["sku"] / "alpha.png").read_bytes()
        yield Packshot(row["sku"], row["category"], (ROOT / "demo" / row["photos"]).read_bytes(), read_alpha(alpha))


def read_alpha(data: bytes) -> Floats:
    """Coverage (H, W) 0..1 from the bytes of an 8-bit grey file."""
    with Image.open(BytesIO(data)) as picture:
        return np.asarray(picture.convert("L"), np.float32) / np.float32(255)


def reported() -> Iterator[Packshot]:
    """Other products by other cameras and lights, evenly over the list of those that nothing is tuned by."""
    from bench import packshots as studio  # noqa: PLC0415 - it loads the path tracer, which the tuning set can do without

    for good, seen in studio.catalog("reported", COUNT, [], LONG_SIDE, SEED):
        picture, alpha = studio.packshot(good, seen, studio.studio_light(SEED, good.sku))
        yield Packshot(good.sku, good.category, studio.jpeg(picture), alpha)


def packshots(split: str) -> Iterator[Packshot]:
    """All photos of a split, ``tuning`` or ``reported``."""
    return {"tuning": tuning, "reported": reported}[split]()
