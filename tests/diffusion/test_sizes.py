import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from imagegen.diffusion.sizes import GRID, STRETCH, fit

SMALL = ((512, 512), (512, 768), (768, 512), (512, 640), (640, 512), (768, 768))
LARGE = ((1024, 1024), (1152, 896), (896, 1152), (1216, 832), (832, 1216), (1344, 768), (768, 1344), (1536, 640))
sides = st.integers(200, 4000)


@given(sides, sides, st.sampled_from([SMALL, LARGE, ((256, 256),)]))
@settings(max_examples=200, deadline=None)
def test_every_picture_lies_in_its_bucket_whole_and_hardly_stretched(width, height, buckets):
    if max(width, height) > 4 * min(width, height):
        return
    lies = fit((width, height), buckets)
    assert lies.bucket in buckets
    (left, top), (across, down) = lies.offset, lies.inner
    assert min(left, top) >= 0
    assert left + across <= lies.bucket[0]
    assert top + down <= lies.bucket[1]
    assert lies.stretch <= STRETCH
    assert across == lies.bucket[0] or down == lies.bucket[1]
    assert left % GRID == top % GRID == 0


@given(sides, sides)
@settings(max_examples=100, deadline=None)
def test_no_other_bucket_has_a_shape_that_is_nearer(width, height):
    lies = fit((width, height), LARGE)
    wasted = 1 - lies.inner[0] * lies.inner[1] / (lies.bucket[0] * lies.bucket[1])
    for bucket in LARGE:
        scale = min(bucket[0] / width, bucket[1] / height)
        other = 1 - width * height * scale**2 / (bucket[0] * bucket[1])
        assert wasted <= max(other, STRETCH) + 0.02


@pytest.mark.parametrize(
    ("size", "bucket", "inner"),
    [
        ((1000, 1000), (1024, 1024), (1024, 1024)),
        ((4000, 4000), (1024, 1024), (1024, 1024)),
        ((1536, 1056), (1216, 832), (1216, 832)),
        ((1600, 1200), (1152, 896), (1152, 864)),
        ((3000, 1000), (1536, 640), (1536, 512)),
    ],
)
def test_known_sizes_fall_into_known_buckets(size, bucket, inner):
    lies = fit(size, LARGE)
    assert (lies.bucket, lies.inner) == (bucket, inner)


def test_of_equal_shapes_the_nearest_area_is_taken():
    buckets = ((512, 512), (768, 768), (1024, 1024))
    assert [fit((side, side), buckets).bucket[0] for side in (300, 520, 700, 3000)] == [512, 512, 768, 1024]


def test_a_turned_picture_lies_in_the_turned_bucket():
    for size in ((1500, 900), (700, 2000), (1001, 999)):
        there, turned = fit(size, LARGE[:7]), fit(size[::-1], LARGE[:7])
        assert turned.bucket == there.bucket[::-1]
        assert turned.inner == there.inner[::-1]


def test_what_is_laid_in_a_bucket_comes_back_whole():
    picture = Image.new("RGB", (1600, 1200), (90, 120, 150))
    ImageDraw.Draw(picture).rectangle((0, 500, 1599, 700), fill=(200, 40, 30))
    ImageDraw.Draw(picture).rectangle((1500, 0, 1599, 1199), fill=(20, 20, 20))
    lies = fit((1600, 1200), LARGE)
    laid = lies.laid(np.asarray(picture))
    assert laid.shape == (896, 1152, 3)
    back = lies.cropped(laid)
    assert back.shape == (864, 1152, 3)
    again = np.asarray(Image.fromarray(back).resize((1600, 1200)), int)
    assert np.abs(again - np.asarray(picture, int)).mean() < 1.5


def test_around_the_picture_a_plane_goes_on_or_holds_what_is_said():
    lies = fit((1600, 1200), LARGE)
    plane = np.linspace(0, 1, 864, dtype=np.float32)[:, None].repeat(1152, 1)
    free, on = lies.padded(plane, 0.0), lies.padded(plane)
    assert free.shape == on.shape == (896, 1152)
    assert free.dtype == on.dtype == np.float32
    assert not free[:16].any()
    assert not free[880:].any()
    assert (on[880:] == 1).all()
    np.testing.assert_array_equal(lies.cropped(on), plane)
    colours = np.zeros((864, 1152, 6), np.uint8)
    assert lies.padded(colours, 7).shape == (896, 1152, 6)
    assert (lies.padded(colours, 7)[:16] == 7).all()
