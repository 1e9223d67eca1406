"""What may be asked of a scene, at every door."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from imagegen.errors import BadRequestError
from imagegen.job import MOST_COMPANIONS
from imagegen.protocols import Settings
from imagegen.quality import LONGEST_PROMPT, settings_for
from imagegen.types import ExplicitPlacement, Mode, Quality
from workers.catalog_model import SKU_PATTERN, visible_lines

MAX_VARIANTS = 8
SLUG_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,63}$"

Sku = Annotated[str, StringConstraints(pattern=SKU_PATTERN)]
Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]
Metres = Annotated[float, Field(ge=-50, le=50, allow_inf_nan=False)]


def _sides(value: Any) -> Any:
    """A size may come as "1216x832"."""
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,5})\s*[xX×]\s*(\d{1,5})", value.strip())
        if not match:
            raise ValueError("must look like 1216x832")
        return (int(match[1]), int(match[2]))
    return value


class PlacementIn(BaseModel):
    """Where the caller wants the product: metres in the room's frame, degrees about the vertical."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    x: Metres
    y: Metres
    z: Metres = 0.0
    yaw_deg: Annotated[float, Field(ge=-360, le=360, allow_inf_nan=False)] = 0.0


class SceneRequest(BaseModel):
    """A product in a style. ``variants`` asks for that many scenes, numbered on from ``variant``.

    ``room`` and ``photo`` (its number from 0) are chosen to suit where they are left out. ``companions``: products that
    are shown with it, around it and under its photo's camera. ``mode``: how an engine that paints goes about it; the
    style decides where it is left out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sku: Sku
    style: Slug
    room: Slug | None = None
    light: Slug | None = None
    placement: PlacementIn | None = None
    photo: Annotated[int, Field(ge=0, lt=100)] | None = None
    companions: Annotated[tuple[Sku, ...], Field(max_length=MOST_COMPANIONS)] = ()
    variants: Annotated[int, Field(ge=1, le=MAX_VARIANTS)] = 1
    variant: Annotated[int, Field(ge=0, le=999)] = 0
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    engine: Slug | None = None
    quality: Quality = Quality.STANDARD
    size: Annotated[tuple[int, int] | None, BeforeValidator(_sides)] = None
    exposure_ev: Annotated[float, Field(ge=-3, le=3, allow_inf_nan=False)] = 0.0
    prompt: Annotated[str, Field(max_length=LONGEST_PROMPT), AfterValidator(visible_lines)] = ""
    lamp_on: bool = False
    mode: Mode | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> SceneRequest:
        try:
            self.settings()
        except BadRequestError as error:
            raise ValueError(str(error)) from error
        if len({self.sku, *self.companions}) <= len(self.companions):
            raise ValueError("a set shows each product once")
        return self

    def settings(self) -> Settings:
        """What the pipeline is to be told."""
        return settings_for(
            self.quality,
            self.size,
            seed=self.seed,
            variant=self.variant,
            exposure_ev=self.exposure_ev,
            prompt=self.prompt,
            light=self.light or "",
            lamp_on=self.lamp_on,
            mode=self.mode,
        )

    def explicit(self) -> ExplicitPlacement | None:
        """The placement that overrides the anchor, if any."""
        return ExplicitPlacement(**self.placement.model_dump()) if self.placement else None


CHANGEABLE = frozenset(SceneRequest.model_fields) - {"sku", "variants"}
"""What asking again may change; another product is another scene."""
