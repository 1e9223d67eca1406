"""What a command line says of a customer's room, made into a wish, and the picture that comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.cli.asking import product_of
from api.cli.catalog import opened
from api.cli.console import progress_bar
from api.cli.folder import write_together
from api.cli.making import pretty, read_photo, show, told_of
from imagegen import images, provenance
from imagegen.errors import BadProductError, BadRequestError
from imagegen.own_room.calibrate import Mark
from imagegen.own_room.showing import SOURCE_TYPE, Means, Wish
from imagegen.own_room.showing import show as shown
from imagegen.types import Product
from workers.settings import get_settings

FORMATS = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}
MOST_POINTS = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """A command line's words, the numbers read. ``sku``: of the catalog, else ``photos`` and ``facts`` are its own."""

    room: Path
    marks: tuple[Mark, ...]
    sku: str | None
    photos: tuple[Path, ...]
    facts: Mapping[str, Any]
    at: tuple[float, float, float]
    yaw: float | None
    light: tuple[float, float] | None
    front: Path | None
    depth_weights: Path | None
    cutter: str | None


def marks_of(points: Sequence[str]) -> tuple[Mark, ...]:
    """Marks from "X,Y=PX,PY". Raises BadRequestError that names the one at fault."""
    if len(points) > MOST_POINTS:
        raise BadRequestError(f"{len(points)} points are too many.", hint=f"Four are enough, {MOST_POINTS} the most.")
    return tuple(_mark(text) for text in points)


def _mark(text: str) -> Mark:
    place, _, pixel = text.partition("=")
    metres, pixels = _numbers(place, 2, 2), _numbers(pixel, 2, 2)
    if metres is None or pixels is None:
        raise BadRequestError(
            f"{text[:60]!r} is not a point of the floor.",
            hint="Write --point X,Y=PX,PY: metres on the floor, pixels in the photo, as 2.4,1.7=1105,700.",
        )
    return Mark((metres[0], metres[1]), (pixels[0], pixels[1]))


def metres_of(at: str) -> tuple[float, float, float]:
    """A place from "X,Y" or "X,Y,Z". Raises BadRequestError."""
    found = _numbers(at, 2, 3)
    if found is None:
        raise BadRequestError(f"{at[:60]!r} is not a place.", hint="Write metres as X,Y or X,Y,Z, as 1.2,0.85.")
    return found[0], found[1], found[2] if len(found) == 3 else 0.0


def light_of(text: str | None) -> tuple[float, float] | None:
    """Azimuth and elevation from "-60,45". Raises BadRequestError."""
    found = None if text is None else _numbers(text, 2, 2)
    if text is not None and found is None:
        raise BadRequestError(
            f"{text[:60]!r} is not where light comes from.", hint="Write --light AZIMUTH,ELEVATION, as -60,45."
        )
    return None if found is None else (found[0], found[1])


def file_of(out: Path) -> tuple[str, str]:
    """The picture's file name and its format. Raises BadRequestError for one that is not written."""
    written_as = FORMATS.get(out.suffix.lower())
    if written_as is None or out.is_dir():
        raise BadRequestError(
            f"{str(out)[-60:]!r} names no picture.", hint="End it with .png, .jpg or .webp.", where="out"
        )
    return out.name, written_as


def _numbers(text: str, fewest: int, most: int) -> tuple[float, ...] | None:
    parts = [part.strip() for part in text.split(",")]
    if not fewest <= len(parts) <= most or not all(
        re.fullmatch(r"[+-]?(\d{1,6}(\.\d*)?|\.\d+)", part) for part in parts
    ):
        return None
    return tuple(float(part) for part in parts)


def put(asked: Asked, folder: Path, name: str, written_as: str, *, quiet: bool) -> dict[str, Any]:
    """Make the picture, write it and what is told of it into ``folder``; gives that with its path."""
    installed = get_settings()
    most = installed.max_upload_bytes
    product, photos = _goods(asked, most)
    wish = Wish(
        room=read_photo(asked.room, most),
        marks=asked.marks,
        product=product,
        photos=photos,
        at=asked.at,
        yaw_deg=asked.yaw,
        light=asked.light,
        front=read_photo(asked.front, most) if asked.front else None,
        cutter=asked.cutter or installed.cutter,
    )
    means = Means(installed.cutter_weights, asked.depth_weights, installed.max_pixels)
    with progress_bar(name, quiet=quiet) as tell:
        made = shown(wish, means, tell)
    told = told_of(made, name)
    picture = images.encode(made.picture, written_as, xmp=provenance.xmp(made.recipe, SOURCE_TYPE), quality=95)
    write_together(folder, {name: picture, f"{Path(name).stem}.json": pretty(told)})
    if not quiet:
        show(made, folder / name)
    return told | {"path": str(folder / name)}


def _goods(asked: Asked, most_bytes: int) -> tuple[Product, tuple[bytes, ...]]:
    """The product and its photos' files, of the catalog or the command line. Raises BadRequestError, NotFoundError."""
    if (asked.sku is None) == (not asked.photos):
        raise BadRequestError("Say which product: --sku of the catalog, or --product PACKSHOT.", hint="One of the two.")
    told = {name: value for name, value in asked.facts.items() if value is not None}
    if asked.sku is None:
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", asked.photos[0].stem).strip("-")[:60] or "product"
        photos = tuple(read_photo(photo, most_bytes) for photo in asked.photos)
        return product_of(told | {"sku": stem, "name": stem}), photos
    if told:
        raise BadRequestError("The catalog tells the product's centimetres.", hint="Leave them out beside --sku.")
    from workers.records import products  # noqa: PLC0415 - the database's packages

    with opened() as context, context.database.reading() as session:
        found = products.get(session, asked.sku)
        if not found.photos:
            raise BadProductError(f"{asked.sku} has no photo.", hint="Import one, or give --product PACKSHOT.")
        return found.facts(), tuple(context.blobs.get(photo.key) for photo in found.photos)
