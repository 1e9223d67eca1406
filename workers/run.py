"""A worker: one process, one scene at a time or a few in threads, no forks (the renderer and torch survive none)."""

from __future__ import annotations

import logging
import multiprocessing
import os
import resource
import signal
import threading
import warnings
from collections.abc import Callable, Sequence
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import FrameType

from celery.apps.worker import Worker, install_worker_term_handler
from celery.exceptions import SecurityWarning
from celery.signals import worker_shutting_down

from workers import attendance, gpu, logs, traces
from workers.app import PAINTINGS, PREVIEWS, QUEUE, make_app
from workers.reconcile import loop
from workers.records.blobs import open_blobs
from workers.records.session import Database
from workers.settings import Settings
from workers.tasks import previews
from workers.tasks.scenes import Maker, Workbench, pipeline_maker, register, worker_name

log = logging.getLogger(__name__)

Make = Callable[[Settings], Maker]

POOL = 8
"""Connections to the database beside those of the scenes: sweeping, announcing, attending, previews."""
WATCH_S = 1.0
"""How often the parent of several workers looks whether they live."""


def run_worker(settings: Settings, concurrency: int = 1, *, maker: Make = pipeline_maker) -> int:
    """Work until SIGTERM or Ctrl-C, which hands unfinished work back; the exit code.

    ``concurrency``: processes (each makes one scene at a time); where the settings name GPUs, one for each of them.
    ``maker``: how pictures are made; with several processes it must be importable.
    """
    logs.configure(settings)
    database = Database(settings.database_url)
    database.create_or_upgrade()
    database.close()
    seats: Sequence[str | None] = settings.gpus or [None] * max(1, concurrency)
    if len(seats) == 1 and not (settings.gpus or settings.worker_max_scenes or settings.worker_max_mb):
        return _work(settings, maker)
    return _watch(settings, maker, seats)


class Service:
    """How long one process serves: libraries leak, drivers fragment memory, and a new process cures both."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.scenes = 0
        self._counting = threading.Lock()

    def __call__(self) -> None:
        """After each scene, on its thread: stop, as if asked to, when the process has served its time."""
        with self._counting:
            self.scenes += 1
        most, most_mb = self.settings.worker_max_scenes, self.settings.worker_max_mb
        if (most and self.scenes >= most) or (most_mb and resident_mb() > most_mb):
            log.info("This worker has served its time (%d scenes, %.0f MB).", self.scenes, resident_mb())
            # To the process, not to this thread: the thread that listens to the broker must wake up.
            os.kill(os.getpid(), signal.SIGTERM)


def resident_mb() -> float:
    """Memory of this process, MB: what it holds, or where the system does not tell, the most it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return pages * resource.getpagesize() / 1e6


def _work(settings: Settings, maker: Make) -> int:
    """One worker in this process; reconciling and attendance are threads of it, and so are its scenes if it has some.

    Threads are for a GPU: while one scene waits for its picture to be painted, others are cut out and traced, and those
    that wait together are painted together. Without a GPU they would only share the same cores.
    """
    logs.configure(settings)
    flush = traces.configure(settings, "imagegen-worker")
    # Celery warns root because pickled messages could run anything; ours are JSON and name a row.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    threads = settings.worker_threads
    # Each scene writes from its own thread and from its lease's.
    app = make_app(settings)
    database = Database(settings.database_url, pool_size=POOL + 2 * threads).of_all()
    blobs = open_blobs(settings.blobs_url, **settings.s3_options())
    bench = Workbench(settings, database, blobs, maker(settings))
    register(app, bench, Service(settings))
    previews.register(app, bench)

    def stopping(**_: object) -> None:
        bench.stopping.set()

    worker_shutting_down.connect(stopping, weak=False)
    # A worker that is stopping does not send: it would be the one to receive.
    sweep = (settings, database, app, bench.stopping)
    sweeper = threading.Thread(target=loop, args=sweep, name="reconcile", daemon=True)
    sweeping = [sweeper] if settings.worker_sweeps else []
    for thread in sweeping:
        thread.start()
    gone = threading.Event()
    member = attendance.newcomer(settings, database, bench.worker)
    present = (settings, database, member, bench.busy, gone)
    attending = threading.Thread(target=attendance.loop, args=present, name="attendance", daemon=True)
    attending.start()
    gpu.warm_up(settings)
    try:
        worker = Listener(
            app=app,
            hostname=f"scenes@{worker_name()}",
            pool="threads" if threads > 1 else "solo",
            concurrency=threads,
            queues=[QUEUE, PREVIEWS, *([PAINTINGS] if settings.worker_paints else [])],
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
        gpu.close()
        for thread in sweeping:
            thread.join()
        gone.set()
        attending.join()
        database.close()
        flush()


class Listener(Worker):  # type: ignore[misc]  # Celery has no types
    """Celery's worker, which prints that it stops beside all logging: it does where such news is wanted."""

    def install_platform_tweaks(self, worker: Worker) -> None:
        """Celery's own answers to signals."""
        super().install_platform_tweaks(worker)
        install_worker_term_handler(worker, verbose=log.isEnabledFor(logging.INFO))


def end_with_parent() -> None:
    """Ask this spawned process to stop when the one that spawned it is gone, also when that was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, name="parent", daemon=True).start()


def _child(settings: Settings, maker: Make, gpu: str | None) -> None:
    if gpu is not None:
        # Before anything has spoken to the driver: this process never sees another one.
        os.environ["CUDA_VISIBLE_DEVICES"] = gpu
    end_with_parent()
    raise SystemExit(_work(settings, maker))


def _watch(settings: Settings, maker: Make, seats: Sequence[str | None]) -> int:
    """A worker process for each seat (a GPU, or none in particular); one that ends is replaced."""
    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {name: signal.signal(name, asked) for name in (signal.SIGTERM, signal.SIGINT)}
    context = multiprocessing.get_context("spawn")

    def start(seat: str | None) -> SpawnProcess:
        process = context.Process(target=_child, args=(settings, maker, seat))
        process.start()
        return process

    workers = [start(seat) for seat in seats]
    try:
        while not stop.wait(WATCH_S):
            for index, process in enumerate(workers):
                if not process.is_alive():
                    told = logging.ERROR if process.exitcode else logging.INFO
                    log.log(told, "Worker %s ended (%s); another one is started.", process.pid, process.exitcode)
                    workers[index] = start(seats[index])
    finally:
        for process in workers:
            process.terminate()
        for process in workers:
            process.join()
        for name, handler in before.items():
            signal.signal(name, handler)
    return 0
