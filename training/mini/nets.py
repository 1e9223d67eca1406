"""The demonstration model's networks: diffusers' and transformers' own classes, as small as they go."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import AutoencoderKL, ControlNetModel, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

LATENTS = 8
"""Channels of a latent: twice Stable Diffusion's, since so small an autoencoder needs them."""
WORDS = 64
"""Width of a token's embedding."""
CONTEXT = 77
CONDITIONS = 6
"""Channels that the ControlNet reads: depth (3) and classes (3)."""

_BLOCKS: dict[str, Any] = {
    "block_out_channels": (56, 80, 96),
    "layers_per_block": 1,
    "cross_attention_dim": WORDS,
    "norm_num_groups": 8,
    "attention_head_dim": 4,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
}


def autoencoder() -> AutoencoderKL:
    """Pictures to latents an eighth as wide, and back; 0.9 million parameters."""
    return AutoencoderKL(
        block_out_channels=(16, 32, 48, 64),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=LATENTS,
        norm_num_groups=8,
        layers_per_block=1,
        sample_size=256,
    ).to(memory_format=torch.channels_last)


def unet() -> UNet2DConditionModel:
    """Reads noisy latents, the mask and the masked picture's latents, as inpainting models do."""
    net = UNet2DConditionModel(
        in_channels=2 * LATENTS + 1,
        out_channels=LATENTS,
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        sample_size=32,
        **_BLOCKS,
    )
    return net.to(memory_format=torch.channels_last)


def controlnet() -> ControlNetModel:
    """Reads depth and classes of the room."""
    net = ControlNetModel(
        in_channels=LATENTS,
        conditioning_channels=CONDITIONS,
        conditioning_embedding_out_channels=(16, 32, 48, 64),
        **_BLOCKS,
    )
    return net.to(memory_format=torch.channels_last)


def text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """Two layers over a few hundred tokens."""
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WORDS,
        intermediate_size=2 * WORDS,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=CONTEXT,
        projection_dim=WORDS,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return CLIPTextModel(config)


def noise() -> DDIMScheduler:
    """Stable Diffusion's noise, told by velocity (Salimans and Ho 2022): it keeps brightness at the noisy end."""
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        timestep_spacing="trailing",
    )
