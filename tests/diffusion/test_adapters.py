import json
from functools import partial

import pytest
import torch
from diffusers import StableDiffusionInpaintPipeline, StableDiffusionXLInpaintPipeline
from peft import LoraConfig, get_peft_model_state_dict
from safetensors.torch import load_file, save_file

from imagegen.diffusion.adapters import Adapter, Bank
from imagegen.diffusion.modules import Modules
from imagegen.errors import BadWeightsError, MissingWeightsError, UnknownNameError
from tests.diffusion import small

TARGETS = ["to_q", "to_k", "to_v", "to_out.0", "conv1", "proj_in"]


def modules_of(parts, encoders=("text_encoder",)):
    return Modules(
        "small", parts.unet, parts.vae, (parts.tokenizer,), tuple(getattr(parts, name) for name in encoders),
        parts.scheduler,
    )  # fmt: skip


def adapted(net, targets, seed, **config):
    """A peft adapter on a net, with random numbers in both halves."""
    given = {"r": 4, "lora_alpha": 4, "target_modules": targets, "init_lora_weights": "gaussian"} | config
    net.add_adapter(LoraConfig(**given))
    torch.manual_seed(seed)
    for name, weight in net.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight, std=0.2)
    return get_peft_model_state_dict(net), net.peft_config["default"].to_dict()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("adapters")


@pytest.fixture(scope="module")
def build(folder):
    """A new set of the same small nets: their weights hang on seeds."""
    return partial(small.sd, folder / "tokenizer")


@pytest.fixture(scope="module")
def loras(folder, build):
    """Adapters as diffusers saves them: of the UNet alone, with alphas, and of the text encoder as well."""
    made = {}
    for seed, (name, config, metadata) in enumerate([
        ("plain", {}, False),
        ("alpha", {"r": 2, "lora_alpha": 7, "alpha_pattern": {"to_q": 3}, "rank_pattern": {"to_q": 5}}, True),
        ("rs", {"r": 4, "lora_alpha": 3, "use_rslora": True}, True),
    ]):  # fmt: skip
        state, told = adapted(build().unet, TARGETS, seed, **config)
        told["target_modules"] = sorted(told["target_modules"])
        StableDiffusionInpaintPipeline.save_lora_weights(
            folder / name, unet_lora_layers=state, unet_lora_adapter_metadata=told if metadata else None
        )
        made[name] = folder / name / "pytorch_lora_weights.safetensors"
    parts = build()
    unet, _ = adapted(parts.unet, ["to_q"], 7)
    text, _ = adapted(parts.text_encoder, ["q_proj", "v_proj"], 8)
    StableDiffusionInpaintPipeline.save_lora_weights(
        folder / "words", unet_lora_layers=unet, text_encoder_lora_layers=text
    )
    return made | {"words": folder / "words" / "pytorch_lora_weights.safetensors"}


@torch.no_grad()
def heard(modules):
    """What the nets say to one input each."""
    torch.manual_seed(5)
    ids = torch.randint(0, 150, (2, 77))
    said = modules.encoders[0](ids).last_hidden_state
    latents = torch.randn(2, modules.unet.config.in_channels, 8, 8)
    return modules.unet(latents, torch.tensor([500, 20]), said).sample, said


def state(modules):
    return {
        f"{number}.{name}": tensor.clone()
        for number, net in enumerate((modules.unet, *modules.encoders))
        for name, tensor in net.state_dict().items()
    }


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def addresses(modules):
    return {name: tensor.data_ptr() for name, tensor in modules.unet.state_dict(keep_vars=True).items()}


