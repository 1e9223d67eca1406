"""Jobs done: from the row and its message through a worker process to the finished row."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Any

from bench.service import stock
from bench.service.clients import Client
from bench.service.doors import PACED
from bench.service.servers import House, wait_until
from workers import queue
from workers.app import make_app
from workers.records.models import Scene

LOOK_S = 0.1


def drained(house: House, jobs: int, workers: int) -> dict[str, Any]:
    """Jobs a second while workers empty a full queue; a few scenes before them see that the workers are awake."""
    app = make_app(house.settings)
    with house.workers(workers, "dots"):
        _send(house, app, stock.ask(house, 4 * workers))
        wait_until(lambda: not stock.still_waiting(house), "the workers are awake")
        ids = stock.ask(house, jobs, first=1000)
        began = time.perf_counter()
        _send(house, app, ids)
        sent = time.perf_counter() - began
        wait_until(lambda: not stock.still_waiting(house), "all jobs are done", 600, LOOK_S)
        took = time.perf_counter() - began
    return {
        "row": f"a queue of {jobs} emptied",
        "jobs_per_second": jobs / took,
        "sending_s": sent,
        "failed": _failed(house),
    }


def through(house: House, key: str, clients: int, seconds: float, workers: int) -> dict[str, Any]:
    """Jobs a second while clients ask for them at the door, from the first POST to the last finished row."""
    with house.doors(1, **PACED) as doors, house.workers(workers, "dots"):
        ports = [door.port for door in doors]
        asyncio.run(_ask(ports, key, 1, 0.2))
        wait_until(lambda: not stock.still_waiting(house), "the workers are awake")
        began = time.perf_counter()
        number = asyncio.run(_ask(ports, key, clients, seconds))
        wait_until(lambda: not stock.still_waiting(house), "all jobs are done", 600, LOOK_S)
        took = time.perf_counter() - began
    return {
        "row": f"{number} asked for at the door and made",
        "jobs_per_second": number / took,
        "failed": _failed(house),
    }


async def _ask(ports: list[int], key: str, clients: int, seconds: float) -> int:
    seeds, until, asked = itertools.count(1_000_000), time.perf_counter() + seconds, 0

    async def one(port: int) -> None:
        nonlocal asked
        async with Client(port, key) as client:
            while time.perf_counter() < until:
                order = {"sku": stock.SKU, "style": stock.STYLE, "seed": next(seeds)}
                (await client.ask("POST", "/v1/scenes", order)).json()
                asked += 1

    await asyncio.gather(*(one(ports[number % len(ports)]) for number in range(clients)))
    return asked


def _send(house: House, app: Any, ids: list[str]) -> None:
    for start in range(0, len(ids), queue.BATCH):
        queue.send(house.database, app, ids[start : start + queue.BATCH])


def _failed(house: House) -> int:
    with house.database.reading() as session:
        return session.query(Scene).where(Scene.state == "failed").count()
