"""What somebody may do at the doors: scopes, for machines and people alike, and which of them each role brings."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Scope(StrEnum):
    """What a key or a person may do. Each one may look as well; admin may do everything."""

    READ = "read"
    ASK = "ask"
    """Ask for scenes, ask again, comment, cancel."""
    PLACE = "place"
    """Stand a product by hand: in the placement editor, or with a ``placement`` of one's own."""
    WRITE = "write"
    """Put products in; ask and place as well."""
    REVIEW = "review"
    PUBLISH = "publish"
    ADMIN = "admin"


class Role(StrEnum):
    """What a person is in the house."""

    MARKETING = "marketing"
    DESIGNER = "designer"
    ADMIN = "admin"


SCOPES: dict[Role, frozenset[Scope]] = {
    Role.MARKETING: frozenset({Scope.ASK}),
    Role.DESIGNER: frozenset({Scope.ASK, Scope.PLACE, Scope.REVIEW, Scope.PUBLISH}),
    Role.ADMIN: frozenset({Scope.ADMIN}),
}
"""The only table of what people may do. Routes ask for scopes, never for roles."""

COVERED: dict[Scope, frozenset[Scope]] = {
    Scope.WRITE: frozenset({Scope.ASK, Scope.PLACE}),
    Scope.ADMIN: frozenset(Scope),
}
"""What else a scope brings, beside ``read``, which all of them bring."""


def allows(held: Collection[Scope], wanted: Scope) -> bool:
    """Whether whoever holds these scopes may do what takes ``wanted``."""
    if wanted is Scope.READ:
        return bool(held)
    return any(wanted is scope or wanted in COVERED.get(scope, ()) for scope in held)


def roles_with(scope: Scope) -> list[Role]:
    """The roles that bring a scope."""
    return [role for role, held in SCOPES.items() if allows(held, scope)]
