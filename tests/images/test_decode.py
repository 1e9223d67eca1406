import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from imagegen.errors import BadImageError
from imagegen.images import decode, fingerprint, linear_to_srgb, rewrite, srgb_to_linear


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def gradient(width=96, height=80, mode="RGB"):
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 255 // (width - 1), y * 255 // (height - 1), np.full_like(x, 90)], axis=2).astype(np.uint8)
    return Image.fromarray(pixels).convert(mode)


def shown(photo):
    return np.rint(linear_to_srgb(photo.colour) * 255).astype(int)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_lossless_file_keeps_every_pixel(form):
    options = {"lossless": True} if form == "WEBP" else {}
    photo = decode(saved(gradient(), form, **options))
    assert photo.size == (96, 80)
    assert photo.alpha is None
    assert photo.colour.dtype == np.float32
    np.testing.assert_array_equal(shown(photo), np.asarray(gradient()))


@pytest.mark.parametrize("form", ["JPEG", "AVIF"])
def test_lossy_file_keeps_its_look(form):
    photo = decode(saved(gradient(), form, quality=95))
    assert np.abs(shown(photo) - np.asarray(gradient(), int)).mean() < 4


def test_identity_is_the_hash_of_the_bytes():
    data = saved(gradient(), "PNG")
    assert decode(data).sha256 == fingerprint(data)


def test_text_file_renamed_is_refused_with_a_hint():
    with pytest.raises(BadImageError) as caught:
        decode(b"sku,name\nA1,Chair\n" * 50)
    assert "JPEG" in caught.value.hint


