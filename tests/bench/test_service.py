"""The service's benchmark runs to the end against servers of its own, and every figure is one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMALL = ["--clients", "2", "--seconds", "0.3", "--workers", "1", "--jobs", "6", "--scenes", "600", "--asks", "2"]


def run(out, *parts):
    asked = [*SMALL, "--listeners", "3", "--rounds", "1", "--out", str(out), "--only", *parts]
    # A process of its own: it takes the signals, and a browser of other tests may hold this one's event loop.
    done = subprocess.run(
        [sys.executable, "-m", "bench.service", *asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(out.read_text())
    assert told["load_before"]
    assert told["load_after"]
    return [{row["row"]: row for row in rows} for rows in told["tables"].values()]


def test_scenes_are_asked_for_made_and_listed(tmp_path):
    jobs, lists = run(tmp_path / "out.json", "jobs", "lists")
    for row in jobs.values():
        assert row["jobs_per_second"] > 0
        assert row["cpu_ms_a_job"] > 0
        assert row["failed"] == 0
    assert lists["newest"]["items"] == 50
    assert lists["the last page"]["items"] < 50
    assert lists["a style nobody asked for"]["items"] == 0
    assert lists["another team's newest"]["items"] == 50
    for row in lists.values():
        assert 0 < row["p50_ms"] <= row["p99_ms"]
        assert row["database_ms"] > 0
    assert lists["a product"]["items"] == lists["a category"]["items"] == 50
    assert "Execution Time" in (tmp_path / "bench-service-plans/newest.txt").read_text()


def test_costs_and_listeners_are_told(tmp_path):
    stages, guarantees, around, listeners = run(tmp_path / "out.json", "costs", "listeners")
    assert stages["the whole job"]["ms"] > max(stages[name]["ms"] for name in ("claim", "finish"))
    assert guarantees["everything"]["costs_ms"] == 0
    assert all(row["ms"] > 0 for row in (*guarantees.values(), *around.values()))
    for row in listeners.values():
        assert row["first_s"] <= row["half_s"] <= row["all_s"] == pytest.approx(row["worst_s"])
        assert row["memory_mb"] > 0
