"""Passwords: what may be one, how it is kept (argon2id), and how one is checked without telling by time who exists.

The costs are those of OWASP's Password Storage Cheat Sheet (19 MiB, two passes); a password that was kept with others
is kept anew at its owner's next sign-in.
"""

from __future__ import annotations

import secrets
import threading
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from imagegen.errors import BadRequestError

SHORTEST, LONGEST = 12, 200
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Of passwords that are made up: none that is taken for another."""
AT_ONCE = 2
"""Checks of one process at a time: each takes a core for a while, and a crowd at the door must not take them all."""

_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
_turn = threading.BoundedSemaphore(AT_ONCE)


def kept(password: str) -> str:
    """What is kept of a new password. Raises BadRequestError for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadRequestError(
            f"A password needs {SHORTEST} to {LONGEST} characters.",
            hint="Several words in a row are easy to keep in mind.",
            where="password",
        )
    return _hasher.hash(password)


def made_up() -> str:
    """A new password that nobody has to think of: 100 bits of chance in four groups that can be read aloud."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def check(password: str, known: str | None) -> tuple[bool, str | None]:
    """(whether it is the password, what is to be kept instead if its costs are outdated).

    Takes as long where nothing is known, so that nobody learns by waiting which logins exist.
    """
    with _turn:
        try:
            right, anew = _hasher.verify_and_update(password[: LONGEST + 1], known or _nobodys())
        except UnknownHashError:
            return False, None
    return (right, anew) if known else (False, None)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
