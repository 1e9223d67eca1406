"""What a scene costs: seconds per stage, peak memory, and scenes per minute through the queue with two workers.

    python bench/stages.py [--queue N] [--quality draft|standard|final]

A first small scene warms the process (imports, the compiled kernel, the textures); the table tells of the second.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from imagegen import machine
from imagegen.job import Job
from imagegen.pipeline import make_scene
from imagegen.quality import settings_for
from imagegen.types import Dimensions, Mount, Product, Quality

ROOT = Path(__file__).parent.parent
AIMS = {"cutout": 1.5, "pose": 1.0, "room": 1.0, "render": 25.0, "composite": 1.0, "checks": 1.0}
"""Seconds for one 1200 px packshot to 1216 x 832 on two cores."""


def catalog(sku: str) -> tuple[Product, str]:
    """A product of the demo's catalog, and its first photo's path under ``demo/``."""
    with (ROOT / "demo/catalog.csv").open(newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["sku"] == sku)
    size = Dimensions.from_cm(*(float(row[f"{side}_cm"]) for side in ("width", "depth", "height")))
    return Product(sku, row["name"], row["category"], size, Mount(row["mount"])), row["photos"].split("|")[0]


def sofa(quality: Quality) -> Job:
    """The demo's first product in its first style."""
    product, photo = catalog("SOFA-LUND-3")
    return Job(product, ((ROOT / "demo" / photo).read_bytes(),), "scandinavian", None, "render", settings_for(quality))


def stages(quality: Quality) -> None:
    """Print the seconds of each stage beside what is aimed at."""
    make_scene(sofa(Quality.DRAFT))
    made = make_scene(sofa(quality))
    print(f"{'stage':12}{'seconds':>9}{'aim':>7}")
    for stage, seconds in made.seconds.items():
        print(f"{stage:12}{seconds:9.2f}{AIMS.get(stage, ''):>7}")
    print(f"{'all':12}{sum(made.seconds.values()):9.2f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"peak memory {peak:.2f} GiB on {os.cpu_count()} cores, {machine.fingerprint()}")


def queue(count: int) -> None:
    """Print how many scenes a minute come out of the demo's way in: records, queue, two worker processes."""
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        command = [sys.executable, "-m", "api.cli", "demo", "--scenes", str(count), "--workers", "2"]
        subprocess.run(command, env=os.environ | {"IMAGEGEN_DATA_DIR": home}, cwd=ROOT, check=True)  # noqa: S603 - ours
        minutes = (time.perf_counter() - began) / 60
    print(
        f"{count} scenes in {minutes:.1f} minutes through the queue: {count / minutes:.1f} a minute (start-up included)"
    )


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quality", type=Quality, default=Quality.STANDARD, choices=list(Quality))
    parser.add_argument("--queue", type=int, default=6, metavar="N", help="scenes to send through the queue (0: none)")
    asked = parser.parse_args()
    stages(asked.quality)
    if asked.queue:
        queue(asked.queue)


if __name__ == "__main__":
    main()
