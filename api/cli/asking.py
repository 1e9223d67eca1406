"""What a command line says of a product and a picture, made into the values that every other door makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from imagegen.errors import BadProductError, BadRequestError
from imagegen.types import CameraFacts, Dimensions, Product
from workers.catalog_model import ProductIn
from workers.scene_model import SceneRequest


def product_of(facts: Mapping[str, Any]) -> Product:
    """A product from loose facts (None is left out). Raises BadProductError that names each fact at fault."""
    try:
        said = ProductIn.model_validate(_without_none(facts))
    except ValidationError as error:
        raise BadProductError(_in_words(error)) from None
    return Product(
        sku=said.sku,
        name=said.name,
        category=said.category,
        dimensions=Dimensions.from_cm(said.width_cm, said.depth_cm, said.height_cm),
        mount=said.mount,
        colour=said.colour,
        material=said.material,
        tags=said.tags,
        camera=CameraFacts(said.yaw_deg, said.elevation_deg, said.focal_mm),
    )


def companion_of(text: str) -> tuple[Path, Product]:
    """A companion's photo and facts from "lamp.jpg 40x40x155 floor lamp". Raises BadProductError, BadRequestError."""
    said = re.fullmatch(r"(.+?)\s+([\d.]+)x([\d.]+)x([\d.]+)\s+(\S.*)", text.strip())
    if said is None:
        raise BadRequestError(
            f"{text[:80]!r} is not a product to show with it.",
            hint='Write --with "PHOTO WIDTHxDEPTHxHEIGHT CATEGORY", as "lamp.jpg 40x40x155 floor lamp".',
        )
    photo, category = Path(said[1]), said[5]
    sizes = dict(zip(("width_cm", "depth_cm", "height_cm"), said.groups()[1:4], strict=True))
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", photo.stem).strip("-")[:60] or "product"
    return photo, product_of({"sku": stem, "name": stem, "category": category, **sizes})


def request_of(wishes: Mapping[str, Any]) -> SceneRequest:
    """What is asked for (None is left out). Raises BadRequestError that names each wish at fault."""
    try:
        return SceneRequest.model_validate(_without_none(wishes))
    except ValidationError as error:
        raise BadRequestError(_in_words(error)) from None


def place_of(at: str | None, turn: float) -> dict[str, Any] | None:
    """A place in metres from text as "0.4,-1.2"; request_of judges the numbers. Raises BadRequestError."""
    if at is None:
        if turn:
            raise BadRequestError("--turn needs --at.", hint="Say where as well: --at 0,-1.5 --turn 20.")
        return None
    numbers = at.split(",")
    if len(numbers) not in {2, 3}:
        raise BadRequestError(f"{at[:60]!r} is not a place.", hint="Write metres as X,Y or X,Y,Z, as 0.4,-1.2.")
    return dict(zip("xyz", numbers, strict=False)) | {"yaw_deg": turn}


def _without_none(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value is not None}


def _in_words(error: ValidationError) -> str:
    """Each fault as "what: why (what was said)", options as they are typed."""
    told = []
    for fault in error.errors(include_url=False):
        option = "--" + str(fault["loc"][0]).replace("_", "-") + " " if fault["loc"] else ""
        said = f" ({str(fault['input'])[:60]!r})" if fault["loc"] and not isinstance(fault["input"], dict) else ""
        told.append(f"{option}{fault['msg'].removeprefix('Value error, ')}{said}")
    return "; ".join(told) + "."
