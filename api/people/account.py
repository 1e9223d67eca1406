"""Whoever signed in looks after their own password here; whoever gave it to them need not know it any longer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.auth import Asking
from api.callers import Caller
from api.deps import Context, Here
from api.errors import Refused, status_of
from api.people import cookies, service
from api.places import address
from api.review.pages import page
from imagegen.errors import BadRequestError, ImagegenError
from workers.records import passwords, people
from workers.records.models import Person

router = APIRouter(prefix="/review/account", tags=["people"])

Password = Annotated[str, Form(max_length=1000)]


@router.get("")
def account(context: Here, caller: Asking) -> Response:
    """Their name, and where their password is changed."""
    return _page(context, caller, _oneself(context, caller))


@router.post("")
def change(
    request: Request, context: Here, caller: Asking, old: Password = "", new: Password = "", again: Password = ""
) -> Response:
    """A new password: wherever else they are signed in, they are out; here they go on."""
    person = _oneself(context, caller)
    try:
        _check_alike(new, again)
        token = service.change_password(context, person, old, new, address=address(request))
    except BadRequestError as error:
        return _page(context, caller, person, trouble=error)
    answer = _page(context, caller, person, changed=True)
    held = cookies.name(request, context.settings)
    if held:
        cookies.give(answer, held, token)
    return answer


def _check_alike(new: str, again: str) -> None:
    if new != again:
        raise BadRequestError("The new password was not typed alike twice.", where="again")


def _oneself(context: Context, caller: Caller) -> Person:
    """Raises Refused 403 for whoever is no person."""
    if not caller.role:
        raise Refused(403, "Only people who sign in have a password.", hint="Sign in at /login.")
    with context.database.of_all().reading() as session:
        return people.get(session, caller.id.removeprefix("person-"))


def _page(
    context: Context,
    caller: Caller,
    person: Person,
    *,
    trouble: ImagegenError | None = None,
    changed: bool = False,
) -> Response:
    return page(
        "account.html",
        caller,
        status_of(trouble) if trouble else 200,
        here="account",
        login=person.login,
        has_password=person.password is not None,
        provider=context.settings.oidc_name if context.settings.oidc_issuer else "",
        shortest=passwords.SHORTEST,
        longest=passwords.LONGEST,
        trouble=trouble,
        changed=changed,
    )
