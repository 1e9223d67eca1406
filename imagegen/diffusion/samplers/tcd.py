"""Trajectory consistency sampling (Zheng et al. 2024), for adapters distilled to few steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from imagegen.diffusion.samplers.schedule import by_product, set_for

if TYPE_CHECKING:
    from torch import Tensor

GAMMA = 0.3
"""How far each step goes beyond the next level before fresh noise leads back to it: 0 never, 1 to the clean picture."""


class Tcd:
    """Each step goes to a cleaner level than the next and is noised back."""

    def __init__(self, scheduler: Any, steps: int) -> None:
        made = set_for("TCDScheduler", scheduler, steps)
        self.schedule = by_product(made, float(made.alphas_cumprod[0]))
        nexts = [*(int(t) for t in made.timesteps[1:]), 0]
        self._beyond = [float(made.alphas_cumprod[math.floor((1.0 - GAMMA) * t)]) for t in nexts]

    def step(self, i: int, x: Tensor, clean: Tensor, noise: Callable[[], Tensor], /) -> Tensor:
        """The sample at level i + 1."""
        beyond = self._beyond[i]
        speck = (x - self.schedule.alphas[i] * clean) / self.schedule.sigmas[i]
        further = math.sqrt(beyond) * clean + math.sqrt(1.0 - beyond) * speck
        if i == len(self.schedule.times) - 1:
            return further
        share = self.schedule.alphas[i + 1] ** 2 / beyond
        return math.sqrt(share) * further + math.sqrt(1.0 - share) * noise()
