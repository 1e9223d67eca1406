import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from styles.library import default_library
from tests.deploy.compose import SECRETS, read
from tests.services import free_port, wait_until
from workers.catalog_model import ProductIn
from workers.photos import store
from workers.records import products, scenes
from workers.records.blobs import open_blobs
from workers.records.session import Database
from workers.scene_model import SceneRequest

IMAGEGEN = str(Path(sys.executable).with_name("imagegen"))


class Stack:
    """The compose file's services on this machine: its commands and variables, with private servers behind them."""

    def __init__(self, folder, database_url, broker_url):
        self.port = free_port()
        self.blobs = open_blobs(str(folder / "blobs"))
        self.database = Database(database_url)
        self.swaps = {
            "IMAGEGEN_DATABASE_URL": database_url,
            "IMAGEGEN_BROKER_URL": broker_url,
            "IMAGEGEN_DATA_DIR": str(folder),
            "IMAGEGEN_SWEEP_S": "0.2",
        }

    @contextlib.contextmanager
    def running(self, service):
        """The service's process; it must end well when it is told to."""
        whole = read()["services"][service]
        words = {"imagegen": IMAGEGEN, "0.0.0.0": "127.0.0.1", "8000": str(self.port)}
        command = [words.get(word, word) for word in whole["command"]]
        # What compose leaves empty is empty, as in a container: not the word None, which would name a folder here.
        ours = {key: str(value or "") for key, value in whole["environment"].items() if key.startswith("IMAGEGEN_")}
        clean = {key: value for key, value in os.environ.items() if not key.startswith("IMAGEGEN_")}
        process = subprocess.Popen(command, env=clean | ours | self.swaps, stderr=subprocess.PIPE, text=True)
        try:
            yield process
            assert process.poll() in {None, 0, -signal.SIGTERM}, process.stderr.read()
        finally:
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=60)
        assert process.returncode in {0, -signal.SIGTERM}, told

    def ask(self):
        """A queued scene of a photo that is no packshot, and that nobody was told of."""
        noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
        data = BytesIO()
        Image.fromarray(noise).save(data, "PNG")
        photo = store(self.database, self.blobs, data.getvalue())
        facts = {"sku": "A-1", "name": "A", "category": "sofa", "width_cm": 200, "depth_cm": 90, "height_cm": 80}
        with self.database.transaction() as session:
            products.upsert(session, ProductIn.model_validate(facts), [photo])
            request = SceneRequest(sku="A-1", style=default_library().styles()[0].slug, quality="draft")
            return scenes.ask(session, request, by="test")[0].id

    def scene(self, scene_id):
        with self.database.reading() as session:
            return scenes.get(session, scene_id)


@pytest.fixture
def stack(tmp_path, postgres_url, redis_url):
    stack = Stack(tmp_path, postgres_url, redis_url)
    yield stack
    stack.database.close()


def test_the_service_is_ready_when_database_broker_and_store_answer_and_somebody_works(stack):
    def told():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{stack.port}/readyz", timeout=4) as answer:
                return answer.status, set()
        except urllib.error.HTTPError as error:
            return error.code, {entry["check"] for entry in json.load(error)["errors"]}

    with stack.running("api"):
        assert wait_until(told, 60) == (503, {"workers"})
        with stack.running("worker-cpu"):
            assert wait_until(lambda: told() == (200, set()), 90)


def test_an_event_stream_that_is_open_does_not_keep_the_service_from_ending(stack):
    scene_id = stack.ask()
    address = f"http://127.0.0.1:{stack.port}"
    follow = urllib.request.Request(f"{address}/v1/scenes/{scene_id}/events")
    follow.add_header("Authorization", f"Bearer {SECRETS['IMAGEGEN_API_TOKENS']}")
    with stack.running("api") as process:
        assert wait_until(lambda: urllib.request.urlopen(f"{address}/healthz", timeout=4).status == 200, 60)
        with urllib.request.urlopen(follow, timeout=30) as stream:
            assert stream.readline().startswith(b"event: ")
            process.send_signal(signal.SIGTERM)
            assert b"event: end" not in stream.read()  # to its whole end, and not broken off
            assert process.wait(25) in {0, -signal.SIGTERM}  # within compose's and Kubernetes' patience
    assert stack.scene(scene_id).state == "queued"


def test_the_reconciler_sends_what_nobody_was_told_of(stack):
    scene_id = stack.ask()
    with stack.running("reconciler"):
        assert wait_until(lambda: stack.scene(scene_id).sent_at, 60)


@pytest.mark.parametrize("service", ["worker-cpu", "worker-gpu"])
def test_a_worker_takes_what_waits_and_tells_what_came_of_it(stack, service):
    scene_id = stack.ask()
    with stack.running(service):
        assert wait_until(lambda: stack.scene(scene_id).state == "failed", 90)
    assert stack.scene(scene_id).error["message"]


def test_a_service_without_its_secret_says_which_and_does_not_start(stack):
    environment = dict(os.environ) | stack.swaps | {"IMAGEGEN_ENVIRONMENT": "production"}
    told = subprocess.run([IMAGEGEN, "api"], env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert told.returncode == 2
    assert "IMAGEGEN_SECRET" in told.stderr
    assert "Traceback" not in told.stderr