def test_empty_file_is_refused():
    with pytest.raises(BadImageError, match="empty"):
        decode(b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_truncated_file_is_refused(form, kept):
    rng = np.random.default_rng(1)
    data = saved(Image.fromarray(rng.integers(0, 256, (120, 160, 3), dtype=np.uint8)), form)
    with pytest.raises(BadImageError):
        decode(data[: int(len(data) * kept)])


def _png(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(b"\0" * ((width // 8 + 1) * height), 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [10_000, 15_000, 60_000])
def test_small_file_of_many_pixels_is_refused_before_it_is_unpacked(side):
    data = _png(10_000, 10_000) if side == 10_000 else _png(side, 8).replace(b"x", b"x")
    if side != 10_000:
        data = data[:20] + struct.pack(">I", side) + data[24:]
        head = data[12:29]
        data = data[:29] + struct.pack(">I", zlib.crc32(head)) + data[33:]
    assert len(data) < 20_000
    with pytest.raises(BadImageError, match="pixels"):
        decode(data)


def test_pixel_limit_is_the_callers():
    with pytest.raises(BadImageError, match="96 x 80"):
        decode(saved(gradient(), "PNG"), max_pixels=5000)


def test_one_pixel_is_refused_with_the_least_size():
    with pytest.raises(BadImageError) as caught:
        decode(saved(Image.new("RGB", (1, 1)), "PNG"))
    assert "64" in caught.value.hint


def test_format_that_is_not_allowed_is_refused():
    for form in ("GIF", "BMP", "PPM", "ICO"):
        with pytest.raises(BadImageError):
            decode(saved(gradient(), form))


def test_cmyk_jpeg_becomes_rgb():
    image = Image.new("CMYK", (80, 80), (0, 255, 255, 0))
    red = shown(decode(saved(image, "JPEG", quality=95)))[40, 40]
    assert red[0] > 200
    assert red[1] < 60
    assert red[2] < 60


def test_sixteen_bit_grey_is_rounded_not_clipped():
    ramp = np.linspace(0, 65535, 128).astype(np.uint16)[None].repeat(80, axis=0)
    for form in ("PNG", "TIFF"):
        row = shown(decode(saved(Image.fromarray(ramp), form)))[0, :, 0]
        np.testing.assert_allclose(row, ramp[0] / 257, atol=0.51)


def test_sixteen_bit_colour_is_rounded_not_clipped():
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    width = 64
    ramp = np.linspace(0, 65535, width).astype(">u2")
    rows = b"".join(b"\0" + np.stack([ramp, ramp[::-1], ramp], 1).astype(">u2").tobytes() for _ in range(64))
    header = struct.pack(">IIBBBBB", width, 64, 16, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    row = shown(decode(data))[0]
    np.testing.assert_allclose(row[:, 0], ramp.astype(float) / 257, atol=1.01)
    np.testing.assert_allclose(row[:, 1], ramp[::-1].astype(float) / 257, atol=1.01)


def test_thirty_two_bits_are_refused():
    with pytest.raises(BadImageError, match="32 bits"):
        decode(saved(Image.new("F", (80, 80), 0.5), "TIFF"))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "YCbCr"])
def test_every_opaque_mode_is_read_like_its_colours(mode):
    image = gradient(mode=mode)
    form = "TIFF" if mode == "YCbCr" else "PNG"
    np.testing.assert_allclose(shown(decode(saved(image, form))), np.asarray(image.convert("RGB"), int), atol=3)


@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA", "P"])
def test_alpha_is_kept_in_every_mode(mode):
    image = gradient(mode="RGBA")
    alpha = np.zeros((80, 96), np.uint8)
    alpha[20:60, 30:70] = 255
    image.putalpha(Image.fromarray(alpha))
    if mode == "P":
        image = image.quantize(64)
    elif mode != "RGBA":
        image = image.convert(mode)
    photo = decode(saved(image, "TIFF" if mode == "PA" else "PNG"))
    np.testing.assert_allclose(photo.alpha, alpha / 255, atol=0.01)


def test_alpha_that_is_opaque_everywhere_is_no_alpha():
    assert decode(saved(gradient(mode="RGBA"), "PNG")).alpha is None


def test_animation_gives_its_first_frame():
    frames = [Image.new("RGB", (80, 80), colour) for colour in ((250, 0, 0), (0, 250, 0))]
    for form in ("WEBP", "PNG", "TIFF"):
        data = saved(frames[0], form, save_all=True, append_images=frames[1:])
        assert shown(decode(data))[40, 40].argmax() == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation):
    upright = gradient()
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    stored = upright if back is None else upright.transpose(Image.Transpose(back))
    exif = Image.Exif()
    exif[0x0112] = orientation
    np.testing.assert_array_equal(shown(decode(saved(stored, "PNG", exif=exif))), np.asarray(upright))


def test_broken_exif_does_no_harm():
    assert decode(saved(gradient(), "PNG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).size == (96, 80)


def _swapped_profile():
    """An RGB profile whose red is sRGB's blue: what ignores profiles shows it at once."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", profile[128:132])[0]
    at = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    red, blue = at[b"rXYZ"], at[b"bXYZ"]
    profile[red + 4 : red + 12], profile[blue + 4 : blue + 12] = (
        profile[blue + 4 : blue + 12],
        profile[red + 4 : red + 12],
    )
    return bytes(profile).replace("sRGB".encode("utf-16-be"), "zRGB".encode("utf-16-be"))


def test_icc_profile_is_converted():
    image = Image.new("RGB", (80, 80), (255, 0, 0))
    blue = shown(decode(saved(image, "PNG", icc_profile=_swapped_profile())))[40, 40]
    assert blue[2] > 240
    assert blue[0] < 15


def test_icc_profile_and_alpha_go_together():
    image = Image.new("RGBA", (80, 80), (255, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 40, 80))
    photo = decode(saved(image, "PNG", icc_profile=_swapped_profile()))
    assert shown(photo)[40, 60, 2] > 240
    assert photo.alpha[40, 10] == 0


def test_icc_profile_that_is_rubbish_does_no_harm():
    image = Image.new("RGB", (80, 80), (200, 100, 50))
    np.testing.assert_array_equal(shown(decode(saved(image, "PNG", icc_profile=b"\0" * 200)))[0, 0], [200, 100, 50])


def test_rewriting_keeps_pixels_and_drops_everything_else():
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif.get_ifd(0x8825)[1] = "N"
    data = saved(gradient(), "JPEG", exif=exif, comment=b"<script>secret</script>") + b"PK\x03\x04secret"
    again = rewrite(data)
    for word in (b"ecret", b"Exif", b"eXIf", b"PK\x03\x04"):
        assert word not in again
    np.testing.assert_array_equal(decode(again).colour, decode(data).colour)


def test_rewriting_keeps_alpha():
    image = gradient(mode="RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    data = saved(image, "PNG")
    np.testing.assert_array_equal(decode(rewrite(data)).alpha, decode(data).alpha)


SEEDS = [
    saved(gradient(), "PNG"),
    saved(gradient(), "JPEG"),
    saved(gradient(), "WEBP"),
    saved(gradient(), "TIFF", compression="tiff_lzw"),
    saved(gradient(), "AVIF"),
    saved(gradient(mode="P"), "PNG", transparency=3),
    saved(gradient(), "PNG", icc_profile=_swapped_profile()),
]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_the_bytes_decoding_gives_a_photo_or_a_bad_image_error(data):
    seed = bytearray(data.draw(st.sampled_from(SEEDS)))
    for place in data.draw(st.lists(st.integers(0, len(seed) - 1), max_size=12)):
        seed[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(seed)))
    try:
        photo = decode(bytes(seed[: cut or None]))
    except BadImageError as error:
        assert error.hint
    else:
        assert photo.colour.shape[2] == 3
        assert np.isfinite(photo.colour).all()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_a_bad_image(data):
    with pytest.raises(BadImageError):
        decode(data)


def test_transfer_curves_are_each_others_inverse():
    levels = np.arange(256) / 255
    np.testing.assert_allclose(linear_to_srgb(srgb_to_linear(levels)), levels, atol=1e-6)
