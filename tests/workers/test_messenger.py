"""Messages go out behind the back of whoever asked: all of them, together, and by themselves again after trouble."""

import threading

import pytest
from sqlalchemy import event

from tests.workers.making import a_product, a_stored_photo
from tests.workers.test_queue import ask
from workers import queue
from workers.app import make_app
from workers.messenger import Messenger
from workers.records import products
from workers.records.models import Scene
from workers.records.session import Database
from workers.settings import load_settings


@pytest.fixture
def app(tmp_path):
    app = make_app(load_settings(data_dir=tmp_path))
    yield app
    app.close()


@pytest.fixture(autouse=True)
def product(database):
    with database.transaction() as session:
        products.upsert(session, a_product(), [a_stored_photo()])


def test_whatever_was_handed_over_is_sent_before_it_closes(database, app):
    messenger, ids = Messenger(database, app), ask(database, 5)
    for scene_id in ids:
        messenger.send([scene_id])
    messenger.close()
    assert queue.depth(app) == 5
    with database.reading() as session:
        assert all(session.get(Scene, scene_id).sent_at for scene_id in ids)


def test_what_comes_in_while_it_sends_goes_out_together(database, app):
    """The first mark is held up until the rest has come in; there is one more mark for all of them."""
    messenger, ids = Messenger(database, app), ask(database, 8)
    marks, began, rest = [], threading.Event(), threading.Event()

    def mark(_connection, _cursor, statement, *_):
        if statement.startswith("UPDATE scenes"):
            marks.append(statement)
            began.set()
            assert rest.wait(30)

    event.listen(database.engine, "before_cursor_execute", mark)
    messenger.send(ids[:1])
    assert began.wait(30)
    messenger.send(ids[1:])
    rest.set()
    messenger.close()
    event.remove(database.engine, "before_cursor_execute", mark)
    assert len(marks) == 2
    assert queue.depth(app) == 8


def test_it_goes_on_after_the_database_was_away_and_the_sweep_sends_the_rest(database, app, tmp_path):
    away = Database(f"sqlite:///{tmp_path}/nowhere/none.db")
    lost = Messenger(away, app)
    lost.send(["0" * 24])
    lost.send(["1" * 24])
    lost.close()
    assert queue.depth(app) == 0
    ids = ask(database, 2)
    assert queue.sweep(database, app) == len(ids)


def test_nothing_to_send_starts_nothing(database, app):
    messenger = Messenger(database, app)
    messenger.send([])
    messenger.close()
    assert "messenger" not in {thread.name for thread in threading.enumerate()}
