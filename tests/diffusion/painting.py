"""Requests and models for the painter's tests."""

import contextlib

import numpy as np

from imagegen.diffusion.modules import Modules
from imagegen.diffusion.request import Request, Sampling

SIZE = 64


def never(done, steps):
    """Somebody who listens and never stops it."""


def modules_of(parts, **changes):
    """The project's modules from a pipeline's parts; the same networks."""
    from dataclasses import replace

    two = hasattr(parts, "text_encoder_2")
    made = Modules(
        family="small",
        unet=parts.unet,
        vae=parts.vae,
        tokenizers=(parts.tokenizer, parts.tokenizer_2) if two else (parts.tokenizer,),
        encoders=(parts.text_encoder, parts.text_encoder_2) if two else (parts.text_encoder,),
        scheduler=parts.scheduler,
        controls={"depth": parts.controlnet},
        weights_sha="random",
    )
    return replace(made, **changes)


def picture(seed=0, size=SIZE):
    """Blocks of colour: no two channels alike."""
    blocks = np.random.default_rng(seed).integers(0, 256, (size // 8, size // 8, 3), dtype=np.uint8)
    return np.kron(blocks, np.ones((8, 8, 1), np.uint8))


def keeping_left(size=SIZE):
    """The left half is kept."""
    keep = np.zeros((size, size), np.float32)
    keep[:, : size // 2] = 1
    return keep


def request(seed=1, **changes):
    return Request(
        **{
            "family": "small", "words": "a warm oak room", "unwanted": "blur", "seed": seed, "picture": picture(seed),
            "keep": keeping_left(), "sampling": Sampling(steps=4, sampler="ddim"), "controls": {"depth": picture(9)},
        } | changes
    )  # fmt: skip


def settled(vae):
    """The same VAE for a pipeline: it gives the mean of its latents instead of drawing from them."""
    import copy
    from types import SimpleNamespace

    twin = copy.deepcopy(vae)
    encode = twin.encode
    twin.encode = lambda pixels, **_: SimpleNamespace(latents=encode(pixels).latent_dist.mode())
    return twin


@contextlib.contextmanager
def quiet():
    """Diffusers' pipelines without bars and without the notice that there is no safety checker."""
    import diffusers

    before = diffusers.logging.get_verbosity()
    diffusers.logging.set_verbosity_error()
    try:
        yield
    finally:
        diffusers.logging.set_verbosity(before)
