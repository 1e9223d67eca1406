"""What the catalog must say of a product, at every door: import, API, command line. Centimetres here."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from imagegen.mounts import plain_words, usual_mount
from imagegen.types import Mount

SKU_PATTERN = r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"
LARGEST_CM = 1000.0


def visible(text: str) -> str:
    """The text of one line. Raises ValueError for control characters and halves of surrogate pairs."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise ValueError("must not contain control characters")
    return text


def visible_lines(text: str) -> str:
    """Like ``visible``, for a text of several lines."""
    visible(re.sub(r"[\r\n\t]", " ", text))
    return text


def _split(value: Any) -> Any:
    """Tags may come as one text with commas, semicolons or bars."""
    if isinstance(value, str):
        for mark in ";|":
            value = value.replace(mark, ",")
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _plain(value: Any) -> Any:
    """Numbers as people write them: a decimal comma, a unit behind."""
    if isinstance(value, bool):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic turns ValueError into the row's fault
    if isinstance(value, str):
        return value.strip().removesuffix("cm").strip().replace(",", ".")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(visible)]
Centimetres = Annotated[float, BeforeValidator(_plain), Field(gt=0, le=LARGEST_CM, allow_inf_nan=False)]
Tag = Annotated[Text, Field(min_length=1, max_length=64)]


class ProductIn(BaseModel):
    """A product as it is handed in; its photos come beside it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sku: Annotated[str, StringConstraints(strip_whitespace=True, pattern=SKU_PATTERN)]
    name: Annotated[Text, Field(min_length=1, max_length=200)]
    category: Annotated[
        Text, StringConstraints(to_lower=True), AfterValidator(plain_words), Field(min_length=1, max_length=64)
    ]
    width_cm: Centimetres
    depth_cm: Centimetres
    height_cm: Centimetres
    mount: Mount = Mount.FLOOR
    colour: Annotated[Text, Field(max_length=100)] = ""
    material: Annotated[Text, Field(max_length=200)] = ""
    tags: Annotated[tuple[Tag, ...], BeforeValidator(_split), Field(max_length=32)] = ()
    yaw_deg: Annotated[float, BeforeValidator(_plain), Field(ge=-180, le=180)] | None = None
    elevation_deg: Annotated[float, BeforeValidator(_plain), Field(ge=-30, le=90)] | None = None
    focal_mm: Annotated[float, BeforeValidator(_plain), Field(ge=8, le=1000)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _mount_of_category(cls, facts: Any) -> Any:
        """A mount that is not given is told from the category: a pendant lamp hangs."""
        if isinstance(facts, dict) and facts.get("mount") is None and isinstance(facts.get("category"), str):
            return facts | {"mount": usual_mount(facts["category"])}
        return facts

    @field_validator("mount", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value


Change = Literal["created", "updated", "unchanged"]
