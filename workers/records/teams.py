"""Every question to the table of teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from imagegen.errors import BadRequestError
from workers.catalog_model import visible
from workers.errors import NotFoundError, StateConflictError
from workers.records import audit
from workers.records.models import Team
from workers.records.session import now
from workers.teams import SLUG, Allowance

LONGEST_NAME = 100
LIMITS = tuple(field.name for field in fields(Allowance))
LARGEST = dict.fromkeys(LIMITS, 10**9) | {"photo_bytes": 10**15}
"""What a limit is at most: a number that its column holds."""


def add(session: Session, slug: str, by: str, *, name: str = "") -> Team:
    """A new team. Raises BadRequestError for what cannot be a slug or name, StateConflictError for a taken slug."""
    if not SLUG.fullmatch(slug):
        hint = "2 to 40 small letters, digits and dashes."
        raise BadRequestError("This cannot be a team's word.", hint=hint, where="team")
    if session.get(Team, slug) is not None:
        raise StateConflictError(f"There is a team {slug!r} already.", where="team")
    team = Team(id=slug, name=named(name or slug.replace("-", " ").capitalize()), created_at=now(session))
    session.add(team)
    session.flush()
    audit.write(session, by, "add", "team", slug, {"name": team.name}, team=slug)
    return team


def listed(session: Session) -> list[Team]:
    """Every team, by its slug."""
    return list(session.scalars(select(Team).order_by(Team.id)))


def get(session: Session, slug: str, *, lock: bool = False) -> Team:
    """One team. Raises NotFoundError."""
    team = session.get(Team, slug, with_for_update=lock) if SLUG.fullmatch(slug) else None
    if team is None:
        raise NotFoundError(f"There is no team {slug[:40]!r}.", hint="imagegen teams list", where="team")
    return team


def limit(session: Session, slug: str, by: str, limits: Mapping[str, int | None]) -> Team:
    """What the team may use (``LIMITS``): a number, 0 for any, None for what the settings say.

    Raises NotFoundError, BadRequestError for what is no limit.
    """
    for name, value in limits.items():
        if value is not None and not 0 <= value <= LARGEST[name]:
            raise BadRequestError("A limit is a number from 0 on.", hint=f"At most {LARGEST[name]}.", where=name)
    team = get(session, slug, lock=True)
    changed = {name: [getattr(team, name), value] for name, value in limits.items() if getattr(team, name) != value}
    for name, (_, value) in changed.items():
        setattr(team, name, value)
    if changed:
        session.flush()
        audit.write(session, by, "limit", "team", slug, changed, team=slug)
    return team


def named(name: str) -> str:
    """The name of a team or a person as it is kept: visible, 1 to LONGEST_NAME letters. Raises BadRequestError."""
    try:
        said = visible(name).strip()
    except ValueError as error:
        raise BadRequestError(f"The name {error}.", where="name") from error
    if not said or len(said) > LONGEST_NAME:
        raise BadRequestError(f"A name has 1 to {LONGEST_NAME} letters.", where="name")
    return said
