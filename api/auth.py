"""Who is asking. On a laptop nobody needs to say; in production every request carries an API token.

A token comes as ``Authorization: Bearer TOKEN`` from programs, or as the password of HTTP Basic from a browser: the
name typed there is the one that stands beside a verdict.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from workers.errors import SettingsError
from workers.settings import Settings

LONGEST_NAME = 100
SHORTEST_TOKEN = 24
HERE = "local"
"""Whoever sits at this machine, where nobody needs to say who they are."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks; ``name`` is written beside each decision, ``id`` names the credential that was shown."""

    name: str
    id: str


def check_settings(settings: Settings) -> None:
    """Refuse to open doors that anybody could walk through. Raises SettingsError."""
    tokens = [token.get_secret_value() for token in settings.api_tokens]
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


def person(request: Request) -> Person:
    """Whoever asks. Raises HTTPException 401 without a valid token where one is needed."""
    settings: Settings = request.app.state.context.settings
    if settings.api_tokens:
        name, token = _credentials(request.headers.get("authorization", ""))
        if not _known(token, settings):
            raise _unauthorised("A valid API token is needed.")
        return Person(name or "api", f"token-{hashlib.sha256(token.encode()).hexdigest()[:12]}")
    if not (_is_loopback(request.client.host if request.client else "") and _is_loopback(_host(request))):
        raise _unauthorised("Without API tokens this service only answers the machine that it runs on.")
    return Person(HERE, HERE)


Asking = Annotated[Person, Depends(person)]


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


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unauthorised(detail: str) -> HTTPException:
    challenge = 'Basic realm="Scenes: your name, and an API token as the password", charset="UTF-8"'
    return HTTPException(401, detail, headers={"WWW-Authenticate": challenge})
