"""The desk's pages to look after teams: what each uses, and what it may use at most."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.auth import Administering
from api.callers import Caller
from api.deps import Context, Here
from api.errors import Refused, status_of
from api.people.teams import Standing, chosen, standing, within_reach
from api.review.pages import page, toast
from imagegen.errors import BadRequestError, ImagegenError
from workers.errors import StateConflictError
from workers.records import scenes, teams

router = APIRouter(prefix="/review/admin/teams", tags=["review"])

DID = {"added": "It is a team", "limited": "It may use so much from now on"}
MB = 1_000_000
LIMITS = {
    "photo_bytes": ("Photos, in MB", "stored now"),
    "scenes_a_day": ("Scenes in 24 hours", "asked for in the last 24 hours"),
    "scenes_queued": ("Scenes that wait", "waiting now"),
}

Number = Annotated[str, Form(max_length=20)]


@router.get("")
def every_team(request: Request, context: Here, _: Administering) -> Response:
    """Every team, with what it uses of what it may."""
    return _list(request, context)


@router.post("")
def add(
    request: Request,
    context: Here,
    caller: Administering,
    team: Annotated[str, Form(max_length=100)],
    name: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """A new team."""
    _of_the_house(caller)
    try:
        with context.database.of_all().transaction() as session:
            teams.add(session, team.strip(), caller.name, name=name)
    except (BadRequestError, StateConflictError) as error:
        return _list(request, context, trouble=error, given={"team": team, "name": name})
    return RedirectResponse("/review/admin/teams?did=added", 303)


@router.get("/{team_id}")
def one(context: Here, _: Administering, team_id: str) -> Response:
    """What a team may use."""
    return _one(context, team_id)


@router.post("/{team_id}")
def limit(
    context: Here,
    caller: Administering,
    team_id: str,
    photo_bytes: Number = "",
    scenes_a_day: Number = "",
    scenes_queued: Number = "",
) -> Response:
    """What it may use from now on."""
    wanted = chosen(context, team_id)
    _of_the_house(caller)
    given = {"photo_bytes": photo_bytes, "scenes_a_day": scenes_a_day, "scenes_queued": scenes_queued}
    try:
        limits = {name: _number(name, said) for name, said in given.items()}
        with context.database.of_all().transaction() as session:
            teams.limit(session, wanted, caller.name, limits)
    except BadRequestError as error:
        return _one(context, team_id, trouble=error, given=given)
    return RedirectResponse("/review/admin/teams?did=limited", 303)


def _of_the_house(caller: Caller) -> None:
    """Teams are the house's: no team's own key raises what its team may use."""
    if not caller.roams:
        raise Refused(403, "Teams are looked after by the house's administrators.", hint="Ask one of them.")


def _number(name: str, said: str) -> int | None:
    """A limit as it was typed: photos in MB, nothing for what the settings say. Raises BadRequestError."""
    said = said.strip().replace(",", ".")
    if not said:
        return None
    try:
        return round(float(said) * MB) if name == "photo_bytes" else int(said)
    except (ValueError, OverflowError) as error:
        hint = "Leave it empty for what the settings say; 0 is as much as it likes."
        raise BadRequestError(f"{LIMITS[name][0]}: {said!r} is no number.", hint=hint, where=name) from error


def _list(
    request: Request, context: Context, *, trouble: ImagegenError | None = None, given: dict[str, str] | None = None
) -> Response:
    return page(
        "teams.html",
        context.caller,
        status_of(trouble) if trouble else 200,
        here="admin",
        tab="teams",
        toast=toast(request, DID),
        waiting=_waiting(context),
        teams=[_view(standing(context, team)) for team in within_reach(context)],
        limits=LIMITS,
        trouble=trouble,
        given=given or {},
    )


def _one(
    context: Context, team_id: str, *, trouble: ImagegenError | None = None, given: dict[str, str] | None = None
) -> Response:
    wanted = chosen(context, team_id)
    [team] = (team for team in within_reach(context) if team.id == wanted)
    own = {name: getattr(team, name) for name in LIMITS}
    return page(
        "team.html",
        context.caller,
        status_of(trouble) if trouble else 200,
        here="admin",
        tab="teams",
        waiting=_waiting(context),
        team=_view(standing(context, team)),
        limits=LIMITS,
        given=given or {name: _said(name, value) for name, value in own.items()},
        usual={name: _said(name, getattr(context.database.allowance, name)) for name in LIMITS},
        trouble=trouble,
    )


def _view(found: Standing) -> dict[str, Any]:
    used, allowed = asdict(found.used), asdict(found.allowed)
    return {
        "id": found.team.id,
        "name": found.team.name,
        "since": f"{found.team.created_at:%Y-%m-%d}",
        "uses": [_use(name, used[name], allowed[name]) for name in LIMITS],
    }


def _use(name: str, used: int, most: int) -> dict[str, Any]:
    """``share``: of what it may, 0 to 1."""
    shown = f"{used / MB:.1f}".removesuffix(".0") if name == "photo_bytes" else str(used)
    told = {"name": name, "used": shown, "most": _said(name, most) if most else ""}
    return told | {"share": min(1.0, used / most) if most else 0.0}


def _said(name: str, value: int | None) -> str:
    if value is None:
        return ""
    return f"{value / MB:.6f}".rstrip("0").rstrip(".") if name == "photo_bytes" else str(value)


def _waiting(context: Context) -> int:
    with context.database.reading() as session:
        return scenes.in_review(session)
