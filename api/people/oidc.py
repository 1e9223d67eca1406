"""Signing in through the house's own provider (OpenID Connect, code flow with PKCE, state and nonce), by Authlib.

Nothing is asked of the provider before somebody signs in. What its token says decides who comes in and as what: the
mail's domain, and a claim that names roles. Whoever comes for the first time is added, where the settings let them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import Context
from api.errors import Refused
from api.people import cookies, service
from api.places import address, is_loopback
from imagegen.errors import ImagegenError
from workers.errors import ServiceError, SettingsError, StateConflictError
from workers.records import people
from workers.records.models import Person
from workers.scopes import Role
from workers.settings import MIN_SECRET, Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

CALLBACK = "/login/provider/callback"
PATIENCE_S = 10.0
MINUTES = 10
"""How long somebody may take at the provider."""
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures that only the provider can make; never one that our own secret could."""
ANYBODY = "*"
NO_ENTRY = "The provider knows you, and nobody has let you in here."


def check_settings(settings: Settings) -> None:
    """Raises SettingsError for a provider that cannot be used, or should not."""
    if not settings.oidc_issuer:
        return
    faults = {
        "oidc_client_id": not settings.oidc_client_id,
        "secret": len(settings.secret.get_secret_value()) < MIN_SECRET,
    }
    for name, missing in faults.items():
        if missing:
            needed = f"IMAGEGEN_{name.upper()}"
            raise SettingsError(f"Signing in through {settings.oidc_issuer} needs {needed}.", where=name)
    if find_spec("authlib") is None:
        raise SettingsError("Authlib is missing.", hint="pip install 'imagegen[oidc]'", where="oidc_issuer")
    issuer = urlsplit(settings.oidc_issuer)
    here = is_loopback(issuer.hostname or "") and settings.environment != "production"
    if issuer.scheme != "https" and not here:
        raise SettingsError("The provider must be reached over https.", where="oidc_issuer")


async def leave(request: Request, context: Context, wanted: str) -> Response:
    """To the provider; a signed cookie remembers what was asked of it. Raises Refused 404, 503."""
    held = _allowed(request, context)
    provider = _provider(context.settings)
    session: dict[str, Any] = {"next": wanted}
    request.scope["session"] = session
    try:
        await _known_metadata(provider, context.settings)
        redirect: Response = await provider.authorize_redirect(request, str(request.base_url.replace(path=CALLBACK)))
    except Exception as error:
        log.warning("The provider %s cannot be used: %s", context.settings.oidc_issuer, error)
        raise Refused(503, "The sign-in provider does not answer.", headers={"Retry-After": "10"}) from error
    _remember(redirect, context.settings, held, session)
    return redirect


async def come_back(request: Request, context: Context) -> tuple[str, str]:
    """(the token of a new stay, where they wanted to go). Raises Refused 401, 403, 404."""
    _allowed(request, context)
    session = _remembered(request, context.settings)
    request.scope["session"] = session
    wanted = str(session.get("next", ""))
    claims = await _claims(request, context.settings)
    before = cookies.token(request, context.settings)
    token = await run_in_threadpool(_come_in, context, claims, address(request), before)
    return token, wanted


def forget(response: Response, request: Request, settings: Settings) -> None:
    """What was asked of the provider is over, whatever came of it."""
    held = cookies.name(request, settings)
    if held:
        cookies.take(response, _flow_cookie(held))


async def _claims(request: Request, settings: Settings) -> Mapping[str, Any]:
    provider = _provider(settings)
    wanted = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
    }
    try:
        await _known_metadata(provider, settings)
        token = await provider.authorize_access_token(request, claims_options=wanted, leeway=60)
        claims: Mapping[str, Any] = token["userinfo"]
    except Exception as error:  # whatever it was, nobody has proven who they are; the log knows why
        log.warning("Nobody came back from %s: %s: %s", settings.oidc_issuer, type(error).__name__, error)
        raise Refused(401, "Signing in through the provider did not succeed.", hint="Try once more.") from error
    return claims


def _come_in(context: Context, claims: Mapping[str, Any], whence: str, before: str) -> str:
    subject = f"{claims['iss']}#{claims['sub']}"
    with context.database.of_all().transaction() as session:
        person = _person(session, context.settings, subject, claims)
    if person is None or person.disabled_at is not None:
        service.note_failure(context, person, whence, how="provider")
        raise Refused(403, NO_ENTRY, hint="Ask an administrator: imagegen people add.")
    return service.begin(context, person, address=whence, before=before, how="provider")


