"""Facts about a product as they come in at a door (a form, a row, a command line), made into a Product or refused."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from imagegen.errors import BadProductError
from imagegen.types import CameraFacts, Dimensions, Mount, Product

LARGEST_CM = 1000.0
SMALLEST_CM = 0.2
"""Ten metres, two millimetres (a thin rug): beyond them somebody mixed up units or columns."""

SKU = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,63}")

WORDS_OF_MOUNT: tuple[tuple[Mount, tuple[str, ...]], ...] = (
    (Mount.CEILING, ("pendant", "chandelier", "ceiling", "hanging lamp", "suspension")),
    (Mount.FLOOR, ("floor lamp", "floor mirror", "floor vase", "standing mirror", "standing lamp", "wall unit")),
    (Mount.RUG, ("rug", "carpet", "doormat")),
    (
        Mount.WALL,
        ("wall", "clock", "mirror", "painting", "picture", "poster", "print", "canvas", "sconce", "frame", "tapestry"),
    ),
    (
        Mount.SURFACE,
        ("table lamp", "desk lamp", "bedside lamp", "vase", "candle", "bowl", "candleholder", "figurine", "jug", "tray"),
    ),
)
"""Words in a category or name that give its mount away; the first line that matches speaks. Otherwise: floor."""


def product_of(facts: Mapping[str, Any]) -> Product:
    """A product from loose facts: numbers may come as text, missing things as None or "".

    Keys: sku, name, category, width_cm, depth_cm, height_cm; may be missing: mount, colour, material, tags (a list,
    or text parted by commas, semicolons or bars), yaw_deg, elevation_deg, focal_mm. Raises BadProductError whose
    ``where`` is the key at fault.
    """
    category = normal_category(_text(facts, "category", 64))
    width, depth, height = (_number(facts, key, SMALLEST_CM, LARGEST_CM, "centimetres") for key in SIZES)
    return Product(
        sku=_sku(facts),
        name=_text(facts, "name", 200),
        category=category,
        dimensions=Dimensions.from_cm(width, depth, height),
        mount=_mount(facts, category),
        colour=_text(facts, "colour", 100, required=False),
        material=_text(facts, "material", 200, required=False),
        tags=_tags(facts.get("tags")),
        camera=CameraFacts(
            _maybe(facts, "yaw_deg", -180.0, 180.0, "degrees"),
            _maybe(facts, "elevation_deg", -30.0, 90.0, "degrees"),
            _maybe(facts, "focal_mm", 8.0, 1200.0, "millimetres"),
        ),
    )


SIZES = ("width_cm", "depth_cm", "height_cm")


def normal_category(text: str) -> str:
    """One way to write a category: small letters, single spaces ("Dining_Chair" is "dining chair")."""
    return " ".join(re.split(r"[\s_-]+", text.strip().lower())).strip()


def mount_for(category: str) -> Mount:
    """What usually holds a product of that category."""
    words = f" {normal_category(category)} "
    for mount, hints in WORDS_OF_MOUNT:
        if any(re.search(rf"\b{hint}s?\b", words) for hint in hints):
            return mount
    return Mount.FLOOR


def _sku(facts: Mapping[str, Any]) -> str:
    sku = _text(facts, "sku", 64)
    if not SKU.fullmatch(sku):
        raise BadProductError(
            f"{sku!r} cannot be a stock number.",
            hint="Use up to 64 letters, digits, single dots, hyphens and underscores, a letter or digit first.",
            where="sku",
        )
    return sku


def _text(facts: Mapping[str, Any], key: str, longest: int, *, required: bool = True) -> str:
    value = facts.get(key)
    text = "" if value is None else str(value).strip()
    if required and not text:
        raise BadProductError(f"The {key} is missing.", where=key)
    if len(text) > longest:
        raise BadProductError(f"The {key} has {len(text)} characters.", hint=f"Use at most {longest}.", where=key)
    if not text.isprintable():
        raise BadProductError(f"The {key} holds control characters.", hint="Use plain text.", where=key)
    return text


def _number(facts: Mapping[str, Any], key: str, least: float, most: float, unit: str) -> float:
    value = facts.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        raise BadProductError(f"The {key} is missing.", hint=f"Give {unit}.", where=key)
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if math.isnan(number):
        raise BadProductError(f"The {key} is not a number: {str(value)[:40]!r}.", hint=f"Give {unit}.", where=key)
    if not least <= number <= most:
        raise BadProductError(
            f"The {key} is {number:g}, which cannot be.", hint=f"Give {unit} between {least:g} and {most:g}.", where=key
        )
    return number


def _maybe(facts: Mapping[str, Any], key: str, least: float, most: float, unit: str) -> float | None:
    value = facts.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return _number(facts, key, least, most, unit)


def _mount(facts: Mapping[str, Any], category: str) -> Mount:
    text = _text(facts, "mount", 16, required=False).lower()
    if not text:
        return mount_for(category)
    try:
        return Mount(text)
    except ValueError:
        known = ", ".join(Mount)
        raise BadProductError(f"There is no mount {text!r}.", hint=f"Use one of {known}.", where="mount") from None


def _tags(value: Any) -> tuple[str, ...]:
    parts = re.split(r"[,;|]", value) if isinstance(value, str) else list(value or ())
    tags = tuple(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))
    if len(tags) > 50 or any(len(tag) > 60 or not tag.isprintable() for tag in tags):
        raise BadProductError("The tags are too many, too long or unreadable.", hint="Use up to 50 words.", where="tags")
    return tags
