import pytest

from imagegen.diffusion import families
from tests.diffusion.files import fill, pinned
from tests.diffusion.hubs import Shelf, serving
from workers.settings import get_settings

UNET = "unet/diffusion_pytorch_model.safetensors"

PAGE = """
name = "Tiny"
summary = "A family that exists in this test alone"
licence = "Apache-2.0"
licence_url = "https://www.apache.org/licenses/LICENSE-2.0"
inpaints = true
encoders = ["CLIPTextModel"]
native = [64, 64]
stride = 64
buckets = [[64, 64]]
sampling = { steps = 2 }
"""
PARTS = {
    "unet": ("config.json", "diffusion_pytorch_model.safetensors"),
    "vae": ("config.json",),
    "text_encoder": ("config.json",),
    "tokenizer": ("vocab.json", "merges.txt"),
    "scheduler": ("scheduler_config.json",),
    "preview_vae": ("config.json",),
}


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """A family of a page of its own, beside the project's: nothing is known of its files."""
    page = PAGE
    for target, names in PARTS.items():
        page += f'[parts.{target}]\nrepo = "us/tiny"\nsubfolder = "{target}"\nlicence = "Apache-2.0"\n'
        page += 'optional = true\npurpose = "previews"\n' if target == "preview_vae" else ""
        page += "files = { " + ", ".join(f'"{name}" = {{}}' for name in names) + " }\n"
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "tiny.toml").write_text(page)
    for file in families.PAGES.glob("*.toml"):
        (pages / file.name).write_text(file.read_text())
    monkeypatch.setattr(families, "PAGES", pages)
    families.families.cache_clear()
    yield families.family("tiny")
    families.families.cache_clear()


@pytest.fixture
def hub(tiny, tmp_path, monkeypatch):
    """A hub that has the family."""
    shelf = Shelf()
    shelf.add(tiny, fill(tiny, tmp_path / "upstream"))
    with serving(shelf):
        monkeypatch.setenv("IMAGEGEN_MODELS_URL", shelf.url)
        get_settings.cache_clear()
        yield shelf


def of(said, slug):
    return next(entry for entry in said.json if entry["slug"] == slug)


def test_every_model_is_listed_with_its_licence_and_what_is_here(cli, home):
    said = cli("models", "list", "--json")
    assert said.code == 0
    assert {entry["slug"] for entry in said.json} == set(families.families())
    entry = of(said, "sd15")
    assert entry["state"] == "missing"
    assert entry["missing"] == list(families.family("sd15").required)
    assert entry["folder"] == str(home / "var/models/sd15")
    assert entry["hint"] == "imagegen models pull sd15 --trust-first"
    assert of(said, "mini")["configured"]
    words = cli("models", "list").words
    assert "CreativeML OpenRAIL-M" in words
    assert "mini (configured)" in words


def test_a_pulled_model_is_whole_and_named_and_needs_no_trust_a_second_time(cli, hub, home):
    said = cli("models", "pull", "tiny", "--trust-first", "--json")
    assert said.code == 0, said.err
    assert UNET in said.json["fetched"]
    assert len(said.json["weights_sha"]) == 64
    again = cli("models", "pull", "tiny", "--json")
    assert again.json["fetched"] == []
    assert again.json["weights_sha"] == said.json["weights_sha"]
    told = of(cli("models", "list", "--json"), "tiny")
    assert told["state"] == "ok"
    assert told["extras"] == {"preview_vae": False}
    assert (home / "var/models/tiny/lock.toml").is_file()
    del hub


def test_a_pull_for_people_tells_where_and_under_which_licence(cli, hub):
    del hub
    said = cli("models", "pull", "tiny", "--trust-first", "--with-all")
    assert said.code == 0
    assert "8 files came; tiny is whole in" in said.err
    assert "Apache-2.0: https://www.apache.org" in said.err
    assert len(said.out.strip()) == 64


