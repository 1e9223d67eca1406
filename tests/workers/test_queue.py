"""Messages may be lost, doubled or refused: the rows know what is to be done."""

import json

import pytest
import redis

from imagegen.lifecycle import State
from tests.services import free_port, run_redis
from tests.workers.making import a_product, a_stored_photo
from workers import queue
from workers.app import PAINTINGS, QUEUE, make_app
from workers.records import products, scenes
from workers.records.session import Database
from workers.scene_model import SceneRequest
from workers.settings import load_settings


@pytest.fixture
def database(sqlite_url, clock):
    database = Database(sqlite_url, clock=clock)
    with database.transaction() as session:
        products.upsert(session, a_product(), [a_stored_photo()])
    yield database
    database.close()


@pytest.fixture(params=["filesystem", "redis"])
def app(request, tmp_path):
    if request.param == "filesystem":
        app = make_app(load_settings(data_dir=tmp_path))
    else:
        url = request.getfixturevalue("redis_url")
        with redis.Redis.from_url(url) as client:
            client.flushall()
        app = make_app(load_settings(data_dir=tmp_path, broker_url=url))
    yield app
    app.close()


def ask(database, number=1):
    with database.transaction() as session:
        return [s.id for s in scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm", variants=number))]


def take_all(app):
    """The ids in the broker's messages, which are gone then: as if a worker had died with them."""
    found = []
    with app.connection_for_read() as connection, connection.SimpleQueue(QUEUE) as waiting:
        while queue.depth(app):
            message = waiting.get(timeout=5)
            found.append(json.loads(message.body)[0][0])
            message.ack()
    return sorted(found)


def test_a_message_carries_an_id_and_nothing_else(database, app):
    ids = ask(database, 3)
    assert queue.send(database, app, ids) == 3
    assert take_all(app) == sorted(ids)


def test_what_a_model_finishes_waits_in_a_queue_of_its_own(database, app):
    with database.transaction() as session:
        asked = SceneRequest(sku="SOFA-1", style="calm", engine="diffusion")
        painted = [scene.id for scene in scenes.ask(session, asked)]
    traced = ask(database)
    assert queue.send(database, app, [*painted, *traced]) == 2
    assert queue.depth(app) == 2
    with app.connection_for_read() as connection, connection.SimpleQueue(PAINTINGS) as waiting:
        message = waiting.get(timeout=5)
        message.ack()
    assert message.payload[0] == painted
    assert queue.depth(app) == 1


def test_sending_twice_sends_once(database, app):
    ids = ask(database)
    assert queue.send(database, app, ids) == 1
    assert queue.send(database, app, ids) == 0
    assert queue.sweep(database, app) == 0


def test_what_was_never_sent_is_swept(database, app):
    ids = ask(database, 2)
    assert queue.sweep(database, app) == 2
    assert take_all(app) == sorted(ids)


def test_a_lost_message_is_sent_again_but_not_at_once(database, app, clock):
    ids = ask(database, 2)
    queue.send(database, app, ids)
    take_all(app)
    assert queue.sweep(database, app) == 0
    clock.pass_s(61)
    assert queue.sweep(database, app) == 2
    assert take_all(app) == sorted(ids)


def test_a_long_queue_is_not_taken_for_a_lost_one(database, app, clock):
    queue.send(database, app, ask(database, 3))
    clock.pass_s(3600)
    assert queue.sweep(database, app) == 0
    assert queue.depth(app) == 3


def test_a_lapsed_scene_is_sent_again(database, app, clock):
    [scene_id] = ask(database)
    queue.send(database, app, [scene_id])
    take_all(app)
    with database.transaction() as session:
        scenes.claim(session, scene_id, "victim")
    assert queue.sweep(database, app) == 0
    clock.pass_s(31)
    assert queue.sweep(database, app) == 1
    assert take_all(app) == [scene_id]


def test_a_scene_that_kills_its_workers_is_not_sent_for_ever(database, app, clock):
    [scene_id] = ask(database)
    sent = 0
    for _ in range(6):
        sent += queue.sweep(database, app)
        with database.transaction() as session:
            scenes.claim(session, scene_id, "victim")
        clock.pass_s(31)
    assert sent == 3
    with database.reading() as session:
        assert scenes.get(session, scene_id).state == State.FAILED


def test_a_sweep_is_bounded(database, app):
    ask(database, 8)
    assert queue.sweep(database, app, limit=5) == 5
    assert queue.sweep(database, app, limit=5) == 3


def test_what_is_swept_never_makes_a_long_queue_longer(database, app):
    ask(database, 8)
    assert [queue.sweep(database, app, deep=3), queue.sweep(database, app, deep=3)] == [3, 0]
    take_all(app)
    assert queue.sweep(database, app, deep=3) == 3


def test_a_broker_that_is_away_is_not_asked_by_every_request(database, tmp_path):
    app = make_app(load_settings(data_dir=tmp_path, broker_url=f"redis://127.0.0.1:{free_port()}/0"))
    first, second = ask(database), ask(database)
    assert queue.send(database, app, first) == 0
    with database.transaction():  # whoever would mark the row as sent would wait for this
        assert queue.send(database, app, second) == 0
    assert queue.depth(app) is None
    app.close()


def test_a_broker_that_is_away_costs_only_time(database, tmp_path):
    port = free_port()
    app = make_app(load_settings(data_dir=tmp_path, broker_url=f"redis://127.0.0.1:{port}/0"))
    ids = ask(database, 2)
    assert queue.send(database, app, ids) == 0
    with database.reading() as session:
        assert {scenes.get(session, scene_id).sent_at for scene_id in ids} == {None}
    with run_redis(port):
        assert queue.sweep(database, app) == 2
        assert take_all(app) == sorted(ids)
        app.close()
