"""Waking workers without holding anybody up.

A request is answered once its scenes are committed. Their messages go out on this thread, and what is committed while
it sends goes out together the next time: under load a hundred scenes cost one mark in the database. Whatever it is
killed with, or cannot send, the sweep sends.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from queue import Empty, SimpleQueue

from celery import Celery
from sqlalchemy.exc import SQLAlchemyError

from workers import queue
from workers.records.session import Database

log = logging.getLogger(__name__)

PATIENCE_S = 5.0
"""How long whoever closes waits for what is still to be sent."""


class Messenger:
    """Sends in the background for one process. Nothing runs until there is something to send."""

    def __init__(self, database: Database, app: Celery) -> None:
        self._database, self._app = database.of_all(), app
        self._waiting: SimpleQueue[str | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def send(self, ids: Iterable[str]) -> None:
        """Wake workers for scenes that were just committed, soon; never waits, never raises."""
        waiting = list(ids)
        for scene_id in waiting:
            self._waiting.put(scene_id)
        with self._starting:
            if waiting and not (self._thread and self._thread.is_alive()):
                self._thread = threading.Thread(target=self._work, name="messenger", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Send what waits, and stop."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join(PATIENCE_S)

    def _work(self) -> None:
        more = True
        while more:
            ids, more = self._together()
            try:
                queue.send(self._database, self._app, ids)
            except SQLAlchemyError as error:
                log.warning("%d scenes wait for the sweep: %s", len(ids), error)

    def _together(self) -> tuple[list[str], bool]:
        """What waits, at most a batch of it; and whether more may come."""
        ids: list[str] = []
        found = self._waiting.get()
        while found is not None:
            ids.append(found)
            if len(ids) == queue.BATCH:
                return ids, True
            try:
                found = self._waiting.get_nowait()
            except Empty:
                return ids, True
        return ids, False
