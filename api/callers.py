"""Whoever asks: a person who signed in, a machine with a key, or whoever sits at this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.errors import Refused
from workers.scopes import Role, Scope, allows, roles_with
from workers.teams import HOUSE

HERE = "local"
"""Whoever sits at this machine, where nobody needs to say who they are."""


@dataclass(frozen=True, slots=True)
class Caller:
    """``name`` is written beside each decision, ``id`` names the credential that was shown.

    ``team``: whose products and scenes they see. ``role``: a person's. ``roams``: they may look at another team's.
    ``teams``: those that somebody at the desk may choose from, by slug.
    """

    name: str
    id: str
    scopes: frozenset[Scope]
    team: str = HOUSE
    role: Role | None = None
    roams: bool = False
    teams: Mapping[str, str] = field(default_factory=dict)

    def may(self, scope: str) -> bool:
        """Whether they may do what takes the scope."""
        return allows(self.scopes, Scope(scope))

    def require(self, scope: Scope) -> None:
        """Raises Refused 403 for whoever lacks the scope."""
        if self.may(scope):
            return
        if self.role:
            who = " or ".join(roles_with(scope))
            raise Refused(403, f"This takes the scope {scope}; the role {self.role} has it not.", hint=f"Ask a {who}.")
        has = ", ".join(sorted(self.scopes))
        raise Refused(
            403,
            f"This takes the scope {scope}; the key has {has}.",
            hint=f"An administrator can make another key: imagegen keys new NAME --scope {scope}",
        )


NOBODY = Caller("", "", frozenset())
ANYBODY_HERE = Caller(HERE, HERE, frozenset(Scope), roams=True)
