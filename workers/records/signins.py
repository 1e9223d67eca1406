"""People's stays at the desk: begun by signing in, held by a token that only the browser has, ended by many things.

A token is 256 bits of chance, so one round of SHA-256 keeps it, as it keeps the secret of a key.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from workers.records.models import Person, SignIn
from workers.records.session import now

IDLE = timedelta(hours=12)
LENGTH = timedelta(days=7)
"""A stay ends after so long without a request, and after so long in any case."""
TOUCHED = timedelta(minutes=1)
"""How exactly the last request is known."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def begin(session: Session, person: Person, before: str = "") -> str:
    """A new stay; its token, which nobody can read again. ``before``: the token of the stay that it takes over from."""
    at = now(session)
    end(session, before)
    session.execute(delete(SignIn).where((SignIn.expires_at <= at) | (SignIn.seen_at <= at - IDLE)))
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_sha=_sha(token), person_id=person.id, created_at=at, seen_at=at, expires_at=at + LENGTH))
    person.last_login_at = at
    session.flush()
    return token


def find(session: Session, token: str) -> SignIn | None:
    """The stay that the token holds, unless it is over or its person may not come in any more."""
    if not TOKEN.fullmatch(token):
        return None
    stay = session.get(SignIn, _sha(token))
    at = now(session)
    if stay is None or stay.expires_at <= at or stay.seen_at <= at - IDLE or stay.person.disabled_at is not None:
        return None
    return stay


def wants_touch(stay: SignIn, at: datetime) -> bool:
    """Whether this request is worth writing down."""
    return at - stay.seen_at >= TOUCHED


def touch(session: Session, stay: SignIn) -> None:
    """Write down that its person is still there."""
    at = now(session)
    session.execute(update(SignIn).where(SignIn.token_sha == stay.token_sha, SignIn.seen_at < at).values(seen_at=at))


def look_at(session: Session, token: str, team: str) -> None:
    """An administrator looks at another team from now on."""
    session.execute(update(SignIn).where(SignIn.token_sha == _sha(token)).values(team_id=team))


def end(session: Session, token: str) -> None:
    """The token holds nothing any more."""
    if TOKEN.fullmatch(token):
        session.execute(delete(SignIn).where(SignIn.token_sha == _sha(token)))


def close_all(session: Session, person: Person) -> int:
    """Wherever this person is signed in, they are out; at how many places that was."""
    there = places(session).get(person.id, 0)
    session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    session.flush()
    return there


def places(session: Session) -> dict[str, int]:
    """At how many places each person is signed in, by id; who is at none is left out."""
    at = now(session)
    live = SignIn.expires_at > at, SignIn.seen_at > at - IDLE
    counted = select(SignIn.person_id, func.count().label("number")).where(*live).group_by(SignIn.person_id)
    return {row.person_id: row.number for row in session.execute(counted)}


def _sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
