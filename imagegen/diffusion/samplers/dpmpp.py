"""DPM-Solver++(2M): second order from the prediction before (Lu et al. 2022)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imagegen.diffusion.samplers.schedule import Schedule, by_ratio, set_for

if TYPE_CHECKING:
    from torch import Tensor


def extrapolated(schedule: Schedule, i: int, clean: Tensor, before: Tensor) -> Tensor:
    """The clean picture half a step ahead of level i, along the line through the two last predictions."""
    here = schedule.log_snr(i)
    ahead, behind = schedule.log_snr(i + 1) - here, here - schedule.log_snr(i - 1)
    return clean + (0.5 * ahead / behind) * (clean - before)


class DpmPlusPlus:
    """Two predictions for one forward; the first step and the last are of first order."""

    def __init__(self, scheduler: Any, steps: int) -> None:
        self.schedule = by_ratio(set_for("DPMSolverMultistepScheduler", scheduler, steps))
        self._before: Tensor | None = None

    def step(self, i: int, x: Tensor, clean: Tensor, _noise: object, /) -> Tensor:
        """The sample at level i + 1."""
        before, self._before = self._before, clean
        if before is None or i == len(self.schedule.times) - 1:
            return self.schedule.straight(i, x, clean)
        return self.schedule.straight(i, x, extrapolated(self.schedule, i, clean, before))
