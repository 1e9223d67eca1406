"""Networks that know the answer: what comes out proves what the painter told them.

The VAE's latents are the mean colours of 8 x 8 pixels; the UNet says exactly the noise (or velocity) that leads to a
picture, which it takes from its mask channels, its ControlNets' residuals or its text.
"""

from types import SimpleNamespace

import numpy as np
import torch
from torch.nn.functional import avg_pool2d, interpolate

from imagegen.diffusion.modules import Modules

SCALING = 0.18215


class Vae(torch.nn.Module):
    """Latents are (red, green, blue, 0) of each block, from -1 to 1, before they are scaled."""

    config = SimpleNamespace(block_out_channels=(1, 1, 1, 1), latent_channels=4, scaling_factor=SCALING)
    dtype = torch.float32

    def encode(self, pixels):
        colours = avg_pool2d(pixels, 8)
        latents = torch.cat([colours, torch.zeros_like(colours[:, :1])], dim=1)
        return SimpleNamespace(latent_dist=SimpleNamespace(mode=lambda: latents))

    def decode(self, latents):
        return SimpleNamespace(sample=interpolate(latents[:, :3], scale_factor=8))


class Unet(torch.nn.Module):
    """Says what leads to ``aim(call)``: latents as the VAE gives them, unscaled.

    ``call``: what it was given (``sample``, ``mask``, ``masked`` unscaled, ``text``, ``residual``); ``calls``: all.
    """

    def __init__(self, aim, scheduler, channels=4):
        super().__init__()
        self.config = SimpleNamespace(in_channels=channels)
        self.aim, self.scheduler, self.calls = aim, scheduler, []

    def forward(self, sample, time, *, encoder_hidden_states, mid_block_additional_residual=None, **_):
        x = sample[:, :4]
        call = SimpleNamespace(
            sample=x, mask=sample[:, 4:5], masked=sample[:, 5:] / SCALING, text=encoder_hidden_states, time=time,
            residual=mid_block_additional_residual,
        )  # fmt: skip
        self.calls.append(call)
        clean = self.aim(call) * SCALING
        product = self.scheduler.alphas_cumprod[int(time)]
        alpha, sigma = product.sqrt(), (1 - product).sqrt()
        noise = (x - alpha * clean) / sigma
        velocity = alpha * noise - sigma * clean
        return ({"epsilon": noise, "v_prediction": velocity}[self.scheduler.config.prediction_type],)


class Control(torch.nn.Module):
    """Says the colours of its condition, from 0 to 1, as latents."""

    config = SimpleNamespace(conditioning_channels=3, controlnet_conditioning_channel_order="rgb")

    def __init__(self):
        super().__init__()
        self.controlnet_cond_embedding = torch.nn.AvgPool2d(8)

    def forward(self, _sample, _time, *, controlnet_cond, **_):
        colours = self.controlnet_cond_embedding(controlnet_cond)
        said = torch.cat([colours, torch.zeros_like(colours[:, :1])], dim=1)
        return [said], said


class Reader(torch.nn.Module):
    """A text encoder: how many letters a there are, in every place."""

    def forward(self, ids):
        return (ids.float().sum(dim=1)[:, None, None].expand(-1, 4, 1),)


def letters_a(text, **_):
    """A tokenizer with one token."""
    return SimpleNamespace(input_ids=[text.count("a")])


letters_a.model_max_length = 77


def modules(aim, channels=4, prediction="epsilon", controls=()):
    from diffusers import DDIMScheduler

    scheduler = DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", prediction_type=prediction, steps_offset=1
    )
    return Modules(
        family="small", unet=Unet(aim, scheduler, channels), vae=Vae(), tokenizers=(letters_a,), encoders=(Reader(),),
        scheduler=scheduler, controls={name: Control() for name in controls}, weights_sha="analytic",
    )  # fmt: skip


def flat(*colour):
    """Latents of one colour, from 0 to 1, for an aim."""
    return torch.tensor([*(2 * part - 1 for part in colour), 0.0]).view(1, 4, 1, 1)


def pixels(colour, size=64):
    """A picture of one colour, from 0 to 1."""
    return np.full((size, size, 3), [round(255 * part) for part in colour], np.uint8)
