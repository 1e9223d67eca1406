import math
import tomllib
from dataclasses import fields

import pytest
from pydantic import ValidationError

from imagegen.diffusion import families
from imagegen.errors import BadWeightsError, UnknownNameError

ALL = families.families()

PAGE = """
name = "Own"
summary = "A checkpoint of one's own"
licence = "Apache-2.0"
licence_url = "https://www.apache.org/licenses/LICENSE-2.0"
bundled = true
inpaints = true
encoders = ["CLIPTextModel"]
native = [512, 512]
stride = 64
buckets = [[512, 512], [768, 512], [512, 768]]
sampling = { steps = 20, guidance = 5.0 }
[controls.depth]
reads = ["depth"]
[parts]
unet = { licence = "-" }
vae = { licence = "-" }
text_encoder = { licence = "-" }
tokenizer = { licence = "-" }
scheduler = { licence = "-" }
"controls/depth" = { licence = "-" }
"""


def own(tmp_path, text=PAGE, slug="own"):
    file = tmp_path / f"{slug}.toml"
    file.write_text(text)
    return families.read(file)


@pytest.mark.parametrize("spec", ALL.values(), ids=ALL.keys())
def test_every_family_says_what_it_is_and_under_which_licence(spec):
    assert spec.slug in ALL
    assert len(spec.summary) > 30
    assert spec.licence
    assert spec.licence_url.startswith("https://")
    assert all(part.licence for part in spec.parts.values())


@pytest.mark.parametrize("spec", ALL.values(), ids=ALL.keys())
def test_every_familys_buckets_are_near_its_native_size_and_of_all_shapes(spec):
    area = math.prod(spec.native)
    assert all(0.7 * area <= math.prod(size) <= 1.75 * area for size in spec.buckets)
    shapes = {width / height for width, height in spec.buckets}
    assert 1.0 in shapes
    assert max(shapes) >= 1.49
    assert all(side % spec.stride == 0 for size in spec.buckets for side in size)


@pytest.mark.parametrize("spec", ALL.values(), ids=ALL.keys())
def test_every_family_is_sampled_by_a_known_way_and_each_control_speaks_at_first(spec):
    assert 1 <= spec.sampling.steps <= 50
    assert spec.sampling.guidance >= 1.0
    assert spec.controls
    for control in spec.controls.values():
        assert control.window.at(0.0) > 0.0
        assert control.channels == 3 * len(control.reads)


@pytest.mark.parametrize("spec", [spec for spec in ALL.values() if not spec.bundled], ids=lambda spec: spec.slug)
def test_every_large_file_that_is_required_is_pinned_by_commit_and_hash(spec):
    for target in spec.required:
        part = spec.parts[target]
        assert len(part.revision) == 40, target
        large = [name for name in part.files if name.endswith(".safetensors")]
        assert all(part.files[name].sha256 for name in large), target
        assert target.startswith(("tokenizer", "scheduler")) or large, target


@pytest.mark.parametrize("spec", ALL.values(), ids=ALL.keys())
def test_every_familys_files_are_safetensors_or_words(spec):
    named = [name for part in spec.parts.values() for name in part.files]
    assert all(name.endswith((".safetensors", ".json", ".txt")) for name in named)
    assert all(part.purpose for part in spec.parts.values() if part.optional)


def test_families_of_one_base_share_its_files_and_differ_in_their_controlnets():
    plain, union = families.family("sdxl"), families.family("sdxl-union")
    assert union.parts["unet"] == plain.parts["unet"]
    assert set(plain.controls) == {"depth"}
    assert set(union.controls) == {"union"}
    assert "controls/depth" not in union.parts


def test_a_control_with_two_conditions_reads_the_channels_of_both():
    assert families.family("mini").controls["layout"].channels == 6


def test_an_unknown_model_is_refused_with_those_that_exist():
    with pytest.raises(UnknownNameError, match=r"no model 'dall-e'.*sd15"):
        families.family("dall-e")


def test_a_new_page_is_a_new_family_without_any_code(tmp_path):
    spec = own(tmp_path)
    assert spec.slug == "own"
    assert spec.text_parts == (("tokenizer", "text_encoder"),)
    assert spec.sampling.steps == 20


def test_a_page_cannot_be_changed_once_it_is_read(tmp_path):
    with pytest.raises(ValidationError):
        own(tmp_path).slug = "other"


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('name = "Own"', 'name = "Own"\ncolour = "red"', "colour"),
        ("[512, 768]]", "]", "other orientation"),
        ("[768, 512]", "[770, 512]", "no multiple of 64"),
        ("native = [512, 512]", "native = [640, 512]", "not one of the buckets"),
        ('unet = { licence = "-" }', "", "no part 'unet'"),
        ('"controls/depth"', '"controls/lines"', "no part 'controls/depth'"),
        ('reads = ["depth"]', 'reads = ["depth", "depth"]', "twice"),
        ('reads = ["depth"]', 'reads = ["smell"]', "controls.depth.reads"),
        ('reads = ["depth"]', 'reads = ["depth"]\nkind = "ControlNetUnionModel"', "type of each condition"),
        ('reads = ["depth"]', 'reads = ["depth"]\nwindow = { start = 0.5, end = 0.5 }', "share of the steps"),
        ('reads = ["depth"]', 'reads = ["depth"]\nwindow = { strength = 2 }', "window"),
        ("guidance = 5.0", 'guidance = "much"', "sampling.guidance"),
        ('vae = { licence = "-" }', 'vae = { licence = "-", optional = true }', "what it is for"),
        ('vae = { licence = "-" }', 'vae = { licence = "-", repo = "a/b" }', "names its files"),
        ("scheduler = {", '"../scheduler" = {', "plain path"),
        (
            'vae = { licence = "-" }',
            'vae = { licence = "-", repo = "a/b", files = { "model.bin" = {} } }',
            "neither safetensors",
        ),
        (
            'vae = { licence = "-" }',
            'vae = { licence = "-", repo = "a/b", files = { "../x.json" = {} } }',
            "plain path",
        ),
        ("inpaints = true", 'inpaints = true\nlike = "nobody"', "like 'nobody'"),
    ],
)  # fmt: skip
def test_a_page_that_makes_no_sense_is_refused_with_the_reason(tmp_path, was, becomes, told):
    assert was in PAGE
    with pytest.raises(BadWeightsError) as refused:
        own(tmp_path, PAGE.replace(was, becomes, 1))
    assert told in refused.value.message


def test_a_page_that_is_no_toml_is_refused_with_the_file(tmp_path):
    with pytest.raises(BadWeightsError, match="not TOML") as refused:
        own(tmp_path, "name = ")
    assert refused.value.where.endswith("own.toml")


def test_a_page_says_nothing_that_its_sampling_does_not_know():
    known = {field.name for field in fields(families.Sampling)}
    for page in families.PAGES.glob("*.toml"):
        said = tomllib.loads(page.read_text())
        assert set(said.get("sampling", {})) <= known


def test_a_mirror_brings_families_of_its_own(tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "family.toml").write_text(
        'like = "sd15"\nname = "Ours"\n[parts]\nunet = { licence = "ours" }\n'
    )
    ours = families.family("ours", tmp_path)
    assert (ours.slug, ours.name, ours.native) == ("ours", "Ours", families.family("sd15").native)
    assert not ours.parts["unet"].repo
    assert list(families.known(tmp_path)) == [*families.families(), "ours"]
    with pytest.raises(UnknownNameError, match="ours"):
        families.family("theirs", tmp_path)
