"""What every engine promises, asked of everything that is registered."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from imagegen.diffusion.options import Equipment
from imagegen.engines import ENGINES, load
from imagegen.errors import UnknownNameError
from imagegen.hull import carve
from imagegen.protocols import Settings, Staged
from imagegen.types import Draft, Front, Mode, Passes
from styles.library import default_library
from tests.diffusion import checkpoints
from tests.renderer.rooms_of_boxes import CHAIR, chair_photo, placed, room

SOURCE_TYPES = {
    "algorithmicMedia",
    "compositeSynthetic",
    "compositeWithTrainedAlgorithmicMedia",
    "digitalCreation",
    "trainedAlgorithmicMedia",
}
"""Terms of IPTC's Digital Source Type vocabulary that may be true for a picture with made parts."""


PAINTED = [("diffusion", family, mode) for family in ("mini", "sd15", "sdxl") for mode in Mode]
"""Every family by every way of painting, on small nets with random weights."""
ASKED = [*((name, "", None) for name in sorted(ENGINES) if name != "diffusion"), *PAINTED]


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    for family in ("mini", "sd15", "sdxl"):
        checkpoints.own(family, folder)
    return folder


@pytest.fixture(scope="module", params=ASKED, ids=lambda asked: "-".join(map(str, filter(None, asked))))
def asked(request, mirror):
    """An engine with its equipment, and how it is to paint."""
    name, family, mode = request.param
    return load(name, Equipment(mirror, f"small-{family}") if family else None), mode


@pytest.fixture
def engine(asked):
    return asked[0]


@pytest.fixture(scope="module")
def parts(asked):
    """What an engine is handed: a room of noise with a grey product in it, two steps of painting."""
    cutout, pose = chair_photo(120)
    place = placed(pose, size=(64, 48), scale=0.3)
    hull = carve(cutout, pose, place, CHAIR)
    style = default_library().style("japandi").model_copy(update={"engines": {"diffusion": {"steps": 2}}})
    settings = Settings(64, 48, 1, mode=asked[1])
    room_page = SimpleNamespace(room_type="study")
    staged = Staged(CHAIR, style, room_page, cutout, pose, place, room(), hull, settings)
    grey = np.random.default_rng(0).random((48, 64, 3), np.float32) * np.float32(0.4)
    flat = np.ones((48, 64), np.float32)
    alpha = np.zeros((48, 64), np.float32)
    alpha[16:32, 24:40] = 1
    passes = Passes(grey, flat * 3, grey, grey, flat.astype(np.uint8), grey, alpha)
    return staged, passes, Front(grey, alpha, (CHAIR,))


@pytest.fixture(scope="module")
def made(asked, parts):
    """The draft, the shares of progress that were told, and the passes as they were before."""
    shares, before = [], parts[1].picture.copy()
    return asked[0].finish(*parts, lambda stage, share: shares.append(share)), shares, before


def test_names_versions_and_source_type_are_told(engine):
    assert load(engine.name).name == engine.name
    assert engine.version
    assert engine.source_type in SOURCE_TYPES


def test_draft_has_the_passes_size_in_display_light(engine, parts, made):
    draft, _, _ = made
    assert isinstance(draft, Draft)
    assert draft.picture.shape == parts[1].picture.shape
    assert draft.picture.dtype == np.float32
    assert np.isfinite(draft.picture).all()
    assert draft.picture.min() >= 0
    assert draft.picture.max() <= 1
    assert draft.engine.startswith(engine.name)


def test_same_inputs_give_the_same_draft_and_are_left_alone(engine, parts, made):
    first, _, before = made
    again = engine.finish(*parts, lambda stage, share: None)
    np.testing.assert_array_equal(first.picture, again.picture)
    np.testing.assert_array_equal(parts[1].picture, before)


def test_progress_rises_to_one(made):
    _, shares, _ = made
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_designers_exposure_makes_the_picture_brighter(engine, parts, made):
    staged, *rest = parts
    bright = replace(staged, settings=replace(staged.settings, exposure_ev=1.0))
    brighter = engine.finish(bright, *rest, lambda stage, share: None).picture
    assert brighter.mean() > 1.2 * made[0].picture.mean()


def test_what_decides_its_pictures_and_how_they_were_made_can_be_written_down(engine, parts, made):
    staged, *_ = parts
    told = engine.decided(staged.style, staged.settings)
    assert json.loads(json.dumps(told)) == told
    assert json.loads(json.dumps(made[0].notes)) is not None


def test_unknown_name_is_refused_with_those_that_exist():
    with pytest.raises(UnknownNameError, match="render"):
        load("watercolour")
