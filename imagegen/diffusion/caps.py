"""How many pictures of a shape are painted at once: what profiling found, and what memory taught since."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from imagegen.diffusion.batching import Key

MOST = 8
"""A batch of a shape that nobody has profiled."""
WORTH = 1.05
"""Twice the batch must paint at least so many times as many pictures a second, or it only makes everybody wait."""


def shape_of(key: Key) -> Key:
    """What of a request's key decides memory and time of a step: neither the style nor how many steps there are."""
    family, _, size, sampling, windows, *rest = key
    speaking = tuple(name for name, *_ in windows) if isinstance(windows, tuple) else ()
    return family, size, getattr(sampling, "guidance", 1.0) > 1, speaking, *rest


class Caps:
    """Callable as the batcher wants it. Any thread may ask."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._known: dict[Key, int] = {}
        self._lock = threading.Lock()

    def __call__(self, key: Key) -> int:
        """The most requests of this key that share a batch."""
        with self._lock:
            return self._known.get(shape_of(key), self.most)

    def profiled(self, key: Key, seconds: Mapping[int, float]) -> int:
        """Remember, and give, the batch at which bigger ones stop paying: ``seconds`` of a step by its size.

        A size that did not fit is left out.
        """
        sizes = sorted(seconds)
        best = sizes[0]
        for size in sizes[1:]:
            if size / seconds[size] < WORTH * best / seconds[best]:
                break
            best = size
        with self._lock:
            self._known[shape_of(key)] = best
        return best

    def did_not_fit(self, key: Key, number: int) -> int:
        """Remember that so many were too many; the number to try instead, at least one."""
        with self._lock:
            shape = shape_of(key)
            self._known[shape] = max(1, min(number // 2, self._known.get(shape, self.most)))
            return self._known[shape]

    def told(self) -> Sequence[tuple[str, int]]:
        """What is known, for people: (shape, number)."""
        with self._lock:
            return [(_words(shape), number) for shape, number in self._known.items()]


def _words(shape: Key) -> str:
    family, size, *_ = shape
    return f"{family} {'x'.join(map(str, size))}" if isinstance(size, tuple) else str(family)
