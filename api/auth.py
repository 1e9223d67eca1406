"""Who is asking. On a laptop nobody needs to say, until there are people who sign in.

Programs send a token of the settings or a key (``imagegen keys new``) as ``Authorization: Bearer``, or as the password
of HTTP Basic, with a name beside it. People sign in at ``/login`` and hold a cookie. A token opens everything, a key
what its scopes say, a person what their role brings (``workers.scopes.SCOPES``).

Every route needs somebody. ``Asking`` lets whoever may look; routes that change something say which scope they take:
``Wishing``, ``Placing``, ``Writing``, ``Reviewing``, ``Publishing``, ``Administering``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.callers import ANYBODY_HERE, Caller
from api.errors import Refused
from api.guards import SAFE_METHODS
from api.people import cookies
from api.places import address, is_here
from api.rates import paced
from workers.errors import SettingsError
from workers.records import keys, people, signins, teams
from workers.scopes import SCOPES, Role, Scope
from workers.settings import Settings

if TYPE_CHECKING:
    from api.deps import Context  # which is given to whoever asks, so it knows this file

LONGEST_NAME = 100
SHORTEST_TOKEN = 24
EVERYTHING = frozenset(Scope)
LOGIN = "/login"
TEAM = "Imagegen-Team"
"""The header with which whoever may look at every team says at which."""


def check_settings(settings: Settings) -> None:
    """Refuse to open doors that anybody could walk through. Raises SettingsError."""
    tokens = [token.get_secret_value() for token in settings.api_tokens]
    watching = settings.metrics_token.get_secret_value()
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


async def person(request: Request) -> Caller:
    """Whoever asks, found out and counted once a request, in a thread: it takes the database and Redis.

    Raises Refused 401 where nobody is known, or leads a browser to the page to sign in at; Refused 429 for whoever asks
    too often.
    """
    if not hasattr(request.state, "caller"):
        await run_in_threadpool(admitted, request)
    found: Caller = request.state.caller
    return found


def admitted(request: Request) -> Caller:
    """Whoever asks, counted. Raises as ``person`` does."""
    request.state.caller = caller = _roaming(request, _shown(request))
    paced(request, caller)
    return caller


Asking = Annotated[Caller, Depends(person)]


def needs(scope: Scope) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that lets pass whoever has the scope."""

    async def check(caller: Asking) -> Caller:
        caller.require(scope)
        return caller

    return check


Wishing = Annotated[Caller, Depends(needs(Scope.ASK))]
Placing = Annotated[Caller, Depends(needs(Scope.PLACE))]
Writing = Annotated[Caller, Depends(needs(Scope.WRITE))]
Reviewing = Annotated[Caller, Depends(needs(Scope.REVIEW))]
Publishing = Annotated[Caller, Depends(needs(Scope.PUBLISH))]
Administering = Annotated[Caller, Depends(needs(Scope.ADMIN))]


def _roaming(request: Request, caller: Caller) -> Caller:
    """Whoever may look at every team looks at the one that they name. Raises NotFoundError, Refused 403."""
    wanted = request.headers.get(TEAM, "")
    if not wanted or wanted == caller.team:
        return caller
    if not caller.roams:
        raise Refused(403, f"You belong to the team {caller.team}.", hint=f"Leave {TEAM} out.")
    context: Context = request.app.state.context
    with context.database.reading() as session:
        return replace(caller, team=teams.get(session, wanted).id)


def _shown(request: Request) -> Caller:
    """Who the request's credentials speak of; on a laptop where nobody signs in a request needs none."""
    context: Context = request.app.state.context
    header = request.headers.get("authorization", "")
    name, token = _credentials(header)
    if token:
        found = _token(token, name, context.settings) or _key(token, name, context)
        if found:
            return found
    if header:
        wait = context.rates.wait_s(f"wrong-{address(request)}", reading=False)
        if wait:
            raise Refused(429, "Too many wrong tokens.", headers={"Retry-After": str(wait)})
        raise _unauthorised(request, "A valid API token or key is needed.", signs_in=_anybody(context))
    return _stay(request, context) or _unnamed(request, context)


