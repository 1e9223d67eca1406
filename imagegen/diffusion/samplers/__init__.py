"""Samplers: where a sample stands at each step, and how it gets from one level of noise to the next.

Each is told what the network takes the clean picture to be, and answers with the sample at the next level. They are
functions of plain numbers and tensors; nothing here knows networks, masks or devices. torch is not imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from imagegen.diffusion.samplers.ddim import Ddim
from imagegen.diffusion.samplers.dpmpp import DpmPlusPlus
from imagegen.diffusion.samplers.euler import Euler, Trailing
from imagegen.diffusion.samplers.lcm import Lcm
from imagegen.diffusion.samplers.schedule import Schedule
from imagegen.diffusion.samplers.tcd import Tcd
from imagegen.diffusion.samplers.unipc import UniPc
from imagegen.errors import UnknownNameError

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["SAMPLERS", "Sampler", "Schedule", "sampler"]


class Sampler(Protocol):
    """One way down from noise, for one batch: it may remember its earlier steps, so a new batch needs a new one."""

    schedule: Schedule

    def step(self, i: int, x: Tensor, clean: Tensor, noise: Callable[[], Tensor], /) -> Tensor:
        """The sample at level i + 1, from the sample ``x`` at level i and the ``clean`` picture predicted there.

        ``noise()`` gives fresh standard normal noise of the sample's shape. Any level may be the first.
        """
        ...


SAMPLERS: Mapping[str, Callable[[Any, int], Sampler]] = {
    "ddim": Ddim,
    "dpmpp": DpmPlusPlus,
    "euler": Euler,
    "lcm": Lcm,
    "tcd": Tcd,
    "trailing": Trailing,
    "unipc": UniPc,
}
"""Name to what makes one from a diffusers scheduler (the training's noise) and a number of steps."""


def sampler(name: str, scheduler: Any, steps: int) -> Sampler:
    """A new sampler. Raises UnknownNameError."""
    if name not in SAMPLERS:
        raise UnknownNameError(
            f"There is no sampler {name!r}.", hint=f"Known: {', '.join(SAMPLERS)}.", where="sampling.sampler"
        )
    return SAMPLERS[name](scheduler, steps)
