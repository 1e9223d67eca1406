"""Tables and JSON: the measures of all pairs, by method, by category and beside the targets."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from api.cli.console import table
from bench.insertion import score
from bench.insertion.kept import content_of, noted
from bench.insertion.reframing import reframed
from bench.insertion.runs import Shown, given_facts
from bench.insertion.score import COLUMNS, NAN
from bench.insertion.truth import Truth
from bench.packshots import ROOT
from imagegen import machine
from imagegen.errors import ImagegenError
from imagegen.types import Bools

METHODS = {
    "ours": "this pipeline",
    "previous": "its previous release",
    "shadow": "paste with a drop shadow",
    "paste": "paste without a shadow",
}
HIGHER = {"iou", "reprojection", "given", "ssim"}
"""Measures of which more is better: their bad tail is the 10th percentile."""
PERCENT = {"scale"}
HEADS = {
    "iou": "IoU", "reprojection": "IoU, solved", "given": "IoU, facts", "contact_cm": "contact cm", "scale": "scale %",
    "direction_deg": "direction °", "yaw_deg": "yaw °", "elevation_deg": "elevation °", "shadow": "shadow",
    "shadow_plain": "shadow, plain", "ber": "BER", "de00": "dE00", "ssim": "SSIM", "flip": "FLIP",
}  # fmt: skip
MEASURING = tuple(Path(__file__).parent / name for name in ("score.py", "measures.py", "geometry.py"))


def measured(truth: Truth, made: Mapping[str, Shown | ImagegenError]) -> list[dict[str, Any]]:
    """A row for each method: pair, category, measures; kept on the disk under all that decides them."""
    return [_row(truth, name, one) for name, one in made.items()]


def _row(truth: Truth, method: str, shown: Shown | ImagegenError) -> dict[str, Any]:
    good = truth.pair.good
    told = {"pair": truth.pair.name, "family": truth.pair.family, "shape": good.shape, "method": method}
    if isinstance(shown, ImagegenError):
        return told | {"error": str(shown)} | dict.fromkeys(COLUMNS, NAN)
    shown, known = reframed(truth, shown)
    pixels = b"".join(
        np.ascontiguousarray(plane).tobytes() for plane in (shown.picture, shown.without, shown.alpha, known)
    )
    key = sha256(f"{truth.key} {method} {content_of(MEASURING)}".encode() + pixels).hexdigest()[:24]
    values = noted("scores", key, lambda: _values(truth, method, shown, known))
    return told | dict.fromkeys(COLUMNS, NAN) | values | {"told": dict(shown.told)}


def _values(truth: Truth, method: str, shown: Shown, known: Bools) -> dict[str, float]:
    values = score.pictures(truth, shown, known) | score.cameras(truth, shown)
    if method == "ours":
        values["given"] = score.seen_through(truth, *given_facts(truth))
    return values


def middle_and_tail(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[float, float]:
    """Median and 90th percentile of a measure's badness (10th where more is better); nan of nothing."""
    values = np.array([row[name] for row in rows], float)
    known = values[np.isfinite(values)]
    if not known.size:
        return NAN, NAN
    return float(np.median(known)), float(np.percentile(known, 10 if name in HIGHER else 90))


def targets(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str, bool]]:
    """The targets that this benchmark can judge: (what, wanted, reached, whether)."""
    own = [row for row in rows if row["method"] == "ours"]
    boxy = [row for row in own if row["shape"] in {"box", "legs"}]
    round_ = [row for row in own if row["shape"] == "round"]
    drop = middle_and_tail([row for row in rows if row["method"] == "shadow"], "shadow")[0]

    def middle(some: Sequence[Mapping[str, Any]], name: str) -> float:
        return middle_and_tail(some, name)[0]

    shadow = middle(own, "shadow")
    wanted = [
        ("boxy goods: yaw, median", "<= 4", middle(boxy, "yaw_deg"), 4.0, -1, "°"),
        ("boxy goods: elevation, median", "<= 2", middle(boxy, "elevation_deg"), 2.0, -1, "°"),
        ("boxy goods: scale, median", "<= 3", 100 * middle(boxy, "scale"), 3.0, -1, "%"),
        ("round goods: elevation, median", "<= 4", middle(round_, "elevation_deg"), 4.0, -1, "°"),
        ("silhouette IoU, solved camera, median", ">= 0.90", middle(own, "reprojection"), 0.90, 1, ""),
        ("silhouette IoU, camera facts, median", ">= 0.96", middle(own, "given"), 0.96, 1, ""),
        ("shadow RMSE over drop shadow's", "<= 0.5", shadow / drop if drop else NAN, 0.5, -1, ""),
        ("product dE00, median", "<= 6", middle(own, "de00"), 6.0, -1, ""),
    ]
    return [
        (what, text + unit, f"{value:.2f}{unit}", bool(way * (value - limit) >= 0))
        for what, text, value, limit, way, unit in wanted
    ]


def tables(rows: Sequence[Mapping[str, Any]]) -> None:
    """Three tables: methods, categories of ours, targets."""
    lines = [_line(METHODS[m], [row for row in rows if row["method"] == m]) for m in METHODS]
    columns = ["", "n", "refused", *HEADS.values()]
    title = "{} (median, and in brackets the value that nine in ten are better than)"
    table(columns, [line for line in lines if line[1]], title=title.format("All pairs, by method"))
    own = [row for row in rows if row["method"] == "ours"]
    families = sorted({row["family"] for row in own})
    lines = [_line(name, [row for row in own if row["family"] == name]) for name in families]
    table(columns, lines, title=title.format("This pipeline, by category"))
    reached = [(what, text, value, "pass" if fine else "fail") for what, text, value, fine in targets(rows)]
    table(["target", "wanted", "reached", ""], reached)


def _line(name: str, rows: Sequence[Mapping[str, Any]]) -> list[object]:
    return [name, len(rows), sum("error" in row for row in rows), *(_cell(rows, column) for column in COLUMNS)]


def _cell(rows: Sequence[Mapping[str, Any]], name: str) -> str:
    middle, tail = middle_and_tail(rows, name)
    return "-" if math.isnan(middle) else f"{told(name, middle)} ({told(name, tail)})"


def told(name: str, value: float) -> str:
    """A measure as the tables print it."""
    if math.isnan(value):
        return "-"
    if name in PERCENT:
        return f"{100 * value:.1f}"
    return f"{value:.1f}" if name.endswith(("_cm", "_deg")) or name == "de00" else f"{value:.3f}"


def write(file: Path, split: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Everything as JSON, with what it was measured on."""
    content = {
        "split": split,
        "commit": _commit(),
        "machine": machine.fingerprint(),
        "measures": COLUMNS,
        "targets": targets(rows),
        "rows": list(rows),
    }
    file.write_text(json.dumps(content, indent=1))


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - a constant
