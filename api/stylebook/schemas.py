"""Styles as they leave over HTTP."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import BaseModel, Field

from api.stylebook.pictures import Shelf
from imagegen.browse import Hit
from styles.schema import Anchor, Tags


class RoomOut(BaseModel):
    """A room that a style offers; metres."""

    slug: str
    name: str
    room_type: str
    width: float
    depth: float
    height: float
    pictures: list[str] = Field(
        description="Where the room is shown: its canonical views as far as this machine has made them.",
        examples=[["/v1/styles/japandi/rooms/lounge/views/0"]],
    )
    picture: str | None = Field(None, description="A small picture of it.")
    anchors: tuple[Anchor, ...] | None = Field(None, description="Places for products; only of a single style.")


class LightOut(BaseModel):
    """A light that a style offers."""

    slug: str = Field(examples=["low-sun"])
    name: str = Field(examples=["low sun through the window"])
    time: str = Field(examples=["afternoon"])


class SwatchOut(BaseModel):
    """The colour of a palette that comes nearest to the one asked for."""

    name: str
    hex: str
    difference: float = Field(description="CIEDE2000: 1 is just seen, 3 at a glance.")


class StyleOut(BaseModel):
    """A look: what it is called, what it is searched by, and the rooms it offers, its default first."""

    slug: str
    name: str
    summary: str
    tags: Tags
    palette: dict[str, str] = Field(examples=[{"chalk": "#f2efe9", "oak": "#c8a97e"}])
    lights: list[LightOut] = Field(description="Its usual one first.")
    picture: str | None = Field(None, description="A small picture of its usual room.")
    swatch: SwatchOut | None = Field(None, description="Only where a colour was asked for.")
    rooms: list[RoomOut]


class StyleList(BaseModel):
    """Styles by name, or nearest colour first."""

    items: list[StyleOut]
    facets: dict[str, list[str]] = Field(description="What ``theme``, ``room_type``, ``lighting``, ``season`` can be.")


def style_out(shelf: Shelf, hit: Hit, *, anchors: bool = False) -> StyleOut:
    """A style with those of its rooms that answer."""
    style = hit.style
    rooms = [
        RoomOut(
            slug=room.slug,
            name=room.name,
            room_type=room.room_type,
            width=room.width,
            depth=room.depth,
            height=room.height,
            pictures=shelf.addresses(style.slug, room.slug),
            picture=shelf.glance_address(style.slug, room.slug),
            anchors=room.anchors if anchors else None,
        )
        for room in hit.rooms
    ]
    return StyleOut(
        slug=style.slug,
        name=style.name,
        summary=style.summary,
        tags=style.tags,
        palette=dict(style.palette),
        lights=[LightOut(slug=slug, name=light.name, time=light.time) for slug, light in style.lights.items()],
        picture=shelf.glance_address(style.slug, style.rooms[0]),
        swatch=SwatchOut(**asdict(hit.swatch)) if hit.swatch else None,
        rooms=rooms,
    )
