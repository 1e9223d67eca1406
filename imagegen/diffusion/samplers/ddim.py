"""DDIM (Song et al. 2020) without fresh noise, between the levels of the training's own steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imagegen.diffusion.samplers.schedule import by_product, set_for

if TYPE_CHECKING:
    from torch import Tensor


class Ddim:
    """First order. The clean picture is never clipped: latents have no range."""

    def __init__(self, scheduler: Any, steps: int) -> None:
        made = set_for("DDIMScheduler", scheduler, steps)
        self.schedule = by_product(made, float(made.final_alpha_cumprod))

    def step(self, i: int, x: Tensor, clean: Tensor, _noise: object, /) -> Tensor:
        """The sample at level i + 1."""
        return self.schedule.straight(i, x, clean)
