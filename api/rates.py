"""How often a caller may ask: a moving window for looking, a narrower one for changing.

Counted in Redis where the broker is Redis, so that all processes count together, else in this process's memory.
Where Redis is away the memory counts: a limit must never be the reason that nothing is answered.
"""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass, field

from fastapi import Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from api.auth import Asking
from api.errors import Refused
from api.guards import SAFE_METHODS
from workers.settings import Settings

log = logging.getLogger(__name__)

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
    shared: MovingWindowRateLimiter | None = None
    own: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))
    away_until: float = -math.inf

    def wait_s(self, caller: str, *, reading: bool) -> int:
        """0 when the caller may go on (this is counted), else in how many seconds it may."""
        rate = self.reading if reading else self.writing
        if rate is None:
            return 0
        words = ("read" if reading else "write", caller)
        if self.shared and time.monotonic() >= self.away_until:
            try:
                return _wait_s(self.shared, rate, words)
            except self.shared.storage.base_exceptions as error:
                log.warning("Redis does not count requests (%s); this process counts its own.", error)
                self.away_until = time.monotonic() + AWAY_S
        return _wait_s(self.own, rate, words)


def open_rates(settings: Settings) -> Rates:
    """The windows that the settings ask for; nothing is connected to yet."""
    shared = None
    if settings.broker_url.startswith(("redis://", "rediss://")):
        storage = RedisStorage(
            settings.broker_url, key_prefix=PREFIX, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S
        )
        shared = MovingWindowRateLimiter(storage)
    return Rates(_rate(settings.read_rate), _rate(settings.write_rate), shared)


def paced(request: Request, person: Asking) -> None:
    """Counts the request. Raises Refused 429 with Retry-After when its caller asks too often."""
    if getattr(request.state, "paced", False):
        return  # counted before its key was looked at
    request.state.paced = True
    rates: Rates = request.app.state.context.rates
    wait = rates.wait_s(person.id, reading=request.method in SAFE_METHODS)
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
