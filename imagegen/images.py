"""Pictures in and out: safe decoding, colour, encoding.

Whatever comes in is hostile until decoded: formats are allow-listed, the size is known before a pixel is, broken
files are refused, and only pixels survive. Inside, colour is float32, linear light, Rec. 709 primaries, D65.
"""

from __future__ import annotations

import hashlib
import threading
import warnings
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

from imagegen import adobe_rgb
from imagegen.errors import BadImageError, BadRequestError
from imagegen.types import Floats, Labels, Photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_PIXELS = 40_000_000
MIN_SIDE = 64
MAX_WIDTH = 8192
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF")
ENCODINGS = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
"""What ``encode`` writes, and its media type."""
SPACES = ("srgb", "adobe-rgb")
"""The colour spaces that ``encode`` writes; sRGB is what every screen shows, the other is for print."""

_WANTED = "Send a JPEG, PNG, WebP, TIFF or AVIF file."
_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_OPENING = threading.Lock()


def srgb_to_linear(encoded: NDArray[Any]) -> Floats:
    """Linear light from sRGB-encoded values, both 0..1 (IEC 61966-2-1); any shape."""
    value = np.asarray(encoded, np.float32)
    return np.where(value <= 0.04045, value / 12.92, ((np.maximum(value, 0) + 0.055) / 1.055) ** 2.4).astype(np.float32)


def linear_to_srgb(linear: NDArray[Any]) -> Floats:
    """sRGB-encoded values from linear light, both 0..1 (IEC 61966-2-1); values outside are clipped."""
    value = np.clip(np.asarray(linear, np.float32), 0, 1)
    return np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055).astype(np.float32)


_LINEAR_OF_BYTE = srgb_to_linear(np.arange(256) / 255)


