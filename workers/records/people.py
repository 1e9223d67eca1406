"""Every question to the table of people: who may sign in, as what, and since when no more.

Logins and names are the house's, so these take a session that works for all teams (``Database.of_all``).
"""

from __future__ import annotations

import re

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from imagegen.errors import BadRequestError
from workers.errors import NotFoundError, StateConflictError
from workers.records import audit, passwords, signins, teams
from workers.records.asking import new_id
from workers.records.models import Person
from workers.records.session import now
from workers.scopes import Role
from workers.teams import HOUSE

LOGIN = re.compile(r"[a-z0-9][a-z0-9._+@-]{1,198}[a-z0-9]")
UNKNOWN = "somebody unknown"
"""Who tries to sign in, as the log names them. What they typed is not kept: it may be a password."""


def add(
    session: Session,
    login: str,
    role: Role,
    by: str,
    *,
    name: str = "",
    password: str | None = None,
    subject: str | None = None,
    team: str = HOUSE,
) -> Person:
    """Somebody new.

    ``name`` stands beside whatever they do (the login, unless another is given), so no two people share one. Raises
    BadRequestError for what cannot be a login or name, StateConflictError for a taken one, NotFoundError for the team.
    """
    login, name = _login(login), teams.named(name or login)
    taken = select(Person).where(or_(Person.login == login, Person.name == name))
    for other in session.scalars(taken):
        word = "login" if other.login == login else "name"
        raise StateConflictError(f"The {word} {getattr(other, word)!r} is taken.", where=word)
    teams.get(session, team)
    at = now(session)
    person = Person(
        team_id=team,
        id=new_id(at.timestamp() * 1000),
        login=login,
        name=name,
        role=role,
        password=passwords.kept(password) if password is not None else None,
        subject=subject,
        created_at=at,
        created_by=by,
    )
    session.add(person)
    session.flush()
    _note(session, by, "add", person, name=name, role=str(role), team=team)
    return person


def listed(session: Session) -> list[Person]:
    """Everybody there ever was, by login."""
    return list(session.scalars(select(Person).order_by(Person.login)))


def named(session: Session, login: str) -> Person:
    """Whoever has this login, locked. Raises NotFoundError."""
    person = find(session, login, lock=True)
    if person is None:
        raise NotFoundError(f"There is nobody called {login[:40]!r}.", hint="imagegen people list", where="login")
    return person


def get(session: Session, person_id: str, *, lock: bool = False) -> Person:
    """Whoever has this id. Raises NotFoundError."""
    statement = select(Person).where(Person.id == person_id)
    person = session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if person is None:
        raise NotFoundError("There is nobody of that id.", where="person_id")
    return person


def find(session: Session, login: str, *, lock: bool = False) -> Person | None:
    """Whoever has this login."""
    statement = select(Person).where(Person.login == login.strip().lower())
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def of_subject(session: Session, subject: str) -> Person | None:
    """Whoever the house's own provider knows by this word."""
    return session.scalars(select(Person).where(Person.subject == subject)).one_or_none()


def anybody(session: Session) -> bool:
    """Whether there is anybody at all, be they disabled: from then on nobody comes in without saying who they are."""
    return session.scalar(select(Person.id).limit(1)) is not None


def any_admin(session: Session) -> bool:
    """Whether somebody may sign in who may do everything."""
    admins = select(Person.id).where(Person.role == Role.ADMIN, Person.disabled_at.is_(None))
    return session.scalar(admins.limit(1)) is not None


def set_password(session: Session, person: Person, password: str, by: str) -> None:
    """From now on this password, and only it; whoever is signed in with the old one is out."""
    person.password = passwords.kept(password)
    signins.close_all(session, person)
    _note(session, by, "password", person)


def set_role(session: Session, person: Person, role: Role, by: str) -> None:
    """From their next request on. Raises StateConflictError for the last administrator."""
    if person.role == role:
        return
    _keep_an_admin(session, person)
    _note(session, by, "role", person, role=[person.role, str(role)])
    person.role = role
    session.flush()


def set_team(session: Session, person: Person, team: str, by: str) -> None:
    """Whose they are from their next request on; what they did stays the old team's. Raises NotFoundError."""
    before = person.team_id
    if before == team:
        return
    teams.get(session, team)
    person.team_id = team
    session.flush()
    for log in (before, team):
        told = {"login": person.login, "team": [before, team]}
        audit.write(session, by, "team", "person", person.id, told, team=log)


def end_stays(session: Session, person: Person, by: str) -> int:
    """Wherever they are signed in, they are out, and may sign in again; at how many places that was."""
    ended = signins.close_all(session, person)
    _note(session, by, "sign out", person, places=ended)
    return ended


def disable(session: Session, person: Person, by: str) -> None:
    """Out at once, and not in again; what they did stays theirs. Raises StateConflictError for the last admin."""
    if person.disabled_at is not None:
        return
    _keep_an_admin(session, person)
    person.disabled_at = now(session)
    signins.close_all(session, person)
    _note(session, by, "disable", person)


def enable(session: Session, person: Person, by: str) -> None:
    """They may sign in again."""
    if person.disabled_at is None:
        return
    person.disabled_at = None
    session.flush()
    _note(session, by, "enable", person)


def _note(session: Session, by: str, action: str, person: Person, **told: object) -> None:
    audit.write(session, by, action, "person", person.id, {"login": person.login, **told}, team=person.team_id)


def _keep_an_admin(session: Session, person: Person) -> None:
    """A house from which the last administrator locks themselves out could only be opened at its database."""
    if person.role != Role.ADMIN or person.disabled_at is not None:
        return
    admins = select(Person.id).where(Person.role == Role.ADMIN, Person.disabled_at.is_(None)).with_for_update()
    if session.scalars(admins).all() == [person.id]:
        raise StateConflictError(
            f"{person.name} is the last administrator.", hint="Make somebody else one first.", where="role"
        )


def _login(login: str) -> str:
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise BadRequestError(
            "This cannot be a login.",
            hint="3 to 200 letters, digits, dots, dashes, plus and @: a mail address, say.",
            where="login",
        )
    return login
