"""A worker's process tells that it lives, what it can do and what it has in hand, as long as it does."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy.exc import SQLAlchemyError

from workers import gpu
from workers.records import crew
from workers.records.crew import Condition, Member
from workers.records.session import Database
from workers.settings import Settings

log = logging.getLogger(__name__)

BEATS = 3
"""Times that a process tells of itself within a lease: two may fail before it is taken for lost."""

Busy = Callable[[], list[str]]


def newcomer(settings: Settings, database: Database, name: str) -> Member:
    """What this process tells of itself. Its name may come again (in containers always the same); its id does not."""
    try:
        own = version("imagegen")
    except PackageNotFoundError:  # run from a tree that is not installed
        own = "0"
    return Member(
        id=f"{name}:{secrets.token_hex(4)}",
        name=name,
        host=socket.gethostname(),
        pid=os.getpid(),
        version=own,
        threads=settings.worker_threads,
        started_at=database.clock(),
    )


def loop(settings: Settings, database: Database, member: Member, busy: Busy, stop: threading.Event) -> None:
    """Tell, until ``stop``, and then that it left. A database that is away is told the next time."""
    try:
        with database.transaction() as session:
            crew.prune(session)
    except SQLAlchemyError:
        log.warning("The crew could not be pruned.", exc_info=True)
    while True:
        try:
            condition = Condition(gpu.states(settings), gpu.facts(settings), busy())
            with database.transaction() as session:
                crew.report(session, member, condition)
        except Exception:  # whatever broke this report, the next one is tried: a silent worker is taken for lost
            log.warning("This worker could not tell that it lives.", exc_info=True)
        if stop.wait(settings.alive_for.total_seconds() / BEATS):
            break
    with contextlib.suppress(SQLAlchemyError), database.transaction() as session:
        crew.leave(session, member.id)
