"""A private PostgreSQL, a private Redis, and the service's own processes on top of them."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import redis

from bench.packshots import ROOT
from workers.records.session import Database
from workers.settings import Settings, load_settings

PATIENCE_S = 120.0
CONNECTIONS = 200


class House:
    """One installation: its folder, settings, database; ``door`` and ``worker`` start its processes."""

    def __init__(self, folder: Path, given: dict[str, Any], stack: ExitStack) -> None:
        self.folder, self.given = folder, given
        self._stack = stack
        self.settings: Settings = load_settings(**given)
        self.database = Database(self.settings.database_url)
        self.database.create_or_upgrade()
        stack.callback(self.database.close)

    @contextmanager
    def doors(self, number: int, **more: Any) -> Iterator[list[Process]]:
        """That many API processes, each at a port of its own as behind a balancer; ``more`` settings are theirs."""
        with ExitStack() as stack:
            doors = []
            for _ in range(number):
                port = free_port()
                command = [sys.executable, "-m", "api.cli", "api", "--port", str(port)]
                door = stack.enter_context(self._process(command, more, port))
                wait_until(door.answers, "an API process answers")
                doors.append(door)
            yield doors

    @contextmanager
    def workers(self, number: int, jobs: str) -> Iterator[Process]:
        """That many worker processes with nearly nothing to do. ``jobs``: a name of ``bench.service.work``."""
        command = [sys.executable, "-m", "bench.service.work", jobs, str(number)]
        with self._process(command, {}) as process:
            yield process

    @contextmanager
    def _process(self, command: list[str], more: dict[str, Any], port: int = 0) -> Iterator[Process]:
        told = {f"IMAGEGEN_{name.upper()}": str(value) for name, value in (self.given | more).items()}
        environment = os.environ | told | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, cwd=self.folder, stdout=log, stderr=log)  # noqa: S603 - our own
        try:
            yield Process(process, port, self.folder / "log")
        finally:
            end(process)


class Process:
    """A running process of the service."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self._process, self.port, self._log = process, port, log

    def answers(self) -> bool:
        """Whether it takes connections. Raises RuntimeError when it has ended."""
        if self._process.poll() is not None:
            raise RuntimeError(f"A process ended at once:\n{self._log.read_text()[-2000:]}")
        with socket.create_connection(("127.0.0.1", self.port), timeout=2):
            return True

    def cpu_s(self) -> float:
        """Seconds that it and its own processes have spent on a core."""
        pid = self._process.pid
        pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
        ticks = (Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13] for one in pids)
        return sum(int(part) for parts in ticks for part in parts) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        """Memory that it holds now, MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) / 1000 if found else 0.0


@contextmanager
def house(database_url: str = "", broker_url: str = "", **more: Any) -> Iterator[House]:
    """An installation with servers of its own, which are gone afterwards; addresses that are given are used instead."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="imagegen-bench-", ignore_cleanup_errors=True))
        )
        given = {
            "data_dir": folder / "var",
            "database_url": database_url or stack.enter_context(_postgres()),
            "broker_url": broker_url or stack.enter_context(_redis()),
            "log_level": "warning",
            **more,
        }
        yield House(folder, given, stack)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_until(true: Callable[[], Any], what: str, patience_s: float = PATIENCE_S, every_s: float = 0.02) -> None:
    """Ask until it is so. Raises TimeoutError."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        with suppress(OSError, psycopg.OperationalError, redis.RedisError):
            if true():
                return
        time.sleep(every_s)
    raise TimeoutError(f"Waited {patience_s:.0f} s in vain until {what}.")


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to stop, and make it when it does not."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _redis() -> Iterator[str]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="imagegen-redis-") as folder:
        command = [
            _program("redis-server", "redis-server"),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            folder,
        ]
        process = subprocess.Popen([*command, "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL)  # noqa: S603
        try:
            with redis.Redis(port=port) as client:
                wait_until(client.ping, "Redis answers")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            end(process)


@contextmanager
def _postgres() -> Iterator[str]:
    """PostgreSQL as it comes, but for more connections and the buffers of a small server: commits wait for the disk."""
    bins = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    initdb, server = (_program(name, "postgresql", bins) for name in ("initdb", "postgres"))
    folder, port = Path(tempfile.mkdtemp(prefix="imagegen-postgres-")), free_port()
    # It refuses to run as root; Debian's package has a user for it.
    someone: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    if someone:
        shutil.chown(folder, "postgres", "postgres")
    common: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **someone}
    data = str(folder / "data")
    try:
        made = [initdb, "-D", data, "-U", "imagegen", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(made, check=True, **common)  # noqa: S603 - Debian's own
        options = [
            f"max_connections={CONNECTIONS}",
            "shared_buffers=512MB",
            "max_wal_size=4GB",
            "log_min_messages=fatal",
        ]
        command = [server, "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", ""]
        process = subprocess.Popen([*command, *(word for option in options for word in ("-c", option))], **common)  # noqa: S603
        try:
            address = f"postgresql://imagegen@127.0.0.1:{port}"
            wait_until(lambda: psycopg.connect(f"{address}/postgres").close() or True, "PostgreSQL answers")
            with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE imagegen")
            yield f"{address.replace('postgresql:', 'postgresql+psycopg:')}/imagegen"
        finally:
            end(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str, package: str, folders: list[Path] | None = None) -> str:
    found = shutil.which(name) or next((str(f / name) for f in folders or [] if (f / name).is_file()), None)
    if found is None:
        raise SystemExit(f"{name} is missing: apt-get install {package}")
    return found
