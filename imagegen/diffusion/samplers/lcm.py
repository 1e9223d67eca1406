"""Latent consistency sampling (Luo et al. 2023), for models and adapters distilled to two to eight steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from imagegen.diffusion.samplers.schedule import by_product, set_for

if TYPE_CHECKING:
    from torch import Tensor

SPREAD = 0.5
"""Standard deviation that the distillation takes data to have; it weighs the sample against the prediction."""


class Lcm:
    """Each step says what the clean picture is and adds fresh noise to it."""

    def __init__(self, scheduler: Any, steps: int) -> None:
        made = set_for("LCMScheduler", scheduler, steps)
        self._scaling = float(made.config.timestep_scaling)
        self.schedule = by_product(made, 1.0)

    def step(self, i: int, x: Tensor, clean: Tensor, noise: Callable[[], Tensor], /) -> Tensor:
        """The sample at level i + 1."""
        time = self.schedule.times[i] * self._scaling
        skip, out = SPREAD**2 / (time**2 + SPREAD**2), time / (time**2 + SPREAD**2) ** 0.5
        consistent = out * clean + skip * x
        if i == len(self.schedule.times) - 1:
            return consistent
        return self.schedule.alphas[i + 1] * consistent + self.schedule.sigmas[i + 1] * noise()
