"""Cutout and pose alone, over a whole catalog: how true the solved cameras are, and what their findings are worth."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from api.cli.console import progress_bar, table
from bench.cameras import camera, faced, facts, seen_from, studio_light
from bench.goods import SPLITS, Good, good
from bench.insertion.measures import silhouette_iou
from bench.insertion.pairs import PHOTO, family
from bench.insertion.score import NAN, angles
from bench.packshots import ROOT, catalog, jpeg, packshot
from demo.studio import coverage
from imagegen import cutouts, images, pose
from imagegen.errors import ImagegenError
from imagegen.types import Cutout, Habit, Studio

YAW, ELEVATION, ROUND_ELEVATION, DIRECTION, SCALE = 4.0, 2.0, 4.0, 4.0, 0.03
"""What is right: degrees for boxy goods, for round ones, for walls and rugs; the share that scale may be off."""
KINDS = {"box": "boxy", "legs": "boxy", "round": "round", "wall": "flat", "rug": "flat"}
SOLVED = "solved"
"""A row's pose itself, while the run lasts."""
MEASURES = ("yaw_deg", "elevation_deg", "direction_deg", "scale", "distance", "iou", "given", "seconds")


def measured(
    sku: str, seed: int, *, silhouettes: bool, exact: bool = False, studio: Studio | None = None
) -> dict[str, Any]:
    """One packshot's pose held against its true camera.

    ``silhouettes``: also the IoUs of the model seen through it; ``exact``: with the exact silhouette in place of the
    cutter's; ``studio``: what is known of the catalog's habits.
    """
    product = good(sku)
    seen = camera(product, seed, PHOTO)
    picture, alpha = packshot(product, seen, studio_light(seed, sku))
    meshes, seen = faced(product, seen)
    row = {"sku": sku, "seed": seed, "shape": product.shape, "kind": KINDS[product.shape]}
    row |= {"family": family(product.category), "category": product.category}
    habit = studio.habit(product.category) if studio else Habit()
    began, worked = time.perf_counter(), time.process_time()
    try:
        photo = images.decode(jpeg(picture))
        cutout = Cutout(photo.colour, alpha, "exact") if exact else cutouts.choose(photo, None, None).cut(photo)
        solved = pose.solve_pose(cutout, replace(product.product(), habit=habit))
    except ImagegenError as error:
        row |= dict.fromkeys(MEASURES, NAN) | {"error": str(error), "passed": False, "right": False}
        return row | {SOLVED: None}
    row |= {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - worked}
    row |= angles(product, seen, solved.camera)
    away = seen_from(solved.camera, product)[2] / seen_from(seen, product)[2]
    row |= {"distance": abs(away - 1), "solver": solved.kind, "iou": NAN, "given": NAN, SOLVED: solved}
    row["passed"] = all(f.verdict == "pass" for f in solved.findings if f.check == "pose")
    row["right"] = is_right(product, row)
    row["findings"] = [f"{f.check} {f.verdict}: {f.message}" for f in solved.findings]
    if silhouettes:
        told = pose.solve_pose(cutout, product.product(facts(seen, product)))
        row["iou"] = silhouette_iou(coverage(meshes, solved.camera, 2), cutout.alpha)
        row["given"] = silhouette_iou(coverage(meshes, told.camera, 2), cutout.alpha)
    return row


def is_right(product: Good, row: dict[str, Any]) -> bool:
    """Whether a pose is as true as it should be: nobody would see the difference."""
    if not row["scale"] <= SCALE:
        return False
    if KINDS[product.shape] == "boxy":
        return bool(not row["yaw_deg"] > YAW and row["elevation_deg"] <= ELEVATION)
    if product.shape == "round":
        return bool(row["elevation_deg"] <= ROUND_ELEVATION)
    return bool(row["direction_deg"] <= DIRECTION)


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Medians, 90th percentiles and shares of some rows."""
    out: dict[str, Any] = {"n": len(rows)}
    for name in MEASURES:
        values = np.array([row[name] for row in rows], float)
        known = values[np.isfinite(values)]
        out[name] = [float(np.median(known)), float(np.percentile(known, 90))] if known.size else [NAN, NAN]
    passed = np.array([row["passed"] for row in rows])
    right = np.array([row["right"] for row in rows])
    out |= {"right": float(right.mean()), "passed": float(passed.mean())}
    out["passed_and_right"] = float((passed & right).mean())
    out["wrong_but_passing"] = int((passed & ~right).sum())
    out["refused"] = sum("error" in row for row in rows)
    return out


def groups(rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows by kind, by shape and by category, and all of them."""
    for column in ("kind", "shape", "family"):
        for name in sorted({row[column] for row in rows}):
            yield f"{column} {name}", [row for row in rows if row[column] == name]
    yield "all", list(rows)


