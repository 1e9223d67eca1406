"""Listeners: so many server-sent streams at one API process, and how long a piece of news takes to reach them all."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

from bench.service import stock
from bench.service.clients import Client, percentile
from bench.service.doors import PACED
from bench.service.servers import House, Process
from workers.records import scenes
from workers.records.work import Claim

PATIENCE_S = 120.0
PAUSE_S = 1.0


def measured(house: House, key: str, listeners: int, rounds: int) -> list[dict[str, Any]]:
    """A row for listeners who follow one scene, and one for those who follow one each."""
    rows = []
    with house.doors(1, **PACED) as (door,):
        for name, number in (("all follow one scene", 1), ("each follows its own", listeners)):
            held = _begun(house, number)
            before = door.resident_mb()
            told = asyncio.run(_News(house, door, key, held).told(listeners, rounds))
            rows.append({"row": f"{listeners}: {name}", **told, "memory_before_mb": before})
    return rows


def _begun(house: House, number: int) -> list[Claim]:
    """Scenes that are being made, with a lease for an hour."""
    ids, held = stock.ask(house, number, first=5_000_000), []
    with house.database.transaction() as session:
        for scene_id in ids:
            claim = scenes.claim(session, scene_id, "bench", timedelta(hours=1))
            assert claim is not None
            held.append(claim)
    return held


class _News:
    """Tells progress of scenes and hears when it has reached whom."""

    def __init__(self, house: House, door: Process, key: str, held: list[Claim]) -> None:
        self._house, self._door, self._key, self._held = house, door, key, held
        self._heard = asyncio.Queue[tuple[float, bytes]]()
        self._open = asyncio.Queue[None]()

    async def told(self, listeners: int, rounds: int) -> dict[str, Any]:
        """Seconds until the first, half and all of them knew (medians over rounds), and the memory of the process."""
        tasks = [asyncio.create_task(self._follow(self._held[n % len(self._held)])) for n in range(listeners)]
        try:
            began = time.perf_counter()
            await self._so_many(self._open, listeners)
            opened = time.perf_counter() - began
            all_rounds = [await self._round(number, listeners) for number in range(rounds)]
            memory = self._door.resident_mb()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        first, half, last = (sorted(column)[rounds // 2] for column in zip(*all_rounds, strict=True))
        return {
            "opened_s": opened,
            "first_s": first,
            "half_s": half,
            "all_s": last,
            "worst_s": max(one[2] for one in all_rounds),
            "memory_mb": memory,
        }

    async def _follow(self, held: Claim) -> None:
        async with Client(self._door.port, self._key) as client:
            async for line in client.listen(f"/v1/scenes/{held.scene_id}/events", 2):
                if not line:
                    self._open.put_nowait(None)
                elif line.startswith(b"data:") and b'"stage"' in line:
                    self._heard.put_nowait((time.perf_counter(), line))

    async def _round(self, number: int, listeners: int) -> tuple[float, float, float]:
        await asyncio.sleep(PAUSE_S)
        await asyncio.to_thread(self._tell, f"round-{number}")
        began = time.perf_counter()
        heard = await self._so_many(self._heard, listeners)
        taken = [at - began for at, _ in heard]
        return min(taken), percentile(taken, 0.5), max(taken)

    def _tell(self, stage: str) -> None:
        with self._house.database.transaction() as session:
            for held in self._held:
                scenes.progress(session, held, stage, 0.5)

    async def _so_many(self, queue: asyncio.Queue[Any], number: int) -> list[Any]:
        async with asyncio.timeout(PATIENCE_S):
            return [await queue.get() for _ in range(number)]
