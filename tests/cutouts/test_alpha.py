import numpy as np
import pytest
from PIL import Image

from imagegen.cutouts import choose
from imagegen.cutouts.alpha import AlphaCutter
from imagegen.errors import MissingWeightsError, NotAPackshotError, UnknownNameError
from imagegen.images import decode
from imagegen.types import Photo, Verdict
from tests.cutouts.packshots import alpha_of, packshot


def photo(alpha):
    colour = np.random.default_rng(0).random((*alpha.shape, 3), np.float32)
    return Photo(colour, alpha.astype(np.float32), "0" * 64)


def test_alpha_and_colour_are_the_files_own():
    given = photo(alpha_of("chair"))
    cutout = AlphaCutter().cut(given)
    np.testing.assert_array_equal(cutout.alpha, given.alpha)
    np.testing.assert_array_equal(cutout.colour, given.colour)
    assert cutout.findings == ()


def test_alpha_that_is_empty_is_refused():
    with pytest.raises(NotAPackshotError):
        AlphaCutter().cut(photo(np.zeros((80, 80))))


def test_product_on_the_files_edge_is_doubted():
    cutout = AlphaCutter().cut(photo(alpha_of("cut_off")))
    assert [finding.verdict for finding in cutout.findings] == [Verdict.WARN]


def test_photo_with_alpha_is_cut_by_it():
    assert choose(photo(alpha_of("chair"))).name == "alpha"


def test_photo_without_alpha_is_cut_by_its_plain_background():
    assert choose(decode(packshot("chair", (60, 45, 35))[0])).name == "plain_background"


def test_alpha_that_clears_nothing_is_not_trusted():
    assert choose(photo(np.full((80, 80), 0.9))).name == "plain_background"


def test_cutter_that_does_not_exist_is_told_with_those_that_do():
    with pytest.raises(UnknownNameError) as caught:
        choose(photo(alpha_of("chair")), "scissors")
    assert "alpha" in caught.value.hint


def test_model_without_weights_is_told(tmp_path):
    for weights in (None, tmp_path / "none.onnx"):
        with pytest.raises(MissingWeightsError):
            choose(photo(alpha_of("chair")), "matting_model", weights)


def test_saved_alpha_comes_back(tmp_path):
    alpha = (alpha_of("sofa") * 255).astype(np.uint8)
    Image.merge("RGBA", [*[Image.new("L", alpha.shape[::-1], 80)] * 3, Image.fromarray(alpha)]).save(tmp_path / "a.png")
    cutout = choose(decoded := decode((tmp_path / "a.png").read_bytes())).cut(decoded)
    np.testing.assert_array_equal(cutout.alpha, alpha.astype(np.float32) / np.float32(255))
