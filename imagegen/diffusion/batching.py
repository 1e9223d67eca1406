"""Who is painted next, and with whom: a queue of requests in which only equal keys share a batch.

Keys take turns by their cost, pixels x steps: a key whose turn comes is given a quantum and keeps the model until it is
spent, so that one style does not make way for another after each picture (deficit round-robin, Shreedhar and Varghese
1996, in its surplus form: the last batch of a turn may overdraw, and is paid from the next). Whoever has waited
``max_age`` comes before everybody's turn, the oldest first.

Nothing here knows threads, clocks or torch: whoever calls says what time it is, so equal calls give equal answers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from imagegen.diffusion.request import Request

Key = tuple[Hashable, ...]
Cap = Callable[[Key], int]
"""The most requests of a key that may share a batch (at least 1)."""

QUANTUM = 4 * 1024 * 1024 * 30.0
"""Pixels x steps of one turn: four pictures of 1024 x 1024 at 30 steps."""
MAX_AGE_S = 30.0
WINDOW_S = 0.04
"""How long a request that meets a busy model is held back for others of its key."""


class Asks(Protocol):
    """Whatever waits here."""

    @property
    def request(self) -> Request:
        """What is to be painted."""
        ...


T = TypeVar("T", bound=Asks)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting(Generic[T]):
    """``since``: when it came; ``ready``: from when on it need not wait for company."""

    asks: T
    since: float
    ready: float
    cost: float


def cost(request: Request) -> float:
    """Pixels x steps."""
    width, height = request.size
    return float(width * height * request.sampling.steps)


class Batcher(Generic[T]):
    """The queue. Seconds are of any one clock that never goes back.

    While nothing is painted, and nothing was within the last ``window_s``, a request is ready at once; else it is held
    for ``window_s`` or until its batch is full. ``quantum`` is in the unit of ``cost``. Of two keys that always have
    something waiting, and with no one too old, neither is ever ahead by more than a quantum and one batch.
    """

    def __init__(
        self, cap: Cap, *, quantum: float = QUANTUM, max_age_s: float = MAX_AGE_S, window_s: float = WINDOW_S
    ) -> None:
        if quantum <= 0:
            raise ValueError("a turn needs a quantum above zero")
        self.cap, self.quantum, self.max_age_s, self.window_s = cap, quantum, max_age_s, window_s
        self._queues: dict[Key, deque[_Waiting[T]]] = {}
        """In the order of turns."""
        self._credit: dict[Key, float] = {}
        self._turn: Key | None = None
        self._painting = False
        self._ended = float("-inf")

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def add(self, asks: T, now: float) -> None:
        """Let it wait."""
        busy = self._painting or now - self._ended < self.window_s
        ready = now + self.window_s if busy else now
        key = asks.request.key
        self._queues.setdefault(key, deque()).append(_Waiting(asks, now, ready, cost(asks.request)))
        self._credit.setdefault(key, 0.0)

    def discard(self, asks: T) -> bool:
        """Let it wait no longer; whether it still did."""
        key = asks.request.key
        for each in self._queues.get(key, ()):
            if each.asks is asks:
                self._queues[key].remove(each)
                self._tidy(key)
                return True
        return False

    def due(self, now: float) -> float | None:
        """Seconds until ``take`` has something to give; None while nothing waits."""
        times = [self._ready_at(key) for key in self._queues]
        return max(0.0, min(times) - now) if times else None

    def take(self, now: float) -> list[T]:
        """The next batch, which counts as being painted until ``ended``; empty while none is due."""
        ready = [key for key in self._queues if self._ready_at(key) <= now]
        if not ready:
            return []
        aged = self._aged(now)
        key = self._next(ready) if aged is None else aged
        queue = self._queues[key]
        taken = [queue.popleft() for _ in range(self._size(key))]
        spent = sum(each.cost for each in taken)
        # Who was too old did not come in its turn: what that costs its next turns is bounded.
        self._credit[key] = self._credit[key] - spent if aged is None else max(self._credit[key] - spent, -spent)
        self._tidy(key)
        self._painting = True
        return [each.asks for each in taken]

    def ended(self, now: float) -> None:
        """The batch that was taken last is painted, or given up."""
        self._painting, self._ended = False, now

    def _size(self, key: Key) -> int:
        return min(len(self._queues[key]), max(1, self.cap(key)))

    def _ready_at(self, key: Key) -> float:
        queue = self._queues[key]
        full = len(queue) >= max(1, self.cap(key))
        return queue[0].since if full else min(queue[0].since + self.max_age_s, *(each.ready for each in queue))

    def _aged(self, now: float) -> Key | None:
        """The key of whoever has waited longest, if that is too long."""
        key = min(self._queues, key=lambda each: self._queues[each][0].since)
        return key if now - self._queues[key][0].since >= self.max_age_s else None

    def _next(self, ready: list[Key]) -> Key:
        """Whose turn it is: still the last one's, while its quantum lasts, else the next one's."""
        if self._turn in ready and self._credit[self._turn] > 0:
            return self._turn
        if self._turn is not None:
            self._end_turn(self._turn)
        while True:
            for key in [key for key in self._queues if key in ready]:
                self._credit[key] += self.quantum
                if self._credit[key] > 0:
                    self._turn = key
                    return key
                self._queues[key] = self._queues.pop(key)

    def _end_turn(self, key: Key) -> None:
        """To the end of the ring; a key that nobody waits for is forgotten, with what it saved or owes."""
        self._turn = None
        if key in self._queues:
            self._queues[key] = self._queues.pop(key)
            self._credit[key] = min(self._credit[key], 0.0)
        self._tidy(key)

    def _tidy(self, key: Key) -> None:
        if not self._queues.get(key, True):
            del self._queues[key]
        if key not in self._queues and key != self._turn:
            self._credit.pop(key, None)
