"""Private servers for tests: Redis and PostgreSQL from Debian's packages, on loopback, gone when the tests end."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import redis
from psycopg import sql

from workers.records.models import Base
from workers.records.session import Database
from workers.teams import HOUSE

START_S = 90


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_until(true, seconds=START_S, every=0.02):
    """Ask until it is so: a condition with a deadline, never a guess of how long something takes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, psycopg.OperationalError, redis.RedisError):
            value = true()
            if value:
                return value
        time.sleep(every)
    pytest.fail(f"not so within {seconds} s: {getattr(true, '__doc__', None) or true}")


def _program(name, package, folders=()):
    found = shutil.which(name) or next((str(f / name) for f in folders if (f / name).is_file()), None)
    if found is None:
        pytest.fail(f"{name} is missing: apt-get install {package}")
    return found


def _end(process):
    process.send_signal(signal.SIGINT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class RedisServer:
    """A Redis without persistence, which can be killed and come back at the same address."""

    def __init__(self, port=None):
        self.port = port or free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.folder = Path(tempfile.mkdtemp(prefix="imagegen-redis-"))

    def start(self):
        command = [_program("redis-server", "redis-server"), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with redis.Redis(port=self.port) as client:
            wait_until(client.ping)

    def kill(self):
        """What was in it is gone."""
        self.process.kill()
        self.process.wait()

    def close(self):
        _end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def run_redis(port=None):
    """A Redis without persistence."""
    server = RedisServer(port)
    try:
        server.start()
        yield server.url
    finally:
        server.close()


class PostgresServer:
    """A PostgreSQL whose disk may forget (its processes may not, if ``commits`` are kept): it can be restarted."""

    def __init__(self, *, commits=False):
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
        initdb, server = (_program(name, "postgresql", folders) for name in ("initdb", "postgres"))
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="imagegen-postgres-")), free_port()
        self.address = f"postgresql://imagegen@127.0.0.1:{self.port}"
        # PostgreSQL refuses to run as root; Debian's package has a user for it.
        someone = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        if someone:
            shutil.chown(self.folder, "postgres", "postgres")
        self.common = {"cwd": self.folder, "stdout": subprocess.DEVNULL, **someone}
        data = self.folder / "data"
        subprocess.run(
            [initdb, "-D", data, "-U", "imagegen", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True,
            **self.common,
        )
        options = [
            "fsync=off",
            f"synchronous_commit={'on' if commits else 'off'}",
            f"full_page_writes={'on' if commits else 'off'}",
            "max_connections=60",
            "log_min_messages=fatal",
        ]
        self.command = [server, "-D", data, "-p", str(self.port), "-h", "127.0.0.1", "-k", ""]
        self.command += [word for option in options for word in ("-c", option)]

    def start(self):
        self.process = subprocess.Popen(self.command, stderr=subprocess.DEVNULL, **self.common)
        wait_until(lambda: psycopg.connect(f"{self.address}/postgres").close() or True)

    def restart(self, how=signal.SIGINT):
        """``how``: SIGINT breaks connections and tidies up, SIGQUIT is a crash."""
        self.process.send_signal(how)
        self.process.wait(START_S)
        self.start()

    def close(self):
        _end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def create(self):
        """The database "imagegen" with our tables; its address."""
        return new_postgres(self.address, "imagegen")


def new_postgres(address, name):
    """A new database of that name with our tables; its address."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    database = Database(_sqlalchemy(address, name))
    database.create_or_upgrade()
    database.close()
    return _sqlalchemy(address, name)


@pytest.fixture(scope="session")
def redis_url():
    with run_redis() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_server():
    """A server with a database "imagegen" that has our tables."""
    server = PostgresServer()
    try:
        server.start()
        server.create()
        yield server.address
    finally:
        server.close()


@pytest.fixture
def postgres_url(postgres_server):
    """PostgreSQL with our tables, empty."""
    # For a few rows much faster than TRUNCATE, which makes new files.
    emptying = sql.SQL("; ").join(
        sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name))
        for table in reversed(Base.metadata.sorted_tables)
        if table.name != "teams"
    )
    with psycopg.connect(f"{postgres_server}/imagegen", autocommit=True) as connection:
        connection.execute("SET lock_timeout = '10s'")
        connection.execute("SET session_replication_role = replica")  # the log's triggers let nothing be removed
        connection.execute(emptying)
        connection.execute("DELETE FROM teams WHERE id != %s", [HOUSE])
        connection.execute("UPDATE teams SET photo_bytes = NULL, scenes_a_day = NULL, scenes_queued = NULL")
    return _sqlalchemy(postgres_server)


@pytest.fixture(scope="session")
def _sqlite_blueprint(tmp_path_factory):
    path = tmp_path_factory.mktemp("sqlite") / "blueprint.db"
    database = Database(f"sqlite:///{path}")
    database.create_or_upgrade()
    database.close()
    return path


@pytest.fixture
def sqlite_url(tmp_path, _sqlite_blueprint):
    """SQLite with our tables, empty."""
    path = tmp_path / "imagegen.db"
    shutil.copyfile(_sqlite_blueprint, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """Each of the two databases in turn."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


def _sqlalchemy(address, name="imagegen"):
    return f"{address.replace('postgresql:', 'postgresql+psycopg:')}/{name}"
