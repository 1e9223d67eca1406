"""The desk's pages."""

from __future__ import annotations

import json
from dataclasses import astuple
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api.deps import Here
from api.review import schemas, service
from api.review.pages import page
from api.review.service import OLDEST_FIRST, TABS, Sieve
from api.scenes.service import engine_names
from api.stylebook.routes import Wished, shelf_of
from api.stylebook.schemas import style_out
from imagegen.browse import Hit, browse, facets
from imagegen.errors import BadRequestError
from imagegen.lifecycle import State
from imagegen.types import Quality
from styles.errors import UnknownStyleError
from workers.errors import NotFoundError
from workers.records import products, scenes
from workers.records.scenes import Filters

router = APIRouter(tags=["review"])

SHELF = 120
PUBLISHED = 60

QUALITIES = {
    Quality.DRAFT: ("Draft", "640 px, seconds"),
    Quality.STANDARD: ("Standard", "1216 px, under half a minute"),
    Quality.FINAL: ("Final", "2048 px, a minute or two"),
}
MODES = {
    "paint": "All of the room",
    "refine": "Over what was rendered",
    "harmonise": "Only around the product",
}
"""How much of a room a model paints, in a person's words."""


async def narrowed(
    state: Annotated[str, Query(max_length=40)] = "",
    style: Annotated[str, Query(max_length=200)] = "",
    category: Annotated[str, Query(max_length=200)] = "",
    verdict: Annotated[str, Query(max_length=40)] = "",
) -> Sieve:
    """What the address narrows the desk to."""
    return service.sieve(state, style, category, verdict)


Narrowed = Annotated[Sieve, Depends(narrowed)]

DID = {
    "approved": "Approved",
    "published": "Published",
    "rejected": "Rejected",
    "rejected-again": "Rejected, and asked again",
    "again": "Asked again",
    "undone": "Back in review",
    "cancelled": "Cancelled",
    "retried": "Back in the queue",
    "asked": "Asked for",
    "commented": "Said",
}
CAN_UNDO = frozenset({"approved", "rejected"})


def toast(request: Request) -> dict[str, str] | None:
    """What was just done, from the address that a verdict leads to."""
    did, was, new = (request.query_params.get(name, "")[:40] for name in ("did", "was", "new"))
    if did not in DID or not all(part.isalnum() or not part for part in (was, new)):
        return None
    said = {"text": DID[did], "undo": "", "link": "", "link_text": ""}
    if was and did in CAN_UNDO:
        said["undo"] = f"/review/scenes/{was}/undo"
    if was and did == "published":
        said |= {"link": f"/review/scenes/{was}", "link_text": "Show"}
    if new:
        said |= {"link": f"/review/scenes/{new}", "link_text": "Show the new one"}
    return said


@router.get("/", include_in_schema=False)
def front() -> Response:
    """The desk is the front page."""
    return Response(status_code=303, headers={"Location": "/review"})


