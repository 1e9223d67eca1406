"""News of scenes for whoever listens: one look at the database for all listeners of this process.

A listener says which scene it follows and hears its events as they come; how many listen changes what is sent, not what
is asked. Nothing runs while nobody listens.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from workers.records.models import Event, Scene
from workers.records.session import Database

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 0.4
"""How often is looked for news."""
TOGETHER = 1000
"""Scenes in one question."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a scene is; ``events`` is the number of the last thing that happened to it."""

    state: str
    verdict: str | None
    events: int


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a scene, in order, and where it is now."""

    events: Sequence[Event]
    head: Head


Heard = asyncio.Queue[News | None]
"""None says that this process stops: the listener may come back to another one."""


@dataclass(slots=True)
class _Followed:
    """Who follows a scene, and the last event that they were told of.

    At first that is none: whoever comes reads for itself what is known, and passes over what it is told again.
    """

    told: int = 0
    listeners: set[Heard] = field(default_factory=set)


class Newsroom:
    """All who listen in one process; to be used on its event loop only."""

    def __init__(self, database: Database) -> None:
        self._database = database.of_all()
        self._followed: defaultdict[str, _Followed] = defaultdict(_Followed)
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    @contextmanager
    def following(self, scene_id: str) -> Iterator[Heard]:
        """For as long as this lasts, news of the scene come into the queue; each event once, and perhaps old ones."""
        heard: Heard = asyncio.Queue()
        if self._closed:
            heard.put_nowait(None)
        self._followed[scene_id].listeners.add(heard)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_on(), name="newsroom")
        try:
            yield heard
        finally:
            followed = self._followed[scene_id]
            followed.listeners.discard(heard)
            if not followed.listeners:
                del self._followed[scene_id]
            if not self._followed and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    def close(self) -> None:
        """Let everybody go: open streams would keep the process from ending."""
        self._closed = True
        for followed in self._followed.values():
            self._tell(followed, None)

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            told = {scene_id: followed.told for scene_id, followed in self._followed.items()}
            try:
                found = await run_in_threadpool(self._look, told)
            except SQLAlchemyError as error:
                log.warning("There may be news that cannot be read: %s", error)
                continue
            for scene_id, news in found.items():
                if scene_id in self._followed:
                    self._followed[scene_id].told = news.head.events
                    self._tell(self._followed[scene_id], news)

    @staticmethod
    def _tell(followed: _Followed, news: News | None) -> None:
        for heard in followed.listeners:
            heard.put_nowait(news)

    def _look(self, told: Mapping[str, int]) -> dict[str, News]:
        """News of those scenes to which something happened after the event that was told of last."""
        ids, found = list(told), dict[str, News]()
        with self._database.reading() as session:
            for start in range(0, len(ids), TOGETHER):
                heads = select(Scene.id, Scene.state, Scene.verdict, Scene.events).where(
                    Scene.id.in_(ids[start : start + TOGETHER])
                )
                changed = {
                    row.id: Head(row.state, row.verdict, row.events)
                    for row in session.execute(heads)
                    if row.events > told[row.id]
                }
                if not changed:
                    continue
                events = (
                    select(Event)
                    .where(Event.scene_id.in_(changed), Event.seq > min(told[scene_id] for scene_id in changed))
                    .order_by(Event.scene_id, Event.seq)
                )
                happened = defaultdict[str, list[Event]](list)
                for event in session.scalars(events):
                    if told[event.scene_id] < event.seq <= changed[event.scene_id].events:
                        happened[event.scene_id].append(event)
                found |= {scene_id: News(happened[scene_id], head) for scene_id, head in changed.items()}
        return found