def fused_by_diffusers(parts, file, scale):
    pipe = StableDiffusionInpaintPipeline(
        vae=parts.vae, text_encoder=parts.text_encoder, tokenizer=parts.tokenizer, unet=parts.unet,
        scheduler=parts.scheduler, safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip
    pipe.load_lora_weights(file.parent, weight_name=file.name)
    pipe.fuse_lora(components=["unet", "text_encoder"], lora_scale=scale)
    return modules_of(parts)


@pytest.mark.parametrize("name", ["plain", "alpha", "rs", "words"])
@pytest.mark.parametrize("scale", [1.0, 0.6])
def test_a_worn_style_says_what_diffusers_own_loading_and_fusing_says(build, loras, name, scale):
    theirs = heard(fused_by_diffusers(build(), loras[name], scale))
    modules = modules_of(build())
    plain = heard(modules)
    Bank(modules, {"a": [Adapter(loras[name], scale)]}).switch("a")
    ours = heard(modules)
    assert not torch.allclose(ours[0], plain[0], atol=1e-3)
    assert torch.equal(ours[1], plain[1]) == (name != "words")
    for own, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(own, other, atol=2e-5, rtol=1e-4)


def test_a_style_of_the_second_text_encoder_is_worn_too(folder):
    parts = small.sdxl(folder / "xl-tokenizer")
    layers, _ = adapted(parts.text_encoder_2, ["q_proj"], 3)
    unet, _ = adapted(parts.unet, ["to_q"], 4)
    StableDiffusionXLInpaintPipeline.save_lora_weights(
        folder / "xl", unet_lora_layers=unet, text_encoder_2_lora_layers=layers
    )
    modules = modules_of(small.sdxl(folder / "xl-tokenizer"), ("text_encoder", "text_encoder_2"))
    before = state(modules)
    bank = Bank(modules, {"a": [Adapter(folder / "xl" / "pytorch_lora_weights.safetensors")]})
    bank.switch("a")
    changed = {
        name.partition(".")[0] for name, tensor in state(modules).items() if not torch.equal(tensor, before[name])
    }
    assert changed == {"0", "2"}


@pytest.mark.parametrize("budget", [0, 60_000, 1 << 30], ids=["nothing kept", "one kept", "all kept"])
def test_styles_in_any_order_leave_no_trace_and_move_no_weight(build, loras, budget):
    modules = modules_of(build())
    before, where = state(modules), addresses(modules)
    bank = Bank(modules, {name: [Adapter(file)] for name, file in loras.items()}, budget=budget)
    worn = {}
    for style in ("plain", "words", "", "alpha", "plain", "rs", "words", "alpha", ""):
        bank.switch(style)
        assert bank.style == style
        assert bank.kept_bytes <= budget
        now = state(modules)
        assert same(now, worn.setdefault(style, now))
    assert same(state(modules), before)
    assert addresses(modules) == where
    assert not same(worn["plain"], before)


def test_a_half_precision_model_comes_back_to_its_very_bits(build, loras):
    parts = build()
    parts.unet.to(torch.bfloat16).to(memory_format=torch.channels_last)
    modules = modules_of(parts)
    before = state(modules)
    bank = Bank(modules, {"a": [Adapter(loras["alpha"])]})
    bank.switch("a")
    assert not same(state(modules), before)
    bank.switch("")
    assert same(state(modules), before)


def test_adapters_of_one_style_add_up(build, loras):
    both, one = modules_of(build()), modules_of(build())
    Bank(both, {"a": [Adapter(loras["plain"]), Adapter(loras["plain"], 0.5)]}).switch("a")
    Bank(one, {"a": [Adapter(loras["plain"], 1.5)]}).switch("a")
    torch.testing.assert_close(heard(both)[0], heard(one)[0], atol=2e-5, rtol=1e-4)


def test_projections_that_were_fused_wear_the_style_as_well(build, loras):
    fused, plain = modules_of(build()), modules_of(build())
    fused.unet.fuse_qkv_projections()
    before = state(fused)
    bank = Bank(fused, {"a": [Adapter(loras["alpha"])]})
    bank.switch("a")
    Bank(plain, {"a": [Adapter(loras["alpha"])]}).switch("a")
    torch.testing.assert_close(heard(fused)[0], heard(plain)[0], atol=2e-5, rtol=1e-4)
    bank.switch("")
    assert same(state(fused), before)


def test_a_style_nobody_knows_is_told_with_those_that_are(build, loras):
    bank = Bank(modules_of(build()), {"calm": [Adapter(loras["plain"])]})
    with pytest.raises(UnknownNameError, match="calm"):
        bank.switch("loud")


FIRST = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight"


def changed(key, tensor):
    return lambda held: held | {key: tensor}


def renamed(held):
    return {name.replace("down_blocks.1", "down_blocks.9"): tensor for name, tensor in held.items()}


SPOILT = {
    "a layer that is not there": (renamed, "has not"),
    "a name that is not known": (changed("unet.x.hada_w1_a", torch.zeros(2, 2)), "hada_w1_a"),
    "half of a pair": (lambda held: {n: t for n, t in held.items() if n != FIRST}, "half of"),
    "another rank": (changed(FIRST, torch.zeros(3, 32)), "do not multiply"),
    "another width": (changed(FIRST, torch.zeros(4, 48)), "does not fit"),
    "no dimensions": (changed(FIRST, torch.zeros(128)), "do not multiply"),
    "no number": (changed(FIRST, torch.full((4, 32), float("nan"))), "no finite"),
    "whole numbers": (changed(FIRST, torch.zeros(4, 32, dtype=torch.int64)), "whole numbers"),
    "nothing": (lambda _: {}, "no tensors"),
}


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_file_that_is_no_lora_of_the_model_is_refused_and_changes_nothing(build, loras, tmp_path, spoil):
    work, told = SPOILT[spoil]
    save_file({n: t.contiguous() for n, t in work(load_file(loras["plain"])).items()}, tmp_path / "bad.safetensors")
    modules = modules_of(build())
    bank = Bank(modules, {"good": [Adapter(loras["alpha"])], "bad": [Adapter(tmp_path / "bad.safetensors")]})
    bank.switch("good")
    before = state(modules)
    with pytest.raises(BadWeightsError, match=told):
        bank.switch("bad")
    assert same(state(modules), before)
    assert bank.style == "good"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("{", "not JSON"),
        ("[]", "not a table"),
        ({"unet.lora_alpha": "big"}, "no number"),
        ({"unet.alpha_pattern": {"(a+)+$": 1}}, "no name"),
        ({"unet.use_dora": True}, "DoRA"),
    ],
)
def test_a_header_that_makes_no_sense_is_refused(build, loras, tmp_path, told, why):
    words = told if isinstance(told, str) else json.dumps(told)
    save_file(load_file(loras["plain"]), tmp_path / "bad.safetensors", {"lora_adapter_metadata": words})
    with pytest.raises(BadWeightsError, match=why):
        Bank(modules_of(build()), {"a": [Adapter(tmp_path / "bad.safetensors")]}).switch("a")


