"""The command: ``python -m bench.insertion`` and ``python -m bench.insertion pose``."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import bench.insertion
from api.cli.console import progress_bar
from bench.goods import SPLITS
from bench.insertion import page, poses, report
from bench.insertion.pairs import pairs
from bench.insertion.pastes import cut, pasted
from bench.insertion.runs import Previous, Shown, ours
from bench.insertion.truth import Truth, truth_of
from bench.packshots import ROOT
from imagegen.errors import ImagegenError


def main() -> None:
    """Make and measure what the arguments ask for."""
    if sys.argv[1:2] == ["pose"]:
        poses.main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(
        prog="python -m bench.insertion",
        description=bench.insertion.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--split", choices=SPLITS, default="reported")
    parser.add_argument("--pairs", type=int, metavar="N", help="so many, evenly over the list (all)")
    parser.add_argument("--only", nargs="*", default=(), metavar="SKU")
    parser.add_argument("--skip", nargs="*", default=(), choices=report.METHODS, metavar="METHOD", help="e.g. previous")
    parser.add_argument("--out", type=Path, help="folder of the table, results.json and page.html")
    asked = parser.parse_args()
    wanted = pairs(asked.split, asked.pairs, asked.only)
    rows: list[dict[str, Any]] = []
    entries = []
    with ExitStack() as stack:
        previous = stack.enter_context(Previous())
        tell = stack.enter_context(progress_bar(f"{len(wanted)} pairs"))
        for number, pair in enumerate(wanted):
            tell(pair.name, number / len(wanted))
            truth = truth_of(pair)
            made = {name: one for name, one in _methods(truth, previous, asked.skip).items() if name not in asked.skip}
            told = report.measured(truth, made)
            rows += told
            entries.append(page.entry(truth, made, told))
    out = asked.out or ROOT / f"var/bench/insertion-{asked.split}"
    out.mkdir(parents=True, exist_ok=True)
    report.tables(rows)
    report.write(out / "results.json", asked.split, rows)
    page.write(out / "page.html", asked.split, rows, entries)
    print(f"{len(wanted)} pairs of the split {asked.split!r} in {out}")


def _methods(truth: Truth, previous: Previous, skip: tuple[str, ...]) -> dict[str, Shown | ImagegenError]:
    """Each method's picture of the pair, or why it refused."""
    made = {"ours": _tried(lambda: ours(truth))}
    if "previous" not in skip:
        made["previous"] = _tried(lambda: previous(truth))
    try:
        cutout = cut(truth.photo)
    except ImagegenError as error:
        return made | dict.fromkeys(("shadow", "paste"), error)
    return made | {"shadow": pasted(truth, cutout, shadow=True), "paste": pasted(truth, cutout, shadow=False)}


def _tried(make: Any) -> Shown | ImagegenError:
    try:
        return make()
    except ImagegenError as error:
        return error


if __name__ == "__main__":
    main()
