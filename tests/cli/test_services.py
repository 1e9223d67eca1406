import contextlib
import io
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
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


SECRET = "s" * 40


@pytest.fixture
def secret(monkeypatch, home):
    monkeypatch.setenv("IMAGEGEN_SECRET", SECRET)


@pytest.mark.parametrize("command", ["serve", "api"])
def test_doors_that_others_reach_are_not_opened_without_a_secret(cli, command):
    cli("keys", "new", "boss", "--scope", "admin")
    said = cli(command, "--host", "0.0.0.0", "--port", "0")
    assert said.code == 2
    assert "IMAGEGEN_SECRET" in said.err


@pytest.mark.parametrize("command", ["serve", "api"])
def test_doors_that_others_reach_are_not_opened_without_an_administrator(secret, cli, command, monkeypatch):
    cli("keys", "new", "shop", "--scope", "write")
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    cli("people", "add", "mara", "--role", "designer", "--password-stdin")
    said = cli(command, "--host", "0.0.0.0", "--port", "0")
    assert said.code == 2
    assert "imagegen people add" in said.err


def test_with_a_key_others_may_come_in(secret, cli, home):
    key = cli("keys", "new", "boss", "--scope", "admin").out.strip()
    with running(home, "api", "--host", "0.0.0.0", "--port", "0") as process:
        port = re.search(r":(\d+)/review", process.stdout.readline())[1]
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/v1/scenes", headers={"Host": "desk.example"})
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(asked, timeout=10)
        asked.add_header("Authorization", f"Bearer {key}")
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert answer.status == 200


def test_a_laptop_is_told_that_only_it_is_answered(home):
    with running(home, "api", "--port", "0") as process:
        told = [process.stdout.readline() for _ in range(3)]
    assert "this machine only, without signing in" in told[2]


def test_where_people_sign_in_a_laptop_does_not_say_that_nobody_needs_to(cli, home, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    cli("people", "add", "boss", "--role", "admin", "--password-stdin")
    with running(home, "api", "--port", "0") as process:
        told = [process.stdout.readline() for _ in range(3)]
    assert told[2].rstrip().endswith("this machine only")


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
