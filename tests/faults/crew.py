"""Processes to be killed: real workers, forked from a server that has all imported, so that they start at once."""

import multiprocessing
import os
import signal
from contextlib import contextmanager
from datetime import timedelta

import numpy as np

from imagegen.types import Scene
from tests.workers import makers
from workers import app as messages
from workers import queue, run
from workers.app import make_app
from workers.records import scenes
from workers.records.session import Database
from workers.scene_model import SceneRequest
from workers.settings import load_settings
from workers.tasks.scenes import Maker

START = multiprocessing.get_context("forkserver")
# The server of pytest's own child processes would import it again in each of them.
START.set_forkserver_preload(["pytest", "tests.faults.crew", "celery.worker", "redis", "psycopg", "alembic.command"])


def dot(job, progress):
    """Nearly no work: a few pixels that say which scene it was."""
    progress("render", 0.5)
    picture = np.zeros((6, 8, 3), np.uint8)
    picture[0, 0] = np.frombuffer(int(job.settings.seed).to_bytes(4, "big"), np.uint8)[1:]
    return Scene(picture, (), makers.plan(job) | {"seed": job.settings.seed}, {"render": 0.0})


def noise(job, progress):
    """A picture that no compression makes small: 64 KB."""
    picture = np.random.default_rng(job.settings.seed).integers(0, 256, (128, 171, 3), np.uint8)
    return Scene(picture, (), makers.plan(job) | {"seed": job.settings.seed}, {"render": 0.0})


def deadly(job, progress):
    """Kills who makes it, at a stage that can be told."""
    progress("cutout", 0.1)
    if job.settings.seed == POISON:
        progress("render", 0.5)
        os.kill(os.getpid(), signal.SIGKILL)
    return dot(job, progress)


POISON = 666


def dots(_settings):
    return Maker(dot, makers.plan)


def noises(_settings):
    return Maker(noise, makers.plan)


def poisonous(_settings):
    return Maker(deadly, makers.plan)


def gated(settings):
    return makers.gated(settings)


def start(target, *arguments, log=os.devnull):
    process = START.Process(target=_go, args=(str(log), target, arguments), daemon=True)
    process.start()
    return process


def _go(log, target, arguments):
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    target(*arguments)


def work(given, maker, visibility_s=messages.VISIBILITY_S):
    """A worker, until it is stopped."""
    messages.VISIBILITY_S = visibility_s
    raise SystemExit(run._work(load_settings(**given), globals()[maker]))


def ask_and_die(given, number, line):
    """``number`` doors, each killed at a line after its commit: before the row is marked as sent, or before it is."""
    settings = load_settings(**given)
    for seed in range(number):
        door = os.fork()
        if door == 0:
            _ask_and_die(settings, seed, line)
        assert os.waitpid(door, 0)[1] == signal.SIGKILL


def _ask_and_die(settings, seed, line):
    def die(*_arguments, **_options):
        os.kill(os.getpid(), signal.SIGKILL)

    database, app = Database(settings.database_url), make_app(settings)
    with database.transaction() as session:
        [scene] = scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm", quality="draft", seed=seed))
    if line == "marked":
        app.send_task = die
    else:
        queue._send = die
    queue.send(database, app, [scene.id])
    os._exit(1)  # not reached


def claim_all(url, ids, worker, faults):
    """Try to claim every scene; how often the database was locked goes into ``faults``."""
    from sqlalchemy.exc import OperationalError

    database, locked, held = Database(url), 0, 0
    for scene_id in ids:
        try:
            with database.transaction() as session:
                held += scenes.claim(session, scene_id, worker, timedelta(hours=1)) is not None
        except OperationalError:
            locked += 1
    faults.put((held, locked))


@contextmanager
def crew_of(house, maker, number):
    """Workers that are replaced when somebody kills them."""
    crew = Crew(house, maker, number)
    try:
        yield crew
    finally:
        crew.close()


class Crew:
    def __init__(self, house, maker="dots", number=1, **more):
        self.house, self.maker, self.more = house, maker, more
        self.killed = 0
        self.processes = [self.start() for _ in range(number)]

    def start(self):
        return start(work, self.house.given, self.maker, *self.more.values(), log=self.house.folder / "worker.log")

    def kill(self):
        """The oldest, at whatever it does; a new one takes its place."""
        victim = self.processes.pop(0)
        victim.kill()
        victim.join()
        self.killed += 1
        self.processes.append(self.start())

    def replace_dead(self):
        for process in list(self.processes):
            if process.exitcode is not None:
                self.killed += 1
                self.processes.remove(process)
                self.processes.append(self.start())

    def close(self):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.join()
