"""The look of a reference picture (IP-Adapter, Ye et al. 2023), through the adapter that the UNet holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from imagegen.diffusion.modules import Modules
from imagegen.diffusion.request import Request
from imagegen.errors import MissingWeightsError
from imagegen.types import Labels

MEAN = (0.48145466, 0.4578275, 0.40821073)
SPREAD = (0.26862954, 0.26130258, 0.27577711)
"""Of sRGB 0..1 over the pictures that CLIP was trained on (Radford et al. 2021)."""


def looks(requests: Sequence[Request], modules: Modules, like: Tensor) -> Tensor | None:
    """What the adapter is given for each request, (B, 1, ...), or None where the batch has no reference.

    The strength is set in the UNet's adapter: it is the same for the whole batch.
    """
    if requests[0].reference is None:
        return None
    if modules.image_encoder is None:
        raise MissingWeightsError(
            "No image encoder is in memory that could read a reference picture.",
            hint="Load the family with its IP-Adapter, or leave out the reference.",
            where="reference",
        )
    _weigh(modules.unet, requests[0].reference_weight)
    seen = torch.cat([_prepared(request.reference, modules.image_encoder.config.image_size) for request in requests])
    seen = seen.to(like.device, like.dtype)
    if _reads_patches(modules.unet):
        return _patches(modules.image_encoder, seen).unsqueeze(1)
    whole: Tensor = modules.image_encoder(seen).image_embeds
    return whole.unsqueeze(1)


def no_look(look: Tensor, modules: Modules) -> Tensor:
    """What the adapter is given in the half without words: nothing, as the adapter was trained to see it."""
    if not _reads_patches(modules.unet):
        return torch.zeros_like(look)
    size = modules.image_encoder.config.image_size
    return _patches(modules.image_encoder, look.new_zeros((len(look), 3, size, size))).unsqueeze(1)


def _patches(encoder: Any, seen: Tensor) -> Tensor:
    patches: Tensor = encoder(seen, output_hidden_states=True).hidden_states[-2]
    return patches


def _reads_patches(unet: Any) -> bool:
    """Whether the adapter reads every patch (the "plus" ones) or the whole picture in one vector."""
    return type(unet.encoder_hid_proj.image_projection_layers[0]).__name__ != "ImageProjection"


def _weigh(unet: Any, weight: float) -> None:
    for processor in unet.attn_processors.values():
        if hasattr(processor, "to_k_ip"):
            processor.scale = [weight] * len(processor.scale)


def _prepared(reference: Labels | None, size: int) -> Tensor:
    """The middle square of a picture as CLIP reads it, (1, 3, size, size)."""
    assert reference is not None
    height, width = reference.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = (
        torch.from_numpy(reference[top : top + side, left : left + side].copy()).permute(2, 0, 1)[None].float() / 255
    )
    small = interpolate(square, (size, size), mode="bicubic", antialias=True).clamp(0, 1)
    mean, spread = torch.tensor(MEAN).view(1, 3, 1, 1), torch.tensor(SPREAD).view(1, 3, 1, 1)
    return (small - mean) / spread
