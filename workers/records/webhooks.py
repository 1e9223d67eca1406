"""Who is told of scenes outside the house, and how far the telling is.

A scene's news becomes one delivery for each webhook; a delivery is a row that is tried until it is taken, later each
time. Its id is the news' own, however often it is sent, so the receiver can make it count once.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from imagegen.errors import BadRequestError
from workers.errors import NotFoundError, StateConflictError
from workers.records import audit
from workers.records.asking import new_id
from workers.records.models import Delivery, Webhook
from workers.records.pages import Page, limited, read_cursor, write_cursor
from workers.records.session import now

LONGEST_URL = 500
HOLD = timedelta(seconds=60)
"""How long one sender has a delivery to itself: longer than an answer may take."""

WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""Between the tries of a delivery: three days in all. A webhook that takes nothing for so long is disabled."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The right to try a delivery once. ``try_`` counts from 1 and fences."""

    id: str
    webhook_id: str
    message_id: str
    url: str
    secret: str
    body: str
    try_: int


def add(session: Session, url: str, by: str, *, secure: bool = False) -> Webhook:
    """A webhook with a new secret. Raises BadRequestError for what is no web address, or not a ``secure`` one."""
    if secure and not url.startswith("https://"):
        raise BadRequestError("In production news goes to https:// addresses only.", where="url")
    if not url.startswith(("https://", "http://")) or len(url) > LONGEST_URL or not url.isprintable():
        raise BadRequestError("This is not a web address.", hint="Use https://...", where="url")
    at = now(session)
    hook = Webhook(
        id=new_id(at.timestamp() * 1000),
        url=url,
        secret=f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}",
        created_at=at,
        created_by=by,
    )
    session.add(hook)
    session.flush()
    audit.write(session, by, "add", "webhook", hook.id, {"url": url})
    return hook


def listed(session: Session) -> list[Webhook]:
    """Every webhook, the newest first."""
    return list(session.scalars(select(Webhook).order_by(Webhook.id.desc())))


def get(session: Session, webhook_id: str) -> Webhook:
    """One webhook, locked. Raises NotFoundError."""
    hook = session.get(Webhook, webhook_id, populate_existing=True, with_for_update=True)
    if hook is None:
        raise NotFoundError(f"There is no webhook {webhook_id[:40]!r}.", hint="imagegen webhooks list", where="id")
    return hook


def disable(session: Session, webhook_id: str, by: str, why: str = "") -> Webhook:
    """It hears nothing until it is enabled; what happens meanwhile it never hears. A second time changes nothing."""
    hook = get(session, webhook_id)
    if hook.disabled_at is None:
        hook.disabled_at, hook.disabled_why = now(session), why
        session.flush()
        audit.write(session, by, "disable", "webhook", hook.id, {"url": hook.url, "why": why}, team=hook.team_id)
    return hook


def enable(session: Session, webhook_id: str, by: str) -> Webhook:
    """It hears again, first what it had not taken."""
    hook = get(session, webhook_id)
    if hook.disabled_at is not None:
        hook.disabled_at, hook.disabled_why = None, ""
        session.flush()
        audit.write(session, by, "enable", "webhook", hook.id, {"url": hook.url})
    return hook


def any_listens(session: Session) -> bool:
    """Whether anybody wants to hear at all."""
    return session.scalar(select(Webhook.id).where(Webhook.disabled_at.is_(None)).limit(1)) is not None


def announce(session: Session, team: str, message_id: str, body: str, at: datetime) -> None:
    """A delivery to each of the team's webhooks that listens, in the order of the news; once, however often told."""
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    listening = select(Webhook.id).where(Webhook.team_id == team, Webhook.disabled_at.is_(None))
    for webhook_id in session.scalars(listening).all():
        values = {"id": new_id(now(session).timestamp() * 1000), "webhook_id": webhook_id, "message_id": message_id}
        row = insert(Delivery).values(**values, body=body, at=at, send_after=at, tries=0)
        session.execute(row.on_conflict_do_nothing())


