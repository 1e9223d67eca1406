"""The painter on small random networks: the same picture whatever the batch, the shortcut or the interruption."""

import copy
import gc
import weakref

import numpy as np
import pytest
import torch

from imagegen.diffusion.options import PLAIN, Options
from imagegen.diffusion.painter import Painter
from imagegen.diffusion.request import Sampling, Window
from imagegen.errors import (
    BadRequestError,
    CancelledError,
    MissingWeightsError,
    OutOfMemoryError,
    UnknownNameError,
)
from tests.diffusion import small
from tests.diffusion.painting import SIZE, modules_of, never, picture, request

FAST = Options(device="cpu")
STEPS = Sampling(steps=6, sampler="unipc", guidance=4.0)


@pytest.fixture(scope="module")
def sd(tmp_path_factory):
    return small.sd(tmp_path_factory.mktemp("sd") / "tokenizer")


@pytest.fixture(scope="module")
def sdxl(tmp_path_factory):
    return small.sdxl(tmp_path_factory.mktemp("sdxl") / "tokenizer")


def fresh(parts, **changes):
    return modules_of(copy.deepcopy(parts), **changes)


def latents_of(modules, options, *requests):
    """What the VAE is given in the end, before anything is rounded."""
    seen = []
    decode = modules.vae.decode
    modules.vae.decode = lambda latents: seen.append(latents.clone()) or decode(latents)
    paintings = Painter(modules, options).paint(requests, never)
    return torch.cat(seen), paintings


def assert_same_picture(a, b):
    assert np.abs(a.picture.astype(int) - b.picture).max() <= 1


def test_the_same_request_gives_the_same_picture_and_another_seed_another(sd):
    painter = Painter(fresh(sd), FAST)
    wish, other = request(1, sampling=STEPS), request(2, sampling=STEPS, picture=picture(1))
    first, again, differs = (painter.paint([each], never)[0] for each in (wish, wish, other))
    assert first.picture.shape == (SIZE, SIZE, 3)
    assert first.picture.dtype == np.uint8
    assert np.array_equal(first.picture, again.picture)
    assert not np.array_equal(first.picture, differs.picture)


@pytest.mark.parametrize("sampler", ["unipc", "lcm"])
def test_four_at_once_are_the_four_that_they_are_alone(sd, sampler):
    sampling = Sampling(steps=4, sampler=sampler, guidance=4.0)
    wishes = [
        request(
            number, words="oak " * number, sampling=sampling, windows={"depth": Window(0.3 * number)},
            keep=np.float32(np.random.default_rng(number).random((SIZE, SIZE)) > 0.5),
        )
        for number in (1, 2, 3, 4)
    ]  # fmt: skip
    painter = Painter(fresh(sd), FAST)
    together = painter.paint(wishes, never)
    for painting, wish in zip(together, wishes, strict=True):
        assert painting.notes["seed"] == wish.seed
        assert_same_picture(painting, painter.paint([wish], never)[0])


@pytest.mark.parametrize("option", ["skip_silent_controls", "cache_conditions"])
def test_what_need_not_run_changes_no_bit(sd, option):
    from dataclasses import replace

    window = {"depth": Window(0.8, 0.0, 0.5)}
    wish = request(sampling=STEPS, windows=window)
    plain, noted = latents_of(fresh(sd), PLAIN, wish)
    short, shorter = latents_of(fresh(sd), replace(PLAIN, **{option: True}), wish)
    assert torch.equal(plain, short)
    assert noted[0].notes["forwards"] == {"control-depth": 6, "unet": 6}
    assert shorter[0].notes["shortcuts"] == [option]
    if option == "skip_silent_controls":
        assert shorter[0].notes["forwards"] == {"control-depth": 3, "unet": 6}


def test_conditions_are_embedded_once_where_they_are_cached(sd):
    for options, times in ((FAST, 1), (PLAIN, 6)):
        modules, calls = fresh(sd), []
        embedding = modules.controls["depth"].controlnet_cond_embedding
        embedding.register_forward_hook(lambda *_, calls=calls: calls.append(1))
        Painter(modules, options).paint([request(sampling=STEPS)], never)
        assert len(calls) == times
        assert modules.controls["depth"].controlnet_cond_embedding is embedding


