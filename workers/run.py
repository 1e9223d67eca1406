"""A worker: one process, one scene at a time, no forks (neither the renderer nor torch survives one)."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import warnings
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from types import FrameType

from celery.exceptions import SecurityWarning
from celery.signals import worker_shutting_down

from workers.app import QUEUE, make_app
from workers.reconcile import loop
from workers.records.blobs import open_blobs
from workers.records.session import Database
from workers.settings import Settings
from workers.tasks.scenes import Maker, Workbench, pipeline_maker, register, worker_name

log = logging.getLogger(__name__)

Make = Callable[[Settings], Maker]

WATCH_S = 1.0
"""How often the parent of several workers looks whether they live."""


def run_worker(settings: Settings, concurrency: int = 1, *, maker: Make = pipeline_maker) -> int:
    """Work until SIGTERM or Ctrl-C, which hands unfinished work back; the exit code.

    ``concurrency``: processes (each makes one scene at a time). ``maker``: how pictures are made; with several
    processes it must be importable.
    """
    database = Database(settings.database_url)
    database.create_or_upgrade()
    database.close()
    if concurrency <= 1:
        return _work(settings, maker)
    return _watch(settings, maker, concurrency)


def _work(settings: Settings, maker: Make) -> int:
    """One worker in this process, with the reconciling loop as a thread of it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Celery warns root because pickled messages could run anything; ours are JSON and name a row.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    app, database = make_app(settings), Database(settings.database_url)
    blobs = open_blobs(settings.blobs_url, **settings.s3_options())
    bench = Workbench(settings, database, blobs, maker(settings))
    register(app, bench)

    def stopping(**_: object) -> None:
        bench.stopping.set()

    worker_shutting_down.connect(stopping, weak=False)
    # A worker that is stopping does not send: it would be the one to receive.
    sweep = (settings, database, app, bench.stopping)
    sweeper = threading.Thread(target=loop, args=sweep, name="reconcile", daemon=True)
    sweeper.start()
    try:
        worker = app.Worker(
            hostname=f"scenes@{worker_name()}",
            pool="solo",
            concurrency=1,
            queues=[QUEUE],
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            loglevel="WARNING",
            quiet=True,
        )
        worker.start()
        return int(worker.exitcode or 0)
    finally:
        worker_shutting_down.disconnect(stopping)
        bench.stopping.set()
        sweeper.join()
        database.close()


def end_with_parent() -> None:
    """Ask this spawned process to stop when the one that spawned it is gone, also when that was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, name="parent", daemon=True).start()


def _child(settings: Settings, maker: Make) -> None:
    end_with_parent()
    raise SystemExit(_work(settings, maker))


def _watch(settings: Settings, maker: Make, number: int) -> int:
    """Several workers as processes of their own; one that dies is replaced."""
    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {name: signal.signal(name, asked) for name in (signal.SIGTERM, signal.SIGINT)}
    context = multiprocessing.get_context("spawn")

    def start() -> SpawnProcess:
        process = context.Process(target=_child, args=(settings, maker))
        process.start()
        return process

    workers = [start() for _ in range(number)]
    try:
        while not stop.wait(WATCH_S):
            for index, process in enumerate(workers):
                if not process.is_alive():
                    log.error("Worker %s ended (%s); another one is started.", process.pid, process.exitcode)
                    workers[index] = start()
    finally:
        for process in workers:
            process.terminate()
        for process in workers:
            process.join()
        for name, handler in before.items():
            signal.signal(name, handler)
    return 0
