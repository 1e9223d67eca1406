"""The loop: predict, step, put back what is kept. Painting, refining and harmonising are this loop.

What differs between them is data: how much noise it starts from (the first step) and what is kept.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from imagegen.diffusion.latents import Canvas
from imagegen.diffusion.request import Tell
from imagegen.diffusion.samplers import Sampler, Schedule

Predict = Callable[[Tensor, Schedule, int, int, int], Tensor]
"""(samples, schedule, level, steps done, steps in all) -> clean latents."""
Watch = Callable[[int, Tensor], None]
"""Is shown (steps done, clean latents as predicted)."""


def denoised(canvas: Canvas, sampler: Sampler, predict: Predict, first: int, tell: Tell, watch: Watch) -> Tensor:
    """Clean latents (B, 4, h, w), from the sampler's level ``first`` down to the last."""
    schedule = sampler.schedule
    steps = len(schedule.times) - first
    if steps == 0:
        return canvas.original
    x = canvas.start(schedule, first)
    for done in range(steps):
        i = first + done
        clean = predict(x, schedule, i, done, steps)
        x = sampler.step(i, x, clean, canvas.fresh)
        x = canvas.held(x, schedule, i + 1, (done + 1) / steps)
        watch(done + 1, clean)
        tell(done + 1, steps)
    return x
