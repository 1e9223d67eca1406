"""Paints batches of requests with the networks of one model: the only thing here that knows all the others.

A painter belongs to one thread: graphs, plans and tokenizers do. What differs from diffusers' own pipelines, with every
option off, is told in docs/decisions/0020-own-denoising-loop.md.
"""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from imagegen.diffusion import compiled, fused
from imagegen.diffusion.adapters import Adapter, Bank
from imagegen.diffusion.attention import Attention
from imagegen.diffusion.control import Speaking, given
from imagegen.diffusion.denoise import denoised
from imagegen.diffusion.guidance import Denoiser
from imagegen.diffusion.latents import Canvas, Pictures, canvas
from imagegen.diffusion.look import looks, no_look
from imagegen.diffusion.modules import Modules
from imagegen.diffusion.networks import Networks
from imagegen.diffusion.options import Options
from imagegen.diffusion.previews import Show, watching
from imagegen.diffusion.request import Painting, Request, Tell
from imagegen.diffusion.samplers import Sampler, sampler
from imagegen.diffusion.text import Words
from imagegen.errors import BadRequestError, OutOfMemoryError

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


class Painter:
    """A model ready to paint. Takes the modules over: moves them to the device, fuses and lays out their weights.

    ``show``: is shown previews while painting, where the model has a tiny autoencoder. ``dressed``: the adapters that a
    request's ``style`` may name. Raises BadRequestError for options that this machine does not have.
    """

    def __init__(
        self,
        modules: Modules,
        options: Options,
        show: Show | None = None,
        dressed: Mapping[str, Sequence[Adapter]] | None = None,
    ) -> None:
        self._modules = modules
        self._options = options
        self._device = _device(options)
        self._dtype = _dtype(options, self._device)
        compiled.check(options.compiled, self._device)
        _settle(modules, options, self._device, self._dtype)
        eyes = [modules.unet, *modules.controls.values()]
        self._attention = Attention(options.attention, eyes, self._device, self._dtype)
        self._fused = 0
        if options.fused_qkv and not self._attention.replaced:
            self._fused = sum(fused.fuse(net) for net in eyes)
        self._bank = Bank(modules, dressed or {})
        self._networks = Networks(modules, options)
        self._words = Words(modules, self._device, remember=options.cache_conditions)
        self._pictures = Pictures(modules.vae, self._device, _of(modules.vae), remember=options.cache_conditions)
        self._show = show

    def paint(self, requests: Sequence[Request], tell: Tell) -> list[Painting]:
        """One painting for each request; see ``Paints``."""
        if len({request.key for request in requests}) != 1:
            raise BadRequestError("Only requests with the same key are painted together.", where="requests")
        try:
            with torch.inference_mode(), self._attention.chosen():
                return self._paint(requests, tell)
        except BaseException as error:
            if not _out_of_memory(error):
                self._forget(error)
                raise
            self._forget(error)
            asked = str(error).split("\n", maxsplit=1)[0]
        # Raised out here, so that it does not carry the first error, whose frames would keep the tensors.
        raise OutOfMemoryError(
            f"{len(requests)} pictures of {requests[0].size[0]} x {requests[0].size[1]} do not fit: {asked}",
            hint="Paint fewer at once, or smaller ones.",
        )

    def warm(self, request: Request, batches: Sequence[int]) -> None:
        """Paints a request in batches of these sizes, so that everything its key needs is compiled or recorded."""
        for size in batches:
            self.paint([replace(request, seed=number) for number in range(size)], lambda _done, _steps: None)

    def _paint(self, requests: Sequence[Request], tell: Tell) -> list[Painting]:
        started = time.perf_counter()
        self._networks.forget()
        self._bank.switch(requests[0].style)
        sampling = requests[0].sampling
        chosen = sampler(sampling.sampler, self._modules.scheduler, sampling.steps)
        levels = len(chosen.schedule.times)
        first = levels - min(levels, round(levels * requests[0].strength))
        ground = canvas(requests, self._pictures, inpaints=_inpaints(self._modules))
        predict = self._denoiser(requests, ground)
        watch = watching(self._modules.preview_vae, self._show, self._dtype)
        begun = self._clock()
        with given(self._modules.controls, self._options):
            latents = denoised(ground, chosen, predict, first, tell, watch)
        stepped = self._clock() - begun
        pictures = self._pictures.decoded(latents)
        notes = self._notes(requests, chosen, first) | {
            "seconds_per_step": round(stepped / max(1, levels - first), 6),
            "seconds": round(self._clock() - started, 6),
        }
        return [
            Painting(picture, {**notes, "seed": request.seed})
            for request, picture in zip(requests, pictures, strict=True)
        ]

    def _denoiser(self, requests: Sequence[Request], ground: Canvas) -> Denoiser:
        modules = self._modules
        like = ground.original.new_empty(0, dtype=self._dtype)
        style = requests[0].style
        wanted = self._words.said([request.words for request in requests], style)
        unwanted = self._words.said([request.unwanted for request in requests], style, unwanted=True)
        single: dict[str, Tensor] = wanted.inputs
        double: dict[str, Tensor] = unwanted.and_(wanted).inputs
        if wanted.pooled is not None:
            sizes = torch.cat([_sizes(request) for request in requests]).to(self._device)
            single, double = single | {"sizes": sizes}, double | {"sizes": sizes.repeat(2, 1)}
        look = looks(requests, modules, like)
        if look is not None:
            single, double = single | {"look": look}, double | {"look": torch.cat([no_look(look, modules), look])}
        return Denoiser(
            self._networks,
            Speaking(requests, modules.controls, self._networks, self._options, like),
            requests[0].sampling,
            wanted=single,
            guided=double,
            inpainting=ground.inpainting,
            prediction=modules.scheduler.config.prediction_type,
            dtype=self._dtype,
        )

    def _notes(self, requests: Sequence[Request], chosen: Sampler, first: int) -> dict[str, Any]:
        forwards = self._networks.forwards
        return {
            "sampler": requests[0].sampling.sampler,
            "steps": len(chosen.schedule.times) - first,
            "forwards": dict(sorted(forwards.items())),
            "tflop": round(self._networks.flop / len(requests) / 1e12, 6),
            "attention": self._attention.told(),
            "device": str(self._device),
            "dtype": str(self._dtype).removeprefix("torch."),
            "batch": len(requests),
            "shortcuts": self._shortcuts(requests[0]),
        }

    def _shortcuts(self, request: Request) -> list[str]:
        options, sampling = self._options, request.sampling
        on: Mapping[str, bool] = {
            "channels_last": options.channels_last,
            "fused_qkv": bool(self._fused),
            f"compiled_{options.compiled}": options.compiled != "off",
            "skip_silent_controls": options.skip_silent_controls,
            "cache_conditions": options.cache_conditions,
            "guidance_interval": sampling.guidance > 1 and sampling.guided != (0.0, 1.0),
            f"reuse_{sampling.reuse}": sampling.reuse > 1,
        }
        return [name for name, is_on in on.items() if is_on]

    def _clock(self) -> float:
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        return time.perf_counter()

    def _forget(self, error: BaseException) -> None:
        """Lets go of everything that the frames of a failed painting hold, even while the error is kept."""
        traceback.clear_frames(error.__traceback__)
        gc.collect()
        if self._device.type == "cuda":
            torch.cuda.empty_cache()


