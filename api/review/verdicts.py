"""The desk's forms: each does one thing to a scene and leads on to the next page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import FormData

from api.auth import Publishing, Reviewing, Wishing
from api.deps import Here
from api.review import service as desk
from api.review.routes import Narrowed
from api.review.service import Sieve
from api.scenes import service
from imagegen.errors import BadRequestError
from workers.records.models import Scene
from workers.scene_model import SceneRequest
from workers.scopes import Scope

router = APIRouter(tags=["review"])

Text = Annotated[str, Form(max_length=2000)]
Tick = Annotated[bool, Form()]


@router.post("/review/scenes/{scene_id}/approve")
def approve(
    context: Here,
    person: Reviewing,
    sieve: Narrowed,
    scene_id: str,
    note: Text = "",
    override: Tick = False,
    publish: Tick = False,
) -> RedirectResponse:
    """On to the next in review."""
    if publish:
        person.require(Scope.PUBLISH)
    following = desk.advance(context, scene_id, sieve)
    service.approve(context, scene_id, person.name, note, override=override, publish=publish)
    return _onward(following, sieve, did="published" if publish else "approved", was=scene_id)


@router.post("/review/scenes/{scene_id}/reject")
def reject(
    context: Here,
    person: Reviewing,
    sieve: Narrowed,
    scene_id: str,
    reason: Annotated[str, Form(max_length=40)],
    text: Text = "",
    again: Tick = False,
) -> RedirectResponse:
    """On to the next in review; with ``again`` the reason is at once given to a new scene."""
    if again:
        person.require(Scope.ASK)
    following = desk.advance(context, scene_id, sieve)
    service.reject(context, scene_id, person.name, reason, text)
    if not again:
        return _onward(following, sieve, did="rejected", was=scene_id)
    newer = service.ask_again(context, scene_id, {}, person.name)
    return _onward(following, sieve, did="rejected-again", new=newer.id)


@router.post("/review/scenes/{scene_id}/again")
def again(
    context: Here,
    person: Wishing,
    sieve: Narrowed,
    scene_id: str,
    look: Annotated[str, Form(max_length=140)] = "",
    shine: Annotated[str, Form(max_length=64)] = "",
    quality: Annotated[str, Form(max_length=20)] = "",
    light: Annotated[float | None, Form(ge=-3, le=3)] = None,
    elsewhere: Tick = False,
    lamp: Annotated[str, Form(pattern="^(on|off)?$")] = "",
    prompt: Annotated[str | None, Form()] = None,
) -> RedirectResponse:
    """A new scene with changes; the old one stays as it is."""
    request = service.get(context, scene_id).request
    changes: dict[str, Any] = {}
    if look:
        changes["style"], _, room = look.partition("/")
        changes["room"] = room or None
    if shine and changes.get("style", request["style"]) == request["style"]:
        changes["light"] = shine
    if quality:
        changes["quality"] = quality
    if light:
        changes["exposure_ev"] = round(max(-3.0, min(3.0, (request.get("exposure_ev") or 0.0) + light)), 2)
    if elsewhere:
        changes["variant"] = (request.get("variant") or 0) + 1
    if prompt is not None and prompt != (request.get("prompt") or ""):
        changes["prompt"] = prompt
    if lamp:
        changes["lamp_on"] = lamp == "on"
    newer = service.ask_again(context, scene_id, changes, person.name)
    return _to(f"/review/scenes/{newer.id}", sieve, did="again")


@router.post("/review/scenes/{scene_id}/comment")
def comment(
    context: Here,
    person: Wishing,
    sieve: Narrowed,
    scene_id: str,
    text: Annotated[str, Form(min_length=1, max_length=2000)],
) -> RedirectResponse:
    """Something is said of it."""
    service.comment(context, scene_id, person.name, text)
    return _to(f"/review/scenes/{scene_id}", sieve, did="commented")


@router.post("/review/scenes/{scene_id}/publish")
def publish(context: Here, person: Publishing, sieve: Narrowed, scene_id: str) -> RedirectResponse:
    """An approved one goes out."""
    following = desk.advance(context, scene_id, sieve)
    service.publish(context, scene_id, person.name)
    return _onward(following, sieve, did="published", was=scene_id)


@router.post("/review/scenes/{scene_id}/undo")
def undo(context: Here, person: Reviewing, sieve: Narrowed, scene_id: str) -> RedirectResponse:
    """Back in review, and back to it."""
    service.reopen(context, scene_id, person.name)
    return _to(f"/review/scenes/{scene_id}", sieve, did="undone")


@router.post("/review/scenes/{scene_id}/cancel")
def cancel(context: Here, person: Wishing, sieve: Narrowed, scene_id: str) -> RedirectResponse:
    """Stop it."""
    service.cancel(context, scene_id, person.name)
    return _to(f"/review/scenes/{scene_id}", sieve, did="cancelled")


@router.post("/review/scenes/{scene_id}/retry")
def retry(context: Here, person: Wishing, sieve: Narrowed, scene_id: str) -> RedirectResponse:
    """Once more, as it was asked for."""
    service.retry(context, scene_id, person.name)
    return _to(f"/review/scenes/{scene_id}", sieve, did="retried")


async def _form(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=200)


@router.post("/review/generate")
def order(context: Here, person: Wishing, form: Annotated[FormData, Depends(_form)]) -> RedirectResponse:
    """Scenes of one product in each style that was ticked: all of them, or none when one makes no sense."""
    styles = [str(style) for style in form.getlist("style")]
    if not styles or not form.get("sku"):
        raise BadRequestError("Pick a product and at least one style.", where="style")
    orders = [_order(form, style) for style in styles]
    service.ask_all(context, orders, person.name)
    return _to("/review", Sieve("making"), did="asked")


def _order(form: FormData, style: str) -> SceneRequest:
    named = ("sku", "variants", "seed", "quality", "engine", "mode", "prompt", "lamp_on")
    given = {name: form.get(name) for name in named}
    given |= {"style": style, "room": form.get(f"room-{style}"), "light": form.get(f"light-{style}")}
    companions = str(form.get("companions") or "").replace(",", " ").split()
    try:
        return SceneRequest.model_validate(
            {name: value for name, value in given.items() if value} | {"companions": companions}
        )
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise BadRequestError(f"{where}: {fault['msg']}.", where=where) from error


def _onward(following: Scene | None, sieve: Sieve, **told: str) -> RedirectResponse:
    """To the next scene, or to the queue when there is none."""
    return _to(f"/review/scenes/{following.id}" if following else "/review", sieve, **told)


def _to(address: str, sieve: Sieve, **told: str) -> RedirectResponse:
    query = sieve.query(**told)
    return RedirectResponse(f"{address}{query}", status_code=303)
