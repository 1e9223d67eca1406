"""Looking at the styles."""

from __future__ import annotations

from pathlib import Path as File
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.deps import Context, Here
from api.errors import responses
from api.files import file_response
from api.scenes.service import File as Sent
from api.stylebook.pictures import Shelf
from api.stylebook.schemas import StyleList, StyleOut, style_out
from imagegen.browse import Hit, Wish, browse, facets
from imagegen.views.shelf import ANGLES_DEG
from styles.errors import UnknownRoomError, UnknownStyleError
from workers.errors import NotFoundError

router = APIRouter(prefix="/v1/styles", tags=["styles"])
Slug = Annotated[str, Path(max_length=64)]
Word = Annotated[str, Query(max_length=64)]


async def wished(
    q: Annotated[str, Query(max_length=100, description="Words anywhere in name, summary and tags.")] = "",
    theme: Word = "",
    room_type: Word = "",
    lighting: Annotated[str, Query(max_length=64, description="A tag, a light or a time of day.")] = "",
    season: Word = "",
    colour: Annotated[str, Query(max_length=64, description="#rrggbb or a CSS colour name.")] = "",
) -> Wish:
    """What the address asks for."""
    return Wish(q, theme, room_type, lighting, season, colour)


Wished = Annotated[Wish, Depends(wished)]


def shelf_of(context: Context) -> Shelf:
    """The pictures of this installation's styles."""
    return Shelf(context.library, context.settings.data_dir / "views")


@router.get("", operation_id="listStyles", summary="Styles", response_model_exclude_none=True)
def list_styles(context: Here, wish: Wished) -> StyleList:
    """Every style that answers, with its tags, palette, lights and rooms; all of them when nothing is asked for."""
    shelf = shelf_of(context)
    hits = browse(context.library, wish)
    return StyleList(items=[style_out(shelf, hit) for hit in hits], facets=facets(context.library))


@router.get(
    "/{slug}",
    operation_id="getStyle",
    summary="One style",
    response_model_exclude_none=True,
    responses=responses(404),
)
def get_style(context: Here, slug: Slug) -> StyleOut:
    """A style with its rooms and the places in them where products may stand."""
    try:
        style = context.library.style(slug)
    except UnknownStyleError as error:  # here the path names nothing; in a request it is the body that is wrong
        raise NotFoundError(error.message, hint=error.hint, where="slug") from error
    return style_out(shelf_of(context), Hit(style, context.library.rooms(slug)), anchors=True)


@router.get(
    "/{slug}/rooms/{room}/picture",
    operation_id="getRoomPicture",
    summary="A small picture of a room in a style",
    response_class=Response,
    responses=responses(404) | {200: {"content": {"image/jpeg": {}}}},
)
def get_picture(request: Request, context: Here, slug: Slug, room: Slug) -> Response:
    """Its frontal view, or the picture that ships with the style."""
    try:
        found = shelf_of(context).glance(slug, room)
    except (UnknownStyleError, UnknownRoomError) as error:
        raise NotFoundError(error.message, hint=error.hint, where="slug") from error
    if found is None:
        hint = f"imagegen styles build {slug}"
        raise NotFoundError(f"The room {room!r} of {slug!r} has no picture yet.", hint=hint, where="room")
    return _jpeg(request, found, f"{slug}-{room}")


@router.get(
    "/{slug}/rooms/{room}/views/{angle}",
    operation_id="getView",
    summary="A room of a style, from one side",
    response_class=Response,
    responses=responses(404) | {200: {"content": {"image/jpeg": {}}}},
)
def get_view(
    request: Request,
    context: Here,
    slug: Slug,
    room: Slug,
    angle: Annotated[int, Path(ge=0, lt=len(ANGLES_DEG), description="0 frontal, 1 and 2 three-quarter.")],
    preview: Annotated[bool, Query(description="480 px wide instead of full size.")] = False,
) -> Response:
    """A canonical view, once `imagegen styles build` has made it."""
    try:
        found = shelf_of(context).view(slug, room, angle)
    except (UnknownStyleError, UnknownRoomError) as error:
        raise NotFoundError(error.message, hint=error.hint, where="slug") from error
    return _jpeg(request, found.preview if preview else found.picture, f"{slug}-{room}-{angle}")


def _jpeg(request: Request, file: File, name: str) -> Response:
    stat = file.stat()
    tag = f"{file.parent.name}-{stat.st_mtime_ns:x}-{stat.st_size:x}"
    return file_response(request, tag, lambda: Sent(file.read_bytes(), "image/jpeg", tag, f"{name}.jpg"))
