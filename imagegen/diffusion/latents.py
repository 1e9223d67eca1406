"""From pictures to latents and back, and what of them is kept while the rest is painted."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, interpolate

from imagegen.diffusion.request import Request
from imagegen.diffusion.samplers import Schedule
from imagegen.errors import BadRequestError
from imagegen.types import Bools, Labels

REMEMBERED = 32
"""Encoded pictures that are kept: a quarter of a megabyte each at 1024 px."""


class Pictures:
    """A model's VAE: pictures (H, W, 3) uint8 sRGB to latents (1, 4, H/8, W/8) float32 and back.

    The latents of a picture are the mean of what the encoder gives, not a draw from it: the same picture has the same
    latents, so they can be remembered.
    """

    def __init__(self, vae: Any, device: torch.device, dtype: torch.dtype, *, remember: bool) -> None:
        self._vae = vae
        self._device = device
        self._dtype = dtype
        self._remember = remember
        self._known: OrderedDict[str, Tensor] = OrderedDict()
        self.factor: int = 2 ** (len(vae.config.block_out_channels) - 1)
        self.channels: int = vae.config.latent_channels

    def encoded(self, picture: Labels, painted: Bools | None = None) -> Tensor:
        """The picture's latents; where ``painted`` it is middle grey, as inpainting models were trained."""
        name = hashlib.sha256(picture.tobytes() + (b"" if painted is None else np.packbits(painted).tobytes()))
        name.update(repr(picture.shape).encode())
        key = name.hexdigest()
        if key not in self._known:
            latents = self._encoded(picture, painted)
            if not self._remember:
                return latents
            self._known[key] = latents
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]

    def _encoded(self, picture: Labels, painted: Bools | None) -> Tensor:
        pixels = torch.from_numpy(picture.copy()).to(self._device).permute(2, 0, 1)[None].float() / 127.5 - 1.0
        if painted is not None:
            pixels = pixels * torch.from_numpy(~painted).to(self._device)
        latents: Tensor = self._vae.encode(pixels.to(self._dtype)).latent_dist.mode().float()
        return latents * self._vae.config.scaling_factor

    def decoded(self, latents: Tensor) -> list[Labels]:
        """The pictures of a batch of latents (B, 4, h, w), one after another: that needs the memory of one."""
        return [on_the_cpu(self._decoded(one[None])) for one in latents]

    def _decoded(self, latents: Tensor) -> Tensor:
        return bytes_of(self._vae.decode((latents / self._vae.config.scaling_factor).to(self._dtype)).sample)


def bytes_of(pixels: Tensor) -> Tensor:
    """(1, 3, H, W) from -1 to 1 as (H, W, 3) uint8, on the device: a byte for each sample crosses the bus, not four."""
    scaled = (pixels[0].float() / 2 + 0.5).clamp(0, 1).mul(255).round().to(torch.uint8)
    return scaled.permute(1, 2, 0).contiguous()


def on_the_cpu(picture: Tensor) -> Labels:
    """As numpy, through pinned memory where there is a GPU."""
    if picture.device.type == "cuda":
        picture = torch.empty(picture.shape, dtype=picture.dtype, pin_memory=True).copy_(picture)
    array: Labels = picture.numpy()
    return array


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """What a batch is painted on: (B, ...) float32 on the device.

    ``original``: latents of the pictures. ``keep`` (B, 1, h, w): share of each latent cell's pixels that is kept.
    ``noise``: what they are noised with. ``inpainting`` (B, 0 or 5, h, w): what an inpainting UNet sees besides: the
    mask (1 is painted) and the latents of the picture without what is painted.
    """

    original: Tensor
    keep: Tensor
    noise: Tensor
    inpainting: Tensor
    generators: tuple[torch.Generator, ...]

    def fresh(self) -> Tensor:
        """New noise, each sample's from its own generator: it does not depend on the batch, nor on the device."""
        return drawn(self.generators, self.noise)

    def start(self, schedule: Schedule, first: int) -> Tensor:
        """The batch at level ``first``: noise alone at the very beginning, else the noised original."""
        if first == 0:
            return self.noise * schedule.start
        return self.noised(schedule, first)

    def noised(self, schedule: Schedule, level: int) -> Tensor:
        """The original at a level; at the last one as it is, even if the schedule leaves a trace of noise there."""
        if level == len(schedule.times):
            return self.original
        return schedule.alphas[level] * self.original + schedule.sigmas[level] * self.noise

    def held(self, x: Tensor, schedule: Schedule, level: int, share: float) -> Tensor:
        """``x``, put back to the original where it is still kept after this ``share`` of the steps.

        What is kept whole is held to the end; what is kept by half is free for the second half of the steps
        (differential diffusion, Levin and Fried 2023).
        """
        return torch.where(self.keep >= share, self.noised(schedule, level), x)


def drawn(generators: Sequence[torch.Generator], like: Tensor) -> Tensor:
    """Standard normal noise (B, C, h, w), drawn on the CPU."""
    each = [torch.randn((1, *like.shape[1:]), generator=generator) for generator in generators]
    return torch.cat(each).to(like.device)


def canvas(requests: Sequence[Request], pictures: Pictures, *, inpaints: bool) -> Canvas:
    """Everything that a batch of requests of one size is painted on."""
    width, height = requests[0].size
    if width % pictures.factor or height % pictures.factor:
        raise BadRequestError(
            f"{width} x {height} pixels cannot be painted.",
            hint=f"Use multiples of {pictures.factor}.",
            where="picture",
        )
    original = torch.cat([pictures.encoded(request.picture) for request in requests])
    cells = original.shape[-2:]
    keep = torch.stack([torch.from_numpy(np.array(request.keep, np.float32))[None] for request in requests])
    seen = torch.cat([_inpainting(request, pictures, cells) if inpaints else original[:1, :0] for request in requests])
    generators = tuple(torch.Generator().manual_seed(request.seed) for request in requests)
    return Canvas(
        original, adaptive_avg_pool2d(keep.to(original.device), cells), drawn(generators, original), seen, generators
    )


def _inpainting(request: Request, pictures: Pictures, cells: tuple[int, ...]) -> Tensor:
    """Mask and masked latents (1, 5, h, w), made as in training: a hard mask, its nearest pixel for each cell."""
    painted: Bools = np.asarray(request.keep) <= 0.5
    masked = pictures.encoded(request.picture, painted)
    mask = torch.from_numpy(painted)[None, None].to(masked.device, torch.float32)
    return torch.cat([interpolate(mask, size=cells), masked], dim=1)
