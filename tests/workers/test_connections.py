"""Connections to a database that was away."""

import signal
from contextlib import ExitStack

import pytest
from sqlalchemy import text

from tests.services import PostgresServer
from workers.records.session import Database


@pytest.fixture
def server():
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


def use_at_once(database, number):
    """So many connections, each with a session of its own."""
    with ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(database.reading()).execute(text("SELECT 1"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_connections_that_lost_their_server_a_moment_ago_are_replaced(server, how):
    database = Database(server.create())
    use_at_once(database, 3)
    server.restart(how)
    use_at_once(database, 3)
    database.close()


def test_a_connection_that_was_just_used_is_not_asked_whether_it_lives(postgres_url):
    database, asked = Database(postgres_url), []
    use_at_once(database, 1)
    real = database.engine.dialect.do_ping
    database.engine.dialect.do_ping = lambda connection: asked.append(1) or real(connection)
    use_at_once(database, 1)
    assert asked == []
    database.close()
