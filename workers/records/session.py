"""One database, one way to talk to it: a request or a task is one transaction, in the name of one team."""

from __future__ import annotations

import copy
import logging
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from workers.errors import StorageError
from workers.records import walls
from workers.teams import HOUSE, NO_LIMIT, Allowance

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
T = TypeVar("T")

MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATION_LOCK = 0x1A6E6E
"""Any constant: two processes that start together must not upgrade together."""
PATIENCE_S = 20.0
RETRY_S = 0.5
BUSY_S = 30.0
"""How long SQLite waits for another writer."""

REST_S = 1.0
"""A silent connection that was used within this time is taken to be alive: asking costs as much as a question."""

POSTGRES_OPTIONS = "-c idle_in_transaction_session_timeout=10s -c lock_timeout=30s"
"""A process that is paused in the middle of a transaction must not hold its rows for ever."""


def newest_revision() -> str:
    """The migration that this code expects."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - half a second that only this call needs

    found = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert found is not None
    return found


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


class TeamSession(Session):
    """A session within the walls of a team (``workers.records.walls``)."""


event.listen(TeamSession, "do_orm_execute", walls.narrow)
event.listen(TeamSession, "before_flush", walls.own)


class Database:
    """An address and its pool of connections. ``clock`` tells the time that leases are measured by.

    ``allowance``: what a team may use that has none of its own. Sessions see one team's rows: ``team``'s, or all where
    it is None. The house's first team is the default: whoever forgets to say whose they are sees too little and never
    too much.
    """

    team: str | None = HOUSE

    def __init__(
        self, url: str, *, clock: Clock = utc_now, pool_size: int = 10, allowance: Allowance = NO_LIMIT
    ) -> None:
        self.url = make_url(url)
        self.clock = clock
        self.allowance = allowance
        self.engine = _engine(url, pool_size)
        self._passing = self.engine.execution_options(passing=True)
        self._readers = self.engine.execution_options(reading=True, **self._read_only())

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    def _read_only(self) -> dict[str, Any]:
        return {} if self.is_sqlite else {"postgresql_readonly": True}

    def of(self, team: str) -> Database:
        """The same database in the name of a team."""
        other = copy.copy(self)
        other.team = team
        return other

    def of_all(self) -> Database:
        """The same database for what works for every team: workers, the relay, whoever finds out who asks."""
        other = copy.copy(self)
        other.team = None
        return other

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end, or rolls back when anything is raised."""
        with self._session(self.engine) as session:
            yield session

    @contextmanager
    def passing(self) -> Iterator[Session]:
        """A transaction that does not wait for the disk: for what is no loss when the database fails a moment later."""
        with self._session(self._passing) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking only: on SQLite it does not wait for writers nor hold them up."""
        with self._session(self._readers) as session:
            yield session

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        info = {"clock": self.clock, "team": self.team, "allowance": self.allowance}
        with TeamSession(engine, expire_on_commit=False, info=info) as session, session.begin():
            yield session

    def patiently(self, work: Callable[[Session], T], patience_s: float = PATIENCE_S) -> T:
        """``work`` in a transaction, and again while the database is away (a restart takes seconds).

        ``work`` must bear to be done twice: a connection may break after the commit.
        """
        deadline = time.monotonic() + patience_s
        while True:
            try:
                with self.transaction() as session:
                    return work(session)
            except DBAPIError as error:
                away = isinstance(error, OperationalError) or error.connection_invalidated
                if not away or time.monotonic() > deadline:
                    raise
                log.warning("The database is away; trying again: %s", error.orig)
                time.sleep(RETRY_S)

    def make_home(self) -> None:
        """The folder that an embedded database's file lies in."""
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)

    def create_or_upgrade(self, revision: str = "head") -> None:
        """Bring the tables to what this code expects (creates the file's folder; safe to call from many processes).

        ``revision``: one of the migrations', to stop there.
        """
        self.make_home()
        from alembic import command  # noqa: PLC0415 - half a second that only this call needs

        try:
            with self.migrating() as config:
                command.upgrade(config, revision)
        except OperationalError as error:
            place = self.url.render_as_string(hide_password=True)
            raise StorageError(f"The database {place} cannot be used: {error.orig}.", where="database_url") from error

    @contextmanager
    def migrating(self) -> Iterator[Config]:
        """What Alembic's commands want, on a transaction that no other migration shares.

        SQLite changes a table by making it anew, and would remove whatever refers to the old one; so references do
        not count meanwhile; a migration that does so looks at them itself.
        """
        from alembic.config import Config  # noqa: PLC0415 - half a second that only this call needs

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self.engine.connect() as connection:
            if self.is_sqlite:
                _refer(connection, "OFF")
            try:
                with connection.begin():
                    if not self.is_sqlite:
                        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
                    config.attributes["connection"] = connection
                    yield config
            finally:
                if self.is_sqlite:
                    _refer(connection, "ON")

    def revision(self) -> str | None:
        """Of which migration the tables are; None where there are none. Changes nothing."""
        with self.engine.connect() as connection, connection.begin():
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found

    def ping(self) -> None:
        """Raises StorageError when the database does not answer."""
        try:
            with self.reading() as session:
                session.execute(text("SELECT 1"))
        except OperationalError as error:
            raise StorageError(f"The database does not answer: {error.orig}.", where="database_url") from error

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def now(session: Session) -> datetime:
    """The time by the clock of the session's database."""
    clock: Clock = session.info.get("clock", utc_now)
    return clock()


def _engine(url: str, pool_size: int) -> Engine:
    # An error that is logged quotes the statement, never what was in it.
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(
            url, connect_args={"timeout": BUSY_S}, pool_size=pool_size, max_overflow=pool_size, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    connect = {"connect_timeout": 5, "options": POSTGRES_OPTIONS}
    engine = create_engine(url, pool_size=pool_size, max_overflow=pool_size, connect_args=connect, hide_parameters=True)
    event.listen(engine, "begin", _begin_postgres)
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "checkout", partial(_wake, engine))
    return engine


def _begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get("passing", False):
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")


def _rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _wake(engine: Engine, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """A connection that rested may have lost its server meanwhile; the pool then opens another.

    A server that ends says so, or the system does for it: something is to be read where there should be silence. What
    nobody tells, such as a cable that was pulled, is found out by asking.
    """
    rests_since = record.info.get("rests_since")
    if rests_since is None:
        return
    if time.monotonic() - rests_since < REST_S and _is_silent(connection.fileno()):
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise DisconnectionError(str(error)) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite does.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _is_silent(socket: int) -> bool:
    """Whether nothing waits to be read there; takes microseconds."""
    looking = select.poll()
    looking.register(socket, select.POLLIN)
    return not looking.poll(0)


def _refer(connection: Connection, switch: str) -> None:
    """Whether references count; it can only be said outside a transaction, so not through SQLAlchemy."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={switch}")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer cannot wait for its turn (SQLITE_BUSY_SNAPSHOT), so writers queue at the door.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
