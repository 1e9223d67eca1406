"""Previews as they are asked for and as they leave."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from imagegen.views.shelf import ANGLES_DEG
from workers.catalog_model import SKU_PATTERN
from workers.scene_model import PlacementIn, Slug

Pixel = tuple[float, float]

NOTE = "A preview: light, shadow and what hides what are approximate. The scene is rendered exactly."


class PreviewRequest(BaseModel):
    """A product in a room, at an anchor or at a place of the caller's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sku: Annotated[str, StringConstraints(pattern=SKU_PATTERN)]
    style: Slug
    room: Slug | None = Field(None, description="The style's usual one when left out.")
    angle: Annotated[int, Field(ge=0, lt=len(ANGLES_DEG))] | None = Field(
        None, description="0 frontal, 1 and 2 three-quarter; left out, the side nearest to the photo's own."
    )
    light: Slug | None = None
    anchor: Annotated[str, Field(max_length=64)] | None = Field(None, description="Only without a placement.")
    placement: PlacementIn | None = Field(None, description="Left out with the anchor, the product's best place.")


class PlaceOut(BaseModel):
    """A place in the room: metres, degrees."""

    x: float
    y: float
    z: float
    yaw_deg: float


class AnchorOut(BaseModel):
    """An anchor that the product fits at, and where that is in the picture (null when out of sight)."""

    id: str
    placement: PlaceOut
    at: Pixel | None


class PhotoCameraOut(BaseModel):
    """The camera of the exact picture: the photo's own, carried into the room with the product."""

    x: float
    y: float
    z: float
    heading_deg: float = Field(description="0 looks at the back wall, positive towards the left wall.")
    looks_out: bool = Field(description="It would see more of the room's open side than of its walls.")
    arrow: tuple[Pixel, Pixel] | None = Field(
        description="On the floor in the picture: from the product towards that camera."
    )


class ViewOut(BaseModel):
    """The camera of the preview: what takes a pixel to a ray and to the floor."""

    focal_px: float
    centre_px: Pixel
    position_m: tuple[float, float, float]
    rotation: list[list[float]] = Field(description="Rows right, down, forward in the room's frame.")
    size: tuple[int, int]


class GoodsOut(BaseModel):
    """The product's own measures, metres, and what holds it."""

    width: float
    depth: float
    height: float
    mount: str


class SpaceOut(BaseModel):
    """The room's measures, metres."""

    width: float
    depth: float
    height: float


class PreviewOut(BaseModel):
    """A picture and all that a browser needs to drag the product about in it. Pixels are the picture's."""

    approximate: Literal[True] = True
    note: str = NOTE
    image: str = Field(description="A JPEG as a data URL.", examples=["data:image/jpeg;base64,/9j/4AAQ..."])
    style: str
    room: str
    angle: int
    anchor: str = Field(description='The anchor\'s id, or "explicit".')
    placement: PlaceOut
    box: tuple[int, int, int, int] | None = Field(description="left, top, right, bottom; null when out of sight")
    hidden: float = Field(description="Share of the product that stands behind something.")
    turned_off_deg: float = Field(description="How far its drawn turn falls short: one photo shows only so much.")
    footprint: list[Pixel] | None = Field(
        description="Corners of its foot in the picture: left front, right front, right back, left back."
    )
    photo_camera: PhotoCameraOut
    anchors: list[AnchorOut]
    view: ViewOut
    product: GoodsOut
    space: SpaceOut


class Preparing(BaseModel):
    """A worker cuts the product out or renders the view; ask again after ``retry_after_s``."""

    preparing: Literal["queued", "running"]
    retry_after_s: int = Field(examples=[1])
