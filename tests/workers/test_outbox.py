"""Effects outside: promised with the change that causes them, sent after it, known again when they come twice."""

from collections import Counter
from datetime import timedelta

import pytest
from alembic import command

from tests.workers.making import a_product, a_result, a_stored_photo, make
from workers import relay
from workers.errors import StorageError
from workers.records import leaders, outbox, products, scenes
from workers.records.outbox import Effect
from workers.records.session import Database
from workers.scene_model import SceneRequest


class Ear:
    """Hears announcements, when it is not deaf."""

    def __init__(self):
        self.heard, self.deaf = Counter(), False

    def receive(self, message):
        if self.deaf:
            raise StorageError("Nobody listens.")
        self.heard[message.id] += 1


@pytest.fixture
def ear():
    return Ear()


def test_a_change_and_its_effects_come_together_or_not_at_all(database, scene_id, ear):
    def half():
        with database.transaction() as session:
            scenes.finish(session, scenes.claim(session, scene_id, "w"), a_result())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert relay.relay(database, {Effect.ANNOUNCE: ear}) == 0
    with database.transaction() as session:
        scenes.finish(session, scenes.claim(session, scene_id, "w"), a_result())
        scene = scenes.get(session, scene_id)
    assert relay.relay(database, {Effect.ANNOUNCE: ear}) == 1
    assert relay.relay(database, {Effect.ANNOUNCE: ear}) == 0
    assert ear.heard == {f"{scene_id}-{scene.events}": 1}


def test_a_refused_effect_is_tried_again_later_and_later(database, made, ear, clock):
    ear.deaf = True
    tries = 0
    for wait in (0, 4, 1, 9, 1):
        clock.pass_s(wait)
        with database.reading() as session:
            tries += len(outbox.due(session, [Effect.ANNOUNCE], 10))
        relay.relay(database, {Effect.ANNOUNCE: ear})
    assert tries == 3
    ear.deaf = False
    clock.pass_s(3600)
    assert relay.relay(database, {Effect.ANNOUNCE: ear}) == 1


def test_a_sender_that_is_lost_is_followed_by_another_with_the_same_id(database, made, clock):
    with database.transaction() as session:
        [key] = outbox.due(session, [Effect.ANNOUNCE], 10)
        first = outbox.take(session, key)
        assert outbox.take(session, key) is None
    clock.pass_s(61)
    with database.transaction() as session:
        second = outbox.take(session, key)
        assert (second.id, second.try_) == (first.id, 2)
        outbox.sent(session, second)
        outbox.refused(session, first, "too late")
        assert outbox.take(session, key) is None
    clock.pass_s(3600)
    with database.transaction() as session:
        assert outbox.take(session, key) is None


def test_who_listens_late_hears_what_comes_late(database, made, ear):
    assert relay.relay(database, {}) == 0
    assert relay.relay(database, {Effect.ANNOUNCE: ear}) == 0
    with database.transaction() as session:
        scenes.approve(session, made, "ann")
    assert relay.relay(database, {Effect.ANNOUNCE: ear}) == 1


def test_one_leads_until_it_is_silent_or_resigns(database, clock):
    length = timedelta(seconds=15)

    def lead(holder):
        with database.transaction() as session:
            return leaders.lead(session, "sweep", holder, length)

    assert [lead("a"), lead("b"), lead("a")] == [True, False, True]
    clock.pass_s(16)
    assert [lead("b"), lead("a")] == [True, False]
    with database.transaction() as session:
        leaders.resign(session, "sweep", "a")
    assert not lead("a")
    with database.transaction() as session:
        leaders.resign(session, "sweep", "b")
    assert lead("a")


def test_what_was_published_before_there_was_an_outbox_is_still_written(sqlite_url):
    database = Database(sqlite_url)
    with database.transaction() as session:
        products.upsert(session, a_product(), [a_stored_photo()])
        scene_id = scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm"))[0].id
    make(database, scene_id)
    with database.transaction() as session:
        scenes.approve(session, scene_id, "ann")
        seq = scenes.publish(session, scene_id, "ann").events
    with database.migrating() as config:
        command.downgrade(config, "0001")
    database.create_or_upgrade()
    with database.reading() as session:
        assert outbox.due(session, list(Effect), 10) == [(scene_id, seq, "publish")]
    database.close()
