import json
import shutil
import socket

import pytest

from imagegen.diffusion import families, loading, store
from imagegen.diffusion.options import PLAIN, Equipment, Options
from imagegen.errors import BadWeightsError, MissingWeightsError
from tests.diffusion import checkpoints, small

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:(diffusers|transformers|torch|peft).*")

CPU = Options(device="cpu", dtype="float32")
FAMILIES = ["mini", "sd15", "sdxl", "sdxl-union"]
WEIGHTS = "diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    """Every family, written once; nobody changes it."""
    import torch

    torch.set_num_threads(1)  # the nets are so small that threads only wait for each other
    folder = tmp_path_factory.mktemp("mirror")
    for family in FAMILIES:
        checkpoints.write(family, folder, extras=family != "mini")
    return folder


@pytest.fixture
def sd15(mirror, tmp_path):
    """A copy of one family that may be spoilt."""
    return shutil.copytree(mirror / "sd15", tmp_path / "sd15")


@pytest.fixture
def no_network(monkeypatch):
    def closed(*_, **__):
        raise AssertionError("something opened a socket")

    monkeypatch.setattr(socket, "socket", closed)
    monkeypatch.setattr(socket, "create_connection", closed)
    monkeypatch.setattr(socket, "getaddrinfo", closed)


def load(folder, options=CPU, extras=None):
    return loading.load(checkpoints.spec(folder.name), folder, options, extras)


def refused(folder):
    with pytest.raises(BadWeightsError) as caught:
        load(folder)
    return caught.value.message


def change(folder, target, name="config.json", **values):
    """Change a part's config, and pin it so: what is refused then is not the hash."""
    file = folder / target / name
    file.write_text(json.dumps(json.loads(file.read_text()) | values))
    checkpoints.pin(folder.name, folder)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_loaded_whole_and_at_rest_with_the_sockets_closed(mirror, no_network, family):
    modules = load(mirror / family)
    spec = families.family(family)
    assert modules.family == family
    assert modules.weights_sha == store.weights_sha(checkpoints.spec(family), mirror / family)
    assert type(modules.unet).__name__ == "UNet2DConditionModel"
    assert tuple(type(encoder).__name__ for encoder in modules.encoders) == spec.encoders
    assert len(modules.tokenizers) == len(modules.encoders)
    assert set(modules.controls) == set(spec.controls)
    nets = [modules.unet, modules.vae, *modules.encoders, *modules.controls.values()]
    assert not any(net.training for net in nets)
    assert not any(weight.requires_grad for net in nets for weight in net.parameters())
    assert modules.scheduler.config.beta_schedule == "scaled_linear"
    assert len(modules.tokenizers[0]("a chair").input_ids) == 8


@pytest.mark.parametrize("name", sorted(families.family("sdxl-union").controls | families.family("mini").controls))
def test_a_control_says_how_many_channels_it_reads(mirror, name):
    family = {"union": "sdxl-union", "layout": "mini"}[name]
    control = load(mirror / family, extras=()).controls[name]
    assert control.config.conditioning_channels == families.family(family).controls[name].channels


def test_what_was_written_is_what_is_loaded(mirror):
    import torch

    for name, tensor in load(mirror / "sd15", extras=()).unet.state_dict().items():
        assert torch.equal(tensor, small.unet().state_dict()[name])
        break


def test_precision_and_layout_are_the_options(mirror):
    import torch

    modules = load(mirror / "sdxl", Options(device="cpu", dtype="bfloat16"))
    assert {modules.unet.dtype, modules.vae.dtype, modules.encoders[1].dtype} == {torch.bfloat16}
    assert modules.unet.conv_in.weight.is_contiguous(memory_format=torch.channels_last)
    plain = load(mirror / "sdxl", PLAIN)
    assert not plain.unet.conv_in.weight.is_contiguous(memory_format=torch.channels_last)


