"""The desk's pages to look after machines' keys: what each opens, until when, and when it was used last."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.auth import Administering
from api.callers import Caller
from api.deps import Context, Here
from api.errors import status_of
from api.people.teams import chosen, reach, within_reach
from api.review.pages import page, toast
from api.review.schemas import age
from imagegen.errors import BadRequestError, ImagegenError
from workers.errors import StateConflictError
from workers.records import keys, scenes
from workers.records.models import ApiKey
from workers.scopes import Scope

router = APIRouter(prefix="/review/admin/keys", tags=["review"])

DID = {"revoked": "It opens nothing any more"}
SCOPES = {
    Scope.READ: "look; each of the others lets that too",
    Scope.ASK: "ask for scenes, ask again, comment, cancel",
    Scope.PLACE: "lay previews, stand a product by hand",
    Scope.WRITE: "put products in; all that ask and place let",
    Scope.REVIEW: "approve, reject, take a verdict back",
    Scope.PUBLISH: "send approved pictures out",
    Scope.ADMIN: "everything, these pages too",
}
ENDS = {30: "30 days", 90: "90 days", 365: "a year", 730: "two years", 0: "no end"}


@router.get("")
def every_key(request: Request, context: Here, _: Administering) -> Response:
    """Every key there ever was."""
    return _list(request, context)


@router.post("")
def issue(
    request: Request,
    context: Here,
    caller: Administering,
    name: Annotated[str, Form(max_length=200)],
    scope: Annotated[list[Scope] | None, Form()] = None,
    days: Annotated[int, Form()] = 365,
    team: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """A new key, shown on the page that answers, and nowhere else."""
    scopes = scope or []
    try:
        with context.database.of(chosen(context, team)).transaction() as session:
            key, text = keys.issue(session, name, scopes, caller.name, keys.end_after(session, days))
    except BadRequestError as error:
        given = {"name": name, "scopes": scopes, "days": days, "team": team}
        return _list(request, context, trouble=error, given=given)
    return _list(request, context, new=key, secret=text)


@router.post("/{key_id}/revoke")
def revoke(request: Request, context: Here, caller: Administering, key_id: str) -> Response:
    """From now on it opens nothing."""
    try:
        with reach(context).transaction() as session:
            _not_ones_own(caller, keys.get(session, key_id))
            keys.revoke(session, key_id, caller.name)
    except StateConflictError as error:
        return _list(request, context, trouble=error)
    return RedirectResponse("/review/admin/keys?did=revoked", 303)


def _not_ones_own(caller: Caller, key: ApiKey) -> None:
    if caller.id == f"key-{key.id}":
        raise StateConflictError("This is the key that you came in with.", hint="Whoever holds another can revoke it.")


def _list(
    request: Request,
    context: Context,
    *,
    trouble: ImagegenError | None = None,
    given: dict[str, Any] | None = None,
    new: ApiKey | None = None,
    secret: str = "",
) -> Response:
    with context.database.reading() as session:
        waiting = scenes.in_review(session)
    with reach(context).reading() as session:
        found = keys.listed(session)
    teams, at = within_reach(context), context.database.clock()
    names = {team.id: team.name for team in teams}
    return page(
        "keys.html",
        context.caller,
        status_of(trouble) if trouble else 200,
        here="admin",
        tab="keys",
        toast=toast(request, DID),
        waiting=waiting,
        keys=[_view(key, at, names) for key in found],
        teams=teams,
        scopes=SCOPES,
        ends=ENDS,
        trouble=trouble,
        given=given or {},
        new=new,
        secret=secret,
    )


def _view(key: ApiKey, at: datetime, teams: dict[str, str]) -> dict[str, Any]:
    state = "Live" if keys.is_live(key, at) else "Revoked" if key.revoked_at else "Over"
    return {
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes,
        "team": teams.get(key.team_id, key.team_id),
        "made": f"{key.created_at:%Y-%m-%d}",
        "made_by": key.created_by,
        "until": f"{key.expires_at:%Y-%m-%d}" if key.expires_at else "no end",
        "used": age(key.last_used_at) if key.last_used_at else "never",
        "state": state,
        "tint": {"Live": "pass", "Revoked": "fail"}.get(state, ""),
    }
