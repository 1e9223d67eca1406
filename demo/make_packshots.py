"""Shoot the demo catalog: ``python -m demo.make_packshots [SKU ...] [--again] [--samples N] [--scale S] [--out DIR]``.

Writes packshots/<sku>.jpg, truth/<sku>/{alpha.png, camera.json, model.ply} and catalog.csv. What is there already
is kept, so a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from demo.forms import thin_out
from demo.products import ITEMS, Item, build
from demo.studio import Shot, camera_for, coverage, develop, expose
from imagegen.geometry import Mesh
from imagegen.types import Camera, Mount

HERE = Path(__file__).parent
COLUMNS = (
    "sku",
    "name",
    "category",
    "width_cm",
    "depth_cm",
    "height_cm",
    "mount",
    "colour",
    "material",
    "tags",
    "photos",
    "yaw_deg",
    "elevation_deg",
    "focal_mm",
)


def focal_mm(camera: Camera) -> float:
    """35 mm equivalent: the focal length that 36 mm of width would need."""
    return camera.focal * 36.0 / camera.width


def shoot(item: Item, out: Path, samples: int, scale: float) -> None:
    """Model, photograph and measure one product."""
    meshes = build(item)
    shot = replace(item.shot, size=(round(item.shot.size[0] * scale), round(item.shot.size[1] * scale)))
    points = np.concatenate([m.vertices for m in meshes])
    middle = np.array([0.0, 0.0, item.size[2] / 200])
    camera = camera_for(points, middle, shot, item.mount)
    picture = develop(meshes, camera, shot, item.mount, samples)
    (out / "packshots").mkdir(parents=True, exist_ok=True)
    truth = out / "truth" / item.sku
    truth.mkdir(parents=True, exist_ok=True)
    alpha = coverage(meshes, camera)
    Image.fromarray(np.round(alpha * 255).astype(np.uint8)).save(truth / "alpha.png", optimize=True)
    (truth / "camera.json").write_text(json.dumps(_camera_facts(camera, item, shot), indent=1) + "\n")
    (truth / "model.ply").write_bytes(compact_ply(meshes))
    Image.fromarray(expose(picture, shot.white)).save(out / "packshots" / f"{item.sku}.jpg", quality=91, subsampling=0)


def _camera_facts(camera: Camera, item: Item, shot: Shot) -> dict[str, object]:
    return {
        "sku": item.sku,
        "width": camera.width,
        "height": camera.height,
        "focal": round(camera.focal, 4),
        "cx": round(camera.cx, 4),
        "cy": round(camera.cy, 4),
        "rotation": np.round(camera.rotation, 9).tolist(),
        "position": np.round(camera.position, 7).tolist(),
        "yaw_deg": shot.yaw,
        "elevation_deg": shot.elevation,
        "distance_m": shot.distance,
        "focal_mm": round(focal_mm(camera), 3),
    }


def compact_ply(meshes: list[Mesh], most: int = 6000) -> bytes:
    """All meshes as one small binary PLY (metres, the product's frame), thinned to about ``most`` vertices."""
    points = np.concatenate([m.vertices for m in meshes])
    starts = np.cumsum([0, *(len(m.vertices) for m in meshes)])
    faces = np.concatenate([m.faces + s for m, s in zip(meshes, starts, strict=False)])
    low, high = points.min(axis=0), points.max(axis=0)
    cell = float(np.linalg.norm(high - low)) / 400
    thin_points, thin_faces = thin_out(points, faces, cell)
    while len(thin_points) > most:
        cell *= 1.2
        thin_points, thin_faces = thin_out(points, faces, cell)
    thin_low, thin_high = thin_points.min(axis=0), thin_points.max(axis=0)
    thin_points = low + (thin_points - thin_low) * (high - low) / (thin_high - thin_low)
    header = (
        f"ply\nformat binary_little_endian 1.0\nelement vertex {len(thin_points)}\nproperty float x\nproperty float y\n"
        f"property float z\nelement face {len(thin_faces)}\nproperty list uchar ushort vertex_indices\nend_header\n"
    )
    rows = np.empty(len(thin_faces), [("n", "u1"), ("v", "<u2", 3)])
    rows["n"], rows["v"] = 3, thin_faces
    out: bytes = header.encode() + thin_points.astype("<f4").tobytes() + rows.tobytes()
    return out


def write_catalog(out: Path) -> None:
    """The importable catalog, one line for each product that has its photo; most cameras are left to be worked out."""
    with (out / "catalog.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(COLUMNS)
        for item in ITEMS:
            if not (out / "packshots" / f"{item.sku}.jpg").exists():
                continue
            facts: tuple[object, ...] = ("", "", "")
            camera = out / "truth" / item.sku / "camera.json"
            if item.told and camera.exists():
                facts = (item.shot.yaw, item.shot.elevation, round(json.loads(camera.read_text())["focal_mm"], 1))
            sheet.writerow(
                [
                    item.sku,
                    item.name,
                    item.category,
                    *item.size,
                    Mount(item.mount).value,
                    item.colour,
                    item.material,
                    "|".join(item.tags),
                    f"packshots/{item.sku}.jpg",
                    *facts,
                ]
            )


def main() -> None:
    """Shoot what was asked for, or everything that is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("skus", nargs="*", help="products to shoot; all when none is named")
    parser.add_argument("--again", action="store_true", help="shoot also what is there already")
    parser.add_argument("--samples", type=int, default=20, help="paths a pixel (20)")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the pictures against the catalog's (1.0)")
    parser.add_argument("--out", type=Path, default=HERE, help="where to write (this folder)")
    asked = parser.parse_args()
    known = {item.sku: item for item in ITEMS}
    unknown = set(asked.skus) - set(known)
    if unknown:
        parser.error(f"unknown SKU: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    wanted = [known[sku] for sku in asked.skus] or list(ITEMS)
    for number, item in enumerate(wanted, 1):
        there = (asked.out / "packshots" / f"{item.sku}.jpg").exists() and not asked.again
        start = time.perf_counter()
        print(f"[{number}/{len(wanted)}] {item.sku} ...", end=" ", flush=True)
        if not there:
            shoot(item, asked.out, asked.samples, asked.scale)
        print("kept" if there else f"{time.perf_counter() - start:.1f} s", flush=True)
    write_catalog(asked.out)


if __name__ == "__main__":
    main()
