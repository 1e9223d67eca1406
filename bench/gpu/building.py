"""Models of full size with random weights, built in memory from configurations written out as data.

How long a network takes does not depend on its weights. Text encoders have one layer: texts are embedded once and
remembered, in every row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import diffusers
import torch
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from imagegen.diffusion.modules import Modules

MODELS = Path(__file__).parent / "models"
NAMES = tuple(sorted(path.stem for path in MODELS.glob("*.json")))
TOKENS = 77
LETTERS = 300


class Letters:
    """A tokenizer with a token for each letter."""

    model_max_length = TOKENS

    def __call__(self, text: str, **_: Any) -> SimpleNamespace:
        """Its tokens, padded to the whole length."""
        codes = [1 + ord(letter) % 250 for letter in text[: TOKENS - 1]]
        return SimpleNamespace(input_ids=codes + [LETTERS - 1] * (TOKENS - len(codes)))


@dataclass(frozen=True, slots=True)
class Model:
    """A model's modules, the side of its pictures in pixels, batches to try, and diffusers' pipeline for it."""

    name: str
    modules: Modules
    size: int
    batches: tuple[int, ...]
    pipeline: str


def built(name: str, device: torch.device, dtype: torch.dtype, seed: int = 0) -> Model:
    """The model of that name, one of ``NAMES``; on the device "meta" it takes no memory."""
    facts = json.loads((MODELS / f"{name}.json").read_text(encoding="utf-8"))
    torch.manual_seed(seed)
    with torch.device(device):
        unet = diffusers.UNet2DConditionModel(**facts["unet"])
        net = diffusers.ControlNetModel(**facts["controlnet"])
        vae = diffusers.AutoencoderKL(**facts["vae"])
        encoders = tuple(_encoder(dict(config)) for config in facts["encoders"])
    if device.type != "meta":
        _speaks(net)
        _settled(vae)
    for module in (unet, net, vae, *encoders):
        torch.nn.Module.to(module, dtype=dtype).eval().requires_grad_(requires_grad=False)
    modules = Modules(
        family=name,
        unet=unet,
        vae=vae,
        tokenizers=tuple(Letters() for _ in encoders),
        encoders=encoders,
        scheduler=diffusers.DDIMScheduler(
            beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1, clip_sample=False
        ),
        controls={"depth": net},
        weights_sha="random",
    )
    return Model(name, modules, facts["size"], tuple(facts["batches"]), facts["pipeline"])


def _encoder(config: dict[str, Any]) -> Any:
    made = CLIPTextConfig(
        **config, vocab_size=LETTERS, num_hidden_layers=1, max_position_embeddings=TOKENS, bos_token_id=0,
        eos_token_id=LETTERS - 1, pad_token_id=LETTERS - 1,
    )  # fmt: skip
    return (CLIPTextModelWithProjection if "projection_dim" in config else CLIPTextModel)(made)


def _speaks(net: Any) -> None:
    """A new ControlNet is silent: its last layers are zero."""
    for layer in (*net.controlnet_down_blocks, net.controlnet_mid_block, net.controlnet_cond_embedding.conv_out):
        torch.nn.init.normal_(layer.weight, std=0.02)


def _settled(vae: Any) -> None:
    """An encoder without spread: what diffusers draws from it is its mean, which the painter takes."""
    half = vae.quant_conv.out_channels // 2
    with torch.no_grad():
        vae.quant_conv.weight[half:] = 0
        vae.quant_conv.bias[half:] = -30