@pytest.mark.parametrize("option", ["channels_last", "fused_qkv"])
def test_layout_and_fusion_keep_the_picture(sdxl, option):
    from dataclasses import replace

    wish = request(sampling=STEPS)
    plain, _ = latents_of(fresh(sdxl), PLAIN, wish)
    short, noted = latents_of(fresh(sdxl), replace(PLAIN, **{option: True}), wish)
    assert torch.allclose(plain, short, atol=1e-4)
    assert noted[0].notes["shortcuts"] == [option]


def test_fusion_reaches_controlnets_and_follows_weights_that_are_copied_in(sd):
    from imagegen.diffusion.attention import attentions
    from imagegen.diffusion.fused import fuse

    net = copy.deepcopy(sd.controlnet)
    other = small.controlnet(seed=11)
    assert fuse(net) == 4
    assert fuse(net) == 0
    with torch.no_grad():
        own = dict(net.named_parameters())
        for name, weights in other.named_parameters():
            own[name].copy_(weights)
        given = torch.randn(1, 4, 8, 8), torch.tensor([5.0]), torch.randn(1, 7, 16), torch.rand(1, 3, 64, 64)
        for a, b in zip(net(*given, return_dict=False)[0], other(*given, return_dict=False)[0], strict=True):
            assert torch.allclose(a, b, atol=1e-5)
    for layer in attentions(net):
        whole = layer.to_kv if layer.is_cross_attention else layer.to_qkv
        assert layer.to_v.weight.untyped_storage().data_ptr() == whole.weight.untyped_storage().data_ptr()


def test_the_kernel_that_computes_attention_is_noted(sd):
    def noted(*order):
        options = Options(device="cpu", attention=order)
        return Painter(fresh(sd), options).paint([request()], never)[0].notes["attention"]

    assert noted("cudnn", "flash", "math") == "flash"
    assert noted("math") == "math"
    assert noted("xformers", "math") == "math"  # it has no kernel for a CPU
    assert noted() == "default"
    with pytest.raises(UnknownNameError, match="cudnn, flash"):
        noted("magic")


def test_notes_tell_how_a_picture_was_made(sd):
    sampling = Sampling(steps=5, sampler="dpmpp", guidance=3.0, guided=(0.0, 0.6))
    (painting,) = Painter(fresh(sd), FAST).paint([request(7, sampling=sampling, strength=0.8)], never)
    notes = dict(painting.notes)
    assert notes.pop("seconds_per_step") > 0
    assert notes.pop("seconds") > 0
    assert 0 < notes.pop("tflop") < 0.01
    assert notes == {
        "sampler": "dpmpp", "steps": 4, "forwards": {"control-depth": 4, "unet": 4}, "attention": "flash",
        "device": "cpu", "dtype": "float32", "batch": 1, "seed": 7,
        "shortcuts": ["channels_last", "fused_qkv", "skip_silent_controls", "cache_conditions", "guidance_interval"],
    }  # fmt: skip


def test_progress_is_told_after_every_step(sd):
    told = []
    Painter(fresh(sd), FAST).paint([request(sampling=STEPS)], lambda done, steps: told.append((done, steps)))
    assert told == [(done, 6) for done in range(1, 7)]


def watched(modules):
    """Weak references to everything that the UNet is given or says."""
    alive = []

    def hook(_net, given, kwargs, said):
        tensors = [*given, *said, kwargs["encoder_hidden_states"], *(kwargs["down_block_additional_residuals"] or ())]
        alive.extend(weakref.ref(tensor) for tensor in tensors)

    modules.unet.register_forward_hook(hook, with_kwargs=True)
    return alive


def test_cancelling_between_steps_leaves_nothing_behind(sd):
    modules = fresh(sd)
    alive = watched(modules)
    painter = Painter(modules, FAST)

    def stop(done, _steps):
        if done == 2:
            raise CancelledError("Somebody asked to stop.")

    with pytest.raises(CancelledError) as caught:
        painter.paint([request(sampling=STEPS), request(2, sampling=STEPS)], stop)
    assert len(alive) > 10
    assert [ref for ref in alive if ref() is not None] == []
    assert caught.value is not None
    again, untouched = (each.paint([request()], never)[0] for each in (painter, Painter(fresh(sd), FAST)))
    assert np.array_equal(again.picture, untouched.picture)


