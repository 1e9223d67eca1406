"""The walls between teams: a session sees the rows of one team, and owns what it adds in that team's name.

Every question to the tables goes through ``narrow`` and every new row through ``own``, because every session of a
``Database`` listens to them: nobody needs to remember a condition, and nobody can forget one. A session belongs to
the house's first team unless it says whose it is (``Database.of``); one that works for all teams says so
(``Database.of_all``), and then each new row must be told its team.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import exists
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from workers.records.models import (
    Base,
    Decision,
    Delivery,
    Event,
    Outgoing,
    Owned,
    Person,
    Publication,
    Scene,
    SignIn,
    Webhook,
)

THROUGH: dict[type[Base], tuple[Any, type[Owned]]] = {
    Event: (Event.scene_id == Scene.id, Scene),
    Decision: (Decision.scene_id == Scene.id, Scene),
    Publication: (Publication.scene_id == Scene.id, Scene),
    Outgoing: (Outgoing.scene_id == Scene.id, Scene),
    Delivery: (Delivery.webhook_id == Webhook.id, Webhook),
    SignIn: (SignIn.person_id == Person.id, Person),
}
"""Tables whose rows belong to a team through another row."""

OWNERS = frozenset(owner for _, owner in THROUGH.values())

SHARED = frozenset({"teams", "leaders", "workers", "idempotency_keys"})
"""Tables that no team owns: who leads, who works for all, and answers that only their own caller's id finds."""


class WrongTeamError(RuntimeError):
    """A fault of ours: a row was about to be added in the name of another team, or of none."""


def team_of(session: Session) -> str:
    """Whose session this is. Raises WrongTeamError for one that works for all teams."""
    team: str | None = session.info.get("team")
    if team is None:
        raise WrongTeamError("This session works for all teams; say whose row it is.")
    return team


def narrow(state: ORMExecuteState) -> None:
    """Adds to a statement that it only sees, changes and removes rows of the session's team."""
    team = state.session.info.get("team")
    if team is None or state.is_insert or state.is_column_load or state.is_relationship_load:
        return  # a relationship's own load starts from rows that were seen, and inherits their statement's condition
    asked = {mapper.class_ for mapper in state.all_mappers}  # none where a statement only counts
    # Beside its owner a row is reached through it; to say it twice would cost the lists dear.
    through = OWNERS.isdisjoint(asked) and (not asked or not asked.isdisjoint(THROUGH))
    state.statement = state.statement.options(*_owned(team), *(_through(team) if through else ()))


@lru_cache(maxsize=256)
def _owned(team: str) -> tuple[LoaderCriteriaOption, ...]:
    return (with_loader_criteria(Owned, lambda cls: cls.team_id == team, include_aliases=True),)


@lru_cache(maxsize=256)
def _through(team: str) -> tuple[LoaderCriteriaOption, ...]:
    return tuple(
        with_loader_criteria(
            table,
            # Of its own: where the statement joins the owner too, that one must not be taken for it.
            exists().select_from(owner).where(joined, owner.team_id == team).correlate(table),
            propagate_to_loaders=False,
        )
        for table, (joined, owner) in THROUGH.items()
    )


def own(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Gives new rows to the session's team. Raises WrongTeamError."""
    team = session.info.get("team")
    for row in session.new:
        if isinstance(row, Owned):
            row.team_id = row.team_id or team_of(session)
            if team not in {None, row.team_id}:
                raise WrongTeamError(f"A session of {team!r} adds a row of {row.team_id!r}.")
