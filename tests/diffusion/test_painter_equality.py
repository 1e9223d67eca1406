"""With every shortcut off, the painter paints what diffusers' ControlNet inpainting pipelines paint."""

import copy

import numpy as np
import pytest

from imagegen.diffusion.options import PLAIN
from imagegen.diffusion.painter import Painter
from imagegen.diffusion.request import Sampling, Window
from tests.diffusion import small
from tests.diffusion.painting import SIZE, modules_of, never, quiet, request, settled


def pipeline(kind, parts, scheduler, **changes):
    import diffusers

    held = {name: getattr(parts, name) for name in vars(parts)} | {"vae": settled(parts.vae)} | changes
    held["scheduler"] = getattr(diffusers, scheduler).from_config(parts.scheduler.config)
    if kind == "StableDiffusionControlNetInpaintPipeline":
        held |= {"safety_checker": None, "feature_extractor": None}
    with quiet():
        made = getattr(diffusers, kind)(**held)
    made.set_progress_bar_config(disable=True)
    return made


def blending(asked, parts, noise):
    """What the painter does besides for inpainting UNets: after each step what is kept is the noised original."""
    import torch

    vae = settled(parts.vae)

    def callback(pipe, step, _time, tensors):
        latents, steps = tensors["latents"], pipe.num_timesteps
        pixels = torch.from_numpy(asked.picture / 127.5 - 1).permute(2, 0, 1)[None].float()
        original = vae.encode(pixels).latents * vae.config.scaling_factor
        if step + 1 < steps:
            at = pipe.scheduler.timesteps[-steps:][step + 1].reshape(1)
            original = pipe.scheduler.add_noise(original, noise, at)
        keep = torch.from_numpy(asked.keep[::8, ::8])[None, None]
        return {"latents": keep * original + (1 - keep) * latents}

    return callback


def theirs(kind, parts, asked, scheduler="DDIMScheduler", unet=None):
    import torch
    from PIL import Image

    pipe = pipeline(kind, parts, scheduler, **({} if unet is None else {"unet": unet}))
    noise = torch.randn((1, 4, SIZE // 8, SIZE // 8), generator=torch.Generator().manual_seed(asked.seed))
    window = asked.windows.get("depth", Window())
    extra = {"callback_on_step_end": blending(asked, parts, noise)} if pipe.unet.config.in_channels == 9 else {}
    with torch.inference_mode():
        out = pipe(
            prompt=asked.words, negative_prompt=asked.unwanted or None, image=Image.fromarray(asked.picture),
            mask_image=Image.fromarray((255 * (1 - asked.keep)).astype(np.uint8)), strength=asked.strength,
            control_image=Image.fromarray(asked.controls["depth"]), num_inference_steps=asked.sampling.steps,
            guidance_scale=asked.sampling.guidance, controlnet_conditioning_scale=window.weight,
            control_guidance_start=window.start, control_guidance_end=window.end, height=SIZE, width=SIZE,
            generator=[torch.Generator().manual_seed(asked.seed)], output_type="latent", **extra,
        ).images  # fmt: skip
        return pipe.vae.decode(out / pipe.vae.config.scaling_factor).sample


def ours(parts, asked, **changes):
    """The painter's picture, before it is rounded to bytes."""
    import torch

    seen = []
    modules = modules_of(copy.deepcopy(parts), **changes)
    decode = modules.vae.decode
    modules.vae.decode = lambda latents: seen.append(decode(latents)) or seen[-1]
    Painter(modules, PLAIN).paint([asked], never)
    return torch.cat([out.sample for out in seen])


SD = "StableDiffusionControlNetInpaintPipeline"
XL = "StableDiffusionXLControlNetInpaintPipeline"


@pytest.fixture(scope="module")
def sd(tmp_path_factory):
    return small.sd(tmp_path_factory.mktemp("sd") / "tokenizer")


@pytest.fixture(scope="module")
def sdxl(tmp_path_factory):
    return small.sdxl(tmp_path_factory.mktemp("sdxl") / "tokenizer")


def assert_equal(a, b):
    difference = float((a - b).abs().max())
    assert difference < 1e-4, difference


@pytest.mark.parametrize(
    ("name", "scheduler"),
    [("ddim", "DDIMScheduler"), ("euler", "EulerDiscreteScheduler"), ("unipc", "UniPCMultistepScheduler")],
)
def test_sd_with_an_inpainting_unet_paints_what_diffusers_paints(sd, name, scheduler):
    asked = request(sampling=Sampling(steps=5, sampler=name, guidance=4.0), windows={"depth": Window(0.7)})
    assert_equal(ours(sd, asked), theirs(SD, sd, asked, scheduler))


@pytest.mark.parametrize(("name", "scheduler"), [("ddim", "DDIMScheduler"), ("dpmpp", "DPMSolverMultistepScheduler")])
def test_sd_with_a_plain_unet_paints_what_diffusers_paints(sd, name, scheduler):
    unet = small.unet(in_channels=4, seed=8)
    asked = request(sampling=Sampling(steps=5, sampler=name, guidance=4.0))
    assert_equal(ours(sd, asked, unet=copy.deepcopy(unet)), theirs(SD, sd, asked, scheduler, unet))


@pytest.mark.parametrize("guidance", [1.0, 6.0])
def test_sdxl_with_an_inpainting_unet_paints_what_diffusers_paints(sdxl, guidance):
    asked = request(sampling=Sampling(steps=4, sampler="ddim", guidance=guidance), windows={"depth": Window(0.7)})
    assert_equal(ours(sdxl, asked), theirs(XL, sdxl, asked))


def test_sdxl_without_unwanted_words_paints_what_diffusers_paints(sdxl):
    asked = request(unwanted="", sampling=Sampling(steps=4, sampler="euler", guidance=6.0))
    assert_equal(ours(sdxl, asked), theirs(XL, sdxl, asked, "EulerDiscreteScheduler"))


def test_refining_at_half_strength_paints_what_diffusers_paints(sd):
    asked = request(strength=0.5, sampling=Sampling(steps=8, sampler="ddim", guidance=3.0))
    assert_equal(ours(sd, asked), theirs(SD, sd, asked))


def test_a_window_of_a_controlnet_means_what_it_means_to_diffusers(sd):
    asked = request(windows={"depth": Window(1.0, 0.25, 0.75)}, sampling=Sampling(steps=4, sampler="ddim"))
    assert_equal(ours(sd, asked), theirs(SD, sd, asked))
    everywhere = request(sampling=Sampling(steps=4, sampler="ddim"))
    assert float((ours(sd, asked) - ours(sd, everywhere)).abs().max()) > 1e-3
