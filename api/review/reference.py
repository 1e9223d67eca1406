"""The API's own page at /docs: Swagger UI from our own files, so that it works offline and under a strict policy."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.deps import Here
from api.review.pages import page

router = APIRouter()


@router.get("/docs")
def reference(context: Here) -> Response:
    """Every endpoint, with a form to try it."""
    return page("reference.html", context.caller)


@router.get("/openapi.json")
def schema(request: Request) -> JSONResponse:
    """The schema behind it; whoever may not use the service does not read it either."""
    return JSONResponse(request.app.openapi())
