"""The desk's pages to look after people: who may sign in, as what, and since when no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.auth import Administering
from api.callers import HERE, Caller
from api.deps import Context, Here
from api.errors import status_of
from api.people.teams import chosen, reach, within_reach
from api.review.pages import page, toast
from api.review.schemas import age
from imagegen.errors import BadRequestError, ImagegenError
from workers.errors import StateConflictError
from workers.records import passwords, people, scenes, signins
from workers.records.models import Person
from workers.scopes import Role

router = APIRouter(prefix="/review/admin/people", tags=["review"])

DID = {
    "saved": "It is so from their next request on",
    "ended": "They are out wherever they were signed in",
    "locked": "They are out, and cannot sign in",
    "unlocked": "They may sign in again",
}
ROLES = {
    Role.MARKETING: "asks for scenes, comments, asks again",
    Role.DESIGNER: "also places by hand, approves, rejects, publishes",
    Role.ADMIN: "everything, these pages too",
}

Word = Annotated[str, Form(max_length=200)]
Slug = Annotated[str, Form(max_length=40)]
Refusal = (BadRequestError, StateConflictError)
"""What is told on the page that was filled in, so that nothing has to be typed again."""


@router.get("")
def everybody(request: Request, context: Here, _: Administering) -> Response:
    """Everybody there ever was."""
    return _list(request, context)


@router.post("")
def add(
    request: Request,
    context: Here,
    caller: Administering,
    login: Word,
    role: Annotated[Role, Form()],
    name: Word = "",
    team: Slug = "",
    by: Annotated[str, Form(pattern="^(password|provider)$")] = "password",
) -> Response:
    """Somebody new. Their password is shown on the page that answers, and nowhere else."""
    given = {"login": login, "name": name, "role": role, "team": team, "by": by}
    secret = passwords.made_up() if by == "password" else None
    try:
        if caller.id == HERE and role is not Role.ADMIN:
            raise BadRequestError(
                "The first person must be an administrator.",
                hint="From then on nobody comes in without signing in, and only an administrator can add others.",
            )
        with context.database.of_all().transaction() as session:
            whose = chosen(context, team)
            person = people.add(session, login, role, caller.name, name=name, password=secret, team=whose)
    except Refusal as error:
        return _list(request, context, trouble=error, given=given)
    return _list(request, context, new=person, secret=secret)


@router.get("/{person_id}")
def one(request: Request, context: Here, _: Administering, person_id: str) -> Response:
    """What somebody is, and what may be changed of it."""
    return _one(request, context, person_id)


@router.post("/{person_id}")
def change(
    request: Request,
    context: Here,
    caller: Administering,
    person_id: str,
    role: Annotated[Role, Form()],
    team: Slug = "",
) -> Response:
    """Another role or team."""
    try:
        with _somebody(context, person_id) as (session, person):
            if role != person.role:
                _not_oneself(caller, person, "You cannot take your own role away.")
            people.set_role(session, person, role, caller.name)
            people.set_team(session, person, chosen(context, team or person.team_id), caller.name)
    except Refusal as error:
        return _one(request, context, person_id, trouble=error)
    return _back(person_id, "saved")


@router.post("/{person_id}/password")
def give_password(request: Request, context: Here, caller: Administering, person_id: str) -> Response:
    """A new password, shown on the page that answers; whoever is signed in with the old one is out."""
    secret = passwords.made_up()
    with _somebody(context, person_id) as (session, person):
        people.set_password(session, person, secret, caller.name)
    return _one(request, context, person_id, secret=secret)


@router.post("/{person_id}/sign-out")
def end_stays(context: Here, caller: Administering, person_id: str) -> Response:
    """Out wherever they are signed in."""
    with _somebody(context, person_id) as (session, person):
        people.end_stays(session, person, caller.name)
    return _back(person_id, "ended")


@router.post("/{person_id}/lock")
def lock(request: Request, context: Here, caller: Administering, person_id: str) -> Response:
    """Out, and not in again."""
    try:
        with _somebody(context, person_id) as (session, person):
            _not_oneself(caller, person, "You cannot lock yourself out.")
            people.disable(session, person, caller.name)
    except Refusal as error:
        return _one(request, context, person_id, trouble=error)
    return _back(person_id, "locked")


@router.post("/{person_id}/unlock")
def unlock(context: Here, caller: Administering, person_id: str) -> Response:
    """In again."""
    with _somebody(context, person_id) as (session, person):
        people.enable(session, person, caller.name)
    return _back(person_id, "unlocked")


@contextmanager
def _somebody(context: Context, person_id: str) -> Iterator[tuple[Session, Person]]:
    """A transaction and the person of that id, if the caller's hand reaches them. Raises NotFoundError."""
    with reach(context).transaction() as session:
        yield session, people.get(session, person_id, lock=True)


def _not_oneself(caller: Caller, person: Person, refusal: str) -> None:
    if caller.id == f"person-{person.id}":
        raise StateConflictError(refusal, hint="Another administrator can.", where="person_id")


def _list(
    request: Request,
    context: Context,
    *,
    trouble: ImagegenError | None = None,
    given: dict[str, str] | None = None,
    new: Person | None = None,
    secret: str | None = None,
) -> Response:
    with context.database.reading() as session:
        waiting = scenes.in_review(session)
    with reach(context).reading() as session:
        found, places = people.listed(session), signins.places(session)
    teams = within_reach(context)
    names = {team.id: team.name for team in teams}
    return page(
        "people.html",
        context.caller,
        status_of(trouble) if trouble else 200,
        here="admin",
        tab="people",
        toast=toast(request, DID),
        waiting=waiting,
        people=[_view(person, places, names) for person in found],
        teams=teams,
        roles=ROLES,
        first=context.caller.id == HERE and not found,
        provider=_provider(context),
        trouble=trouble,
        given=given or {},
        new=new,
        secret=secret,
    )


def _one(
    request: Request, context: Context, person_id: str, *, trouble: ImagegenError | None = None, secret: str = ""
) -> Response:
    with context.database.reading() as session:
        waiting = scenes.in_review(session)
    with reach(context).reading() as session:
        person, places = people.get(session, person_id), signins.places(session)
    teams = within_reach(context)
    return page(
        "person.html",
        context.caller,
        status_of(trouble) if trouble else 200,
        here="admin",
        tab="people",
        toast=toast(request, DID),
        waiting=waiting,
        person=_view(person, places, {team.id: team.name for team in teams}),
        oneself=context.caller.id == f"person-{person.id}",
        teams=teams,
        roles=ROLES,
        provider=_provider(context) if person.subject else "",
        follows=bool(person.subject and context.settings.oidc_roles),
        trouble=trouble,
        secret=secret,
    )


def _provider(context: Context) -> str:
    return context.settings.oidc_name if context.settings.oidc_issuer else ""


def _view(person: Person, places: dict[str, int], teams: dict[str, str]) -> dict[str, Any]:
    by = [how for how, has in (("password", person.password), ("provider", person.subject)) if has]
    return {
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "role": Role(person.role),
        "team_id": person.team_id,
        "team": teams.get(person.team_id, person.team_id),
        "added": f"{person.created_at:%Y-%m-%d}",
        "added_by": person.created_by,
        "seen": age(person.last_login_at) if person.last_login_at else "never",
        "by": " or ".join(by),
        "places": places.get(person.id, 0),
        "locked": age(person.disabled_at) if person.disabled_at else "",
    }


def _back(person_id: str, did: str) -> RedirectResponse:
    return RedirectResponse(f"/review/admin/people/{person_id}?did={did}", 303)