def due(session: Session, limit: int, but: Collection[str] = ()) -> list[str]:
    """Deliveries to be tried now, the longest waiting first; none of the webhooks in ``but``."""
    statement = (
        select(Delivery.id)
        .join(Webhook)
        .where(_open(), Delivery.send_after <= now(session), Webhook.disabled_at.is_(None))
        .where(Webhook.id.not_in(but))
        .order_by(Delivery.send_after, Delivery.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def take(session: Session, delivery_id: str) -> Attempt | None:
    """The right to try it once, or None when somebody else has it or it is done."""
    at = now(session)
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery_id, _open(), Delivery.send_after <= at)
        .values(tries=Delivery.tries + 1, send_after=at + HOLD)
        .returning(Delivery.webhook_id, Delivery.message_id, Delivery.body, Delivery.tries)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    hook = get(session, row.webhook_id)
    return Attempt(delivery_id, hook.id, row.message_id, hook.url, hook.secret, row.body, row.tries)


def taken(session: Session, attempt: Attempt, status: int) -> None:
    """It was taken; noting it twice changes nothing."""
    at = now(session)
    _note(session, attempt, sent_at=at, status=status, error=None)
    session.execute(update(Webhook).where(Webhook.id == attempt.webhook_id).values(last_taken_at=at))


def refused(session: Session, attempt: Attempt, error: str, status: int | None = None, *, gone: bool = False) -> None:
    """It was not taken: it is tried again later, or given up; ``gone``: the receiver wants no more.

    A webhook that took nothing in all the time in which a delivery was tried is disabled.
    """
    last = attempt.try_ > len(WAITS) or gone
    wait = timedelta() if last else WAITS[attempt.try_ - 1]
    at = now(session)
    _note(session, attempt, send_after=at + wait, status=status, error=error, given_up_at=at if last else None)
    hook, delivery = get(session, attempt.webhook_id), session.get(Delivery, attempt.id, populate_existing=True)
    assert delivery is not None
    deaf = hook.last_taken_at is None or hook.last_taken_at < delivery.at
    if gone or (last and deaf):
        disable(session, hook.id, "imagegen", f"It answered {status}." if gone else f"For three days: {error}")


def is_taken(session: Session, attempt: Attempt) -> bool:
    """Whether the delivery has arrived."""
    return session.scalar(select(Delivery.sent_at).where(Delivery.id == attempt.id)) is not None


def replay(session: Session, delivery_id: str, by: str) -> Delivery:
    """Send a delivery again, taken or given up, under its own id. Raises NotFoundError."""
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(sent_at=None, given_up_at=None, send_after=now(session), tries=0)
        .returning(Delivery.message_id)
        .execution_options(synchronize_session=False)
    )
    message_id = session.scalar(statement)
    if message_id is None:
        raise NotFoundError(f"There is no delivery {delivery_id[:40]!r}.", where="id")
    audit.write(session, by, "replay", "webhook", delivery_id, {"message": message_id})
    return delivery(session, delivery_id)


def send_test(session: Session, webhook_id: str, by: str) -> Delivery:
    """A piece of news that means nothing, signed and sent as any other. Raises NotFoundError, StateConflictError."""
    hook = get(session, webhook_id)
    if hook.disabled_at is not None:
        raise StateConflictError("The webhook is disabled, so nothing is sent to it.", hint="Enable it first.")
    at = now(session)
    named = new_id(at.timestamp() * 1000)
    body = {"type": "imagegen.test", "timestamp": at.isoformat(), "data": {"webhook": hook.id}}
    row = Delivery(
        id=named,
        webhook_id=hook.id,
        message_id=f"test-{named}",
        body=json.dumps(body, separators=(",", ":")),
        at=at,
        send_after=at,
        tries=0,
    )
    session.add(row)
    session.flush()
    audit.write(session, by, "test", "webhook", hook.id, {"url": hook.url})
    return row


def page(session: Session, webhook_id: str | None = None, cursor: str | None = None, limit: int = 50) -> Page[Delivery]:
    """Deliveries, the newest first."""
    statement = select(Delivery).order_by(Delivery.id.desc()).limit(limited(limit) + 1)
    if webhook_id is not None:
        statement = statement.where(Delivery.webhook_id == webhook_id)
    if cursor:
        statement = statement.where(Delivery.id < read_cursor(cursor, 1)[0])
    rows = list(session.scalars(statement))
    more = len(rows) > limit
    return Page(rows[:limit], write_cursor(rows[limit - 1].id) if more else None)


def delivery(session: Session, delivery_id: str) -> Delivery:
    """One delivery. Raises NotFoundError."""
    found = session.get(Delivery, delivery_id, populate_existing=True)
    if found is None:
        raise NotFoundError(f"There is no delivery {delivery_id[:40]!r}.", where="id")
    return found


def _open() -> ColumnElement[bool]:
    return Delivery.sent_at.is_(None) & Delivery.given_up_at.is_(None)


def _note(session: Session, attempt: Attempt, **values: object) -> None:
    mine = Delivery.id == attempt.id, Delivery.tries == attempt.try_
    statement = update(Delivery).where(*mine).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))
