"""What every cutter promises, asked of everything that is registered."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagegen.cutouts import CUTTERS
from imagegen.cutouts.matting_model import MattingModelCutter
from imagegen.errors import NotAPackshotError
from imagegen.images import decode
from imagegen.types import Cutout, Photo
from tests.cutouts.models import write_model
from tests.cutouts.packshots import packshot

DATA, TRUTH = packshot("chair", (60, 45, 35), shadow=0)


@pytest.fixture(scope="module", params=CUTTERS)
def cutter(request, tmp_path_factory):
    kind = CUTTERS[request.param]
    return kind(write_model(tmp_path_factory.mktemp("weights") / "m.onnx")) if kind is MattingModelCutter else kind()


@pytest.fixture(scope="module")
def photo(cutter):
    plain = decode(DATA)
    return Photo(plain.colour, TRUTH if cutter.name == "alpha" else None, plain.sha256)


def test_names_are_those_of_the_registry(cutter):
    assert CUTTERS[cutter.name] is type(cutter)
    assert cutter.version


def test_photo_that_suits_is_accepted_and_cut(cutter, photo):
    assert cutter.accepts(photo)
    cutout = cutter.cut(photo)
    assert isinstance(cutout, Cutout)
    assert cutout.colour.shape == photo.colour.shape
    assert cutout.alpha.shape == photo.colour.shape[:2]
    assert cutout.colour.dtype == cutout.alpha.dtype == np.float32
    assert 0 <= cutout.alpha.min() <= cutout.alpha.max() <= 1
    assert np.isfinite(cutout.colour).all()
    assert 0 <= cutout.colour.min() <= cutout.colour.max() <= 1
    assert cutout.method.startswith(cutter.name)
    assert np.minimum(cutout.alpha, TRUTH).sum() / np.maximum(cutout.alpha, TRUTH).sum() > 0.9


def test_solid_pixels_keep_the_photos_own_colour(cutter, photo):
    cutout = cutter.cut(photo)
    solid = cutout.alpha == 1
    np.testing.assert_array_equal(cutout.colour[solid], photo.colour[solid])


def test_photo_is_left_as_it_was(cutter, photo):
    before = photo.colour.copy()
    cutter.cut(photo)
    np.testing.assert_array_equal(photo.colour, before)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["noise", "flat", "blocks", "black"]), st.integers(64, 130))
def test_whatever_the_photo_it_is_cut_or_refused(cutter, seed, kind, width):
    rng = np.random.default_rng(seed)
    colour = {
        "noise": lambda: rng.random((90, width, 3)),
        "flat": lambda: np.full((90, width, 3), rng.random()),
        "blocks": lambda: rng.random((9, -(-width // 10), 3)).repeat(10, 0).repeat(10, 1)[:, :width],
        "black": lambda: np.zeros((90, width, 3)),
    }[kind]()
    alpha = (rng.random((90, width)) > 0.5).astype(np.float32) if cutter.name == "alpha" else None
    try:
        cutout = cutter.cut(Photo(colour.astype(np.float32), alpha, "0" * 64))
    except NotAPackshotError as error:
        assert error.hint
    else:
        assert np.isfinite(cutout.colour).all()
        assert np.isfinite(cutout.alpha).all()
