"""A ControlNet that reads several conditions at once, behind the door of one that reads a single picture.

ControlNet++ / union (xinsir 2024) takes a list of pictures and a number for the type of each. Here it takes them as
the channels of one picture, three for each condition that it reads, so that whoever paints need not know it.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from imagegen.diffusion.families import CHANNELS


class SideBySide(nn.Module):  # type: ignore[misc]  # torch is not followed
    """The embeddings of several condition pictures, side by side: (B, 3 n, H, W) -> (B, n C, h, w)."""

    def __init__(self, one: nn.Module) -> None:
        super().__init__()
        self.one = one

    def forward(self, pictures: Tensor) -> Tensor:
        """Each three channels through the same network."""
        return torch.cat([self.one(picture) for picture in torch.split(pictures, CHANNELS, dim=1)], dim=1)


class UnionControl(nn.Module):  # type: ignore[misc]  # as above
    """A ControlNetUnionModel that is called like a ControlNetModel.

    ``types``: the number of each condition in its training, in the order of the channels. Its embedding of the
    conditions (``controlnet_cond_embedding``) may be swapped for one that is remembered, as with any other.
    """

    def __init__(self, union: Any, types: Sequence[int]) -> None:
        super().__init__()
        self.controlnet_cond_embedding: nn.Module = SideBySide(union.controlnet_cond_embedding)
        union.controlnet_cond_embedding = nn.Identity()
        self.union = union
        self.types = list(types)
        channels = union.config.conditioning_channels * len(self.types)
        self.config = SimpleNamespace(**{**union.config, "conditioning_channels": channels})

    @property
    def dtype(self) -> torch.dtype:
        """Of its weights."""
        return next(self.parameters()).dtype

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return next(self.parameters()).device

    def forward(
        self, sample: Tensor, timestep: Any, encoder_hidden_states: Tensor, controlnet_cond: Tensor, **others: Any
    ) -> Any:
        """The residuals for the UNet, as ControlNetModel gives them; ``others`` are its further arguments."""
        embedded = self.controlnet_cond_embedding(controlnet_cond).chunk(len(self.types), dim=1)
        spoken = torch.zeros(sample.shape[0], self.union.config.num_control_type, device=sample.device)
        spoken[:, self.types] = 1.0
        return self.union(
            sample,
            timestep,
            encoder_hidden_states,
            controlnet_cond=list(embedded),
            control_type=spoken,
            control_type_idx=self.types,
            **{key: float(value) if key == "conditioning_scale" else value for key, value in others.items()},
        )
