"""The loop that nothing escapes: takes scenes from lost workers, sends what waits unsent, writes what is unpublished.

Any number of these may run; each worker runs one as a thread, and ``python -m workers.reconcile`` is one alone.
"""

from __future__ import annotations

import logging
import signal
import threading

from celery import Celery
from sqlalchemy.exc import SQLAlchemyError

from workers import publishing, queue
from workers.app import make_app
from workers.errors import ServiceError
from workers.records.blobs import Blobs, open_blobs
from workers.records.session import Database
from workers.settings import Settings, get_settings

log = logging.getLogger(__name__)


def reconcile(settings: Settings, database: Database, app: Celery, blobs: Blobs, place: publishing.Place) -> None:
    """One round."""
    sent = queue.sweep(database, app, resend_s=settings.resend_s)
    if sent:
        log.info("%d scenes sent again.", sent)
    publishing.deliver_pending(database, blobs, place, format=settings.publish_format)


def loop(settings: Settings, database: Database, app: Celery, stop: threading.Event) -> None:
    """Round after round until ``stop``; a round that fails is told, and the next one tries again."""
    blobs = open_blobs(settings.blobs_url, **settings.s3_options())
    place = publishing.open_place(settings.publish_url, **settings.s3_options())
    while not stop.wait(settings.sweep_s):
        try:
            reconcile(settings, database, app, blobs, place)
        except (SQLAlchemyError, ServiceError, OSError):
            log.warning("This round of reconciling failed.", exc_info=True)


def main() -> None:
    """Run alone until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    settings = get_settings()
    database = Database(settings.database_url)
    database.create_or_upgrade()
    loop(settings, database, make_app(settings), stop)


if __name__ == "__main__":
    main()
