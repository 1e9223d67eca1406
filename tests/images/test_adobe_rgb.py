import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from imagegen import adobe_rgb, images
from imagegen.errors import BadRequestError
from imagegen.images import ENCODINGS, encode

# The profile's colorants as Adobe published them, adapted to D50.
COLORANTS = {
    "red": (0.60974, 0.31111, 0.01947),
    "green": (0.20528, 0.62567, 0.06087),
    "blue": (0.14919, 0.06322, 0.74457),
}


def colours():
    """Every seventeenth value of each channel: the whole cube, its greys and its corners."""
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    return np.concatenate([cube, np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)])[
        : 18 * 18 * 16
    ].reshape(-1, 72, 3)


def opened(data):
    return Image.open(io.BytesIO(data))


def back(data):
    """What a colour-managed viewer shows on an sRGB screen: Pillow's own engine on the file's own profile."""
    image = opened(data)
    profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    shown = ImageCms.profileToProfile(
        image.convert("RGB"),
        profile,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    return np.asarray(shown).astype(int)


def test_the_profile_holds_the_published_numbers():
    told = ImageCms.ImageCmsProfile(io.BytesIO(adobe_rgb.profile())).profile
    for name, expected in COLORANTS.items():
        np.testing.assert_allclose(getattr(told, f"{name}_colorant")[0], expected, atol=2e-5)
    np.testing.assert_allclose(told.media_white_point[1][:2], (0.3127, 0.3290), atol=1e-5)
    assert told.version == 2.1
    assert "Adobe RGB (1998)" in told.profile_description
    assert told.xcolor_space.strip() == "RGB"


def test_the_profile_is_a_whole_file_by_its_own_account():
    data = adobe_rgb.profile()
    size, signature = struct.unpack(">I", data[:4])[0], data[36:40]
    assert (size, signature) == (len(data), b"acsp")
    count = struct.unpack(">I", data[128:132])[0]
    tags = [struct.unpack(">4sII", data[132 + 12 * k : 144 + 12 * k]) for k in range(count)]
    assert {name for name, *_ in tags} >= {
        b"desc",
        b"cprt",
        b"wtpt",
        b"rXYZ",
        b"gXYZ",
        b"bXYZ",
        b"rTRC",
        b"gTRC",
        b"bTRC",
    }
    for _, start, length in tags:
        assert start % 4 == 0
        assert 128 + 4 + 12 * count <= start <= start + length <= len(data)
    curves = {data[start : start + length] for name, start, length in tags if name.endswith(b"TRC")}
    assert curves == {b"curv" + bytes(4) + struct.pack(">IH", 1, 0x0233)}


def light(bytes_):
    return images.srgb_to_linear(np.asarray(bytes_) / 255)


LEVEL = 0.01
"""What half a level of each channel can add up to in linear light: 0.0043 at white, times 1.8 by the way back."""


def test_colours_come_back_through_another_engine():
    picture = colours()
    shown = back(encode(picture, "png", space="adobe-rgb"))
    mild = picture.min(axis=2) >= 0.4 * picture.max(axis=2)
    assert mild.sum() > 1000
    assert np.abs(shown - picture)[mild].max() <= 1
    assert np.abs(light(shown) - light(picture)).max() < LEVEL


def test_our_own_reading_sees_the_same_picture():
    picture = colours()
    assert np.abs(images.decode(encode(picture, "png", space="adobe-rgb")).colour - light(picture)).max() < LEVEL


def test_known_colours_have_their_known_numbers():
    picture = np.array([[[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255], [128, 128, 128]]], np.uint8)
    written = np.asarray(opened(encode(picture, "png", space="adobe-rgb"))).astype(int)
    known = [[255, 255, 255], [0, 0, 0], [219, 0, 0], [144, 255, 60], [0, 0, 250], [127, 127, 127]]
    assert np.abs(written[0] - known).max() <= 1


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_greys_stay_grey_and_nothing_is_clipped(values):
    picture = np.array([values], np.uint8)
    written = np.asarray(opened(encode(picture, "png", space="adobe-rgb"))).astype(int)
    inner = (picture.min(axis=2) > 8) & (picture.max(axis=2) < 247)
    assert (written[inner] > 0).all()
    assert (written[inner] < 255).all()
    grey = np.repeat(picture[..., :1], 3, axis=2)
    assert np.ptp(np.asarray(opened(encode(grey, "png", space="adobe-rgb"))).astype(int), axis=2).max() == 0


@pytest.mark.parametrize("form", ENCODINGS)
def test_each_format_embeds_the_profile_of_its_space(form):
    picture = np.full((80, 80, 3), 120, np.uint8)
    assert opened(encode(picture, form, space="adobe-rgb")).info["icc_profile"] == adobe_rgb.profile()
    assert opened(encode(picture, form)).info["icc_profile"] != adobe_rgb.profile()
    assert encode(picture, form, space="srgb") == encode(picture, form)
    assert encode(picture, form, space="adobe-rgb") == encode(picture, form, space="adobe-rgb")


def test_alpha_stays_as_it_is_and_shrinking_comes_first():
    picture = np.zeros((90, 120, 4), np.uint8)
    picture[..., 1] = 255
    picture[..., 3] = np.linspace(0, 255, 120)
    written = np.asarray(opened(encode(picture, "png", space="adobe-rgb")))
    np.testing.assert_array_equal(written[..., 3], picture[..., 3])
    assert opened(encode(picture, "png", width=60, space="adobe-rgb")).size == (60, 45)


def test_an_unknown_space_is_refused_by_name():
    with pytest.raises(BadRequestError, match="prophoto") as refused:
        encode(np.zeros((64, 64, 3), np.uint8), "png", space="prophoto")
    assert refused.value.where == "space"
    assert "adobe-rgb" in refused.value.hint
