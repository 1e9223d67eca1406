"""Photos on their way into the store: checked, rewritten (only pixels survive), named by content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

from PIL import Image

from imagegen import images
from imagegen.errors import BadImageError
from workers.records import products
from workers.records.blobs import Blobs
from workers.records.products import StoredPhoto
from workers.records.session import Database

Fetch = Callable[[str], bytes]
"""Brings the bytes of a photo's http(s) address. Raises RemotePhotoError."""


def store(
    database: Database,
    blobs: Blobs,
    data: bytes,
    *,
    alpha: bytes | None = None,
    source: str = "",
    max_pixels: int = images.MAX_PIXELS,
) -> StoredPhoto:
    """Keep a photo (with the alpha of a second file, if given) and say where. Raises BadImageError.

    A photo that was handed in before is not decoded again.
    """
    source_sha = _identity(data, alpha)
    with database.reading() as session:
        known = products.photo_of(session, source_sha)
    if known is not None and blobs.exists(known.key):
        return replace(known, source=source)
    pixels = images.rewrite(data, max_pixels=max_pixels)
    if alpha is not None:
        pixels = _with_alpha(pixels, images.rewrite(alpha, max_pixels=max_pixels))
    with Image.open(BytesIO(pixels)) as image:
        width, height = image.size
    return StoredPhoto(blobs.put(pixels, ".png"), source_sha, source, width, height, len(pixels))


def _identity(data: bytes, alpha: bytes | None) -> str:
    digest = hashlib.sha256(data)
    if alpha is not None:
        digest = hashlib.sha256(digest.digest() + hashlib.sha256(alpha).digest())
    return digest.hexdigest()


def _with_alpha(photo: bytes, mask: bytes) -> bytes:
    """The photo with the mask's alpha, or its brightness when it has none (both files are our own PNGs)."""
    with Image.open(BytesIO(photo)) as image, Image.open(BytesIO(mask)) as other:
        if image.size != other.size:
            raise BadImageError(
                f"The alpha has {other.size[0]} x {other.size[1]} pixels, its photo {image.size[0]} x {image.size[1]}.",
                hint="Export both in one size.",
                where="alphas",
            )
        alpha = other.getchannel("A") if other.mode == "RGBA" else other.convert("L")
        whole = image.convert("RGB")
        whole.putalpha(alpha)
        out = BytesIO()
        whole.save(out, "PNG", compress_level=4)
        return out.getvalue()
