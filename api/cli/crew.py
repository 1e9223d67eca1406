"""Workers beside this process, for as long as a ``with`` lasts: they end with it, also when it is killed."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

from workers.settings import Settings

PATIENCE_S = 20.0
"""How long a worker may take to hand its scene back before it is killed (the row comes back by itself then)."""


class Crew:
    """``number`` worker processes, each in a session of its own, so that Ctrl-C reaches only this process."""

    def __init__(self, settings: Settings, number: int) -> None:
        # Spawned, not forked: neither the renderer nor torch survives a fork.
        context = multiprocessing.get_context("spawn")
        self.processes: list[SpawnProcess] = [context.Process(target=_work, args=(settings,)) for _ in range(number)]

    def __enter__(self) -> Self:
        for process in self.processes:
            process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.join(PATIENCE_S)
            if process.is_alive():
                process.kill()
                process.join()

    @property
    def alive(self) -> bool:
        """Whether any of them still works."""
        return any(process.is_alive() for process in self.processes)


def _work(settings: Settings) -> None:
    os.setsid()

    from workers.run import end_with_parent, run_worker  # noqa: PLC0415 - Celery and the stages: the parent needs none

    end_with_parent()
    raise SystemExit(run_worker(settings))
