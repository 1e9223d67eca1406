"""One picture is traced at a time in a process, whichever thread asks.

Dr.Jit guards its state by one lock that every operation takes, and spreads each kernel over all cores by itself. The
pictures of three threads that traced at once came out right, bit by bit, but nine of them took 25 s where in turns they
took 11 s (640 x 432, two cores); on a GPU they would need the memory of three. The first import of Mitsuba bears no
company at all: others find a module half made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE_S = 2.0
"""Whoever waits for its turn is asked this often whether it still wants to."""

_tracing = threading.RLock()


@contextmanager
def turn(waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """The right to trace, until the end of the ``with``. Whatever ``waiting`` raises ends the wait."""
    while not _tracing.acquire(timeout=PATIENCE_S):
        waiting()
    try:
        yield
    finally:
        _tracing.release()
