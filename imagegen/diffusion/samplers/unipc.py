"""UniPC of second order (Zhao et al. 2023): DPM-Solver++'s step, mended as soon as the next prediction is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from imagegen.diffusion.samplers.dpmpp import extrapolated
from imagegen.diffusion.samplers.schedule import by_ratio, set_for

if TYPE_CHECKING:
    from torch import Tensor


class UniPc:
    """Predictor and corrector, one forward a step (the "B2" variant)."""

    def __init__(self, scheduler: Any, steps: int) -> None:
        self.schedule = by_ratio(set_for("UniPCMultistepScheduler", scheduler, steps))
        self._from: Tensor | None = None
        self._seen: list[Tensor] = []

    def step(self, i: int, x: Tensor, clean: Tensor, _noise: object, /) -> Tensor:
        """The sample at level i + 1."""
        if self._from is not None:
            x = self.schedule.straight(i - 1, self._from, self._corrected(i, clean))
        before = self._seen[-1] if self._seen else None
        self._from, self._seen = x, [*self._seen[-1:], clean]
        if before is None or i == len(self.schedule.times) - 1:
            return self.schedule.straight(i, x, clean)
        return self.schedule.straight(i, x, extrapolated(self.schedule, i, clean, before))

    def _corrected(self, i: int, clean: Tensor) -> Tensor:
        """What the step to level i should have aimed at, now that the prediction there is known."""
        last = self._seen[-1]
        if len(self._seen) == 1:
            return last + 0.5 * (clean - last)
        schedule = self.schedule
        h = schedule.log_snr(i) - schedule.log_snr(i - 1)
        r = (schedule.log_snr(i - 2) - schedule.log_snr(i - 1)) / h
        # The two conditions of order (equation 9 of the paper): weights of both differences.
        phi = math.expm1(-h)
        first = (phi / -h - 1.0) / phi
        second = 2.0 * ((phi / -h - 1.0) / -h - 0.5) / phi
        old = (first - second) / (1.0 - r)
        return last + (old / r) * (self._seen[-2] - last) + (first - old) * (clean - last)
