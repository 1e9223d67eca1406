"""Looking at the styles."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.deps import Here
from api.errors import responses
from api.stylebook.schemas import StyleList, StyleOut, style_out
from styles.errors import UnknownStyleError
from workers.errors import NotFoundError

router = APIRouter(prefix="/v1/styles", tags=["styles"])


@router.get("", operation_id="listStyles", summary="All styles", response_model_exclude_none=True)
def list_styles(context: Here) -> StyleList:
    """Every style with its tags, palette and rooms."""
    return StyleList(items=[style_out(context.library, style) for style in context.library.styles()])


@router.get(
    "/{slug}",
    operation_id="getStyle",
    summary="One style",
    response_model_exclude_none=True,
    responses=responses(404),
)
def get_style(context: Here, slug: Annotated[str, Path(max_length=64)]) -> StyleOut:
    """A style with its rooms and the places in them where products may stand."""
    try:
        style = context.library.style(slug)
    except UnknownStyleError as error:  # here the path names nothing; in a request it is the body that is wrong
        raise NotFoundError(error.message, hint=error.hint, where="slug") from error
    return style_out(context.library, style, anchors=True)
