"""Keeps a claim alive while a scene is made, and brings bad news to the one who makes it."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import Self

from sqlalchemy.exc import DBAPIError

from imagegen.errors import CancelledError
from workers import logs
from workers.errors import LeaseLostError
from workers.records import scenes
from workers.records.session import Database

log = logging.getLogger(__name__)

RENEWALS = 3
"""Times that a lease is renewed within its length: two may fail."""
TELL_S = 0.5
"""Progress within one stage is written at most this often."""


class StoppingError(CancelledError):
    """The worker is stopping; the scene is for another one."""


class Lease:
    """A context in which the claim is renewed by a thread of its own.

    ``tell`` is the pipeline's progress: it raises as soon as the work has become pointless (the scene was
    cancelled, the lease was lost, the worker is stopping).
    """

    def __init__(self, database: Database, held: scenes.Claim, length_s: float, stopping: threading.Event) -> None:
        self.database = database
        self.held = held
        self.length = timedelta(seconds=length_s)
        self.stopping = stopping
        self.lost: LeaseLostError | CancelledError | None = None
        self._done = threading.Event()
        known = contextvars.copy_context()  # its log lines name the scene, too
        self._thread = threading.Thread(
            target=known.run, args=(self._keep,), name=f"lease-{held.scene_id}", daemon=True
        )
        self._told: tuple[str, float] = ("", 0.0)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def tell(self, stage: str, share: float) -> None:
        """Say how far the work is. Raises StoppingError, LeaseLostError or CancelledError."""
        if self.lost is not None:
            raise self.lost
        if self.stopping.is_set():
            raise StoppingError("The worker is stopping.")
        told, at = self._told
        if stage == told and time.monotonic() - at < TELL_S:
            return
        self._told = (stage, time.monotonic())
        logs.bind_contextvars(stage=stage)
        try:
            with self.database.passing() as session:
                scenes.progress(session, self.held, stage, share)
        except DBAPIError:
            log.warning("Scene %s: progress could not be written.", self.held.scene_id, exc_info=True)

    def _keep(self) -> None:
        while not self._done.wait(self.length.total_seconds() / RENEWALS):
            try:
                with self.database.transaction() as session:
                    scenes.renew(session, self.held, self.length)
            except (LeaseLostError, CancelledError) as error:
                self.lost = error
                return
            except DBAPIError:
                log.warning("Scene %s: the lease could not be renewed.", self.held.scene_id, exc_info=True)
