"""What networks are given: named tensors, and nothing that is not a tensor, so that no value needs a new compilation.

``sample`` (N, C, h, w), ``time`` (1,), ``text`` (N, tokens, width); for SDXL ``pooled`` (N, width), ``sizes`` (N, 6);
``look`` (N, 1, ...) for a reference picture; ``condition`` for a ControlNet; ``residual0``... for a UNet that it
speaks to, in the UNet's order, the middle block last; ``deep`` for a shallow UNet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import Tensor

Inputs = Mapping[str, Tensor]
Call = Callable[[Inputs], tuple[Tensor, ...]]


def spoken(residuals: Sequence[Tensor]) -> dict[str, Tensor]:
    """Residuals under their names."""
    return {f"residual{k}": residual for k, residual in enumerate(residuals)}


def heard(inputs: Inputs) -> tuple[Tensor, ...]:
    """The residuals among the inputs; empty where no ControlNet speaks."""
    count = sum(name.startswith("residual") for name in inputs)
    return tuple(inputs[f"residual{k}"] for k in range(count))


def added(inputs: Inputs) -> dict[str, Any]:
    """What diffusers calls the added conditions."""
    conditions: dict[str, Any] = {}
    if "pooled" in inputs:
        conditions |= {"text_embeds": inputs["pooled"], "time_ids": inputs["sizes"]}
    if "look" in inputs:
        conditions["image_embeds"] = [inputs["look"]]
    return conditions
