"""The loop that nothing escapes: takes scenes from lost workers, sends what waits unsent, writes what is unpublished.

Any number of these may run, and one of them leads; each worker runs one as a thread, and
``python -m workers.reconcile`` is one alone.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import socket
import threading
from datetime import timedelta

from celery import Celery
from sqlalchemy.exc import SQLAlchemyError

from workers import announcing, logs, preparing, publishing, queue
from workers.app import make_app
from workers.records import leaders
from workers.records.blobs import open_blobs
from workers.records.session import Database
from workers.relay import BATCH, Receivers, relay
from workers.settings import Settings, get_settings

log = logging.getLogger(__name__)


DUTY = "reconcile"
LEADS_FOR = 3
"""Rounds that a leader may miss before another one leads."""
ABANDONED_S = 3600.0
"""After which nobody writes a half-written file any more."""


def reconcile(settings: Settings, database: Database, app: Celery, receivers: Receivers) -> None:
    """One round."""
    while sent := queue.sweep(database, app, resend_s=settings.resend_s):
        log.info("%d scenes sent again.", sent)
    if sent := preparing.sweep(database, app, resend_s=settings.resend_s):
        log.info("%d preparations of previews sent again.", sent)
    while relay(database, receivers) == BATCH:
        pass


def loop(settings: Settings, database: Database, app: Celery, stop: threading.Event) -> None:
    """Round after round until ``stop``, while no other process leads.

    A round that fails, for whatever reason, is told, and the next one tries again: this loop must outlive every fault.
    """
    blobs = open_blobs(settings.blobs_url, **settings.s3_options())
    place = publishing.open_place(settings.publish_url, **settings.s3_options())
    receivers = publishing.receivers(
        database, blobs, place, format=settings.publish_format, space=settings.publish_space
    )
    threading.Thread(target=announcing.loop, args=(settings, database, stop), name="announce", daemon=True).start()
    # Names of processes come again (in containers always the same); this one's leadership does not.
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    length = timedelta(seconds=LEADS_FOR * settings.sweep_s)
    leads = tidied = False
    while not stop.wait(settings.sweep_s):
        try:
            with database.transaction() as session:
                leads = leaders.lead(session, DUTY, holder, length)
            if leads and not tidied:
                blobs.tidy(ABANDONED_S)
                tidied = True
            if leads:
                reconcile(settings, database, app, {**receivers, **announcing.receivers(database)})
        except Exception:  # whatever broke this round, the next one starts from the rows again
            log.warning("This round of reconciling failed.", exc_info=True)
    if leads:
        with contextlib.suppress(SQLAlchemyError), database.transaction() as session:
            leaders.resign(session, DUTY, holder)


def main() -> None:
    """Run alone until SIGTERM or Ctrl-C."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    settings = get_settings()
    logs.configure(settings)
    database = Database(settings.database_url).of_all()
    database.create_or_upgrade()
    loop(settings, database, make_app(settings), stop)


if __name__ == "__main__":
    main()
