"""Waking workers for what previews need. As with scenes, the row is the truth and the message carries an id."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from celery import Celery

from workers.app import PREPARE_PREVIEW, PREVIEWS
from workers.queue import BATCH, RESEND_S, BrokerErrors
from workers.records import preparations
from workers.records.session import Database

log = logging.getLogger(__name__)


def send(database: Database, app: Celery, ids: Sequence[str], stale_s: float = RESEND_S) -> int:
    """Wake workers for preparations that were just committed; how many messages went out.

    Never raises for a broker that is away: ``sweep`` sends them later.
    """
    with database.transaction() as session:
        taken = preparations.take(session, ids, stale_s) if ids else []
    sent = 0
    try:
        for preparation_id in taken:
            app.send_task(PREPARE_PREVIEW, args=[preparation_id], queue=PREVIEWS)
            sent += 1
    except BrokerErrors as error:
        log.warning("The broker does not take messages (%s); %d preparations wait.", error, len(taken) - sent)
        with database.transaction() as session:
            preparations.unsend(session, taken[sent:])
    return sent


def sweep(database: Database, app: Celery, *, resend_s: float = RESEND_S, limit: int = BATCH) -> int:
    """Take preparations from lost workers, and send what waits without a message; how many messages went out.

    There are never many: people wait for them one at a time.
    """
    with database.transaction() as session:
        preparations.lapse(session)
    with database.reading() as session:
        waiting = preparations.to_send(session, resend_s, limit)
    return send(database, app, waiting, resend_s)