def test_running_out_of_memory_can_be_tried_again_with_less(sd):
    modules = fresh(sd)
    alive = watched(modules)

    def full(net, given, _kwargs):
        if len(given[0]) > 2 and len(alive) > 10:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.\nMore about it.")

    modules.unet.register_forward_pre_hook(full, with_kwargs=True)
    painter = Painter(modules, FAST)
    with pytest.raises(OutOfMemoryError, match=r"2 pictures of 64 x 64 do not fit: .*2 GiB\. Paint fewer") as caught:
        painter.paint([request(sampling=STEPS), request(2, sampling=STEPS)], never)
    assert caught.value.retryable
    assert caught.value.__context__ is None
    assert len(alive) > 10
    assert [ref for ref in alive if ref() is not None] == []
    assert painter.paint([request(sampling=STEPS)], never)


def test_nothing_is_left_of_a_painting_but_the_pictures(sd):
    modules = fresh(sd)
    alive = watched(modules)
    paintings = Painter(modules, PLAIN).paint([request()], never)
    gc.collect()
    assert paintings
    assert [ref for ref in alive if ref() is not None] == []


def test_kept_everywhere_the_vaes_own_picture_comes_back(sd):
    wish = request(keep=np.ones((SIZE, SIZE), np.float32), sampling=STEPS)
    (painting,) = Painter(fresh(sd), FAST).paint([wish], never)
    with torch.inference_mode():
        pixels = torch.from_numpy(wish.picture / 127.5 - 1).permute(2, 0, 1)[None].float()
        shown = sd.vae.decode(sd.vae.encode(pixels).latent_dist.mode()).sample
    expected = ((shown[0] / 2 + 0.5).clamp(0, 1) * 255).round().permute(1, 2, 0).numpy()
    assert np.abs(painting.picture - expected).max() <= 1


def test_requests_of_different_keys_are_not_painted_together(sd):
    with pytest.raises(BadRequestError, match="same key"):
        Painter(fresh(sd), FAST).paint([request(), request(strength=0.5)], never)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"sampling": Sampling(sampler="magic")}, UnknownNameError, "no sampler 'magic'"),
        ({"controls": {"edges": picture(1)}}, MissingWeightsError, "no ControlNet 'edges'"),
        ({"controls": {"depth": picture(1, 32)}}, BadRequestError, r"\(32, 32, 3\), not \(64, 64, 3\)"),
        ({"words": "oak " * 60}, BadRequestError, "tokens too long"),
        ({"picture": picture(1)[:60], "keep": np.zeros((60, 64), np.float32)}, BadRequestError, "multiples of 8"),
        ({"reference": picture(1)}, MissingWeightsError, "image encoder"),
    ],
)
def test_what_cannot_be_painted_is_refused_in_words(sd, changes, error, words):
    with pytest.raises(error, match=words):
        Painter(fresh(sd), FAST).paint([request(**changes)], never)


def test_previews_are_shown_and_change_nothing(sd):
    from diffusers import AutoencoderTiny

    torch.manual_seed(4)
    channels = (8, 8, 8, 8)
    tiny = AutoencoderTiny(encoder_block_out_channels=channels, decoder_block_out_channels=channels).eval()
    shown = []
    painter = Painter(fresh(sd, preview_vae=tiny), FAST, show=lambda done, pictures: shown.append((done, pictures)))
    wish = request(sampling=STEPS)
    (painting,) = painter.paint([wish], never)
    ((done, (preview,)),) = shown
    assert done == 5
    assert preview.shape == (SIZE, SIZE, 3)
    assert np.array_equal(painting.picture, Painter(fresh(sd), FAST).paint([wish], never)[0].picture)


def test_a_warmed_painter_paints_what_it_would_have_painted_cold(sd):
    warm, wish = Painter(fresh(sd), FAST), request(sampling=STEPS)
    warm.warm(request(5, sampling=STEPS), [1, 2])
    assert np.array_equal(
        warm.paint([wish], never)[0].picture, Painter(fresh(sd), FAST).paint([wish], never)[0].picture
    )


def test_networks_in_half_precision_paint_on_a_cpu_too(sdxl):
    (painting,) = Painter(fresh(sdxl), Options(device="cpu", dtype="bfloat16")).paint([request()], never)
    assert painting.notes["dtype"] == "bfloat16"
    assert painting.picture.std() > 0