def shown(rows: Sequence[dict[str, Any]]) -> None:
    """The table."""
    lines = []
    for name, some in groups(rows):
        told = summary(some)
        cells = [_cell(told[measure], percent=measure in {"scale", "distance"}) for measure in MEASURES]
        shares = [f"{told[share]:.0%}" for share in ("passed", "right", "passed_and_right")]
        lines.append([name, told["n"], *cells, *shares, told["wrong_but_passing"], told["refused"]])
    heads = ["yaw °", "elevation °", "direction °", "scale %", "distance %", "IoU", "IoU, facts", "seconds"]
    columns = ["", "n", *heads, "pass", "right", "pass and right", "wrong but pass", "refused"]
    table(columns, lines, title="Pose against truth: median (90th percentile)")


def _cell(pair: Sequence[float], *, percent: bool) -> str:
    if not np.isfinite(pair[0]):
        return "-"
    middle, high = (100 * value for value in pair) if percent else pair
    digits = 1 if percent or high >= 2 else 2
    return f"{middle:.{digits}f} ({high:.{digits}f})"


def main(arguments: Sequence[str]) -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m bench.insertion pose", description=__doc__)
    parser.add_argument("--split", choices=SPLITS, default="reported")
    parser.add_argument("--count", type=int, help="products, evenly over the list (all)")
    parser.add_argument("--seed", type=int, nargs="*", default=[1], help="several seeds: several photos a product (1)")
    parser.add_argument("--only", nargs="*", default=[], metavar="SKU")
    parser.add_argument("--workers", type=int, default=1, help="processes; more than one spoils the seconds (1)")
    parser.add_argument("--silhouettes", action="store_true", help="also the true model through the solved camera: IoU")
    parser.add_argument("--exact", action="store_true", help="exact silhouettes: how much of the error is the cutter's")
    parser.add_argument("--out", type=Path, help="JSON file (var/bench/pose-SPLIT.json)")
    parser.add_argument("--studio", action="store_true", help="solve twice: again with the habits of the whole catalog")
    asked = parser.parse_args(arguments)
    wanted = [(each.sku, s) for s in asked.seed for each, _ in catalog(asked.split, asked.count, asked.only, PHOTO, s)]
    rows = _all(wanted, asked.workers, silhouettes=asked.silhouettes and not asked.studio, exact=asked.exact)
    if asked.studio:
        habits = pose.learn((row["category"], row[SOLVED]) for row in rows if row[SOLVED] is not None)
        rows = _all(wanted, asked.workers, silhouettes=asked.silhouettes, exact=asked.exact, studio=habits)
    for row in rows:
        del row[SOLVED]
    shown(rows)
    out = asked.out or ROOT / f"var/bench/pose-{asked.split}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    told = {"split": asked.split, "groups": {name: summary(some) for name, some in groups(rows)}, "poses": rows}
    out.write_text(json.dumps(told, indent=1))
    print(f"{len(rows)} poses of the split {asked.split!r} in {out}")


def _all(
    wanted: Sequence[tuple[str, int]],
    workers: int,
    *,
    silhouettes: bool,
    exact: bool = False,
    studio: Studio | None = None,
) -> list[dict[str, Any]]:
    one = partial(measured, silhouettes=silhouettes, exact=exact, studio=studio)
    rows = []
    with ExitStack() as stack:
        tell = stack.enter_context(progress_bar(f"{len(wanted)} poses"))
        if workers > 1:
            some = stack.enter_context(ProcessPoolExecutor(workers, get_context("spawn")))
            made: Iterable[dict[str, Any]] = some.map(one, *zip(*wanted, strict=True))
        else:
            made = (one(sku, seed) for sku, seed in wanted)
        for row in made:
            rows.append(row)
            tell(row["sku"], len(rows) / len(wanted))
    return rows
