"""Asking for scenes, looking at them, judging them, listening to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Header, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.auth import Publishing, Reviewing, Wishing
from api.deps import Here
from api.errors import responses
from api.files import file_response
from api.once import Once, OnceRoute
from api.paging import lead_on
from api.scenes import service
from api.scenes.schemas import (
    Approval,
    Asked,
    Changes,
    Comment,
    Rejection,
    SceneDetail,
    ScenePage,
    asked,
    event_data,
    scene_detail,
    scene_page,
)
from imagegen import recipe
from imagegen.images import MAX_WIDTH
from imagegen.lifecycle import State
from imagegen.types import Verdict
from workers.errors import NotFoundError
from workers.records.models import Event
from workers.records.pages import LARGEST_PAGE
from workers.records.scenes import Filters
from workers.scene_model import SceneRequest
from workers.scopes import Scope

router = APIRouter(prefix="/v1/scenes", tags=["scenes"], route_class=OnceRoute)

SceneId = Annotated[str, Path(max_length=40, examples=["019a1b2c3d4e5f6071829304"])]

ORDERS = {
    "simple": {"summary": "The least", "value": {"sku": "SOFA-1", "style": "japandi"}},
    "variants": {
        "summary": "Three variants, large",
        "value": {"sku": "SOFA-1", "style": "japandi", "variants": 3, "quality": "final", "seed": 7},
    },
    "set": {
        "summary": "With other products around it",
        "value": {"sku": "SOFA-1", "style": "japandi", "companions": ["LAMP-2", "RUG-7"]},
    },
    "placed": {
        "summary": "At a place of your own",
        "value": {"sku": "SOFA-1", "style": "japandi", "placement": {"x": 0.4, "y": -1.2, "yaw_deg": 15}},
    },
}


@router.post(
    "", operation_id="askForScenes", summary="Ask for scenes", status_code=202, responses=responses(403, 404, 409, 422)
)
def ask_for_scenes(
    context: Here,
    person: Wishing,
    hold: Once,
    response: Response,
    order: Annotated[SceneRequest, Body(openapi_examples=ORDERS)],
) -> Asked:
    """Queues one scene for each variant. ``Location`` leads to the first; all of them share a group.

    A `placement` takes the scope `place` besides `ask`.
    """
    if order.placement:
        person.require(Scope.PLACE)
    made = service.ask(context, order, person.name, hold)
    response.headers["Location"] = f"/v1/scenes/{made[0].id}"
    response.headers["Link"] = f'</v1/scenes?group={made[0].group_id}>; rel="collection"'
    return asked(made)


@router.get("", operation_id="listScenes", summary="Scenes, newest first", responses=responses(422))
def list_scenes(
    request: Request,
    response: Response,
    context: Here,
    state: Annotated[list[State] | None, Query(description="May be given several times.")] = None,
    sku: Annotated[str | None, Query(max_length=64)] = None,
    style: Annotated[str | None, Query(max_length=64)] = None,
    category: Annotated[str | None, Query(max_length=64)] = None,
    verdict: Annotated[Verdict | None, Query()] = None,
    group: Annotated[str | None, Query(max_length=40)] = None,
    parent: Annotated[str | None, Query(max_length=40)] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50,
) -> ScenePage:
    """A page of scenes; ``Link: rel="next"`` leads to the one after it."""
    filters = Filters(tuple(state or ()), sku, style, category, group, parent, verdict=verdict)
    page = service.page(context, filters, cursor, limit)
    lead_on(request, response, page.next_cursor)
    return scene_page(page)


@router.get("/{scene_id}", operation_id="getScene", summary="One scene", responses=responses(404))
def get_scene(context: Here, scene_id: SceneId) -> SceneDetail:
    """State, findings, recipe, decisions."""
    return scene_detail(service.get(context, scene_id))


@router.get(
    "/{scene_id}/image",
    operation_id="getSceneImage",
    summary="The picture",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}, "image/png": {}, "image/webp": {}}, "description": "The picture"},
        304: {"description": "Not Modified"},
        **responses(404, 422),
    },
)
def get_scene_image(
    request: Request,
    context: Here,
    scene_id: SceneId,
    form: Annotated[Literal["jpeg", "png", "webp"], Query(alias="format")] = "jpeg",
    width: Annotated[int | None, Query(ge=16, le=MAX_WIDTH, description="Shrinks it; never enlarges.")] = None,
    space: Annotated[
        Literal["srgb", "adobe-rgb"],
        Query(description="Its colours' space; adobe-rgb for print. The profile is embedded in either."),
    ] = "srgb",
    download: Annotated[bool, Query(description="As a file to be saved.")] = False,
    v: Annotated[str, Query(max_length=64, description="The picture's tag: lets a browser keep it for ever.")] = "",
) -> Response:
    """Carries an ETag; a picture never changes under its tag."""
    scene = service.get(context, scene_id)
    known = service.tag_of(scene.picture, form, width, space) if scene.picture else ""
    return file_response(
        request, known, lambda: service.picture(context, scene, form, width, space), download=download, version=v
    )


@router.get(
    "/{scene_id}/recipe",
    operation_id="getSceneRecipe",
    summary="The recipe, as a canonical file",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "The recipe"}, **responses(404)},
)
def get_scene_recipe(context: Here, scene_id: SceneId) -> Response:
    """Everything that decided the picture (RFC 8785); its sha256 is the recipe's identity."""
    scene = service.get(context, scene_id)
    if scene.recipe is None:
        raise NotFoundError(f"The scene is {scene.state.replace('_', ' ')}; it has no recipe.", where="id")
    headers = {"Content-Disposition": f'attachment; filename="{scene.sku}-{scene.style}-{scene.id[-6:]}.json"'}
    return Response(recipe.canonical(scene.recipe), media_type="application/json", headers=headers)


