"""The page to sign in at, and the way out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.auth import Administering
from api.callers import NOBODY
from api.deps import Here, Process
from api.errors import Refused
from api.people import cookies, oidc, service
from api.places import address
from api.review.pages import page
from workers.records import signins, teams

router = APIRouter(tags=["people"])

DESK = "/review"
NEEDS_TLS = "Passwords are taken over https only, or on the machine that the service runs on."

Next = Annotated[str, Query(alias="next", max_length=2000)]


@router.get("/login")
def login_page(request: Request, context: Process, wanted: Next = DESK) -> Response:
    """Where people say who they are."""
    return _page(request, context, wanted)


@router.post("/login")
def log_in(
    request: Request,
    context: Process,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    wanted: Annotated[str, Form(alias="next", max_length=2000)] = DESK,
) -> Response:
    """On to where they wanted to go, with a new cookie; or the page again, with what was wrong."""
    held = cookies.name(request, context.settings)
    if held is None:
        return _page(request, context, wanted, login=login, status=403)
    try:
        token = service.sign_in(
            context, login, password, address=address(request), before=cookies.token(request, context.settings)
        )
    except Refused as refused:
        answer = _page(request, context, wanted, login=login, status=refused.status_code, trouble=refused.detail)
        if refused.headers:
            answer.headers.update(refused.headers)
        return answer
    onward = RedirectResponse(inside(wanted), status_code=303)
    cookies.give(onward, held, token)
    return onward


@router.get("/login/provider")
async def to_provider(request: Request, context: Process, wanted: Next = DESK) -> Response:
    """On to the house's own provider."""
    return await oidc.leave(request, context, inside(wanted))


@router.get(oidc.CALLBACK)
async def from_provider(request: Request, context: Process) -> Response:
    """Back from it: on to where they wanted to go, or to the page to sign in at with what was wrong."""
    try:
        token, wanted = await oidc.come_back(request, context)
    except Refused as refused:
        answer = _page(request, context, DESK, status=refused.status_code, trouble=refused.detail)
        oidc.forget(answer, request, context.settings)
        return answer
    onward = RedirectResponse(inside(wanted), status_code=303)
    held = cookies.name(request, context.settings)
    assert held is not None
    cookies.give(onward, held, token)
    oidc.forget(onward, request, context.settings)
    return onward


@router.post("/logout")
def log_out(request: Request, context: Process) -> Response:
    """The stay is over, also for whoever kept a copy of its cookie."""
    service.sign_out(context, cookies.token(request, context.settings))
    onward = RedirectResponse("/login", status_code=303)
    held = cookies.name(request, context.settings)
    if held:
        cookies.take(onward, held)
    return onward


@router.post("/review/team")
def look_at_team(
    request: Request, context: Here, caller: Administering, team: Annotated[str, Form(max_length=40)]
) -> Response:
    """An administrator looks at another team until they choose again."""
    token = cookies.token(request, context.settings)
    with context.database.of_all().transaction() as session:
        signins.look_at(session, token, teams.get(session, team).id)
    del caller
    return RedirectResponse(DESK, status_code=303)


def inside(wanted: str) -> str:
    """The path if it is one of this service, else the desk: nobody is led elsewhere by our own page."""
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wanted if ours and wanted.isprintable() and "\\" not in wanted else DESK


def _page(
    request: Request, context: Process, wanted: str, *, login: str = "", status: int = 200, trouble: str = ""
) -> Response:
    can = cookies.name(request, context.settings) is not None
    return page(
        "login.html",
        NOBODY,
        status,
        next=inside(wanted),
        login=login,
        trouble=trouble if can else NEEDS_TLS,
        wait=status == 429,
        provider=context.settings.oidc_name if context.settings.oidc_issuer and can else "",
        onward=quote(inside(wanted)),
    )
