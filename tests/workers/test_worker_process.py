"""Real workers as processes of their own, over real brokers, stopped, paused and killed in the middle of their work."""

import contextlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from PIL import Image

from imagegen.lifecycle import State
from tests.services import wait_until
from tests.workers.making import a_photo, a_product
from workers import photos, queue
from workers.app import make_app
from workers.records import products, scenes
from workers.records.blobs import LocalBlobs
from workers.records.session import Database
from workers.scene_model import SceneRequest
from workers.settings import load_settings

ROOT = Path(__file__).parents[2]
RUN = """
from tests.workers import makers
from workers.run import run_worker
from workers.settings import load_settings
if __name__ == "__main__":
    raise SystemExit(run_worker(load_settings(), {number}, maker=makers.{maker}))
"""


class House:
    """An installation of its own: settings, records, queue, and the workers that were started in it."""

    def __init__(self, folder, **settings):
        self.folder = folder
        quick = {"lease_s": 1.0, "sweep_s": 0.2, "resend_s": 0.5}
        self.given = {"data_dir": folder, **quick, **settings}
        self.settings = load_settings(**self.given)
        self.database = Database(self.settings.database_url)
        self.blobs = LocalBlobs(Path(self.settings.blobs_url))
        self.app = make_app(self.settings)
        self.workers = []
        stored = photos.store(self.database, self.blobs, a_photo())
        with self.database.transaction() as session:
            products.upsert(session, a_product(), [stored])

    def ask(self, variants=1, *, send=True):
        request = SceneRequest(sku="SOFA-1", style="calm", quality="draft", seed=7, variants=variants)
        with self.database.transaction() as session:
            ids = [scene.id for scene in scenes.ask(session, request)]
        if send:
            assert queue.send(self.database, self.app, ids) == len(ids)
        return ids

    def worker(self, maker="gradient", number=1):
        script = self.folder / f"worker-{maker}-{number}.py"
        script.write_text(RUN.format(maker=maker, number=number))
        environment = {f"IMAGEGEN_{name.upper()}": str(value) for name, value in self.given.items()}
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, str(script)],
                env=os.environ | environment | {"PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"},
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        self.workers.append(process)
        return process

    def scene(self, scene_id):
        with self.database.reading() as session:
            return scenes.get(session, scene_id)

    def wait_for(self, ids, state):
        """The workers' log is told when they do not get there."""
        try:
            wait_until(lambda: all(self.scene(scene_id).state == state for scene_id in ids), 40)
        except pytest.fail.Exception as error:
            pytest.fail(f"{error}\n{(self.folder / 'worker.log').read_text()}")

    def began(self):
        return sorted(self.folder.glob("began-*"))

    def open_gate(self):
        (self.folder / "gate").touch()

    def close(self):
        for process in self.workers:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        self.app.close()
        self.database.close()


@pytest.fixture
def build(tmp_path, sqlite_url):
    """Makes houses, and clears them away."""
    built = []

    def house(**settings):
        built.append(House(tmp_path, **{"database_url": sqlite_url} | settings))
        return built[-1]

    yield house
    for each in built:
        each.close()


@pytest.fixture(params=["filesystem", "redis"])
def house(request, build):
    if request.param == "filesystem":
        return build()
    url = request.getfixturevalue("redis_url")
    with redis.Redis.from_url(url) as client:
        client.flushall()
    return build(broker_url=url)


def test_what_is_asked_for_is_made_whether_its_message_came_or_not(house):
    house.worker()
    sent, unsent = house.ask(2), house.ask(send=False)
    house.wait_for([*sent, *unsent], State.IN_REVIEW)
    scene = house.scene(sent[0])
    assert (scene.attempt, scene.verdict, scene.width, scene.share) == (1, "pass", 640, 1.0)
    with Image.open(io.BytesIO(house.blobs.get(scene.picture))) as picture:
        assert picture.getpixel((639, 0)) == (7, 255, 255)


def test_a_killed_workers_scene_is_made_by_another(build, redis_url, postgres_url):
    house = build(broker_url=redis_url, database_url=postgres_url)
    first = house.worker("gated")
    [scene_id] = house.ask()
    wait_until(house.began)
    first.kill()
    house.open_gate()
    house.worker()
    house.wait_for([scene_id], State.IN_REVIEW)
    assert house.scene(scene_id).attempt == 2


def test_a_paused_worker_comes_too_late_to_write(build, postgres_url):
    house = build(database_url=postgres_url)
    first = house.worker("gated")
    [scene_id] = house.ask()
    wait_until(house.began)
    first.send_signal(signal.SIGSTOP)
    house.open_gate()
    house.worker()
    house.wait_for([scene_id], State.IN_REVIEW)
    before = house.scene(scene_id)
    first.send_signal(signal.SIGCONT)
    [other] = house.ask()
    house.wait_for([other], State.IN_REVIEW)
    first.terminate()
    assert first.wait(90) == 0
    after = house.scene(scene_id)
    assert (after.attempt, after.events, after.picture) == (2, before.events, before.picture)


def test_a_cancelled_scene_frees_its_worker_and_a_stopping_worker_hands_back(build):
    house = build()
    worker = house.worker("gated")
    ids = house.ask(2)
    # Messages of one millisecond have no order on a filesystem broker: the first is the one that was taken.
    first = wait_until(lambda: next((one for one in ids if house.scene(one).state == State.RUNNING), None), 40)
    [second] = set(ids) - {first}
    with house.database.transaction() as session:
        scenes.cancel(session, first, "me")
    house.wait_for([second], State.RUNNING)
    worker.terminate()
    assert worker.wait(90) == 0
    scene = house.scene(second)
    assert (scene.state, scene.sent_at, scene.max_attempts - scene.attempt) == (State.QUEUED, None, 3)
    assert house.scene(first).state == State.CANCELLED


def test_two_workers_are_two_processes_that_end_together(build):
    house = build()
    parent = house.worker("gated", number=2)
    ids = house.ask(2)
    wait_until(lambda: len(house.began()) == 2, 40)
    house.open_gate()
    house.wait_for(ids, State.IN_REVIEW)
    assert len({house.scene(scene_id).worker for scene_id in ids} - {None}) in {0, 2}
    parent.terminate()
    assert parent.wait(90) == 0
    pids = [int(path.name.removeprefix("began-")) for path in house.began()]
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
