"""How often a caller may ask: a moving window for looking, a narrower one for changing, one for trying to sign in.

Counted in Redis where the broker is Redis, so that all processes count together, else in this process's memory.
Where Redis is away the memory counts: a limit must never be the reason that nothing is answered.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from fastapi import Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from api.callers import Caller
from api.errors import Refused
from api.guards import SAFE_METHODS
from workers.settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")

PREFIX = "imagegen-rates"
PATIENCE_S = 1.0
"""What a count in Redis may take."""
AWAY_S = 10.0
"""How long a Redis that did not answer is left alone."""


@dataclass(slots=True)
class Rates:
    """The windows of one process. An empty rate does not limit."""

    reading: RateLimitItem | None
    writing: RateLimitItem | None
    trying: RateLimitItem | None = None
    shared: MovingWindowRateLimiter | None = None
    own: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))
    away_until: float = -math.inf

    def wait_s(self, caller: str, *, reading: bool) -> int:
        """0 when the caller may go on (this is counted), else in how many seconds it may."""
        return self._count_s(self.reading if reading else self.writing, ("read" if reading else "write", caller))

    def try_s(self, whose: str) -> int:
        """0 when another try to sign in may be made (this is counted, before it is known what comes of it)."""
        return self._count_s(self.trying, ("try", whose))

    def forgive(self, whose: str) -> None:
        """The last try was right: those before it are forgotten."""
        if self.trying is not None:
            self._ask(lambda limiter, rate: limiter.clear(rate, "try", whose), self.trying)

    def _count_s(self, rate: RateLimitItem | None, words: tuple[str, str]) -> int:
        return self._ask(lambda limiter, rate: _wait_s(limiter, rate, words), rate) if rate else 0

    def _ask(self, ask: Callable[[MovingWindowRateLimiter, RateLimitItem], T], rate: RateLimitItem) -> T:
        if self.shared and time.monotonic() >= self.away_until:
            try:
                return ask(self.shared, rate)
            except self.shared.storage.base_exceptions as error:
                log.warning("Redis does not count requests (%s); this process counts its own.", error)
                self.away_until = time.monotonic() + AWAY_S
        return ask(self.own, rate)


def open_rates(settings: Settings) -> Rates:
    """The windows that the settings ask for; nothing is connected to yet."""
    shared = None
    if settings.broker_url.startswith(("redis://", "rediss://")):
        storage = RedisStorage(
            settings.broker_url, key_prefix=PREFIX, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S
        )
        shared = MovingWindowRateLimiter(storage)
    return Rates(_rate(settings.read_rate), _rate(settings.write_rate), _rate(settings.login_rate), shared)


def paced(request: Request, caller: Caller) -> None:
    """Counts the request. Raises Refused 429 with Retry-After when its caller asks too often."""
    rates: Rates = request.app.state.context.rates
    wait = rates.wait_s(caller.id, reading=request.method in SAFE_METHODS)
    if wait:
        raise Refused(
            429,
            "Too many requests.",
            hint=f"Ask again in {wait} s; IMAGEGEN_READ_RATE and IMAGEGEN_WRITE_RATE set the limits.",
            headers={"Retry-After": str(wait)},
        )


def _rate(text: str) -> RateLimitItem | None:
    return parse(text) if text else None


def _wait_s(limiter: MovingWindowRateLimiter, rate: RateLimitItem, words: tuple[str, str]) -> int:
    if limiter.hit(rate, *words):
        return 0
    stats = limiter.get_window_stats(rate, *words)
    return max(1, math.ceil(stats.reset_time - time.time()))