@router.post(
    "/{scene_id}/approve", operation_id="approveScene", summary="Approve", responses=responses(403, 404, 409, 422)
)
def approve_scene(
    context: Here, person: Reviewing, scene_id: SceneId, approval: Annotated[Approval | None, Body()] = None
) -> SceneDetail:
    """The picture may go out. One whose checks failed takes ``override`` and a note."""
    said = approval or Approval(publish=False)
    if said.publish:
        person.require(Scope.PUBLISH)
    scene = service.approve(context, scene_id, person.name, said.note, override=said.override, publish=said.publish)
    return scene_detail(scene)


@router.post(
    "/{scene_id}/reject", operation_id="rejectScene", summary="Reject", responses=responses(403, 404, 409, 422)
)
def reject_scene(context: Here, person: Reviewing, scene_id: SceneId, rejection: Rejection) -> SceneDetail:
    """The picture will not go out; the reason shapes what asking again makes."""
    return scene_detail(service.reject(context, scene_id, person.name, rejection.reason, rejection.text))


@router.post(
    "/{scene_id}/reopen", operation_id="reopenScene", summary="Take a verdict back", responses=responses(403, 404, 409)
)
def reopen_scene(context: Here, person: Reviewing, scene_id: SceneId) -> SceneDetail:
    """An approved or rejected scene is in review again."""
    return scene_detail(service.reopen(context, scene_id, person.name))


@router.post(
    "/{scene_id}/regenerate",
    operation_id="regenerateScene",
    summary="Ask again",
    status_code=202,
    responses=responses(403, 404, 409, 422),
)
def regenerate_scene(
    context: Here, person: Wishing, hold: Once, response: Response, scene_id: SceneId, changes: Changes | None = None
) -> SceneDetail:
    """A new scene in the same group; a rejection's reason changes it unless told otherwise.

    What is not changed stays as it was, a placement too; another `placement` takes the scope `place` besides `ask`.
    """
    wanted = changes or Changes()
    if wanted.placement:
        person.require(Scope.PLACE)
    again = service.ask_again(context, scene_id, wanted.given(), person.name, hold)
    response.headers["Location"] = f"/v1/scenes/{again.id}"
    return scene_detail(again)


@router.post(
    "/{scene_id}/comment",
    operation_id="commentScene",
    summary="Say something of it",
    responses=responses(403, 404, 422),
)
def comment_scene(context: Here, person: Wishing, scene_id: SceneId, comment: Comment) -> SceneDetail:
    """Stands in the scene's history; changes nothing else."""
    return scene_detail(service.comment(context, scene_id, person.name, comment.text))


@router.post("/{scene_id}/publish", operation_id="publishScene", summary="Publish", responses=responses(403, 404, 409))
def publish_scene(context: Here, person: Publishing, scene_id: SceneId) -> SceneDetail:
    """Only an approved scene; its picture and recipe are written to the published place."""
    return scene_detail(service.publish(context, scene_id, person.name))


@router.post("/{scene_id}/cancel", operation_id="cancelScene", summary="Cancel", responses=responses(403, 404, 409))
def cancel_scene(context: Here, person: Wishing, scene_id: SceneId) -> SceneDetail:
    """A waiting scene is not begun; one that is being made stops between two stages."""
    return scene_detail(service.cancel(context, scene_id, person.name))


@router.post(
    "/{scene_id}/retry",
    operation_id="retryScene",
    summary="Make it again",
    status_code=202,
    responses=responses(403, 404, 409),
)
def retry_scene(context: Here, person: Wishing, scene_id: SceneId) -> SceneDetail:
    """A failed or cancelled scene goes back to the queue as it was asked for."""
    return scene_detail(service.retry(context, scene_id, person.name))


def existing(context: Here, scene_id: SceneId) -> str:
    """The id of a scene that exists: asked before a stream begins, while its status can still be 404."""
    return service.get(context, scene_id).id


@router.get(
    "/{scene_id}/events",
    operation_id="followScene",
    summary="Progress as it happens",
    response_class=EventSourceResponse,
    responses=responses(404, 422),
)
async def follow_scene(
    context: Here,
    scene_id: Annotated[str, Depends(existing)],
    last_event_id: Annotated[int, Header(ge=0, lt=2**31, description="Resume after this event.")] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events ``state`` and ``progress``, numbered; ``end`` once the scene is made or given up."""
    async with aclosing(service.follow(context, scene_id, last_event_id)) as told:
        async for news in told:
            if isinstance(news, Event):
                yield ServerSentEvent(event=news.kind, id=str(news.seq), data=event_data(news))
            else:
                data = {"state": news.state, "verdict": news.verdict}
                yield ServerSentEvent(event="end", id=str(news.events), data=data)