def _person(session: Session, settings: Settings, subject: str, claims: Mapping[str, Any]) -> Person | None:
    """Whoever this is here: known by the provider's word for them, or by a mail that it has verified, or new."""
    mail = str(claims.get("email") or "").strip().lower()
    mail = mail if claims.get("email_verified") is True else ""
    if settings.oidc_domains and mail.rpartition("@")[2] not in settings.oidc_domains:
        return None
    role = role_of(claims, settings)
    person = people.of_subject(session, subject)
    if person is None and mail:
        person = people.find(session, mail, lock=True)
        if person is not None and person.subject is None:
            person.subject = subject
        elif person is not None:
            return None  # that mail was somebody else's, and the provider has given it away
    if person is not None:
        if role is not None:
            with suppress(StateConflictError):  # the last administrator stays one, whatever the provider says
                people.set_role(session, person, role, "provider")
        return person
    if role is None or not people.LOGIN.fullmatch(mail):
        return None
    name = str(claims.get("name") or mail)
    try:
        return people.add(session, mail, role, "provider", name=name, subject=subject, team=settings.team)
    except ImagegenError:  # somebody is called that already, or it is no name
        return people.add(session, mail, role, "provider", name=mail, subject=subject, team=settings.team)


def role_of(claims: Mapping[str, Any], settings: Settings) -> Role | None:
    """The first role of the settings that a value of the claim brings; None where none does."""
    told = claims.get(settings.oidc_role_claim) or ()
    values = {str(value) for value in ([told] if isinstance(told, str) else told)} | {ANYBODY}
    return next((role for value, role in settings.oidc_roles if value in values), None)


def _allowed(request: Request, context: Context) -> str:
    """The name of the cookie that holds a stay. Raises Refused where there is no provider, or no TLS."""
    if not context.settings.oidc_issuer:
        raise Refused(404, "There is no sign-in provider here.")
    held = cookies.name(request, context.settings)
    if held is None:
        raise Refused(403, "Signing in takes https.")
    return held


@lru_cache(maxsize=4)
def _provider(settings: Settings) -> Any:
    """Authlib's client; it keeps what the provider has told of itself."""
    from authlib.integrations.starlette_client import OAuth  # noqa: PLC0415 - an extra, for those who have a provider

    registry = OAuth()
    registry.register(
        "house",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value() or None,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "timeout": PATIENCE_S,
            "follow_redirects": False,
            "trust_env": False,
        },
    )
    return registry.house


async def _known_metadata(provider: Any, settings: Settings) -> None:
    """What the provider tells of itself, asked once. Raises ServiceError for one that calls itself something else."""
    told = await provider.load_server_metadata()
    if told.get("issuer") != settings.oidc_issuer:
        provider.server_metadata.clear()
        raise ServiceError(f"It calls itself {told.get('issuer')!r}.")
    offered = told.get("id_token_signing_alg_values_supported") or ["RS256"]
    told["id_token_signing_alg_values_supported"] = sorted(ALGORITHMS.intersection(offered)) or ["RS256"]


def _flow_cookie(held: str) -> str:
    return f"{held}-flow"


def _signer(settings: Settings) -> Any:
    from itsdangerous import URLSafeTimedSerializer  # noqa: PLC0415 - as above

    return URLSafeTimedSerializer(settings.secret.get_secret_value(), salt="imagegen sign-in flow")


def _remember(response: Response, settings: Settings, held: str, session: Mapping[str, Any]) -> None:
    response.set_cookie(
        _flow_cookie(held),
        _signer(settings).dumps(dict(session)),
        max_age=60 * MINUTES,
        path="/",
        secure=held == cookies.COOKIE,
        httponly=True,
        samesite="lax",  # the way back is a link from the provider's page
    )


def _remembered(request: Request, settings: Settings) -> dict[str, Any]:
    from itsdangerous import BadData  # noqa: PLC0415 - as above

    held = cookies.name(request, settings)
    text = request.cookies.get(_flow_cookie(held), "") if held else ""
    try:
        found: dict[str, Any] = _signer(settings).loads(text, max_age=60 * MINUTES)
    except BadData as error:
        raise Refused(401, "This sign-in was not begun here, or took too long.", hint="Try once more.") from error
    return found
