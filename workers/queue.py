"""Waking workers. The row decides what is to be done; a message lost or doubled changes nothing but the time.

``sent_at`` says that a message is believed to be under way. It is set by compare-and-set *before* sending, so that
of several senders one sends; it is emptied again when the broker refuses, and believed no longer than ``resend_s``
while the broker's queue is shorter than what waits. What is swept never makes the broker's queue longer than ``DEEP``:
the rest waits in its rows.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from weakref import WeakKeyDictionary

from celery import Celery
from kombu import Connection
from kombu.exceptions import KombuError, OperationalError
from sqlalchemy import func, or_, select, update

from imagegen.lifecycle import State
from workers.app import MAKE_SCENE, PAINTINGS, QUEUE, queue_of
from workers.records import work
from workers.records.models import Scene
from workers.records.session import Database, now

log = logging.getLogger(__name__)

RESEND_S = 60.0
BATCH = 100
"""Rows that one step of a sweep touches at most."""
DEEP = 1000
"""Messages at the broker that are enough for any number of workers until the next sweep."""
AWAY_S = 5.0
"""How long ``send`` leaves it to the sweep after the broker refused: requests shall not wait for a dead broker."""

BrokerErrors = (OperationalError, KombuError, OSError)

_refused: WeakKeyDictionary[Celery, float] = WeakKeyDictionary()
"""When, by the monotonic clock, each app's broker last refused a message."""


def send(database: Database, app: Celery, ids: Iterable[str]) -> int:
    """Wake workers for scenes that were just committed; how many messages went out.

    Never raises for a broker that is away: the scenes are safe in their rows and ``sweep`` sends them later.
    """
    if time.monotonic() - _refused.get(app, -math.inf) < AWAY_S:
        return 0
    return _send(database, app, list(ids), stale_s=RESEND_S)


def sweep(database: Database, app: Celery, *, resend_s: float = RESEND_S, limit: int = BATCH, deep: int = DEEP) -> int:
    """Take scenes from lost workers, and send what waits without a message; how many messages went out.

    At most ``limit`` at once, and none while ``deep`` wait at the broker. Any number of processes may sweep at once:
    each row is taken by one of them.
    """
    with database.reading() as session:
        lapsed = work.expired(session, limit)
    for scene_id in lapsed:
        with database.transaction() as session:
            work.lapse(session, scene_id)
    waiting = depth(app)
    if waiting is None:
        return 0
    room = min(limit, deep - waiting)
    if room <= 0:
        return 0
    with database.reading() as session:
        at = now(session)
        never = work.to_send(session, at - timedelta(days=365), room)
        stale = work.to_send(session, at - timedelta(seconds=resend_s), room)
        believed = session.scalar(select(func.count()).where(Scene.state == State.QUEUED, Scene.sent_at.is_not(None)))
    lost = max(0, (believed or 0) - waiting)
    resend = [scene_id for scene_id in stale if scene_id not in set(never)][:lost]
    return _send(database, app, (never + resend)[:room], stale_s=resend_s)


def depth(app: Celery) -> int | None:
    """How many messages for scenes wait at the broker; None when it does not answer."""
    with app.connection_for_read() as connection:
        try:
            connection.ensure_connection(max_retries=1, timeout=4)
            return sum(_waiting(connection, name) for name in (QUEUE, PAINTINGS))
        except (*BrokerErrors, *connection.connection_errors):
            return None


def _waiting(connection: Connection, name: str) -> int:
    try:
        return int(connection.default_channel.queue_declare(name, passive=True).message_count)
    except connection.channel_errors:
        return 0


def _send(database: Database, app: Celery, ids: Sequence[str], stale_s: float) -> int:
    taken = _take(database, ids, stale_s)
    sent = 0
    try:
        with app.producer_or_acquire() as producer:
            for scene_id, engine in taken:
                app.send_task(MAKE_SCENE, args=[scene_id], queue=queue_of(engine), producer=producer)
                sent += 1
        _refused.pop(app, None)
    except BrokerErrors as error:
        _refused[app] = time.monotonic()
        log.warning("The broker does not take messages (%s); %d scenes wait for the sweep.", error, len(taken) - sent)
        with database.transaction() as session:
            work.unsend(session, [scene_id for scene_id, _ in taken[sent:]])
    return sent


def _take(database: Database, ids: Sequence[str], stale_s: float) -> list[tuple[str, str]]:
    """Those of ``ids`` that want a message, with their engines, marked as sent."""
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
            .returning(Scene.id, Scene.engine)
            .execution_options(synchronize_session=False)
        )
        taken = {row.id: row.engine for row in session.execute(statement)}
    return [(scene_id, taken[scene_id]) for scene_id in ids if scene_id in taken]