def test_a_pickle_is_never_opened_and_a_file_that_is_cut_off_is_refused(build, loras, tmp_path):
    torch.save({"a": torch.zeros(1)}, tmp_path / "lora.bin")
    whole = loras["plain"].read_bytes()
    (tmp_path / "cut.safetensors").write_bytes(whole[:-9])
    (tmp_path / "renamed.safetensors").write_bytes((tmp_path / "lora.bin").read_bytes())
    dressed = {name: [Adapter(tmp_path / name)] for name in ("lora.bin", "cut.safetensors", "renamed.safetensors")}
    bank = Bank(modules_of(build()), dressed | {"gone": [Adapter(tmp_path / "gone.safetensors")]})
    for name in dressed:
        with pytest.raises(BadWeightsError, match=name):
            bank.switch(name)
    with pytest.raises(MissingWeightsError, match="gone"):
        bank.switch("gone")


def test_what_interrupts_the_copying_leaves_the_model_plain(build, loras):
    modules = modules_of(build())
    before = state(modules)
    bank = Bank(modules, {name: [Adapter(loras[name])] for name in ("plain", "alpha")})
    bank.switch("alpha")
    bank.switch("plain")
    last = next(reversed(bank._kept["alpha"]))
    bank._kept["alpha"][last] = torch.zeros(1, 2, 3)
    with pytest.raises(RuntimeError):
        bank.switch("alpha")
    assert same(state(modules), before)
    assert bank.style == ""
