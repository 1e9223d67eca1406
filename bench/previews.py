"""What a live preview costs: milliseconds on one core with product and room warm, and how true its scale is.

    python bench/previews.py [--rounds N] [--pictures FOLDER] [--views FOLDER]

Four products in three rooms, each dragged about its place. The time is that of the picture and its JPEG, on the wall
and of the processor (what a core that does nothing else would need); the HTTP around it is not in it. Scale: the
product's height in the preview against its hull's, of the exact pipeline, put at the same place and seen by the same
camera. Preparing (seconds, once, by a worker) is told beside it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402 - the number of threads is read when NumPy is loaded
from stages import ROOT, catalog  # noqa: E402

from imagegen import hull, images  # noqa: E402
from imagegen.previews import making  # noqa: E402
from imagegen.previews.backdrop import WIDTH  # noqa: E402
from imagegen.previews.compose import Scenery, preview  # noqa: E402
from imagegen.previews.making import Shot  # noqa: E402
from imagegen.previews.standing import Place, Standing, turn  # noqa: E402
from imagegen.previews.warp import Body  # noqa: E402
from imagegen.types import Placement  # noqa: E402
from styles.library import default_library  # noqa: E402
from styles.schema import Room  # noqa: E402

AIM_MS = 150
PRODUCTS = ("SOFA-LUND-3", "CHA-ASK-1", "LAM-PLISS-F", "CLO-TIMME-32")
ROOMS = (("scandinavian", "living-room"), ("japandi", "lounge"), ("industrial", "loft"))


@dataclass(frozen=True, slots=True)
class Row:
    """One product in one room."""

    sku: str
    look: str
    prepared_s: float
    wall_ms: float
    p50_ms: float
    p99_ms: float
    height_px: int
    exact_px: float


def measured(shot: Shot, body: Body, style: str, room: str, views: Path, rounds: int, pictures: Path | None) -> Row:
    """The product dragged about its best place in that room."""
    library = default_library()
    page = library.room(style, room)
    began = time.perf_counter()
    found = making.places(shot, library.style(style), page) or (making.middle(page),)
    angle = making.nearest_angle(body.sprite, found, page)
    scenery = Scenery(making.backdrop(library, style, room, shot.product, found, views, angle=angle))
    prepared = time.perf_counter() - began
    wall, core = [], []
    rng = np.random.default_rng(0)
    for _ in range(rounds + 2):
        moved = found[0].standing.position + np.append(rng.uniform(-0.25, 0.25, 2), 0.0)
        start, used = time.perf_counter(), time.process_time()
        shown = preview(body, scenery, Standing(moved, found[0].yaw_deg), page)
        images.encode(shown.picture, "jpeg", quality=82)
        core.append(1000 * (time.process_time() - used))
        wall.append(1000 * (time.perf_counter() - start))
    shown = preview(body, scenery, found[0].standing, page)
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        file = pictures / f"{shot.product.sku}-{style}-{room}.jpg"
        file.write_bytes(images.encode(shown.picture, "jpeg"))
    height = shown.box[3] - shown.box[1] if shown.box else 0
    return Row(
        shot.product.sku,
        f"{style}/{room}/{angle}",
        prepared,
        float(np.percentile(wall[2:], 50)),
        float(np.percentile(core[2:], 50)),
        float(np.percentile(core[2:], 99)),
        height,
        exact_height(shot, scenery, found[0], shown.turned_off_deg, page),
    )


def exact_height(shot: Shot, scenery: Scenery, place: Place, off_deg: float, room: Room) -> float:
    """Rows that the exact pipeline's hull takes in the view, as far as it is in the room and in the picture.

    ``off_deg``: the turn that the preview could not show; the same is left out here.
    """
    own = Placement("bench", np.zeros(3), 0.0, False, shot.pose.camera, np.eye(3))
    body = hull.carve(shot.cutout, shot.pose, own, shot.product)
    points = np.asarray(body.vertices) @ turn(place.yaw_deg + off_deg).T + place.standing.position
    camera = scenery.backdrop.camera
    rows = camera.project(points[points[:, 2] <= room.height])[:, 1]
    return float(np.ptp(np.clip(rows, 0, camera.height)))


def main() -> None:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="previews of each pair")
    parser.add_argument("--pictures", type=Path, help="where to leave one preview of each pair")
    parser.add_argument("--views", type=Path, help="where views are kept (else made anew)")
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = []
    print(f"{'product':14}{'room':34}{'prepared':>9}{'wall':>7}{'p50':>7}{'p99 ms':>8}{'px':>5}{'exact':>7}{'off':>7}")
    with tempfile.TemporaryDirectory() as home:
        for sku in PRODUCTS:
            product, photo = catalog(sku)
            shot = making.solved((ROOT / "demo" / photo).read_bytes(), product)
            body = Body(making.sprite(shot))
            for style, room in ROOMS:
                row = measured(shot, body, style, room, asked.views or Path(home), asked.rounds, asked.pictures)
                off = row.height_px / row.exact_px - 1
                print(
                    f"{row.sku:14}{row.look:34}{row.prepared_s:8.1f}s{row.wall_ms:7.0f}{row.p50_ms:7.0f}{row.p99_ms:8.0f}"
                    f"{row.height_px:5}{row.exact_px:7.1f}{off:+7.1%}",
                    flush=True,
                )
                rows.append(row)
    worst = max(row.p99_ms for row in rows)
    print(f"{WIDTH} px on one core: slowest p99 {worst:.0f} ms, aim {AIM_MS} ms")


if __name__ == "__main__":
    main()