def test_auto_is_full_precision_on_a_machine_without_a_gpu(monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert (loading.device_of(Options()), loading.dtype_of(Options())) == ("cpu", torch.float32)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert (loading.device_of(Options()), loading.dtype_of(Options())) == ("cuda", torch.bfloat16)


@pytest.mark.parametrize(("dtype", "kept"), [("float16", "float32"), ("bfloat16", "bfloat16")])
def test_a_vae_that_overflows_in_half_precision_runs_in_full(mirror, dtype, kept):
    import torch

    modules = load(mirror / "sdxl", Options(device="cpu", dtype=dtype), extras=())
    assert modules.vae.dtype == getattr(torch, kept)
    assert modules.unet.dtype == getattr(torch, dtype)


def test_optional_parts_are_loaded_when_they_are_there_and_wanted(mirror, sd15):
    assert type(load(mirror / "sd15").preview_vae).__name__ == "AutoencoderTiny"
    assert load(mirror / "sd15", extras=()).preview_vae is None
    shutil.rmtree(sd15 / "preview_vae")
    shutil.rmtree(sd15 / "image_encoder")
    modules = load(sd15)
    assert modules.preview_vae is None
    assert modules.image_encoder is None
    assert modules.unet.encoder_hid_proj is None


def test_a_unet_with_the_reference_adapter_is_its_old_self_until_it_is_shown_a_picture(mirror):
    import torch

    plain, adapted = load(mirror / "sd15", extras=()), load(mirror / "sd15")
    assert type(adapted.image_encoder).__name__ == "CLIPVisionModelWithProjection"
    noise = torch.Generator().manual_seed(1)
    asked = (torch.randn(2, 9, 8, 8, generator=noise), torch.tensor(500), torch.randn(2, 77, 16, generator=noise))
    seen = adapted.image_encoder(torch.randn(2, 3, 32, 32, generator=noise)).image_embeds[:, None]
    with torch.no_grad():
        before = plain.unet(*asked).sample
        assert torch.equal(adapted.unet(*asked).sample, before)
        assert not torch.allclose(adapted.unet(*asked, added_cond_kwargs={"image_embeds": [seen]}).sample, before)


def test_an_adapter_of_another_unet_is_refused(sd15):
    from safetensors.torch import load_file, save_file

    weights = load_file(sd15 / "ip_adapter/ip_adapter.safetensors")
    save_file({k: v for k, v in weights.items() if "ip_adapter.3" not in k}, sd15 / "ip_adapter/ip_adapter.safetensors")
    checkpoints.pin("sd15", sd15)
    assert "'ip_adapter' of the model 'sd15' does not fit" in refused(sd15)


def test_a_union_reads_each_condition_by_its_type_and_takes_remembered_embeddings(mirror):
    import torch

    control = load(mirror / "sdxl-union", PLAIN, extras=()).controls["union"]
    noise = torch.Generator().manual_seed(2)
    pictures = torch.rand(2, 9, 64, 64, generator=noise)
    asked = (torch.randn(2, 4, 8, 8, generator=noise), torch.tensor(500), torch.randn(2, 77, 48, generator=noise))
    more = {"added_cond_kwargs": {"text_embeds": torch.randn(2, 32, generator=noise), "time_ids": torch.ones(2, 6)}}
    plain = small.union(**small.SDXL_EXTRA)
    spoken = torch.tensor([[0.0, 1, 0, 1, 0, 1]] * 2)
    with torch.no_grad():
        theirs = plain(
            *asked, controlnet_cond=list(torch.split(pictures, 3, dim=1)), control_type=spoken,
            control_type_idx=[1, 5, 3], return_dict=False, **more,
        )  # fmt: skip
        ours = control(*asked, controlnet_cond=pictures, return_dict=False, **more)
        embedded = control.controlnet_cond_embedding(pictures)
        control.controlnet_cond_embedding = torch.nn.Identity()
        remembered = control(*asked, controlnet_cond=embedded, return_dict=False, **more)
    for said in (ours, remembered):
        assert all(torch.equal(a, b) for a, b in zip(said[0], theirs[0], strict=True))
        assert torch.equal(said[1], theirs[1])


def test_the_resident_family_comes_from_the_machines_mirror(mirror):
    assert loading.resident(Equipment(models=mirror, family="mini", options=CPU)).family == "mini"


def test_the_real_family_refuses_weights_that_are_not_the_published_ones(mirror):
    with pytest.raises(BadWeightsError, match=r"family's page says"):
        loading.resident(Equipment(models=mirror, family="sd15", options=CPU))


def test_a_missing_file_is_told_with_the_command_that_gets_it(sd15):
    (sd15 / "controls/depth" / WEIGHTS).unlink()
    with pytest.raises(MissingWeightsError, match=f"controls/depth .{WEIGHTS}") as told:
        load(sd15)
    assert "imagegen models pull sd15" in told.value.hint


def test_a_family_that_is_not_here_is_told(tmp_path):
    with pytest.raises(MissingWeightsError):
        loading.resident(Equipment(models=tmp_path, family="sdxl"))


def test_a_file_that_was_changed_since_it_was_pinned_is_not_loaded(sd15):
    content = bytearray((sd15 / "vae" / WEIGHTS).read_bytes())
    content[-3] ^= 1
    (sd15 / "vae" / WEIGHTS).write_bytes(content)
    assert f"vae/{WEIGHTS} has the sha256" in refused(sd15)


def test_a_file_that_is_cut_off_is_not_loaded(sd15):
    content = (sd15 / "unet" / WEIGHTS).read_bytes()
    (sd15 / "unet" / WEIGHTS).write_bytes(content[:-100])
    checkpoints.pin("sd15", sd15)
    assert "cut off" in refused(sd15)


def test_a_pickle_beside_the_weights_is_refused(sd15):
    (sd15 / "unet/diffusion_pytorch_model.bin").write_bytes(b"\x80\x04}.")
    assert "pickle" in refused(sd15)


@pytest.mark.parametrize("values", [{"auto_map": {"AutoModel": "evil.Net"}}, {"_class_name": "EvilModel"}])
def test_a_config_that_asks_for_a_class_of_its_own_is_refused(sd15, values):
    change(sd15, "unet", **values)
    assert "code of its own" in refused(sd15) or "EvilModel" in refused(sd15)


def test_a_text_encoder_of_another_architecture_is_refused(sd15):
    change(sd15, "text_encoder", architectures=["LlamaForCausalLM"])
    assert "LlamaForCausalLM" in refused(sd15)


def test_a_scheduler_and_a_tokenizer_are_of_the_list_too(sd15):
    change(sd15, "tokenizer", "tokenizer_config.json", tokenizer_class="EvilTokenizer")
    assert "EvilTokenizer" in refused(sd15)
    change(sd15, "scheduler", "scheduler_config.json", _class_name="EvilScheduler")
    change(sd15, "tokenizer", "tokenizer_config.json", tokenizer_class="CLIPTokenizer")
    assert "EvilScheduler" in refused(sd15)


def test_a_tensor_that_is_not_in_the_file_is_never_made_up(sd15):
    from safetensors.torch import load_file, save_file

    weights = load_file(sd15 / "unet" / WEIGHTS)
    save_file({name: tensor for name, tensor in weights.items() if name != "conv_in.weight"}, sd15 / "unet" / WEIGHTS)
    checkpoints.pin("sd15", sd15)
    assert "'unet' of the model 'sd15' lacks conv_in.weight" in refused(sd15)


def test_a_text_encoder_with_holes_is_refused(sd15):
    from safetensors.torch import load_file, save_file

    file = sd15 / "text_encoder/model.safetensors"
    weights = load_file(file)
    save_file({name: tensor for name, tensor in weights.items() if "final_layer_norm" not in name}, file)
    checkpoints.pin("sd15", sd15)
    assert "'text_encoder' of the model 'sd15' lacks" in refused(sd15)


def test_weights_of_another_shape_are_refused(sd15):
    change(sd15, "unet", cross_attention_dim=32)
    assert "'unet' of the model 'sd15'" in refused(sd15)


def test_a_text_encoder_as_old_checkpoints_hold_it_is_loaded(sd15):
    """They keep each name below ``text_model`` and the positions, which are no weights."""
    import torch
    from safetensors.torch import load_file, save_file

    file = sd15 / "text_encoder/model.safetensors"
    before = load(sd15, extras=()).encoders[0].state_dict()
    old = {f"text_model.{name.removeprefix('text_model.')}": tensor for name, tensor in load_file(file).items()}
    save_file(old | {"text_model.embeddings.position_ids": torch.arange(77)[None]}, file)
    checkpoints.pin("sd15", sd15)
    after = load(sd15, extras=()).encoders[0].state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items())


@pytest.mark.parametrize(("target", "values"), [("unet", {"in_channels": 4}), ("controls/depth", {})])
def test_a_checkpoint_of_another_kind_is_refused(sd15, target, values):
    net = small.unet(in_channels=4) if values else small.controlnet(channels=6)
    net.save_pretrained(sd15 / target)
    checkpoints.pin("sd15", sd15)
    assert "channels instead of" in refused(sd15)
