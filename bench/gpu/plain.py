"""Plain diffusers: its own pipeline, as its documentation shows it."""

from __future__ import annotations

from typing import Any

import diffusers
import numpy as np
import torch
from PIL import Image

from bench.gpu.building import Model
from bench.gpu.measuring import Paint, requests
from bench.gpu.rows import Row
from imagegen.diffusion.latents import drawn
from imagegen.diffusion.text import Words


def diffusers_painting(model: Model, row: Row, device: torch.device) -> Paint:
    """The ControlNet inpainting pipeline with the row's sampling; texts are embedded beforehand."""
    pipe = _pipeline(model)
    pipe.scheduler = diffusers.UniPCMultistepScheduler.from_config(pipe.scheduler.config)
    words = Words(model.modules, device, remember=True)
    rate = 2 ** (len(model.modules.vae.config.block_out_channels) - 1)

    @torch.inference_mode()
    def paint(batch: int) -> list[np.ndarray]:
        wishes = requests(model, row, batch)
        generators = [torch.Generator().manual_seed(wish.seed) for wish in wishes]
        like = torch.empty((batch, 4, model.size // rate, model.size // rate), device=device)
        said = words.said([wish.words for wish in wishes], "")
        unsaid = words.said([wish.unwanted for wish in wishes], "", unwanted=True)
        texts = {"prompt_embeds": said.text, "negative_prompt_embeds": unsaid.text}
        if said.pooled is not None:
            texts |= {"pooled_prompt_embeds": said.pooled, "negative_pooled_prompt_embeds": unsaid.pooled}
        made = pipe(
            **texts,
            image=Image.fromarray(wishes[0].picture),
            mask_image=Image.new("L", wishes[0].size, 255),
            control_image=Image.fromarray(wishes[0].controls["depth"]),
            latents=drawn(generators, like).to(said.text.dtype),
            strength=1.0,
            num_inference_steps=row.sampling.steps,
            guidance_scale=row.sampling.guidance,
            controlnet_conditioning_scale=1.0,
            height=model.size,
            width=model.size,
            output_type="np",
        ).images
        return [np.round(picture * 255).astype(np.uint8) for picture in made]

    return paint


def _pipeline(model: Model) -> Any:
    modules = model.modules
    parts: dict[str, Any] = {
        "vae": modules.vae, "unet": modules.unet, "controlnet": modules.controls["depth"],
        "scheduler": modules.scheduler, "text_encoder": None, "tokenizer": None,
    }  # fmt: skip
    if len(modules.encoders) == 2:
        parts |= {"text_encoder_2": modules.encoders[1], "tokenizer_2": None}
    else:
        parts |= {"safety_checker": None, "feature_extractor": None}
    diffusers.logging.set_verbosity_error()
    pipe = getattr(diffusers, model.pipeline)(**parts)
    pipe.set_progress_bar_config(disable=True)
    return pipe