@router.get("/review")
def queue(
    request: Request, context: Here, sieve: Narrowed, cursor: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """The grid of scenes in one state."""
    with context.database.reading() as session:
        found = service.cards(session, sieve, cursor or None)
        matching = scenes.counts_up_to(session, service.MOST, sieve.filters(any_state=True))
        everything = scenes.counts_up_to(session, service.MOST) if sieve.narrowed else matching
        categories = list(products.categories(session))
    counts = service.tab_counts(matching)
    tabs = [
        {
            "words": words,
            "count": counts[name],
            "href": f"/review{sieve.query(state=name)}",
            "current": name == sieve.state,
        }
        for name, (words, _) in TABS.items()
    ]
    return page(
        "queue.html",
        context.caller,
        here="queue",
        toast=toast(request),
        waiting=everything[State.IN_REVIEW],
        tabs=tabs,
        tab_words=TABS[sieve.state][0],
        filters=sieve,
        filtered=sieve.narrowed,
        clear=f"/review{Sieve(sieve.state).query()}",
        styles=context.library.styles(),
        categories=categories,
        scenes=[schemas.scene_view(scene, context.library) for scene in found.items],
        query=sieve.query(),
        older=f"/review{sieve.query(cursor=found.next_cursor)}" if found.next_cursor else "",
        newer_words="Later scenes" if sieve.state in OLDEST_FIRST else "Older scenes",
        live=bool(everything[State.QUEUED] + everything[State.RUNNING]),
        refresh=f"/review{sieve.query(cursor=cursor)}",
        total=sum(everything.values()),
    )


@router.get("/review/scenes/{scene_id}")
def scene(request: Request, context: Here, scene_id: str, sieve: Narrowed) -> Response:
    """One scene, large."""
    library = context.library
    with context.database.reading() as session:
        found = scenes.get(session, scene_id)
        beside = service.neighbours(session, found, sieve)
        family = scenes.page(session, Filters(group_id=found.group_id), None, 24, oldest_first=True).items
        children = [other for other in family if other.parent_id == found.id]
        waiting = scenes.in_review(session)
    view = schemas.scene_view(found, library)
    following = beside.following and schemas.scene_view(beside.following, library)
    return page(
        "scene.html",
        context.caller,
        here="queue",
        toast=toast(request),
        waiting=waiting,
        scene=view,
        stages=schemas.STAGES,
        product=schemas.product_view(found.product),
        facts=found.product,
        request_=found.request,
        recipe=json.dumps(found.recipe, indent=2, ensure_ascii=False) if found.recipe else "",
        recipe_sha=found.recipe_sha,
        seconds=sum(found.seconds.values()),
        publication=found.publication,
        parent=found.parent_id,
        children=[child.id for child in children],
        family=[schemas.scene_view(other, library) for other in family],
        history=[(schemas.decision_words(decision), schemas.age(decision.at)) for decision in found.decisions],
        previous=beside.previous.id if beside.previous else "",
        following=following,
        query=sieve.query(),
        tab_words=TABS[sieve.state][0],
        reasons=schemas.reasons(),
        styles=library.styles(),
        rooms={style.slug: library.rooms(style.slug) for style in library.styles()},
        lights=next((style.lights for style in library.styles() if style.slug == found.style), {}),
        qualities=QUALITIES,
    )


@router.get("/review/generate")
def generate(
    request: Request,
    context: Here,
    sku: Annotated[str, Query(max_length=64)] = "",
    style: Annotated[str, Query(max_length=64)] = "",
    room: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The form that asks for scenes."""
    with context.database.reading() as session:
        shelf = products.page(session, limit=SHELF)
        waiting = scenes.in_review(session)
    pictures = shelf_of(context)
    styles: list[dict[str, Any]] = [
        {
            "style": style,
            "rooms": context.library.rooms(style.slug),
            "colours": list(style.palette.values())[:6],
            "picture": pictures.glance_address(style.slug, style.rooms[0]),
        }
        for style in context.library.styles()
    ]
    return page(
        "generate.html",
        context.caller,
        here="generate",
        toast=toast(request),
        waiting=waiting,
        goods=[schemas.product_view(product) for product in shelf.items],
        more_goods=shelf.next_cursor is not None,
        chosen=sku,
        chosen_style=style,
        chosen_room=room,
        styles=styles,
        qualities=QUALITIES,
        engines=engine_names(),
        modes=MODES,
    )


@router.get("/review/generate/products")
def shelf(
    context: Here, q: Annotated[str, Query(max_length=100)] = "", sku: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """The shelf's products that a search finds."""
    with context.database.reading() as session:
        found = products.page(session, query=q.strip(), limit=SHELF)
    goods = [schemas.product_view(product) for product in found.items]
    return page("shelf.html", context.caller, goods=goods, more_goods=found.next_cursor is not None, chosen=sku, q=q)


@router.get("/review/styles")
def styles(context: Here, wish: Wished) -> Response:
    """The styles to choose from, pictures first."""
    trouble = ""
    try:
        hits = browse(context.library, wish)
    except BadRequestError as error:
        hits, trouble = [], f"{error.message} {error.hint}"
    with context.database.reading() as session:
        waiting = scenes.in_review(session)
    return page(
        "styles.html",
        context.caller,
        here="styles",
        waiting=waiting,
        wish=wish,
        asked=any(astuple(wish)),
        trouble=trouble,
        facets=facets(context.library),
        found=[style_out(shelf_of(context), hit) for hit in hits],
        total=len(context.library.styles()),
    )


@router.get("/review/styles/{slug}")
def style_page(context: Here, slug: str) -> Response:
    """One style: its rooms from all sides, its colours and its lights."""
    try:
        style = context.library.style(slug)
    except UnknownStyleError as error:
        raise NotFoundError(error.message, hint=error.hint, where="slug") from error
    with context.database.reading() as session:
        waiting = scenes.in_review(session)
    shown = style_out(shelf_of(context), Hit(style, context.library.rooms(slug)), anchors=True)
    return page("style.html", context.caller, here="styles", waiting=waiting, style=shown)


@router.get("/review/published")
def published(request: Request, context: Here, cursor: Annotated[str, Query(max_length=500)] = "") -> Response:
    """What is out, with its files."""
    with context.database.reading() as session:
        found = scenes.page(session, Filters(states=(State.PUBLISHED,)), cursor or None, PUBLISHED)
        waiting = scenes.in_review(session)
    return page(
        "published.html",
        context.caller,
        here="published",
        toast=toast(request),
        waiting=waiting,
        scenes=[(schemas.scene_view(row, context.library), row.publication) for row in found.items],
        older=f"/review/published?cursor={found.next_cursor}" if found.next_cursor else "",
    )
