import numpy as np
import pytest
from PIL import Image, ImageDraw

from imagegen.errors import BadRequestError, MissingWeightsError
from imagegen.own_room.calibrate import Mark, calibrated
from imagegen.own_room.reading import FARTHEST, MIDAS, MLSD, canny_of, lines_of, metric, nearness_of, scaled
from tests.diffusion.rooms import FLOOR, seen
from tests.renderer.rooms_of_boxes import camera

PLACES = ((-0.6, -2.2), (0.7, -2.1), (0.8, -0.9), (-0.8, -0.8))


def room_photo():
    picture = Image.new("RGB", (200, 140), (180, 170, 160))
    ImageDraw.Draw(picture).rectangle((60, 40, 140, 110), fill=(60, 70, 90))
    return np.asarray(picture)


@pytest.fixture(scope="module")
def known():
    """A room whose depth is known, and marks on its floor."""
    view = camera(192, 144, elevation=14)
    pixels = view.project(np.array([[x, y, 0.0] for x, y in PLACES]))
    marks = [Mark(place, tuple(pixel)) for place, pixel in zip(PLACES, pixels, strict=True)]
    return seen([], [((-0.3, -1.9, 0.0), (0.2, -1.4, 0.6), 20)], view=view), calibrated(marks, (192, 144)), marks


def test_canny_needs_no_weights():
    assert (canny_of(room_photo())[..., 0] > 0).sum() > 200


@pytest.mark.parametrize(("read", "file"), [(lines_of, MLSD), (nearness_of, MIDAS)])
def test_a_detector_without_its_weights_says_which_file_it_needs(read, file, tmp_path):
    with pytest.raises(MissingWeightsError, match=file) as trouble:
        read(room_photo(), tmp_path)
    assert trouble.value.hint


@pytest.mark.parametrize("content", [b"", b"not weights", b"\x80\x04cos\nsystem\n(S'true'\ntR."])
def test_a_file_that_holds_no_weights_is_refused_and_nothing_in_it_is_run(content, tmp_path):
    (tmp_path / MLSD).write_bytes(content)
    with pytest.raises(MissingWeightsError, match="does not hold"):
        lines_of(room_photo(), tmp_path)


def test_lines_are_read_by_the_real_network_at_the_photos_size(tmp_path):
    """With random weights it draws nothing that means anything; shape, range and loading are what is tested."""
    canny_of(room_photo())  # imports the package quietly
    import torch
    from controlnet_aux.mlsd.models.mbv2_mlsd_large import MobileV2_MLSD_Large

    torch.manual_seed(0)
    torch.save(MobileV2_MLSD_Large().state_dict(), tmp_path / MLSD)
    lines = lines_of(room_photo(), tmp_path)
    assert lines.shape == (140, 200, 3)
    assert lines.dtype == np.uint8


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (0.3, 0.12), (2.0, -0.4)])
def test_depth_comes_out_in_metres_whatever_scale_and_shift_it_was_read_in(known, scale, shift):
    passes, calibration, marks = known
    read = ((1 / passes.depth) * scale + shift).astype(np.float32)
    depth = metric(read, calibration, marks)
    floor = (passes.segments == FLOOR) & (passes.depth < 8)
    np.testing.assert_allclose(depth[floor], passes.depth[floor], rtol=0.02)
    box = passes.segments == 20
    assert np.median(np.abs(depth[box] / passes.depth[box] - 1)) < 0.02


def test_a_reading_in_eight_bits_and_of_another_size_is_good_to_a_few_percent(known):
    passes, calibration, marks = known
    nearness = 1 / passes.depth
    bits = np.rint((nearness - nearness.min()) / np.ptp(nearness) * 255) / 255
    small = np.asarray(Image.fromarray(bits.astype(np.float32)).resize((96, 72), Image.Resampling.BILINEAR))
    depth = metric(small, calibration, marks)
    truth = passes.depth[1::2, 1::2]
    floor = (passes.segments[1::2, 1::2] == FLOOR) & (truth < 5)
    assert np.median(np.abs(depth[floor] / truth[floor] - 1)) < 0.04


def test_what_is_read_as_beyond_everything_is_nothing(known):
    passes, calibration, marks = known
    read = (1 / passes.depth).astype(np.float32)
    read[:20] = -1.0
    depth = metric(read, calibration, marks)
    assert np.isinf(depth[:20]).all()
    assert depth[np.isfinite(depth)].max() <= FARTHEST
    assert depth.min() > 0


def test_a_reading_that_contradicts_the_floor_is_refused(known):
    passes, calibration, marks = known
    for read in (passes.depth, np.full_like(passes.depth, 0.5)):
        with pytest.raises(BadRequestError, match="contradicts"):
            metric(read, calibration, marks)


def test_a_calibration_serves_the_photo_at_another_size(known):
    _, calibration, marks = known
    half = scaled(calibration, 96, 72)
    points = np.array([[*mark.place, 0.0] for mark in marks])
    np.testing.assert_allclose(half.camera.project(points) * 2, calibration.camera.project(points), atol=1e-6)
    assert half.focal_mm == calibration.focal_mm
