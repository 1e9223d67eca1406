"""The placement editor: a product is dragged about in a view of a room, and then rendered there."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response

from api.auth import Placing
from api.deps import Context, Here
from api.review import schemas
from api.review.pages import page
from api.review.routes import QUALITIES
from api.scenes import service
from api.stylebook.routes import shelf_of
from imagegen.errors import BadRequestError
from imagegen.types import Quality
from styles.errors import UnknownRoomError, UnknownStyleError
from workers.errors import NotFoundError
from workers.records import products, scenes
from workers.records.models import Scene
from workers.scene_model import PlacementIn, SceneRequest
from workers.scopes import Scope

router = APIRouter(tags=["review"])

SIDES = (
    ("", "Best side", "Best"),
    ("1", "From the left", "Left"),
    ("0", "From the front", "Front"),
    ("2", "From the right", "Right"),
)
"""Angles of the views in the order in which they lie, and the one nearest to the photo's own."""

Word = Annotated[str, Query(max_length=140)]
Metres = Annotated[float, Form(ge=-50, le=50, allow_inf_nan=False)]


@router.get("/review/place")
def editor(context: Here, _: Placing, sku: Word = "", scene: Word = "", look: Word = "", light: Word = "") -> Response:
    """A product in a room. ``look``: style/room; ``scene``: the one to start from, whose product and place it takes."""
    with context.database.reading() as session:
        before = scenes.get(session, scene) if scene else None
        product = products.get(session, before.sku if before else sku)
        waiting = scenes.in_review(session)
    style, room = _look(context, look, before)
    shown, start = context.library.style(style), None
    if before is not None and (style, room) == _look(context, "", before):
        start = _start(before)
        light = light or before.request.get("light") or ""
    return page(
        "place.html",
        context.caller,
        here="generate",
        waiting=waiting,
        product=schemas.product_view(product),
        mount=product.mount,
        scene=before and before.id,
        style=shown,
        room=context.library.room(style, room),
        start=json.dumps(start) if start else "",
        styles=context.library.styles(),
        rooms={each.slug: context.library.rooms(each.slug) for each in context.library.styles()},
        light=light if light in shown.lights else "",
        sides=SIDES,
        glance=shelf_of(context).glance_address(style, room) or "",
        qualities=QUALITIES,
    )


@router.post("/review/place")
def render(
    context: Here,
    person: Placing,
    sku: Annotated[str, Form(max_length=64)],
    look: Annotated[str, Form(max_length=140)],
    x: Metres,
    y: Metres,
    z: Metres = 0.0,
    yaw_deg: Annotated[float, Form(ge=-360, le=360, allow_inf_nan=False)] = 0.0,
    light: Annotated[str, Form(max_length=64)] = "",
    quality: Annotated[Quality, Form()] = Quality.STANDARD,
    scene: Annotated[str, Form(max_length=40)] = "",
) -> RedirectResponse:
    """The scene with that placement: asked again from the one that was started from, if any."""
    person.require(Scope.ASK)
    style, room = _look(context, look, None)
    placement = PlacementIn(x=x, y=y, z=z, yaw_deg=yaw_deg)
    asked: dict[str, Any] = {"style": style, "room": room, "light": light or None, "quality": quality}
    if scene:
        told = asked | {"quality": str(quality), "placement": placement.model_dump()}
        made = service.ask_again(context, scene, told, person.name)
    else:
        request = SceneRequest(sku=sku, placement=placement, **asked)
        made = service.ask(context, request, person.name)[0]
    return RedirectResponse(f"/review/scenes/{made.id}?did=asked", status_code=303)


def _look(context: Context, look: str, before: Scene | None) -> tuple[str, str]:
    """(style, room) of "style/room", else the scene's, else the library's first. Raises NotFoundError."""
    library = context.library
    style, _, room = look.partition("/")
    if not style and before is not None:
        style, room = before.style, before.room or ""
    if not style:
        known = library.styles()
        if not known:
            raise BadRequestError("There are no styles.", where="style")
        style = known[0].slug
    try:
        return style, library.room(style, room or None).slug
    except (UnknownStyleError, UnknownRoomError) as error:
        raise NotFoundError(error.message, hint=error.hint, where="look") from error


def _start(scene: Scene) -> dict[str, float] | None:
    """Where the scene has its product, in the room as its page describes it; None where that is not known."""
    asked: dict[str, float] | None = scene.request.get("placement")
    if asked:
        return asked
    place = (scene.recipe or {}).get("place")
    if not place:
        return None
    side = -1.0 if place["mirrored"] else 1.0
    x, y, z = place["position_m"]
    return {"x": side * x, "y": y, "z": z, "yaw_deg": side * place["yaw_deg"]}