def _inpaints(modules: Modules) -> bool:
    """Whether the UNet is told what is painted and what is around it: a mask and latents besides its own."""
    return int(modules.unet.config.in_channels) == 2 * int(modules.vae.config.latent_channels) + 1


def _device(options: Options) -> torch.device:
    if options.device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(options.device)


def _dtype(options: Options, device: torch.device) -> torch.dtype:
    if options.dtype == "auto":
        return torch.bfloat16 if device.type == "cuda" else torch.float32
    return DTYPES[options.dtype]


def _settle(modules: Modules, options: Options, device: torch.device, dtype: torch.dtype) -> None:
    """Every network on the device, in its dtype and layout."""
    # Half precision overflows in the VAEs that say so; bfloat16 has the range.
    careful = dtype == torch.float16 and getattr(modules.vae.config, "force_upcast", False)
    convolving = [modules.unet, *modules.controls.values()]
    for net in (*convolving, *modules.encoders, modules.preview_vae, modules.image_encoder):
        if net is not None:
            _move(net, device, dtype)
    _move(modules.vae, device, torch.float32 if careful else dtype)
    if options.channels_last:
        for net in (*convolving, modules.vae):
            net.to(memory_format=torch.channels_last)


def _move(net: Any, device: torch.device, dtype: torch.dtype) -> None:
    # Diffusers' own ``to`` warns of modules to be kept in float32, even where there are none.
    torch.nn.Module.to(net, device=device, dtype=dtype)


def _of(vae: Any) -> torch.dtype:
    dtype: torch.dtype = vae.dtype
    return dtype


def _sizes(request: Request) -> Tensor:
    """SDXL's micro-conditioning (Podell et al. 2023): original size, corner of the crop, target size; height first."""
    width, height = request.size
    return torch.tensor([[height, width, 0, 0, height, width]], dtype=torch.float32)


def _out_of_memory(error: BaseException) -> bool:
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or (
        isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    )
