"""Teams with what they use of what they may, and how far an administrator's hand reaches."""

from __future__ import annotations

from dataclasses import dataclass

from api.deps import Context
from workers.errors import NotFoundError
from workers.records import quotas, teams
from workers.records.models import Team
from workers.records.session import Database
from workers.teams import Allowance


@dataclass(frozen=True, slots=True)
class Standing:
    """A team, what it uses, and what it may use (0: any)."""

    team: Team
    used: Allowance
    allowed: Allowance


def standing(context: Context, team: Team) -> Standing:
    """Of one team."""
    with context.database.of(team.id).reading() as session:
        return Standing(team, quotas.used(session), quotas.of(session))


def reach(context: Context) -> Database:
    """The people and keys that whoever asks may look after: every team's, or those within their own team's wall."""
    return context.database.of_all() if context.caller.roams else context.database


def within_reach(context: Context) -> list[Team]:
    """The teams whose people and keys those are."""
    with context.database.of_all().reading() as session:
        return [team for team in teams.listed(session) if context.caller.roams or team.id == context.caller.team]


def chosen(context: Context, team: str) -> str:
    """The team that was chosen; the one that is looked at where none was. Raises NotFoundError beyond their reach."""
    wanted = team or context.caller.team
    if wanted not in {known.id for known in within_reach(context)}:
        raise NotFoundError(f"There is no team {wanted[:40]!r}.", where="team")
    return wanted
