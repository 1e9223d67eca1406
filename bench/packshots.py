"""The studio at work for the benchmarks: packshots with exact silhouettes, kept on disk; a whole catalog of them."""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import math
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from api.cli.console import progress_bar
from bench.cameras import camera, seen_from, studio_light
from bench.goods import SPLITS, Good, Split, contacts, goods, symmetry
from demo import studio
from demo.studio import Shot, coverage, develop, expose
from imagegen import renderer
from imagegen.geometry import Material, Mesh, Texture
from imagegen.types import Camera, Floats, Labels, Mount

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "var/bench/packshots"
SAMPLES = 10
"""Paths a pixel; the denoiser does the rest."""
JPEG = 93


def packshot(good: Good, seen: Camera, light: Shot | None = None, samples: int = SAMPLES) -> tuple[Labels, Floats]:
    """The photo (H, W, 3) sRGB uint8, and how much of each pixel the product covers (H, W), 0..1 in sixteenths.

    Kept in ``var/bench/packshots`` under the hash of all that decides its pixels.
    """
    meshes = good.meshes()
    round_it = math.degrees(math.atan2(seen.rotation[0, 1], seen.rotation[0, 0]))
    # The studio stands square to the camera; a wall stays where it is, and the camera steps aside.
    shot = replace(light or Shot(), yaw=0.0 if good.mount is Mount.WALL else round_it)
    file = KEPT / f"{_key(meshes, seen, shot, samples)}.png"
    if not file.exists():
        picture = expose(develop(meshes, seen, shot, good.mount, samples), shot.white)
        alpha = np.rint(coverage(meshes, seen) * 255).astype(np.uint8)
        written_whole(file, encoded(np.dstack([picture, alpha]), "PNG"))
    planes = np.asarray(Image.open(file))
    return planes[..., :3].copy(), planes[..., 3].astype(np.float32) / 255


def jpeg(picture: Labels) -> bytes:
    """The photo's file, as a shop has it."""
    return encoded(picture, "JPEG", quality=JPEG, subsampling=0)


def encoded(pixels: Labels, form: str, **options: Any) -> bytes:
    """An image file's bytes."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form, **options)
    return file.getvalue()


def written_whole(file: Path, content: bytes) -> None:
    """Put a file in place at once: a run that is stopped leaves no half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.part")
    half.write_bytes(content)
    half.replace(file)


def _key(meshes: list[Mesh], seen: Camera, shot: Shot, samples: int) -> str:
    told = hashlib.sha256(_sources())
    for mesh in meshes:
        for array in (mesh.vertices, mesh.faces, mesh.uv, mesh.normals):
            told.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
        for part in _told(mesh.material):
            told.update(part)
    numbers = (seen.focal, seen.cx, seen.cy, seen.rotation.tolist(), seen.position.tolist(), seen.width, seen.height)
    told.update(repr((numbers, shot, samples)).encode())
    return told.hexdigest()[:32]


def _told(material: Material) -> Iterator[bytes]:
    for each in fields(material):
        value = getattr(material, each.name)
        if isinstance(value, Texture):
            yield np.ascontiguousarray(value.pixels).tobytes()
            value = value.metres
        yield f"{each.name}={value!r}".encode()


@cache
def _sources() -> bytes:
    """The text of what makes the pixels, and how this machine traces."""
    files = [Path(studio.__file__), *sorted(Path(renderer.__file__).parent.glob("*.py"))]
    return b"".join(file.read_bytes() for file in files) + renderer.variant().encode()


def truth(good: Good, seen: Camera) -> dict[str, Any]:
    """All that is known of a packshot, for JSON: centimetres, degrees, metres; the camera in the product's frame."""
    yaw, elevation, away = seen_from(seen, good)
    size = good.dimensions
    return {
        "sku": good.sku,
        "name": good.name,
        "category": good.category,
        "shape": good.shape,
        "mount": good.mount.value,
        "dimensions_cm": [round(100 * side, 1) for side in (size.width, size.depth, size.height)],
        "camera": {
            "width": seen.width, "height": seen.height, "focal": seen.focal, "cx": seen.cx, "cy": seen.cy,
            "rotation": seen.rotation.tolist(), "position": seen.position.tolist(),
            "yaw_deg": yaw, "elevation_deg": elevation, "distance_m": away, "focal_mm": seen.focal * 36 / seen.width,
        },
        "bounds_m": [good.points().min(axis=0).tolist(), good.points().max(axis=0).tolist()],
        "contacts_m": contacts(good).tolist(),
        "symmetry": symmetry(good),
    }  # fmt: skip


def catalog(split: Split, count: int | None, only: list[str], long_side: int, seed: int) -> list[tuple[Good, Camera]]:
    """Which packshots a catalog has: every product once, then again from other cameras until there are ``count``."""
    chosen = [each for each in goods(split) if not only or each.sku in only]
    if count is not None and count < len(chosen):
        chosen = [chosen[round(k * (len(chosen) - 1) / max(count - 1, 1))] for k in range(count)]
    return [(each, camera(each, seed, long_side)) for each in chosen]


def main() -> None:
    """Photograph the catalog that the arguments ask for."""
    from bench import goods as module  # noqa: PLC0415  # its docstring is the help

    parser = argparse.ArgumentParser(description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=SPLITS, default="tuning")
    parser.add_argument("--count", type=int, help="products, evenly over the list (all)")
    parser.add_argument("--long-side", type=int, default=700, metavar="PIXELS")
    parser.add_argument("--samples", type=int, default=SAMPLES, help=f"paths a pixel ({SAMPLES})")
    parser.add_argument("--seed", type=int, default=1, help="another seed: other cameras and lights (1)")
    parser.add_argument("--only", nargs="*", default=[], metavar="SKU")
    parser.add_argument("--out", type=Path, help="folder (var/bench/catalog-SPLIT-SEED)")
    asked = parser.parse_args()
    out = asked.out or ROOT / f"var/bench/catalog-{asked.split}-{asked.seed}"
    wanted = catalog(asked.split, asked.count, asked.only, asked.long_side, asked.seed)
    with progress_bar(f"{len(wanted)} packshots") as tell:
        for number, (each, seen) in enumerate(wanted, 1):
            if not (out / f"{each.sku}.json").exists():
                picture, alpha = packshot(each, seen, studio_light(asked.seed, each.sku), asked.samples)
                written_whole(out / f"{each.sku}.jpg", jpeg(picture))
                flat = np.rint(alpha * 255).astype(np.uint8)
                written_whole(out / f"{each.sku}.alpha.png", encoded(flat, "PNG"))
                written_whole(out / f"{each.sku}.json", json.dumps(truth(each, seen), indent=1).encode())
            tell(each.sku, number / len(wanted))
    print(f"{len(wanted)} packshots in {out}")
