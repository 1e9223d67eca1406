"""What a resident model has done so far, as numbers for whoever watches it."""

from __future__ import annotations

import sys
import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from imagegen.diffusion.request import Painting

RECENT = 200
"""Steps and batches that the means are taken over."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment. Bytes, seconds; None where it is not known.

    ``vram_used``, ``vram_peak``: of PyTorch's allocator in this process. ``step_s``: the middle one of the last steps,
    whatever their batch. ``tflops``: TFLOP/s over the last batches, from what the paintings' notes say they took.
    ``batches``: how many there were of each size. ``caps``: the largest batch of each shape.
    """

    state: str
    waiting: int
    images: int
    failed: int
    step_s: float | None
    tflops: float | None
    vram_used: int | None
    vram_peak: int | None
    batches: dict[str, int] = field(default_factory=dict)
    caps: dict[str, int] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)


class Meter:
    """Counts; the painting thread writes, any thread reads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: deque[float] = deque(maxlen=RECENT)
        self._work: deque[tuple[float, float]] = deque(maxlen=RECENT)
        self._batches: Counter[int] = Counter()
        self._images = self._failed = 0
        self._vram: tuple[int, int] | None = None

    def step(self, seconds: float) -> None:
        """A step took so long."""
        with self._lock:
            self._steps.append(seconds)

    def batch(self, paintings: Sequence[Painting], seconds: float) -> None:
        """A batch was painted in so long."""
        work = [painting.notes.get("tflop") for painting in paintings]
        with self._lock:
            self._batches[len(paintings)] += 1
            self._images += len(paintings)
            if all(isinstance(each, int | float) for each in work):
                self._work.append((sum(each or 0.0 for each in work), seconds))
        self.memory()

    def failed(self, number: int) -> None:
        """So many pictures could not be painted."""
        with self._lock:
            self._failed += number

    def memory(self) -> None:
        """Look at the GPU's memory; called by the thread that uses it."""
        seen = _vram()
        with self._lock:
            self._vram = seen

    def snapshot(self, state: str, waiting: int, caps: Sequence[tuple[str, int]]) -> Snapshot:
        """The numbers of now."""
        with self._lock:
            steps, took = sorted(self._steps), sum(seconds for _, seconds in self._work)
            return Snapshot(
                state=state,
                waiting=waiting,
                images=self._images,
                failed=self._failed,
                step_s=steps[len(steps) // 2] if steps else None,
                tflops=sum(work for work, _ in self._work) / took if took else None,
                vram_used=self._vram[0] if self._vram else None,
                vram_peak=self._vram[1] if self._vram else None,
                batches={str(size): number for size, number in sorted(self._batches.items())},
                caps=dict(caps),
            )


def _vram() -> tuple[int, int] | None:
    """(used, most ever) bytes; None without a GPU, or before anybody imported torch."""
    torch: Any = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return None
    return int(torch.cuda.memory_allocated()), int(torch.cuda.max_memory_allocated())
