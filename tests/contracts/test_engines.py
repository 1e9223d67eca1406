"""What every engine promises, asked of everything that is registered."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from imagegen.engines import ENGINES, load
from imagegen.errors import UnknownNameError
from imagegen.hull import carve
from imagegen.protocols import Settings, Staged
from imagegen.types import Draft, Front, Passes
from styles.library import default_library
from tests.renderer.rooms_of_boxes import CHAIR, chair_photo, placed, room

SOURCE_TYPES = {
    "algorithmicMedia",
    "compositeSynthetic",
    "compositeWithTrainedAlgorithmicMedia",
    "digitalCreation",
    "trainedAlgorithmicMedia",
}
"""Terms of IPTC's Digital Source Type vocabulary that may be true for a picture with made parts."""


@pytest.fixture(params=sorted(ENGINES))
def engine(request):
    return load(request.param)


@pytest.fixture(scope="module")
def staged_and_passes():
    cutout, pose = chair_photo(120)
    place = placed(pose, size=(64, 48), scale=0.3)
    hull = carve(cutout, pose, place, CHAIR)
    style = default_library().style("japandi")
    staged = Staged(
        CHAIR, style, SimpleNamespace(room_type="study"), cutout, pose, place, room(), hull, Settings(64, 48, 1)
    )
    grey = np.random.default_rng(0).random((48, 64, 3), np.float32) * np.float32(0.4)
    flat = np.ones((48, 64), np.float32)
    passes = Passes(grey, flat, grey, grey, flat.astype(np.uint8), grey, flat * 0)
    alpha = np.zeros((48, 64), np.float32)
    alpha[16:32, 24:40] = 1
    return staged, passes, Front(grey, alpha)


def test_names_versions_and_source_type_are_told(engine):
    assert load(engine.name).name == engine.name
    assert engine.version
    assert engine.source_type in SOURCE_TYPES


def test_draft_has_the_passes_size_in_display_light(engine, staged_and_passes):
    draft = engine.finish(*staged_and_passes, lambda stage, share: None)
    assert isinstance(draft, Draft)
    assert draft.picture.shape == staged_and_passes[1].picture.shape
    assert draft.picture.dtype == np.float32
    assert np.isfinite(draft.picture).all()
    assert draft.picture.min() >= 0
    assert draft.picture.max() <= 1
    assert draft.engine.startswith(engine.name)


def test_same_inputs_give_the_same_draft_and_are_left_alone(engine, staged_and_passes):
    before = staged_and_passes[1].picture.copy()
    first = engine.finish(*staged_and_passes, lambda stage, share: None)
    again = engine.finish(*staged_and_passes, lambda stage, share: None)
    np.testing.assert_array_equal(first.picture, again.picture)
    np.testing.assert_array_equal(staged_and_passes[1].picture, before)


def test_progress_rises_to_one(engine, staged_and_passes):
    shares = []
    engine.finish(*staged_and_passes, lambda stage, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_designers_exposure_makes_the_picture_brighter(engine, staged_and_passes):
    staged, *rest = staged_and_passes
    bright = replace(staged, settings=replace(staged.settings, exposure_ev=1.0))
    plain = engine.finish(staged, *rest, lambda stage, share: None).picture
    assert engine.finish(bright, *rest, lambda stage, share: None).picture.mean() > 1.5 * plain.mean()


def test_what_decides_its_pictures_can_be_written_down(engine, staged_and_passes):
    staged, *_ = staged_and_passes
    told = engine.decided(staged.style, staged.settings)
    assert json.loads(json.dumps(told)) == told


def test_unknown_name_is_refused_with_those_that_exist():
    with pytest.raises(UnknownNameError, match="render"):
        load("watercolour")