def decode(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Photo:
    """A photo from a file's bytes: upright, first frame, ICC profile converted, linear light.

    ``alpha`` is None where the file has none, or has one that is opaque everywhere. Raises BadImageError, and
    nothing else, for whatever is not an image that we accept.
    """
    pixels = np.asarray(_open(data, max_pixels))
    alpha = pixels[..., 3].astype(np.float32) / np.float32(255) if pixels.shape[2] == 4 else None
    if alpha is not None and alpha.min() > 0.99:
        alpha = None
    return Photo(_LINEAR_OF_BYTE[pixels[..., :3]], alpha, fingerprint(data))


def fingerprint(data: bytes) -> str:
    """The identity of a file: sha256 of its bytes, lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def rewrite(data: bytes, *, max_pixels: int = MAX_PIXELS) -> bytes:
    """A photo's pixels stored anew, as a lossless PNG in sRGB; nothing else of the file survives (EXIF, GPS, payloads).

    Raises BadImageError like ``decode``, which gives the same pixels for both files.
    """
    out = BytesIO()
    _open(data, max_pixels).save(out, "PNG", compress_level=4)
    return out.getvalue()


def checked_space(space: str) -> str:
    """The name of a colour space that ``encode`` writes. Raises BadRequestError for any other."""
    if space not in SPACES:
        raise BadRequestError(
            f"Pictures are not written in {space[:20]!r}.", hint=f"Use one of: {', '.join(SPACES)}.", where="space"
        )
    return space


def encode(
    picture: Labels,
    format: str,  # noqa: A002 - the word that callers and query strings use
    *,
    width: int | None = None,
    xmp: bytes | None = None,
    quality: int = 92,
    space: str = "srgb",
) -> bytes:
    """A file of a picture: uint8 sRGB (H, W, 3), or (H, W, 4) for PNG and WebP.

    ``format``: jpeg, png or webp. ``width`` shrinks it, in linear light; it never enlarges. ``xmp``: a packet to
    embed. ``space``: srgb, or adobe-rgb to write the same colours in Adobe RGB (1998); the profile is always embedded.
    Equal arguments give equal bytes. Raises BadRequestError.
    """
    wide = checked_space(space) == "adobe-rgb"
    if format not in ENCODINGS:
        raise BadRequestError(
            f"Pictures are not written as {format[:20]!r}.", hint=f"Use one of: {', '.join(ENCODINGS)}.", where="format"
        )
    if width is not None and not 16 <= width <= MAX_WIDTH:
        raise BadRequestError(
            f"A width of {width} pixels is out of range.", hint=f"Use 16 to {MAX_WIDTH}.", where="width"
        )
    if format == "jpeg" and picture.shape[2] == 4:
        raise BadRequestError("JPEG holds no alpha.", hint="Use png or webp.", where="format")
    pixels = picture if width is None or width >= picture.shape[1] else _shrink(picture, width)
    image = Image.fromarray(_in_adobe_rgb(pixels) if wide else pixels)
    options: dict[str, Any] = {"icc_profile": adobe_rgb.profile() if wide else _srgb_profile()}
    if format == "png":
        options["compress_level"] = 4
        if xmp is not None:
            info = PngImagePlugin.PngInfo()
            info.add_itxt("XML:com.adobe.xmp", xmp.decode())
            options["pnginfo"] = info
    else:
        options["quality"] = quality
        if xmp is not None:
            options["xmp"] = xmp
        if format == "jpeg":
            options |= {"subsampling": 0, "optimize": True, "progressive": True}
    out = BytesIO()
    image.save(out, format.upper(), **options)
    return out.getvalue()


def _shrink(picture: Labels, width: int) -> Labels:
    """The picture at ``width`` pixels (Lanczos, in linear light, so that fine bright detail keeps its brightness)."""
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    colour, alpha = picture[..., :3], picture[..., 3:]
    weight = alpha.astype(np.float32) / 255
    linear = _LINEAR_OF_BYTE[colour] * (weight if alpha.size else np.float32(1))
    planes = np.concatenate([linear, weight], axis=2)
    small = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(planes[..., k])).resize((width, height), Image.Resampling.LANCZOS)
        )
        for k in range(planes.shape[2])
    ]
    result = np.stack(small, axis=2)
    if alpha.size:
        result[..., :3] /= np.maximum(result[..., 3:], 1e-4)
    encoded = np.concatenate([linear_to_srgb(result[..., :3]), np.clip(result[..., 3:], 0, 1)], axis=2)
    return (encoded * 255 + 0.5).astype(np.uint8)


def _in_adobe_rgb(picture: Labels) -> Labels:
    colour = adobe_rgb.from_linear(_LINEAR_OF_BYTE[picture[..., :3]])
    return np.concatenate([colour, picture[..., 3:]], axis=2)


@cache
def _srgb_profile() -> bytes:
    """The sRGB profile, with the day it was made taken out: equal pictures are equal files."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes.fromhex("07ea00010001000000000000")
    return bytes(profile)


def _open(data: bytes, max_pixels: int) -> Image.Image:
    """The file's first frame as upright sRGB, mode RGB or RGBA."""
    if not data:
        raise BadImageError("The file is empty.", hint=_WANTED)
    try:
        image = _header(data)
    except BadImageError:
        raise
    except Exception as error:  # decoders raise whatever they like when fed hostile bytes
        raise BadImageError("This is not an image that we can read.", hint=_WANTED) from error
    _check_size(image.size, max_pixels)
    try:
        image.load()
        return _upright(_in_srgb(image), image)
    except BadImageError:
        raise
    except Exception as error:  # as above
        raise BadImageError(
            f"The {image.format} file is broken or cut short.", hint="Export or upload the photo again."
        ) from error


def _header(data: bytes) -> Image.Image:
    # Filters of warnings belong to the process, so only one thread at a time may change them.
    with _OPENING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return Image.open(BytesIO(data), formats=FORMATS)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise BadImageError("The image has far too many pixels.", hint="Send it below 40 megapixels.") from error


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise BadImageError(
            f"The image has {width} x {height} pixels ({width * height / 1e6:.0f} megapixels).",
            hint=f"Send it with at most {max_pixels / 1e6:.0f} megapixels.",
        )
    if min(width, height) < MIN_SIDE:
        raise BadImageError(
            f"The image has only {width} x {height} pixels.",
            hint=f"Each side needs at least {MIN_SIDE} pixels; 1200 and more look good.",
        )


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB or RGBA in sRGB, from any mode that the formats hold; 16 bits are rounded to 8."""
    if image.mode.startswith("I;16"):
        deep = np.asarray(image).astype(np.uint32)
        clear = image.info.get("transparency")
        image = _with_info(Image.fromarray(((deep + 128) // 257).astype(np.uint8)), image)
        if isinstance(clear, int):
            image.putalpha(Image.fromarray(np.where(deep == clear, 0, 255).astype(np.uint8)))
    elif image.mode in {"I", "F"}:
        raise BadImageError("The image has 32 bits a channel.", hint="Export it with 8 or 16 bits a channel.")
    alpha = None
    if image.has_transparency_data:
        image = _with_info(image.convert("RGBA"), image) if image.mode not in {"LA", "RGBA"} else image
        alpha = image.getchannel("A")
        image = _with_info(image.convert("L" if image.mode == "LA" else "RGB"), image)
    elif image.mode not in {"L", "RGB", "CMYK", "LAB"}:
        image = _with_info(image.convert("RGB"), image)
    colour = _through_profile(image)
    if alpha is not None:
        colour.putalpha(alpha)
    return colour


def _with_info(image: Image.Image, other: Image.Image) -> Image.Image:
    """Conversions lose the profile at times: hand it on."""
    image.info = {"icc_profile": other.info.get("icc_profile")}
    return image


def _through_profile(image: Image.Image) -> Image.Image:
    """RGB in sRGB. A profile that cannot be read, or is not meant for these channels, is passed over."""
    blob = image.info.get("icc_profile")
    if not blob:
        return image.convert("RGB")
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(blob))
        if image.mode == "RGB" and "srgb" in (profile.profile.profile_description or "").lower():
            return image
        converted = ImageCms.profileToProfile(
            image,
            profile,
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image.convert("RGB")
    assert converted is not None
    return converted


def _upright(image: Image.Image, original: Image.Image) -> Image.Image:
    try:
        turn = _UPRIGHT.get(original.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001 - an EXIF block may be broken in any way; the pixels are still good
        turn = None
    return image if turn is None else image.transpose(turn)
