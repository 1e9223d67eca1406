"""How much noise a sample still holds at each step, read from the schedules that diffusers keeps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Schedule:
    """The levels a sample passes: at level i it is ``alphas[i] * clean + sigmas[i] * noise``.

    ``times`` (steps): what the network is told at each level but the last. ``alphas``, ``sigmas`` (steps + 1): from
    the noisiest level to the last; their squares sum to one. ``start``: what pure noise is multiplied with before the
    first step.
    """

    times: tuple[float, ...]
    alphas: tuple[float, ...]
    sigmas: tuple[float, ...]
    start: float = 1.0

    def straight(self, i: int, x: Tensor, clean: Tensor) -> Tensor:
        """The sample one level further, if the clean picture were ``clean`` all the way (DDIM, Song et al. 2020)."""
        a, s, a_next, s_next = self.alphas[i], self.sigmas[i], self.alphas[i + 1], self.sigmas[i + 1]
        return a_next * clean + (s_next / s) * (x - a * clean)

    def log_snr(self, i: int) -> float:
        """Half the logarithm of the signal-to-noise ratio at level i; infinite where no noise is left."""
        return math.log(self.alphas[i] / self.sigmas[i]) if self.sigmas[i] else math.inf


def set_for(kind: str, scheduler: Any, steps: int, **changes: Any) -> Any:
    """A diffusers scheduler of class ``kind``, with the training's noise of ``scheduler``, set for so many steps."""
    import diffusers  # noqa: PLC0415 - names of samplers are asked for without torch

    made = getattr(diffusers, kind).from_config(scheduler.config, **changes)
    made.set_timesteps(steps)
    return made


def by_ratio(scheduler: Any) -> Schedule:
    """The levels of a scheduler that knows them as sigma / alpha; its start is what it scales pure noise with."""
    ratios = [float(ratio) for ratio in scheduler.sigmas]
    alphas = tuple(1.0 / math.sqrt(1.0 + ratio * ratio) for ratio in ratios)
    sigmas = tuple(ratio * alpha for ratio, alpha in zip(ratios, alphas, strict=True))
    start = float(scheduler.init_noise_sigma)
    # Schedulers that count in sigma / alpha keep their samples divided by alpha.
    divided = start if start == 1.0 else start * alphas[0]
    return Schedule(tuple(float(t) for t in scheduler.timesteps), alphas, sigmas, divided)


def by_product(scheduler: Any, last: float) -> Schedule:
    """The levels at a scheduler's times, from the training's cumulated products; ``last``: the product at the end."""
    products = [float(scheduler.alphas_cumprod[int(t)]) for t in scheduler.timesteps] + [last]
    return from_products([float(t) for t in scheduler.timesteps], products)


def from_products(times: Sequence[float], products: Sequence[float]) -> Schedule:
    """Levels from squared alphas."""
    alphas, sigmas = tuple(map(math.sqrt, products)), tuple(math.sqrt(1.0 - product) for product in products)
    return Schedule(tuple(times), alphas, sigmas)
