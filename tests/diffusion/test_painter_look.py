"""A reference picture through an IP-Adapter with random weights, as diffusers' pipeline uses it."""

import copy

import numpy as np
import pytest
import torch

from imagegen.diffusion.modules import Modules
from imagegen.diffusion.options import PLAIN, Options
from imagegen.diffusion.painter import Painter
from imagegen.diffusion.request import Sampling
from tests.diffusion import small
from tests.diffusion.painting import modules_of, never, picture, request

EMBEDDING, TOKENS, CROSS = 12, 4, 16
PATCH, INNER = 16, 64
"""Widths of a patch as the encoder tells it, and inside a "plus" adapter: one head of 64, as published."""


def image_encoder():
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(12)
    config = CLIPVisionConfig(
        hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, image_size=32, patch_size=8,
        projection_dim=EMBEDDING,
    )  # fmt: skip
    return CLIPVisionModelWithProjection(config).eval()


def whole():
    """What turns the whole picture's one vector into words."""
    return {
        "proj.weight": torch.randn(TOKENS * CROSS, EMBEDDING), "proj.bias": torch.randn(TOKENS * CROSS),
        "norm.weight": torch.ones(CROSS), "norm.bias": torch.zeros(CROSS),
    }  # fmt: skip


def plus():
    """What reads every patch, four times over, as the "plus" adapters are published."""

    def norm(name, width=INNER):
        return {f"{name}.weight": torch.ones(width), f"{name}.bias": torch.zeros(width)}

    state = {
        "latents": torch.randn(1, TOKENS, INNER), "proj_in.weight": torch.randn(INNER, PATCH) / 4,
        "proj_in.bias": torch.randn(INNER), "proj_out.weight": torch.randn(CROSS, INNER) / 8,
        "proj_out.bias": torch.randn(CROSS), **norm("norm_out", CROSS),
    }  # fmt: skip
    for layer in range(4):
        attention, feed = f"layers.{layer}.0", f"layers.{layer}.1"
        state |= norm(f"{attention}.norm1") | norm(f"{attention}.norm2") | norm(f"{feed}.0")
        state |= {f"{attention}.to_q.weight": torch.randn(INNER, INNER) / 8}
        state |= {f"{attention}.to_kv.weight": torch.randn(2 * INNER, INNER) / 8}
        state |= {f"{attention}.to_out.weight": torch.randn(INNER, INNER) / 8}
        state |= {f"{feed}.1.weight": torch.randn(4 * INNER, INNER) / 8}
        state |= {f"{feed}.3.weight": torch.randn(INNER, 4 * INNER) / 16}
    return state


def adapted(unet, projection):
    """The UNet with an adapter in it, from a state like those that are published."""
    torch.manual_seed(13)
    state, number = {}, 1
    for name, processor in unet.attn_processors.items():
        if "attn2" in name:
            width = unet.get_submodule(name.removesuffix(".processor")).to_k.out_features
            state |= {f"{number}.to_k_ip.weight": torch.randn(width, CROSS) / 4}
            state |= {f"{number}.to_v_ip.weight": torch.randn(width, CROSS)}
            number += 2
        assert processor
    unet._load_ip_adapter_weights([{"image_proj": projection(), "ip_adapter": state}])
    return unet.eval()


def heard(encoder, seen):
    """What an adapter for the whole picture hears of it, and of none: nothing."""
    look = encoder(seen).image_embeds.unsqueeze(1)
    return torch.cat([torch.zeros_like(look), look])


def heard_in_patches(encoder, seen):
    """What a "plus" adapter hears: the patches of the last layer but one, of a black picture where there is none."""
    both = torch.cat([torch.zeros_like(seen), seen])
    return encoder(both, output_hidden_states=True).hidden_states[-2].unsqueeze(1)


@pytest.fixture(scope="module", params=[(whole, heard), (plus, heard_in_patches)], ids=["whole", "plus"])
def sd_and_heard(request, tmp_path_factory):
    projection, hears = request.param
    parts = small.sd(tmp_path_factory.mktemp("sd") / "tokenizer")
    parts.unet = adapted(parts.unet, projection)
    return parts, hears


@pytest.fixture
def sd(sd_and_heard):
    return sd_and_heard[0]


def painted(sd, options=PLAIN, **changes):
    modules: Modules = modules_of(copy.deepcopy(sd), image_encoder=image_encoder())
    wish = request(sampling=Sampling(steps=4, sampler="ddim", guidance=3.0), **changes)
    return Painter(modules, options).paint([wish], never)[0].picture.astype(int)


def test_a_reference_changes_the_picture_by_its_look_and_weight(sd):
    none = painted(sd, reference=picture(20), reference_weight=0.0)
    some, other = painted(sd, reference=picture(20)), painted(sd, reference=picture(21))
    strong = painted(sd, reference=picture(20), reference_weight=1.2)
    pictures = [none, some, other, strong]
    for k, one in enumerate(pictures):
        for another in pictures[:k]:
            assert np.abs(one - another).mean() > 0.01


def test_the_embedding_is_what_clips_own_preparation_gives():
    from transformers import CLIPImageProcessor

    from imagegen.diffusion.look import _prepared

    reference = np.kron(picture(3, 32), np.ones((3, 4, 1), np.uint8))  # 96 x 128: the middle square is taken
    theirs = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    expected = theirs(reference, return_tensors="pt").pixel_values
    assert float((_prepared(reference, 32) - expected).abs().mean()) < 0.05


def test_a_reference_is_heard_as_diffusers_own_pipeline_hears_it(sd_and_heard):
    from PIL import Image

    from imagegen.diffusion.look import _prepared
    from tests.diffusion.test_painter_equality import SD, assert_equal, blending, ours, pipeline

    asked = request(
        sampling=Sampling(steps=4, sampler="ddim", guidance=3.0), reference=picture(20), reference_weight=0.7
    )
    (sd, hears), encoder = sd_and_heard, image_encoder()
    pipe = pipeline(SD, sd, "DDIMScheduler", unet=copy.deepcopy(sd.unet), image_encoder=encoder)
    pipe.set_ip_adapter_scale(0.7)
    noise = torch.randn((1, 4, 8, 8), generator=torch.Generator().manual_seed(asked.seed))
    with torch.inference_mode():
        look = hears(encoder, _prepared(asked.reference, 32))
        out = pipe(
            prompt=asked.words, negative_prompt=asked.unwanted, image=Image.fromarray(asked.picture),
            mask_image=Image.fromarray((255 * (1 - asked.keep)).astype(np.uint8)), height=64, width=64, strength=1.0,
            control_image=Image.fromarray(asked.controls["depth"]), num_inference_steps=4, guidance_scale=3.0,
            controlnet_conditioning_scale=1.0, generator=[torch.Generator().manual_seed(asked.seed)],
            ip_adapter_image_embeds=[look], output_type="latent",
            callback_on_step_end=blending(asked, sd, noise),
        ).images  # fmt: skip
        expected = pipe.vae.decode(out / pipe.vae.config.scaling_factor).sample
    assert_equal(ours(sd, asked, image_encoder=encoder), expected)


def test_fusion_leaves_layers_with_adapters_alone(sd):
    plain, fast = (painted(sd, options, reference=picture(20)) for options in (PLAIN, Options(device="cpu")))
    assert np.abs(plain - fast).max() <= 1
