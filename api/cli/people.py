"""``imagegen people``: who may sign in, and as what."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.catalog import CHOSEN, opened
from api.cli.console import emit, operator, out, plain, table
from workers.scopes import Role

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workers.records.models import Person

app = typer.Typer(no_args_is_help=True, help="People who sign in: add, list, disable, give a password, role or team.")
JSON = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
LOGIN = Annotated[str, typer.Argument(help="What they sign in with: a mail address, say.")]
FROM_INPUT = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, for scripts.")
]

FACTS = ("id", "login", "name", "role", "team_id", "created_at", "created_by", "last_login_at", "disabled_at")


@app.command("add")
def add(
    login: LOGIN,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.MARKETING,
    name: Annotated[str, typer.Option(help="Stands beside whatever they do; the login, if none is given.")] = "",
    password_stdin: FROM_INPUT = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="They sign in through the house's own provider (OIDC) only.")
    ] = False,
) -> None:
    """Let somebody sign in. The password is asked for, unless it comes from standard input.

    Roles: marketing (ask for scenes, comment, ask again), designer (also place by hand, approve, reject, publish),
    admin (everything). As soon as there is anybody, nobody comes in without signing in, not even on this machine.

    For example:

      imagegen people add lena@house.example --role admin --name "Lena Maier"

      pass show desk | imagegen people add tom --role designer --password-stdin
    """
    from workers.records import people  # noqa: PLC0415 - the database's packages

    password = None if no_password else _password(from_input=password_stdin)
    with opened() as context, context.database.of_all().transaction() as session:
        team = context.database.team
        assert team is not None
        person = people.add(session, login, role, operator(), name=name, password=password, team=team)
        told = f"{person.name} ({person.login}) may sign in: {person.role} of {team}."
    out().print(plain(told))


@app.command("list")
def list_people(as_json: JSON = False) -> None:
    """List everybody there ever was: what they are, and when they came in last; with ``--team``, only that team's.

    For example:

      imagegen people list

      imagegen people list --json
    """
    from workers.records import people  # noqa: PLC0415 - the database's packages

    with opened() as context:
        database = context.database if CHOSEN.get() else context.database.of_all()
        with database.reading() as session:
            found = [_facts(person) for person in people.listed(session)]
    if as_json:
        emit(found)
        return
    table(
        ["login", "name", "team", "role", "last signed in", "state"],
        [
            (
                f["login"],
                f["name"],
                f["team_id"],
                f["role"],
                _day(f["last_login_at"]),
                "disabled" if f["disabled_at"] else "live",
            )
            for f in found
        ],
    )


@app.command("disable")
def disable(login: LOGIN) -> None:
    """Shut somebody out, at once and wherever they are signed in. What they did stays theirs.

    For example:

      imagegen people disable tom
    """
    from workers.records import people  # noqa: PLC0415 - as above

    with _somebody(login) as (session, person):
        people.disable(session, person, operator())
    out().print(plain(f"{login} may not sign in any more."))


@app.command("enable")
def enable(login: LOGIN) -> None:
    """Let somebody in again who was disabled.

    For example:

      imagegen people enable tom
    """
    from workers.records import people  # noqa: PLC0415 - as above

    with _somebody(login) as (session, person):
        people.enable(session, person, operator())
    out().print(plain(f"{login} may sign in again."))


@app.command("password")
def password(login: LOGIN, password_stdin: FROM_INPUT = False) -> None:
    """Give somebody a new password. Wherever they are signed in with the old one, they are out.

    For example:

      imagegen people password tom
    """
    from workers.records import people  # noqa: PLC0415 - as above

    with _somebody(login):
        pass  # nobody is asked for a password in vain
    new = _password(from_input=password_stdin)
    with _somebody(login) as (session, person):
        people.set_password(session, person, new, operator())
    out().print(plain(f"{login} has a new password."))


@app.command("role")
def role(
    login: LOGIN, new: Annotated[Role, typer.Argument(metavar="ROLE", help="marketing, designer or admin.")]
) -> None:
    """Make somebody something else, from their next request on.

    For example:

      imagegen people role tom designer
    """
    from workers.records import people  # noqa: PLC0415 - as above

    with _somebody(login) as (session, person):
        people.set_role(session, person, new, operator())
    out().print(plain(f"{login} is {new}."))


@app.command("team")
def team(login: LOGIN, new: Annotated[str, typer.Argument(metavar="TEAM", help="The team's word.")]) -> None:
    """Put somebody into another team, from their next request on. What they did stays the old one's.

    For example:

      imagegen people team tom outdoor
    """
    from workers.records import people  # noqa: PLC0415 - as above

    with _somebody(login) as (session, person):
        people.set_team(session, person, new, operator())
    out().print(plain(f"{login} belongs to {new}."))


@app.command("sign-out")
def sign_out(login: LOGIN) -> None:
    """End somebody's stays wherever they are signed in. They may sign in again.

    For example:

      imagegen people sign-out tom
    """
    from workers.records import people  # noqa: PLC0415 - as above

    with _somebody(login) as (session, person):
        places = people.end_stays(session, person, operator())
    out().print(plain(f"{login} was signed in at {places} {'place' if places == 1 else 'places'}, and is out."))


@contextmanager
def _somebody(login: str) -> Iterator[tuple[Session, Person]]:
    """A transaction and the person of that login. Raises NotFoundError."""
    from workers.records import people  # noqa: PLC0415 - as above

    with opened() as context, context.database.of_all().transaction() as session:
        yield session, people.named(session, login)


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True))


def _facts(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in FACTS} | {"signs_in_by_password": person.password is not None}


def _state(facts: dict[str, Any]) -> str:
    return "disabled" if facts["disabled_at"] else "live"


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else "-"
