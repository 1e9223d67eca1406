"""``make bench-service``: tables of what the service bears, and the same as JSON.

Without arguments everything is small and over in a few minutes; the figures of docs/benchmarks.md say what they were
made with.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.cli.console import progress_bar, table
from bench.service import costs, doors, jobs, listeners, lists, stock
from bench.service.servers import House, house
from workers import logs
from workers.settings import load_settings

PARTS = ("accepted", "jobs", "costs", "listeners", "lists")
AIMS = {"accepted_per_second": 300, "jobs_per_second": 500, "p99_ms of lists": 100}


def asked(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command's arguments."""
    parser = argparse.ArgumentParser(prog="python -m bench.service", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each row of accepted scenes")
    parser.add_argument("--doors", type=int, default=1, help="API processes")
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--scenes", type=int, default=20_000, help="in the database that is listed")
    parser.add_argument("--asks", type=int, default=100, help="times that each list is asked for")
    parser.add_argument("--listeners", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5, help="pieces of news to the listeners")
    parser.add_argument("--out", type=Path, default=Path("build/bench-service.json"))
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Measures, prints, writes."""
    args = asked(arguments)
    # Whatever was started ends with us, also when we are told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    logs.configure(load_settings(log_level="error"))
    facts: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "load_before": os.getloadavg(),
        "arguments": {name: str(value) for name, value in vars(args).items()},
        "aims": AIMS,
    }
    print(f"{facts['cores']} cores, load {facts['load_before'][0]:.1f} before anything was started")
    tables: dict[str, list[dict[str, Any]]] = {}
    with progress_bar("bench-service") as tell:
        for number, part in enumerate(args.only):
            tell(part, number / len(args.only))
            with house() as home:
                for title, rows in PART[part](home, args).items():
                    tables[title] = rows
                    _print(title, rows)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    facts |= {"load_after": os.getloadavg(), "tables": tables}
    args.out.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(f"Load {facts['load_after'][0]:.1f} at the end. Written to {args.out}.")


Tables = dict[str, list[dict[str, Any]]]


def _accepted(home: House, args: argparse.Namespace) -> Tables:
    key = stock.products_and_key(home)
    title = f"POST /v1/scenes, {args.clients} clients, {args.doors} API processes"
    return {title: doors.measured(home, key, args.clients, args.seconds, args.doors)}


def _jobs(home: House, args: argparse.Namespace) -> Tables:
    key = stock.products_and_key(home)
    rows = jobs.measured(home, key, args.jobs, args.clients, args.seconds, args.workers)
    return {f"No-op jobs, {args.workers} worker processes": rows}


def _costs(home: House, args: argparse.Namespace) -> Tables:
    key = stock.products_and_key(home)
    return {
        "Stages of a job, median": costs.stages(home, args.jobs),
        "A job without one of its guarantees, median": costs.guarantees(home, args.jobs),
        "Around a job, median": costs.beside(home, key, args.jobs),
    }


def _listeners(home: House, args: argparse.Namespace) -> Tables:
    key = stock.products_and_key(home)
    return {"Server-sent events, one API process": listeners.measured(home, key, args.listeners, args.rounds)}


def _lists(home: House, args: argparse.Namespace) -> Tables:
    began = time.monotonic()
    stock.fill(home, args.scenes)
    title = f"GET /v1/scenes of {args.scenes:,} scenes (filled in {time.monotonic() - began:.0f} s)"
    return {title: lists.measured(home, args.asks, args.out.parent / "bench-service-plans")}


PART: dict[str, Callable[[House, argparse.Namespace], Tables]] = {
    "accepted": _accepted,
    "jobs": _jobs,
    "costs": _costs,
    "listeners": _listeners,
    "lists": _lists,
}


def _print(title: str, rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = [[_cell(row.get(column, "")) for column in columns] for row in rows]
    table(["" if column == "row" else column.replace("_", " ") for column in columns], cells, title=title)


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
