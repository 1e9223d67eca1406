"""Times the stages of a job and tells how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from imagegen.protocols import Progress

P = ParamSpec("P")
R = TypeVar("R")

SHARES = {
    "decode": 0.02,
    "cutout": 0.08,
    "pose": 0.12,
    "placement": 0.13,
    "room": 0.17,
    "hull": 0.19,
    "render": 0.9,
    "light": 0.92,
    "engine": 0.95,
    "composite": 0.98,
    "checks": 1.0,
}
"""Share of the whole job that is done when a stage ends, from the render engine on two cores."""


def silent(stage: str, share: float) -> None:
    """A progress that tells nobody."""
    del stage, share


class Clock:
    """Runs stages one after the other; ``seconds`` keeps the wall-clock time of each."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}
        self.done = 0.0

    def __call__(self, stage: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """``function(*args, **kwargs)``, timed as ``stage``."""
        self.progress(stage, self.done)
        start = time.perf_counter()
        value = function(*args, **kwargs)
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start
        self.done = max(self.done, SHARES[stage])  # a stage comes once for each photo
        return value

    def within(self, stage: str) -> Progress:
        """A progress for the inside of a long stage: its own 0..1 becomes a part of the whole job's."""
        start, end = self.done, SHARES[stage]

        def tell(_detail: str, share: float) -> Any:
            self.progress(stage, start + (end - start) * share)

        return tell
