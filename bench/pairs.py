"""Every (style, room) of the library with a product in it, on one sheet; seconds per pair; two processes.

    python bench/pairs.py [--quality draft|standard] [--only STYLE ...] [--blind] [--out var/pairs]

``--blind`` leaves the names off the sheet and shuffles it: can you name the styles from the pictures alone?
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from PIL import Image

from api.cli.console import progress_bar
from api.cli.contact_sheet import Card, contact_sheet
from imagegen.job import Job
from imagegen.pipeline import make_scene
from imagegen.quality import settings_for
from imagegen.types import Dimensions, Mount, Product, Quality
from styles.library import default_library

ROOT = Path(__file__).parent.parent
GOODS = {
    "living room": ("SOFA-LUND-3", "ARM-HOLM-W", "LAM-PLISS-F", "TAB-TROMMA-80"),
    "bedroom": ("LAM-KALLA-T", "ARM-HOLM-W", "WAR-VIT-100", "TAB-RUND-50"),
    "dining room": ("LAM-KLOCKA-P", "CHA-ASK-1", "CHA-KROM-B", "SID-RIBBA-160"),
    "home office": ("SHE-GALLER-5", "CHA-KROM-B", "LAM-KALLA-T", "CLO-TIMME-32"),
    "hallway": ("MIR-MANE-80", "PLA-STREL-121", "VAS-BLANK-33", "RUG-RUTA-240"),
}
"""Products that suit a type of room; the styles take turns."""
Pair = tuple[str, str, str]


def pairs(only: Sequence[str] = ()) -> list[Pair]:
    """(style, room, sku) of all pairs, or of some styles."""
    library, made = default_library(), []
    for turn, style in enumerate(library.styles()):
        for room in library.rooms(style.slug):
            goods = GOODS.get(room.room_type, GOODS["living room"])
            made.append((style.slug, room.slug, goods[turn % len(goods)]))
    return [pair for pair in made if not only or pair[0] in only]


def make(pair: Pair, quality: Quality, folder: Path) -> dict[str, Any]:
    """One pair's picture in ``folder``, and what it took."""
    style, room, sku = pair
    with (ROOT / "demo/catalog.csv").open(newline="") as catalog:
        row = next(row for row in csv.DictReader(catalog) if row["sku"] == sku)
    size = Dimensions.from_cm(*(float(row[f"{side}_cm"]) for side in ("width", "depth", "height")))
    product = Product(row["sku"], row["name"], row["category"], size, Mount(row["mount"]))
    photo = ROOT / "demo" / row["photos"].split("|")[0]
    began = time.perf_counter()
    scene = make_scene(Job(product, (photo.read_bytes(),), style, room, "render", settings_for(quality)))
    seconds = time.perf_counter() - began
    file = folder / f"{style}-{room}-{sku}.png"
    Image.fromarray(scene.picture).save(file)
    findings = [f"{f.check}: {f.message}" for f in scene.findings if f.verdict != "pass"]
    return {
        "style": style, "room": room, "sku": sku, "file": str(file), "photo": str(photo), "seconds": seconds,
        "stages": scene.seconds, "verdict": str(scene.verdict), "findings": findings, "name": product.name,
    }  # fmt: skip


def main() -> None:
    """Make what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quality", type=Quality, default=Quality.DRAFT, choices=list(Quality))
    parser.add_argument("--only", nargs="*", default=(), metavar="STYLE")
    parser.add_argument("--blind", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("var/pairs"))
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    wanted = pairs(asked.only)
    began = time.perf_counter()
    done = []
    with (
        ProcessPoolExecutor(asked.workers, get_context("spawn")) as pool,
        progress_bar(f"{len(wanted)} pairs") as tell,
    ):
        for one in pool.map(make, wanted, repeat(asked.quality), repeat(asked.out)):
            done.append(one)
            tell(f"{one['style']} {one['room']}", len(done) / len(wanted))
    took = time.perf_counter() - began
    for one in done:
        names = f"{one['style']:14}{one['room']:14}{one['sku']:16}"
        print(f"{names}{one['seconds']:6.1f} s  {one['verdict']}  {'; '.join(one['findings'])}")
    print(f"{len(done)} pairs at {asked.quality} in {took:.0f} s with {asked.workers} processes, start-up included")
    (asked.out / "pairs.json").write_text(json.dumps(done, indent=1))
    if asked.blind:
        random.Random(7).shuffle(done)  # noqa: S311 - an order, not a secret
    cards = [
        Card(
            Image.open(one["file"]),
            Image.open(one["photo"]),
            "" if asked.blind else one["name"],
            "" if asked.blind else f"{one['style']}, {one['room']}",
            one["seconds"],
            one["verdict"],
        )
        for one in done
    ]
    sheet = contact_sheet(cards, "Every style and room", f"{len(done)} pairs at {asked.quality}, {took:.0f} s")
    sheet.save(asked.out / ("blind.png" if asked.blind else "sheet.png"))


if __name__ == "__main__":
    main()