def test_hashes_that_nobody_knows_are_refused_with_2(cli, hub):
    said = cli("models", "pull", "tiny")
    assert said.code == 2
    assert "--trust-first" in said.err
    assert hub.asked == []


def test_an_unknown_model_or_part_is_refused_with_2(cli, tiny):
    del tiny
    assert cli("models", "pull", "dall-e").code == 2
    said = cli("models", "pull", "tiny", "--with", "upscaler", "--trust-first")
    assert said.code == 2
    assert "It has: preview_vae." in said.err


def test_a_hub_that_is_not_there_is_told_with_3(cli, tiny, monkeypatch):
    del tiny
    monkeypatch.setenv("IMAGEGEN_MODELS_URL", "http://127.0.0.1:9")
    get_settings.cache_clear()
    said = cli("models", "pull", "tiny", "--trust-first")
    assert said.code == 3
    assert "IMAGEGEN_MODELS_URL" in said.err


def test_models_that_are_what_they_were_verify(cli, tiny, home):
    pinned(tiny, home / "var/models/tiny")
    said = cli("models", "verify", "tiny", "--finite", "--json")
    assert said.code == 0
    assert [(entry["model"], entry["faults"]) for entry in said.json] == [("tiny", [])]
    assert "tiny" in [entry["model"] for entry in cli("models", "verify", "--json").json]


def test_a_spoilt_file_is_named_and_leaves_with_1(cli, tiny, home):
    folder = pinned(tiny, home / "var/models/tiny")
    (folder / UNET).write_bytes((folder / UNET).read_bytes()[:-4])
    said = cli("models", "verify", "tiny")
    assert said.code == 1
    assert UNET in said.out
    assert "bytes instead of" in said.out


def test_a_pickle_in_a_models_folder_is_refused_with_3(cli, tiny, home):
    folder = pinned(tiny, home / "var/models/tiny")
    (folder / "unet/pytorch_model.bin").write_bytes(b"\x80\x04}.")
    said = cli("models", "verify", "tiny")
    assert said.code == 3
    assert "pickle" in said.err


def test_a_model_that_is_not_here_cannot_be_verified(cli):
    said = cli("models", "verify", "sdxl")
    assert said.code == 3
    assert "imagegen models pull sdxl" in said.err


def test_weights_of_ones_own_are_pinned_by_name(cli, home):
    folder = home / "var/models/mini"
    for target in families.family("mini").parts:
        (folder / target).mkdir(parents=True)
        (folder / target / "config.json").write_text("{}")
    said = cli("models", "pin", "mini")
    assert said.code == 0
    assert cli("models", "verify", "mini", "--json").json[0]["weights_sha"] == said.out.strip()


def test_paths_are_printed_as_they_are(cli, home, monkeypatch):
    assert cli("models", "path").out.strip() == str(home / "var/models")
    assert cli("models", "path", "sdxl").out.strip() == str(home / "var/models/sdxl")
    monkeypatch.setenv("IMAGEGEN_MODELS_DIR", str(home / "elsewhere"))
    get_settings.cache_clear()
    assert cli("models", "path", "sd15").out.strip() == str(home / "elsewhere/sd15")


def doctor(cli):
    return next(found for found in cli("doctor", "--json").json if found["what"] == "model")


def test_the_doctor_tells_which_model_is_configured(cli, tiny, home, monkeypatch):
    monkeypatch.setenv("IMAGEGEN_MODEL", "tiny")
    get_settings.cache_clear()
    pinned(tiny, home / "var/models/tiny")
    assert doctor(cli)["told"] == f"tiny (Tiny) in {home / 'var/models/tiny'}"


def test_the_doctor_misses_a_model_that_the_engine_needs(cli, monkeypatch):
    monkeypatch.setenv("IMAGEGEN_MODEL", "sdxl")
    monkeypatch.setenv("IMAGEGEN_ENGINE", "diffusion")
    get_settings.cache_clear()
    found = doctor(cli)
    assert found["state"] == "missing"
    assert "imagegen models pull sdxl" in found["hint"]
