"""API keys for machines: ``id_secret``, shown once. Only the secret's hash is kept.

A secret is 256 bits of chance, so one round of SHA-256 is enough: nobody guesses it, and each request checks it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from imagegen.errors import BadRequestError
from workers.catalog_model import visible_lines
from workers.errors import NotFoundError
from workers.records import audit
from workers.records.models import ApiKey
from workers.records.session import now
from workers.scopes import Scope

LONGEST_NAME = 60
MOST_DAYS = 3650
KEY = re.compile(r"([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
TOUCHED = timedelta(minutes=1)
"""How exactly the last use is known: a key that asks all day must not write all day."""


def issue(
    session: Session, name: str, scopes: Iterable[Scope], by: str, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and the text that it is used by, which nobody can read again. Raises BadRequestError."""
    given = sorted(set(scopes))
    if not given:
        raise BadRequestError("A key needs at least one scope.", hint=f"Scopes: {', '.join(Scope)}.", where="scope")
    at = now(session)
    if expires_at is not None and expires_at <= at:
        raise BadRequestError("The key would be over before it begins.", where="expires_at")
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    key = ApiKey(
        id=key_id,
        name=_name(name),
        secret_sha=_sha(secret),
        scopes=[str(scope) for scope in given],
        created_at=at,
        created_by=by,
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    until = expires_at.isoformat() if expires_at else None
    audit.write(session, by, "issue", "key", key_id, {"name": key.name, "scopes": key.scopes, "expires_at": until})
    return key, f"{key_id}_{secret}"


def end_after(session: Session, days: int) -> datetime | None:
    """When a key is over that is good for so many days from now; 0: never. Raises BadRequestError."""
    if not 0 <= days <= MOST_DAYS:
        raise BadRequestError(f"A key is good for at most {MOST_DAYS} days.", hint="0: without an end.", where="days")
    return now(session) + timedelta(days=days) if days else None


def get(session: Session, key_id: str, *, lock: bool = False) -> ApiKey:
    """One key. Raises NotFoundError."""
    key = session.get(ApiKey, key_id, with_for_update=lock)
    if key is None:
        raise NotFoundError(f"There is no key {key_id[:40]!r}.", hint="imagegen keys list shows all.", where="id")
    return key


def check(session: Session, text: str) -> ApiKey | None:
    """The key that this text opens with, while it is neither over nor revoked."""
    parts = KEY.fullmatch(text)
    key = session.get(ApiKey, parts[1]) if parts else None
    if parts is None or key is None or not hmac.compare_digest(key.secret_sha, _sha(parts[2])):
        return None
    return key if is_live(key, now(session)) else None


def is_live(key: ApiKey, at: datetime) -> bool:
    """Whether the key opens anything at that time."""
    return key.revoked_at is None and (key.expires_at is None or at < key.expires_at)


def wants_touch(key: ApiKey, at: datetime) -> bool:
    """Whether this use is worth writing down."""
    return key.last_used_at is None or at - key.last_used_at >= TOUCHED


def touch(session: Session, key_id: str) -> None:
    """Write down that the key was used."""
    at = now(session)
    unknown = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < at)
    session.execute(update(ApiKey).where(ApiKey.id == key_id, unknown).values(last_used_at=at))


def listed(session: Session) -> list[ApiKey]:
    """Every key there ever was, the newest first."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.created_at.desc(), ApiKey.id)))


def any_admin(session: Session) -> bool:
    """Whether anybody holds a key that opens everything."""
    at = now(session)
    return any(is_live(key, at) and Scope.ADMIN in key.scopes for key in listed(session))


def revoke(session: Session, key_id: str, by: str) -> ApiKey:
    """From now on it opens nothing; a second time changes nothing. Raises NotFoundError."""
    key = get(session, key_id, lock=True)
    if key.revoked_at is None:
        key.revoked_at = now(session)
        session.flush()
        audit.write(session, by, "revoke", "key", key_id, {"name": key.name}, team=key.team_id)
    return key


def _name(name: str) -> str:
    try:
        said = visible_lines(name).strip()
    except ValueError as error:
        raise BadRequestError(f"The name {error}.", where="name") from error
    if not said or "\n" in said or len(said) > LONGEST_NAME:
        raise BadRequestError("A key needs a name.", hint=f"One line, {LONGEST_NAME} letters at most.", where="name")
    return said


def _sha(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
