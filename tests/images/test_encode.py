import io

import numpy as np
import pytest
from PIL import Image

from imagegen.errors import BadRequestError
from imagegen.images import ENCODINGS, encode


def checks(size=8, width=160, height=120):
    y, x = np.mgrid[0:height, 0:width]
    board = ((x // size + y // size) % 2 * 255).astype(np.uint8)
    return np.repeat(board[..., None], 3, axis=2)


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("form", ENCODINGS)
def test_every_encoding_carries_the_srgb_profile(form):
    image = opened(encode(checks(), form))
    assert image.size == (160, 120)
    assert image.info["icc_profile"]


@pytest.mark.parametrize("form", ENCODINGS)
def test_equal_pictures_are_equal_files(form):
    assert encode(checks(), form, xmp=b"<x/>") == encode(checks(), form, xmp=b"<x/>")


def test_png_is_lossless():
    np.testing.assert_array_equal(np.asarray(opened(encode(checks(), "png"))), checks())


def test_width_shrinks_and_keeps_the_ratio():
    assert opened(encode(checks(), "png", width=80)).size == (80, 60)


def test_width_never_enlarges():
    assert opened(encode(checks(), "png", width=1000)).size == (160, 120)


def test_fine_detail_keeps_its_brightness_when_shrunk():
    small = np.asarray(opened(encode(checks(size=1), "png", width=40)))
    # Half black, half white is 50 % of the light: 188 in sRGB, not 128.
    assert abs(float(small[10:-10, 10:-10].mean()) - 188) < 3


def test_alpha_survives_in_png_and_webp():
    picture = np.dstack([checks(), np.full((120, 160), 128, np.uint8)])
    for form in ("png", "webp"):
        image = opened(encode(picture, form, width=80))
        assert image.mode == "RGBA"
        assert abs(np.asarray(image)[..., 3].astype(int) - 128).max() <= 2


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"format": "gif"}, "format"),
        ({"format": "png", "width": 0}, "width"),
        ({"format": "png", "width": 10**6}, "width"),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_field(arguments, where):
    with pytest.raises(BadRequestError) as caught:
        encode(checks(), **arguments)
    assert caught.value.where == where
    assert caught.value.hint


def test_jpeg_with_alpha_is_refused():
    with pytest.raises(BadRequestError):
        encode(np.zeros((64, 64, 4), np.uint8), "jpeg")
