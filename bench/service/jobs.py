"""Jobs done: from the row and its message through a worker process to the finished row."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from celery import Celery

from bench.service import stock
from bench.service.doors import PACED, load
from bench.service.servers import House, Process, wait_until
from workers import queue
from workers.app import make_app
from workers.records.models import Scene

LOOK_S = 0.1


def measured(house: House, key: str, jobs: int, clients: int, seconds: float, workers: int) -> list[dict[str, Any]]:
    """A row for workers that empty a full queue, and one for work that comes in at the door meanwhile."""
    app = make_app(house.settings)
    with house.workers(workers, "dots") as crew, house.doors(1, **PACED) as doors:
        # A few first, which see that everybody is awake.
        _send(house, app, stock.ask(house, 4 * workers))
        asyncio.run(load([door.port for door in doors], key, 1, 0.1))
        wait_until(lambda: not stock.still_waiting(house), "the workers are awake")
        drained = _drained(house, crew, app, jobs)
        return [drained, _through(house, crew, [door.port for door in doors], key, clients, seconds)]


def _drained(house: House, crew: Process, app: Celery, jobs: int) -> dict[str, Any]:
    ids = stock.ask(house, jobs, first=1000)
    began, before = time.perf_counter(), crew.cpu_s()
    _send(house, app, ids)
    sent = time.perf_counter() - began
    wait_until(lambda: not stock.still_waiting(house), "all jobs are done", 600, LOOK_S)
    took = time.perf_counter() - began
    told = {"jobs_per_second": jobs / took, "cpu_ms_a_job": 1000 * (crew.cpu_s() - before) / jobs}
    return {"row": f"a queue of {jobs} emptied", **told, "sending_s": sent, "failed": _failed(house)}


def _through(house: House, crew: Process, ports: list[int], key: str, clients: int, seconds: float) -> dict[str, Any]:
    """From the first POST to the last finished row."""
    began, before = time.perf_counter(), crew.cpu_s()
    told = asyncio.run(load(ports, key, clients, seconds, first=1_000_000))
    number = told["answers"] + clients  # each asked once before it was counted
    wait_until(lambda: not stock.still_waiting(house), "all jobs are done", 600, LOOK_S)
    took = time.perf_counter() - began
    told = {"jobs_per_second": number / took, "cpu_ms_a_job": 1000 * (crew.cpu_s() - before) / number}
    return {"row": f"{number} asked for at the door and made", **told, "failed": _failed(house)}


def _send(house: House, app: Celery, ids: list[str]) -> None:
    for start in range(0, len(ids), queue.BATCH):
        queue.send(house.database, app, ids[start : start + queue.BATCH])


def _failed(house: House) -> int:
    with house.database.reading() as session:
        return session.query(Scene).where(Scene.state == "failed").count()
