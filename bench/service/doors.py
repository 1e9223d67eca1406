"""Scenes accepted: so many clients ask, each as soon as it has been answered."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from contextlib import AsyncExitStack
from typing import Any

from bench.service.clients import Client, spread
from bench.service.servers import House, Process
from bench.service.stock import SKU, STYLE

SETTINGS_TOKEN = "a-token-of-the-settings-for-the-benchmark"  # noqa: S105 - of a service that lives a minute
PACED = {"write_rate": "900000000/minute", "read_rate": "900000000/minute"}
"""Counted as always, and never refused."""
UNPACED = {"write_rate": "", "read_rate": ""}


def measured(house: House, key: str, clients: int, seconds: float, doors: int) -> list[dict[str, Any]]:
    """The rows: as installed, then one thing added or left out at a time."""
    rows = []
    with house.doors(doors, **PACED, api_tokens=SETTINGS_TOKEN) as processes:
        for name, token, once in (
            ("with a key, counted in Redis", key, False),
            ("+ Idempotency-Key, new each time", key, True),
            ("- the key's row (a token of the settings)", SETTINGS_TOKEN, False),
        ):
            rows.append({"row": name, **_row(processes, token, clients, seconds, once=once)})
    with house.doors(doors, **UNPACED) as processes:
        rows.append({"row": "- counting requests", **_row(processes, key, clients, seconds)})
    return rows


def _row(processes: list[Process], key: str, clients: int, seconds: float, *, once: bool = False) -> dict[str, Any]:
    """What the clients see, and the time that the API processes spent on a core for each answer, whoever else ran."""
    ports = [process.port for process in processes]
    asyncio.run(load(ports, key, clients, min(2.0, seconds / 2), once=once))  # what is read and opened once
    before = sum(process.cpu_s() for process in processes)
    told = asyncio.run(load(ports, key, clients, seconds, once=once))
    spent = sum(process.cpu_s() for process in processes) - before
    return {**told, "cpu_ms_an_answer": 1000 * spent / (told["answers"] + clients)}


async def load(
    ports: list[int], key: str, clients: int, seconds: float, *, once: bool = False, first: int = 0
) -> dict[str, Any]:
    """Accepted per second, and how long an answer took, once each client has been answered for the first time."""
    seeds, taken = itertools.count(first), list[float]()

    async def ask(client: Client) -> float:
        headers = {"Idempotency_Key": uuid.uuid4().hex} if once else {}
        answer = await client.ask("POST", "/v1/scenes", {"sku": SKU, "style": STYLE, "seed": next(seeds)}, **headers)
        answer.json()
        return answer.seconds

    async def keep_asking(client: Client, until: float) -> None:
        while time.perf_counter() < until:
            taken.append(await ask(client))

    async with AsyncExitStack() as stack:
        ours = [await stack.enter_async_context(Client(ports[n % len(ports)], key)) for n in range(clients)]
        await asyncio.gather(*map(ask, ours))
        began = time.perf_counter()
        await asyncio.gather(*(keep_asking(client, began + seconds) for client in ours))
        took = time.perf_counter() - began
    return {"accepted_per_second": len(taken) / took, **spread(taken), "answers": len(taken)}
