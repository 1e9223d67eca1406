"""Euler's method in sigma / alpha (Karras et al. 2022), which takes DDIM's step between other levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imagegen.diffusion.samplers.schedule import by_ratio, set_for

if TYPE_CHECKING:
    from torch import Tensor


class Euler:
    """First order, no fresh noise, down to no noise at all."""

    def __init__(self, scheduler: Any, steps: int, **changes: Any) -> None:
        self.schedule = by_ratio(set_for("EulerDiscreteScheduler", scheduler, steps, **changes))

    def step(self, i: int, x: Tensor, clean: Tensor, _noise: object, /) -> Tensor:
        """The sample at level i + 1."""
        return self.schedule.straight(i, x, clean)


class Trailing(Euler):
    """Euler between levels that begin where training ended (Lin et al. 2023): for Lightning and Hyper-SD."""

    def __init__(self, scheduler: Any, steps: int) -> None:
        super().__init__(scheduler, steps, timestep_spacing="trailing")
