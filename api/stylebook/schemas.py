"""Styles as they leave over HTTP."""

from __future__ import annotations

from pydantic import BaseModel, Field

from styles.library import Library
from styles.schema import Anchor, Style, Tags


class RoomOut(BaseModel):
    """A room that a style offers; metres."""

    slug: str
    name: str
    room_type: str
    width: float
    depth: float
    height: float
    anchors: tuple[Anchor, ...] | None = Field(None, description="Places for products; only of a single style.")


class StyleOut(BaseModel):
    """A look: what it is called, what it is searched by, and the rooms it offers, its default first."""

    slug: str
    name: str
    summary: str
    tags: Tags
    palette: dict[str, str] = Field(examples=[{"chalk": "#f2efe9", "oak": "#c8a97e"}])
    rooms: list[RoomOut]


class StyleList(BaseModel):
    """All styles, by name."""

    items: list[StyleOut]


def style_out(library: Library, style: Style, *, anchors: bool = False) -> StyleOut:
    """A style with its rooms."""
    rooms = [
        RoomOut(
            slug=room.slug,
            name=room.name,
            room_type=room.room_type,
            width=room.width,
            depth=room.depth,
            height=room.height,
            anchors=room.anchors if anchors else None,
        )
        for room in library.rooms(style.slug)
    ]
    return StyleOut(
        slug=style.slug,
        name=style.name,
        summary=style.summary,
        tags=style.tags,
        palette=dict(style.palette),
        rooms=rooms,
    )
