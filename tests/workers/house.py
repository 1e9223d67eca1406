"""An installation of its own for a test: settings, records, queue, and worker processes that can be killed."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

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

    def ask(self, variants=1, *, seed=7, send=True):
        request = SceneRequest(sku="SOFA-1", style="calm", quality="draft", seed=seed, variants=variants)
        with self.database.transaction() as session:
            ids = [scene.id for scene in scenes.ask(session, request)]
        if send:
            assert queue.send(self.database, self.app, ids) == len(ids)
        return ids

    def fill(self, number, first=0):
        """That many scenes, each with a seed of its own, asked for at once and sent as far as the broker takes them."""
        with self.database.transaction() as session:
            ids = [
                scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm", quality="draft", seed=seed))[0].id
                for seed in range(first, first + number)
            ]
        queue.send(self.database, self.app, ids)
        return ids

    def count(self, *states):
        """How many scenes are in one of these states."""
        with self.database.reading() as session:
            counts = scenes.counts(session)
        return sum(counts[state] for state in states)

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

    def maker_of(self, scene_id):
        """The worker that claimed it last."""
        with self.database.reading() as session:
            events = scenes.events_since(session, scene_id)
        return [event.data["worker"] for event in events if "worker" in event.data][-1]

    def wait_for(self, ids, state, seconds=40):
        """The workers' log is told when they do not get there."""
        try:
            wait_until(lambda: all(self.scene(scene_id).state == state for scene_id in ids), seconds)
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
