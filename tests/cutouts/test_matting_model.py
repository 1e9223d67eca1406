import numpy as np
import pytest

from imagegen.cutouts import choose
from imagegen.cutouts.matting_model import MattingModelCutter
from imagegen.errors import MissingWeightsError, NotAPackshotError
from imagegen.images import decode
from tests.cutouts.models import write_model
from tests.cutouts.packshots import packshot

DARK = packshot("sofa", (40, 30, 25), shadow=0)


@pytest.mark.parametrize("logits", [True, False])
def test_model_cuts_with_a_sigmoid_of_its_own_or_without(tmp_path, logits):
    weights = write_model(tmp_path / "m.onnx", logits=logits)
    cutout = MattingModelCutter(weights).cut(decode(DARK[0]))
    overlap = np.minimum(cutout.alpha, DARK[1]).sum() / np.maximum(cutout.alpha, DARK[1]).sum()
    assert overlap > 0.98
    assert "m.onnx" in cutout.method


def test_model_is_preferred_when_its_weights_are_configured(tmp_path):
    weights = write_model(tmp_path / "m.onnx")
    assert choose(decode(DARK[0]), weights=weights).name == "matting_model"


def test_model_that_finds_nothing_refuses(tmp_path):
    weights = write_model(tmp_path / "m.onnx", gain=0.0, offset=-30.0)
    with pytest.raises(NotAPackshotError, match="no product"):
        MattingModelCutter(weights).cut(decode(DARK[0]))


def test_model_that_is_sure_of_nothing_refuses(tmp_path):
    weights = write_model(tmp_path / "m.onnx", gain=0.0, offset=0.3, logits=False)
    with pytest.raises(NotAPackshotError, match="unsure"):
        MattingModelCutter(weights).cut(decode(DARK[0]))


def test_file_that_is_no_model_is_told(tmp_path):
    (tmp_path / "m.onnx").write_bytes(b"no model")
    with pytest.raises(MissingWeightsError, match="cannot be loaded"):
        MattingModelCutter(tmp_path / "m.onnx").cut(decode(DARK[0]))
