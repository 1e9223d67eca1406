"""What a job's guarantees cost: each stage timed alone, then each guarantee left out in turn.

All in one process and one thread, against the same PostgreSQL: shares of a job, not its rate. A guarantee is left out
by putting nothing in its place, for the time of a round; rounds of all ways take turns, so that a machine that grows
slower meanwhile is slower for all of them.
"""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any, Self
from unittest import mock

from sqlalchemy import text

from bench.service import stock, work
from bench.service.servers import House
from imagegen import images
from workers import queue
from workers.app import make_app
from workers.records import audit, blobs, events, keys, once, outbox, scenes
from workers.records.session import Database
from workers.tasks import scenes as tasks
from workers.tasks.lease import Lease

ROUNDS = 3
STAGES = {
    "claim": (scenes, "claim"),
    "load the product and its photo": (tasks, "job_of"),
    "tell progress (one stage)": (Lease, "tell"),
    "encode the picture": (images, "encode"),
    "store picture and recipe": (tasks, "_stored"),
    "finish": (scenes, "finish"),
}


def stages(house: House, jobs: int) -> list[dict[str, Any]]:
    """Median ms of each stage of a job; what is left over is the lease's thread, commits, and our own code."""
    bench = _bench(house)
    took: dict[str, list[float]] = {name: [] for name in (*STAGES, "commits", "the whole job")}
    ids = stock.ask(house, jobs, first=6_000_000)
    with ExitStack() as stack:
        for name, (where, what) in STAGES.items():
            stack.enter_context(_timed(where, what, took[name]))
        stack.enter_context(_timed(Database, "patiently", took["commits"]))
        for scene_id in ids:
            began = time.perf_counter()
            tasks.work_on(bench, scene_id)
            took["the whole job"].append(time.perf_counter() - began)
    took["commits of claim and finish"] = _rest(took.pop("commits"), took["claim"], took["finish"])
    whole = took.pop("the whole job")
    rows = [{"row": name, "ms": 1000 * statistics.median(values)} for name, values in took.items() if values]
    return [*rows, {"row": "the whole job", "ms": 1000 * statistics.median(whole)}]


def _rest(whole: list[float], *parts: list[float]) -> list[float]:
    """Of each job, what its two transactions took beside their statements."""
    inside = [sum(of_one) for of_one in zip(*parts, strict=True)]
    return [sum(pair) - part for pair, part in zip(zip(whole[::2], whole[1::2], strict=True), inside, strict=True)]


def guarantees(house: House, jobs: int) -> list[dict[str, Any]]:
    """Ms of a job with everything, and by how much each guarantee left out makes it shorter."""
    bench = _bench(house)
    took: dict[str, list[float]] = {name: [] for name in WAYS}
    seed = 7_000_000
    for _ in range(ROUNDS):
        for name, way in WAYS.items():
            ids = stock.ask(house, max(1, jobs // ROUNDS), first=seed)
            seed += len(ids)
            with way(house):
                for scene_id in ids:
                    began = time.perf_counter()
                    tasks.work_on(bench, scene_id)
                    took[name].append(time.perf_counter() - began)
    whole = statistics.median(took["everything"])
    return [
        {"row": name, "ms": 1000 * statistics.median(values), "costs_ms": 1000 * (whole - statistics.median(values))}
        for name, values in took.items()
    ]


def beside(house: House, key: str, times: int) -> list[dict[str, Any]]:
    """Median ms of what stands around a job: its row, its message, a key's check, an idempotency key, an audit line."""
    app = make_app(house.settings)
    ids = iter(stock.ask(house, times, first=8_000_000))

    def idempotent() -> None:
        mine = uuid.uuid4().hex
        with house.database.transaction() as session:
            hold = once.claim(session, "bench", mine, "f" * 64)
        assert isinstance(hold, once.Hold)
        with house.database.transaction() as session:
            once.keep(session, hold, once.Answer(202, {}, "x" * 1200))

    def audited() -> None:
        with house.database.transaction() as session:
            audit.write(session, "bench", "approve", "scene", "0" * 24)

    def checked() -> None:
        with house.database.of_all().reading() as session:
            keys.check(session, key)

    ways: dict[str, Callable[[], Any]] = {
        "a scene's row and its event": lambda: stock.ask(house, 1, first=9_000_000),
        "marking it sent, and its message": lambda: queue.send(house.database, app, [next(ids)]),
        "a key's check": checked,
        "an idempotency key, claimed and kept": idempotent,
        "an audit line, alone in a transaction": audited,
        "an empty transaction": lambda: _empty(house),
    }
    rows = [{"row": name, "ms": 1000 * statistics.median(_times(way, times))} for name, way in ways.items()]
    _forget(house, app)
    return rows


def _empty(house: House) -> None:
    with house.database.transaction() as session:
        session.execute(text("SELECT 1"))


def _times(way: Callable[[], Any], times: int) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        way()
        took.append(time.perf_counter() - began)
    return took


def _forget(house: House, app: Any) -> None:
    """The messages that nobody will take."""
    app.control.purge()
    with house.database.transaction() as session:
        session.execute(text("UPDATE scenes SET state = 'cancelled' WHERE state = 'queued'"))


def _bench(house: House) -> tasks.Workbench:
    store = blobs.open_blobs(house.settings.blobs_url)
    database = Database(house.settings.database_url).of_all()
    return tasks.Workbench(house.settings, database, store, work.dots(house.settings), "bench")


@contextmanager
def _timed(where: Any, what: str, took: list[float]) -> Iterator[None]:
    real = getattr(where, what)

    def timing(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return real(*arguments, **named)
        finally:
            took.append(time.perf_counter() - began)

    with mock.patch.object(where, what, timing):
        yield


class _NoLease(Lease):
    """Nobody renews, nobody tells."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was begun."""


def _untold(*_: Any) -> None:
    """Nothing is told."""


@contextmanager
def _no_events(_house: House) -> Iterator[None]:
    """Effects refer to events, so they go with them."""
    with mock.patch.object(events, "write", _untold), mock.patch.object(outbox, "put", _untold):
        yield


@contextmanager
def _hasty_commits(house: House) -> Iterator[None]:
    """Commits that do not wait for the disk."""
    for value in ("off", "on"):
        if not house.database.is_sqlite:
            with house.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"ALTER SYSTEM SET synchronous_commit = {value}"))
                connection.execute(text("SELECT pg_reload_conf()"))
            time.sleep(0.2)  # the servers' processes hear of it by a signal
        if value == "off":
            yield


WAYS: dict[str, Callable[[House], Any]] = {
    "everything": lambda _: nullcontext(),
    "- the lease's thread": lambda _: mock.patch.object(tasks, "Lease", _NoLease),
    "- progress": lambda _: mock.patch.object(Lease, "tell", _untold),
    "- the outbox": lambda _: mock.patch.object(outbox, "put", _untold),
    "- events and the outbox": _no_events,
    "- files brought to the disk (fsync)": lambda _: mock.patch.object(blobs.os, "fsync", _untold),
    "- commits brought to the disk": _hasty_commits,
}
