"""Waking workers. The row decides what is to be done; a message lost or doubled changes nothing but the time.

``sent_at`` says that a message is believed to be under way. It is set by compare-and-set *before* sending, so that
of several senders one sends; it is emptied again when the broker refuses, and believed no longer than ``resend_s``
while the broker's queue is shorter than what waits.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta

from celery import Celery
from kombu.exceptions import KombuError, OperationalError
from sqlalchemy import func, or_, select, update

from imagegen.lifecycle import State
from workers.app import MAKE_SCENE, QUEUE
from workers.records import work
from workers.records.models import Scene
from workers.records.session import Database, now

log = logging.getLogger(__name__)

RESEND_S = 60.0
BATCH = 100
"""Rows that one sweep touches at most."""

BrokerErrors = (OperationalError, KombuError, OSError)


def send(database: Database, app: Celery, ids: Iterable[str]) -> int:
    """Wake workers for scenes that were just committed; how many messages went out.

    Never raises for a broker that is away: the scenes are safe in their rows and ``sweep`` sends them later.
    """
    return _send(database, app, list(ids), stale_s=RESEND_S)


def sweep(database: Database, app: Celery, *, resend_s: float = RESEND_S, limit: int = BATCH) -> int:
    """Take scenes from lost workers, and send what waits without a message; how many messages went out.

    Any number of processes may sweep at once: each row is taken by one of them.
    """
    with database.reading() as session:
        lapsed = work.expired(session, limit)
    for scene_id in lapsed:
        with database.transaction() as session:
            work.lapse(session, scene_id)
    with database.reading() as session:
        never = work.to_send(session, now(session) - timedelta(days=365), limit)
        stale = work.to_send(session, now(session) - timedelta(seconds=resend_s), limit)
        believed = session.scalar(select(func.count()).where(Scene.state == State.QUEUED, Scene.sent_at.is_not(None)))
    missing = (believed or 0) - depth(app) if set(stale) - set(never) else 0
    resend = [scene_id for scene_id in stale if scene_id not in set(never)][: max(0, missing)]
    return _send(database, app, never + resend, stale_s=resend_s)


def depth(app: Celery) -> int:
    """How many messages wait at the broker; 0 when it does not say."""
    try:
        with app.connection_for_read() as connection:
            connection.ensure_connection(max_retries=1, timeout=4)
            return int(connection.default_channel.queue_declare(QUEUE, passive=True).message_count)
    except BrokerErrors:
        return 0
    except connection.channel_errors:
        return 0


def _send(database: Database, app: Celery, ids: Sequence[str], stale_s: float) -> int:
    taken = _take(database, ids, stale_s)
    sent = 0
    try:
        for scene_id in taken:
            app.send_task(MAKE_SCENE, args=[scene_id], queue=QUEUE)
            sent += 1
    except BrokerErrors as error:
        log.warning("The broker does not take messages (%s); %d scenes wait for the sweep.", error, len(taken) - sent)
        with database.transaction() as session:
            work.unsend(session, taken[sent:])
    return sent


def _take(database: Database, ids: Sequence[str], stale_s: float) -> list[str]:
    """Those of ``ids`` that want a message, marked as sent."""
    if not ids:
        return []
    with database.transaction() as session:
        at = now(session)
        statement = (
            update(Scene)
            .where(
                Scene.id.in_(ids),
                Scene.state == State.QUEUED,
                or_(Scene.sent_at.is_(None), Scene.sent_at < at - timedelta(seconds=stale_s)),
            )
            .values(sent_at=at)
            .returning(Scene.id)
            .execution_options(synchronize_session=False)
        )
        taken = set(session.scalars(statement))
    return [scene_id for scene_id in ids if scene_id in taken]
