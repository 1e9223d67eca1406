"""Signing in and out: slow for who guesses, alike for who exists and who does not, and told in the log."""

from __future__ import annotations

import hashlib

from api.deps import Context
from api.errors import Refused
from imagegen.errors import BadRequestError
from workers.records import audit, passwords, people, signins
from workers.records.models import Person
from workers.teams import HOUSE

WRONG = "This login and password do not go together."


def sign_in(context: Context, login: str, password: str, *, address: str, before: str = "") -> str:
    """The token of a new stay. ``before``: of the stay that this browser had. Raises Refused 401, 429."""
    login = login.strip().lower()
    tried = _try(context, login, address)
    with context.database.of_all().reading() as session:
        known = people.find(session, login)
    # Outside any transaction: this takes a while, by design.
    right, anew = passwords.check(password, known.password if known else None)
    if known is None or not right or known.disabled_at is not None:
        note_failure(context, known, address)
        raise Refused(401, WRONG)
    for whose in tried:
        context.rates.forgive(whose)
    return begin(context, known, address=address, before=before, password=anew)


def change_password(context: Context, person: Person, old: str, new: str, *, address: str) -> str:
    """The token of a new stay: all others are over. Counts as a try to sign in: a stay is no proof of who it is.

    Raises Refused 429, BadRequestError for a wrong old password or one that cannot be a new one.
    """
    tried = _try(context, person.login, address)
    right, _ = passwords.check(old, person.password)
    if not right:
        note_failure(context, person, address, how="own password")
        raise BadRequestError("This is not the password that you have.", where="old")
    for whose in tried:
        context.rates.forgive(whose)
    with context.database.of_all().transaction() as session:
        known = people.get(session, person.id, lock=True)
        people.set_password(session, known, new, known.name)
        return signins.begin(session, known)


def _try(context: Context, login: str, address: str) -> tuple[str, str]:
    """What this try is counted for. Raises Refused 429."""
    tried = (f"address-{address}", f"login-{hashlib.sha256(login.encode()).hexdigest()}")
    wait = max(context.rates.try_s(whose) for whose in tried)
    if wait:
        raise Refused(429, "Too many tries to sign in.", headers={"Retry-After": str(wait)})
    return tried


def begin(
    context: Context,
    person: Person,
    *,
    address: str,
    before: str = "",
    how: str = "password",
    password: str | None = None,
) -> str:
    """The token of a stay for whoever has proven who they are. ``password``: what is kept of theirs from now on."""
    with context.database.of(person.team_id).transaction() as session:
        known = session.get(Person, person.id)
        if known is None or known.disabled_at is not None:
            raise Refused(401, WRONG)
        if password and known.password == person.password:
            known.password = password
        token = signins.begin(session, known, before)
        audit.write(session, known.name, "login", "person", known.id, {"address": address, "how": how})
    return token


def sign_out(context: Context, token: str) -> None:
    """The token holds nothing any more."""
    with context.database.of_all().transaction() as session:
        stay = signins.find(session, token)
        signins.end(session, token)
        if stay is not None:
            person = stay.person
            audit.write(session, person.name, "logout", "person", person.id, team=person.team_id)


def note_failure(context: Context, known: Person | None, address: str, how: str = "password") -> None:
    """What was typed for a login is not kept where nobody has it: it may be a password."""
    subject, detail = (known.id, {"login": known.login}) if known else ("unknown", {})
    told = {"address": address, "how": how, **detail}
    team = known.team_id if known else HOUSE
    with context.database.of(team).transaction() as session:
        audit.write(session, people.UNKNOWN, "failed login", "person", subject, told)
