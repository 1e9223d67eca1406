"""Laying a product into a room while somebody drags it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse, Response

from api.auth import Placing
from api.deps import Here
from api.errors import responses
from api.previews import service
from api.previews.schemas import Preparing, PreviewOut, PreviewRequest
from api.previews.service import Waiting

router = APIRouter(prefix="/v1/previews", tags=["previews"])

RETRY_S = 1

ORDERS: dict[str, Any] = {
    "best": {"summary": "At its best place", "value": {"sku": "SOFA-1", "style": "japandi"}},
    "anchor": {
        "summary": "At an anchor, from the right",
        "value": {"sku": "SOFA-1", "style": "japandi", "room": "lounge", "angle": 1, "anchor": "sofa-wall"},
    },
    "placed": {
        "summary": "At a place of your own",
        "value": {"sku": "SOFA-1", "style": "japandi", "angle": 0, "placement": {"x": 0.4, "y": -1.2, "yaw_deg": 15}},
    },
}


@router.post(
    "",
    operation_id="layPreview",
    summary="A live preview",
    response_model=PreviewOut,
    responses=responses(403, 404, 409, 422, 503)
    | {202: {"model": Preparing, "description": "Being prepared: ask again after Retry-After"}},
)
def lay_preview(
    context: Here, _person: Placing, order: Annotated[PreviewRequest, Body(openapi_examples=ORDERS)]
) -> Response:
    """The product in true scale in a view of the room, within a tenth of a second once both are prepared.

    Approximate, and says so: `POST /v1/scenes` with the same placement renders it exactly, from the photo's own camera.
    The first call for a product and a room has a worker prepare them (some seconds) and answers 202.
    """
    laid = service.lay(context, order)
    if isinstance(laid, Waiting):
        waits = {"preparing": laid.stage, "retry_after_s": RETRY_S}
        return JSONResponse(waits, 202, headers={"Retry-After": str(RETRY_S)})
    return Response(laid.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})
