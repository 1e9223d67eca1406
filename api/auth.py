"""Who is asking. On a laptop nobody needs to say; in production every request carries an API token.

A token comes as ``Authorization: Bearer TOKEN`` from programs, or as the password of HTTP Basic from a browser: the
name typed there is the one that stands beside a verdict. A token of the settings opens everything; a key
(``imagegen keys new``) opens what its scopes say, and its name stands beside whatever is done with it.

Every route needs somebody. ``Asking`` lets whoever may look; routes that change something say which scope they take:
``Writing``, ``Reviewing``, ``Publishing``, ``Administering``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.errors import Refused
from workers.errors import SettingsError
from workers.records import keys
from workers.scopes import Scope
from workers.settings import Settings

if TYPE_CHECKING:
    from api.deps import Context  # which counts each person's requests, so it knows this file

LONGEST_NAME = 100
SHORTEST_TOKEN = 24
HERE = "local"
"""Whoever sits at this machine, where nobody needs to say who they are."""


EVERYTHING = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks; ``name`` is written beside each decision, ``id`` names the credential that was shown."""

    name: str
    id: str
    scopes: frozenset[Scope]

    def require(self, scope: Scope) -> None:
        """Raises Refused 403 for whoever lacks the scope."""
        if not self.scopes & {scope, Scope.ADMIN}:
            has = ", ".join(sorted(self.scopes))
            raise Refused(
                403,
                f"This takes the scope {scope}; the key has {has}.",
                hint=f"An administrator can make another key: imagegen keys new NAME --scope {scope}",
            )


def check_settings(settings: Settings) -> None:
    """Refuse to open doors that anybody could walk through. Raises SettingsError."""
    tokens = [token.get_secret_value() for token in settings.api_tokens]
    watching = settings.metrics_token.get_secret_value()
    if settings.environment == "production" and not tokens:
        raise SettingsError(
            "Production needs at least one API token.",
            hint="Set IMAGEGEN_API_TOKENS; several are separated by commas.",
            where="api_tokens",
        )
    if any(len(token) < SHORTEST_TOKEN for token in tokens):
        raise SettingsError(
            f"An API token has fewer than {SHORTEST_TOKEN} characters.",
            hint='Make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"',
            where="api_tokens",
        )
    if watching and (len(watching) < SHORTEST_TOKEN or watching in tokens):
        raise SettingsError(
            f"The token for metrics needs {SHORTEST_TOKEN} characters, and opens nothing else.",
            hint="Give IMAGEGEN_METRICS_TOKEN a token of its own.",
            where="metrics_token",
        )


def person(request: Request) -> Person:
    """Whoever asks. Raises Refused 401 without a valid token or key where one is needed."""
    if not hasattr(request.state, "person"):
        request.state.person = _shown(request)
    found: Person = request.state.person
    return found


def needs(scope: Scope) -> Callable[[Person], Person]:
    """A dependency that lets pass whoever has the scope."""

    def check(person: Asking) -> Person:
        person.require(scope)
        return person

    return check


Asking = Annotated[Person, Depends(person)]
Writing = Annotated[Person, Depends(needs(Scope.WRITE))]
Reviewing = Annotated[Person, Depends(needs(Scope.REVIEW))]
Publishing = Annotated[Person, Depends(needs(Scope.PUBLISH))]
Administering = Annotated[Person, Depends(needs(Scope.ADMIN))]


def _shown(request: Request) -> Person:
    """Who the request's credentials speak of; on a laptop a request needs none."""
    context: Context = request.app.state.context
    client = request.client.host if request.client else ""
    header = request.headers.get("authorization", "")
    name, token = _credentials(header)
    if token:
        found = _token(token, name, context.settings) or _key(token, name, context)
        if found:
            return found
    elif not context.settings.api_tokens:
        if not header and is_loopback(client) and is_loopback(_host(request)):
            return Person(HERE, HERE, EVERYTHING)
        raise _unauthorised("Without a key this service only answers the machine that it runs on.")
    if header:
        wait = context.rates.wait_s(f"wrong-{client}", reading=False)
        if wait:
            raise Refused(429, "Too many wrong tokens.", headers={"Retry-After": str(wait)})
    raise _unauthorised("A valid API token or key is needed.")


def _token(token: str, name: str, settings: Settings) -> Person | None:
    """Whoever shows a token of the settings."""
    if not _known(token, settings):
        return None
    return Person(name or "api", f"token-{hashlib.sha256(token.encode()).hexdigest()[:12]}", EVERYTHING)


def _key(token: str, name: str, context: Context) -> Person | None:
    """Whoever shows a key that is neither over nor revoked; its use is written down now and then."""
    if not keys.KEY.fullmatch(token):
        return None
    with context.database.reading() as session:
        key = keys.check(session, token)
    if key is None:
        return None
    if keys.wants_touch(key, context.database.clock()):
        with context.database.transaction() as session:
            keys.touch(session, key.id)
    said = f"{name} ({key.name})" if name else key.name
    return Person(said, f"key-{key.id}", frozenset(map(Scope, key.scopes)))


def _credentials(header: str) -> tuple[str, str]:
    """(name, token) of an Authorization header; empty where it has none."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return "", value.strip()
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, token = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return "".join(c for c in name if c.isprintable())[:LONGEST_NAME].strip(), token


def _known(token: str, settings: Settings) -> bool:
    """Whether the token is one of ours; every one is compared, in constant time."""
    given = token.encode()
    matches = [hmac.compare_digest(given, known.get_secret_value().encode()) for known in settings.api_tokens]
    return any(matches)


def _host(request: Request) -> str:
    # A foreign page can have its own name resolve to this machine (DNS rebinding); the Host header gives it away.
    return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""


def is_loopback(host: str) -> bool:
    """Whether the name or number means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unauthorised(detail: str) -> Refused:
    challenge = 'Basic realm="Scenes: your name, and an API token as the password", charset="UTF-8"'
    return Refused(
        401,
        detail,
        hint="Send Authorization: Bearer with a token or key; imagegen keys new makes one.",
        headers={"WWW-Authenticate": challenge},
    )
