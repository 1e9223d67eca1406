"""Deep features that serve several steps, and networks that are compiled."""

import copy

import numpy as np
import pytest
import torch

from imagegen.diffusion import reuse
from imagegen.diffusion.inputs import spoken
from imagegen.diffusion.networks import control, whole
from imagegen.diffusion.options import Options
from imagegen.diffusion.painter import Painter
from imagegen.diffusion.request import Sampling, Window
from imagegen.errors import BadRequestError
from tests.diffusion import small
from tests.diffusion.painting import modules_of, never, request

FAST = Options(device="cpu")


@pytest.fixture(scope="module")
def sd(tmp_path_factory):
    return small.sd(tmp_path_factory.mktemp("sd") / "tokenizer")


def nets(kind):
    """(UNet, ControlNet, inputs) of a kind, at a size that does not halve evenly."""
    torch.manual_seed(6)
    sizes = torch.tensor([[56, 56, 0, 0, 56, 56]] * 2).float()
    cross, extra, more = {
        "sd": (16, {}, {}),
        "sdxl": (48, small.SDXL_EXTRA, {"pooled": torch.randn(2, 32), "sizes": sizes}),
    }[kind]
    inputs = {
        "sample": torch.randn(2, 4, 7, 7),
        "time": torch.tensor([501.0]),
        "text": torch.randn(2, 9, cross),
        **more,
    }
    return small.unet(cross, 4, **extra), small.controlnet(cross, **extra), inputs


@pytest.mark.parametrize("kind", ["sd", "sdxl"])
@pytest.mark.parametrize("speaks", [True, False])
@torch.inference_mode()
def test_the_deep_call_says_what_the_network_says_and_the_shallow_one_repeats_it(kind, speaks):
    unet, net, inputs = nets(kind)
    condition = {"condition": torch.rand(2, 3, 56, 56)}
    said = control(net)({**inputs, **condition}) if speaks else ()
    plain = whole(unet)({**inputs, **spoken(said)})[0]
    noise, kept = reuse.deep(unet)({**inputs, **spoken(said)})
    assert torch.equal(noise, plain)
    outer = reuse.shallow_control(net)({**inputs, **condition}) if speaks else ()
    for a, b in zip(outer, said[: len(outer)], strict=True):
        assert torch.equal(a, b)
    assert len(outer) == (2 if speaks else 0)
    assert torch.equal(reuse.shallow(unet)({**inputs, **spoken(outer), "deep": kept})[0], plain)


def deeper():
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        in_channels=4, block_out_channels=(16, 32), layers_per_block=2, cross_attention_dim=16, norm_num_groups=4,
        attention_head_dim=2, down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    ).eval()  # fmt: skip


@torch.inference_mode()
def test_a_block_of_several_layers_is_cut_before_its_last_two():
    torch.manual_seed(6)
    unet = deeper()
    inputs = {"sample": torch.randn(1, 4, 8, 8), "time": torch.tensor([11.0]), "text": torch.randn(1, 9, 16)}
    noise, kept = reuse.deep(unet)(inputs)
    assert torch.equal(noise, whole(unet)(inputs)[0])
    assert torch.equal(reuse.shallow(unet)({**inputs, "deep": kept})[0], noise)


def painted(sd, **changes):
    wish = request(sampling=Sampling(steps=7, sampler="dpmpp", guidance=4.0, **changes), windows={"depth": Window(0.5)})
    return Painter(modules_of(copy.deepcopy(sd)), FAST).paint([wish], never)[0]


def test_reuse_of_one_is_no_reuse(sd):
    assert np.array_equal(painted(sd).picture, painted(sd, reuse=1).picture)
    assert painted(sd, reuse=1).notes["forwards"] == {"control-depth": 7, "unet": 7}


def test_reuse_of_three_runs_the_whole_networks_at_every_third_step(sd):
    (every, third) = painted(sd), painted(sd, reuse=3)
    assert third.notes["forwards"] == {
        "control-depth": 3, "control-shallow-depth": 4, "unet-deep": 3, "unet-shallow": 4,
    }  # fmt: skip
    assert "reuse_3" in third.notes["shortcuts"]
    assert not np.array_equal(every.picture, third.picture)


def test_features_of_both_halves_serve_one_and_those_of_one_do_not_serve_both(sd):
    falling, rising = painted(sd, reuse=4, guided=(0.0, 0.4)), painted(sd, reuse=4, guided=(0.4, 1.0))
    assert falling.notes["forwards"]["unet-deep"] == 2
    assert rising.notes["forwards"]["unet-deep"] == 3


def test_graphs_are_refused_without_a_gpu(sd):
    with pytest.raises(BadRequestError, match="CUDA graphs need a GPU"):
        Painter(modules_of(copy.deepcopy(sd)), Options(device="cpu", compiled="graphs"))


def test_a_compiled_call_gives_what_the_call_gives():
    from imagegen.diffusion.compiled import prepared

    layer = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.SiLU(), torch.nn.Linear(8, 4)).eval()

    def call(inputs):
        return (layer(inputs["sample"]) * inputs["time"],)

    inputs = {"sample": torch.randn(2, 4), "time": torch.tensor([3.0])}
    with torch.inference_mode():
        compiled = prepared(call, "inductor")
        assert torch.allclose(compiled(inputs)[0], call(inputs)[0], atol=1e-6)
    assert prepared(call, "off") is call
