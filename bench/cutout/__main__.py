"""Our cutouts against exact alphas, beside thresholding, GrabCut and closed-form matting.

    python -m bench.cutout [--split reported|tuning] [--only SKU ...] [--methods ours grabcut ...]

Prints the medians and a line a product; leaves results.json and index.html (zooms, error maps) in
var/bench/cutout/<split>/. What was cut before is read from there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from bench.cutout import rivals
from bench.cutout.cutting import METHODS, OURS, Cut, cut
from bench.cutout.measures import error_maps, fringe, total, unknown_band
from bench.cutout.packshots import ROOT, Packshot, packshots
from bench.cutout.page import COLUMNS, write_page
from imagegen.images import decode

Row = dict[str, Any]


def measure(packshot: Packshot, method: str, made: Cut) -> Row:
    """All numbers of one cutout; mean squared errors in thousandths."""
    maps = error_maps(made.alpha, packshot.alpha)
    whole, band = total(maps), total(maps, unknown_band(packshot.alpha))
    edge = fringe(made.alpha, made.colour, decode(packshot.data).colour, packshot.alpha)
    row: Row = {"sku": packshot.sku, "category": packshot.category, "method": method}
    row |= asdict(whole) | {f"band_{name}": value for name, value in asdict(band).items()}
    row |= {"mse": whole.mse * 1000, "band_mse": band.mse * 1000, "fringe": edge.error, "halo": edge.halo}
    return row | {"seconds": made.seconds, "cpu": made.cpu, "refused": made.refused}


def run(shots: list[Packshot], methods: Iterable[str], out: Path) -> list[Row]:
    """Cut and measure every photo in every way."""
    rows: list[Row] = []
    warm = False
    columns = SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=len(shots) * len(list(methods)))
        for shot in shots:
            for method in methods:
                progress.update(task, description=f"{shot.sku}: {method}")
                if method != OURS and not warm:
                    rivals.warm_up()
                    warm = True
                rows.append(measure(shot, method, cut(shot, method, out / "cuts")))
                progress.advance(task)
    return rows


def medians(rows: list[Row]) -> list[Row]:
    """One row a method."""
    summary = []
    for method in dict.fromkeys(row["method"] for row in rows):
        of = [row for row in rows if row["method"] == method]
        summary.append(
            {"method": method, "refused": sum(bool(row["refused"]) for row in of)}
            | {name: median(row[name] for row in of) for name in COLUMNS.values()}
            | {"sad_mean": sum(row["sad"] for row in of) / len(of)}
        )
    return summary


def targets(summary: list[Row]) -> list[str]:
    """What is aimed at, as ratios of medians; empty where a method is missing."""
    by = {row["method"]: row for row in summary}
    if not {OURS, "grabcut", "closed form", "closed form, oracle trimap"} <= set(by):
        return []
    ours, oracle = by[OURS], by["closed form, oracle trimap"]
    ratios = [
        ("SAD: GrabCut's is {:.1f} times ours (at least 2)", by["grabcut"]["sad"] / ours["sad"]),
        ("SAD: closed form's is {:.1f} times ours (at least 1)", by["closed form"]["sad"] / ours["sad"]),
        ("SAD: closed form's on the true trimap is {:.2f} times ours", oracle["sad"] / ours["sad"]),
        ("CPU: closed form takes {:.1f} times as long (at least 5)", by["closed form"]["cpu"] / ours["cpu"]),
    ]
    return [words.format(value) for words, value in ratios]


def tell(rows: list[Row], summary: list[Row]) -> None:
    """The tables."""
    console = Console(width=190)
    table = Table("median", *COLUMNS, "mean SAD", "refused", title=f"{len({row['sku'] for row in rows})} products")
    for row in summary:
        numbers = [f"{row[name]:.2f}" for name in COLUMNS.values()]
        table.add_row(row["method"], *numbers, f"{row['sad_mean']:.2f}", str(row["refused"]))
    console.print(table)
    methods = list(dict.fromkeys(row["method"] for row in rows))
    each = Table("SAD", *methods, "ours: band", "fringe", "halo", "s")
    for sku in dict.fromkeys(row["sku"] for row in rows):
        of = {row["method"]: row for row in rows if row["sku"] == sku}
        own = of.get(OURS)
        more = [f"{own[name]:.2f}" for name in ("band_sad", "fringe", "halo", "seconds")] if own else []
        each.add_row(sku, *(f"{of[m]['sad']:.2f}{' refused' if of[m]['refused'] else ''}" for m in methods), *more)
    console.print(each)
    for line in targets(summary):
        console.print(line, highlight=False)


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("reported", "tuning"), default="reported")
    parser.add_argument("--only", nargs="*", default=(), metavar="SKU")
    parser.add_argument("--methods", nargs="*", choices=METHODS, default=METHODS, metavar="METHOD")
    parser.add_argument("--out", type=Path, default=ROOT / "var/bench/cutout")
    asked = parser.parse_args()
    out = asked.out / asked.split
    shots = []
    for shot in packshots(asked.split):
        print(f"{shot.sku} is photographed", file=sys.stderr)
        shots += [shot] if not asked.only or shot.sku in asked.only else []
    rows = run(shots, asked.methods, out)
    summary = medians(rows)
    (out / "results.json").write_text(json.dumps({"split": asked.split, "medians": summary, "each": rows}, indent=1))
    write_page(out, shots, rows, summary)
    tell(rows, summary)
    print(f"See {out / 'index.html'}")


if __name__ == "__main__":
    main()
