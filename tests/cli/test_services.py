import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.services import wait_until

IMAGEGEN = str(Path(sys.executable).with_name("imagegen"))


@contextlib.contextmanager
def running(home, *words):
    """An imagegen that runs; its announcement's lines can be read."""
    environment = dict(os.environ) | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [IMAGEGEN, *words], cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def children(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gone(pid):
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


def test_serve_says_where_to_open_answers_and_ends_with_its_workers(home):
    with running(home, "serve", "--port", "0") as process:
        first = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", first)
        assert address, first
        assert "/review" in first
        with urllib.request.urlopen(f"{address[0]}/healthz", timeout=10) as answer:
            assert answer.status == 200
        crew = children(process.pid)
        assert crew
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode in {0, 130}
        assert wait_until(lambda: all(map(gone, crew)), 30)


def test_workers_end_when_serve_is_killed(home):
    with running(home, "serve", "--port", "0") as process:
        process.stdout.readline()
        crew = children(process.pid)
        process.kill()
        assert wait_until(lambda: all(map(gone, crew)), 60)


def test_api_alone_starts_no_worker(home):
    with running(home, "api", "--port", "0") as process:
        assert "/review" in process.stdout.readline()
        assert children(process.pid) == []
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode in {0, -signal.SIGTERM}


def test_a_port_that_is_taken_is_told(cli):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = cli("serve", "--port", taken.getsockname()[1])
    assert said.code == 2
    assert "--port" in said.err


@pytest.mark.parametrize(
    "words", [("serve", "--port", "70000"), ("worker", "--concurrency", "0"), ("serve", "--workers", "-1")]
)
def test_numbers_that_make_no_sense_are_told(cli, words):
    assert cli(*words).code == 2


def test_production_without_secrets_does_not_serve(cli, monkeypatch):
    monkeypatch.setenv("IMAGEGEN_ENVIRONMENT", "production")
    for command in ("serve", "api", "worker", "sweep"):
        said = cli(command)
        assert said.code == 2
        assert "IMAGEGEN_SECRET" in said.err