def _unnamed(request: Request, context: Context) -> Caller:
    """Whoever sits at a laptop that belongs to nobody yet. Raises Refused anywhere else."""
    signs_in = _anybody(context)
    if context.settings.api_tokens or signs_in:
        raise _unauthorised(request, "A valid API token or key is needed.", signs_in=signs_in)
    if is_here(request) and context.settings.environment != "production":
        return replace(ANYBODY_HERE, team=context.settings.team)
    raise _unauthorised(request, "Without a key this service only answers the machine that it runs on.", signs_in=False)


def _token(token: str, name: str, settings: Settings) -> Caller | None:
    """Whoever shows a token of the settings."""
    if not _known(token, settings):
        return None
    said = f"token-{hashlib.sha256(token.encode()).hexdigest()[:12]}"
    return Caller(name or "api", said, EVERYTHING, settings.team, roams=True)


def _key(token: str, name: str, context: Context) -> Caller | None:
    """Whoever shows a key that is neither over nor revoked; its use is written down now and then."""
    if not keys.KEY.fullmatch(token):
        return None
    database = context.database.of_all()
    with database.reading() as session:
        key = keys.check(session, token)
    if key is None:
        return None
    if keys.wants_touch(key, context.database.clock()):
        with database.transaction() as session:
            keys.touch(session, key.id)
    said = f"{name} ({key.name})" if name else key.name
    return Caller(said, f"key-{key.id}", frozenset(map(Scope, key.scopes)), key.team_id)


def _stay(request: Request, context: Context) -> Caller | None:
    """Whoever is signed in. Raises Refused 403 for a change that no page of ours can have asked for.

    A browser adds the cookie by itself, whoever's page the request comes from, so here it must say where that is.
    ``api.guards.SameOrigin`` has refused the foreign ones; this refuses those that say nothing.
    """
    token = cookies.token(request, context.settings)
    if not token:
        return None
    database = context.database.of_all()
    with database.reading() as session:
        stay = signins.find(session, token)
        roams = stay is not None and stay.person.role == Role.ADMIN
        known = {team.id: team.name for team in teams.listed(session)} if roams else {}
    if stay is None:
        return None
    if request.method not in SAFE_METHODS and not {"sec-fetch-site", "origin"} & {*request.headers}:
        raise Refused(403, "This request does not say which page it comes from.", hint="Programs use a key.")
    if signins.wants_touch(stay, context.database.clock()):
        with database.transaction() as session:
            signins.touch(session, stay)
    person, role = stay.person, Role(stay.person.role)
    team = (stay.team_id if roams else None) or person.team_id
    return Caller(person.name, f"person-{person.id}", SCOPES[role], team, role, roams, known)


def _anybody(context: Context) -> bool:
    """Whether people sign in here."""
    if context.settings.oidc_issuer:
        return True
    with context.database.of_all().reading() as session:
        return people.anybody(session)


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


def _unauthorised(request: Request, detail: str, *, signs_in: bool) -> Refused:
    """A page leads to the page to sign in at; whatever is no page hears 401.

    Where people sign in, browsers are not asked for a password by their own dialog, which no script could avoid.
    """
    if signs_in and "text/html" in request.headers.get("accept", ""):
        return Refused(303, detail, headers={"Location": login_address(request)})
    challenge = 'realm="Scenes: your name, and an API token as the password", charset="UTF-8"'
    headers = {"WWW-Authenticate": 'Bearer realm="Scenes"' if signs_in else f"Basic {challenge}"}
    if signs_in and "hx-request" in request.headers:
        headers["HX-Redirect"] = login_address(request)
    return Refused(
        401,
        detail,
        hint="Send Authorization: Bearer with a token or key; imagegen keys new makes one.",
        headers=headers,
    )


def login_address(request: Request) -> str:
    """The page to sign in at, which leads back to where somebody wanted to go."""
    page = request.headers.get("hx-current-url", "")
    wanted = urlsplit(page) if page else request.url
    if request.method not in SAFE_METHODS or wanted.path in {"", "/"}:
        return LOGIN
    return f"{LOGIN}?next={quote(wanted.path + (f'?{wanted.query}' if wanted.query else ''))}"
