"""News goes out signed, is tried until it is taken, and a receiver that takes nothing is left alone."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks.webhooks import Webhook as Signer

from tests.workers.making import make
from workers import announcing, relay
from workers.records import audit, scenes, webhooks
from workers.records.audit import Sought
from workers.teams import HOUSE

HERE = "127.0.0.1"


class Ear(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, dict(self.headers.items()), body))
        self.send_response(self.server.answers.get(self.path, 200))
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def ear():
    server = ThreadingHTTPServer((HERE, 0), Ear)
    server.heard, server.answers = [], {}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock(clock):
    clock.time = datetime.now(UTC)  # receivers look at their own clock
    return clock


def add(database, ear, path="/hook"):
    with database.transaction() as session:
        return webhooks.add(session, f"http://shop.example:{ear.server_port}{path}", "test")


POST = announcing.Post(timeout_s=5, permit=lambda address: str(address) == HERE, resolve=lambda _h, _p: [HERE])


def go(database, post=POST):
    """One round of a worker's: news becomes deliveries, deliveries are tried."""
    relay.relay(database, announcing.receivers(database))
    return announcing.deliver(database, post)


def rows(database):
    with database.reading() as session:
        return webhooks.page(session).items


def state(database, hook):
    with database.reading() as session:
        return session.get(webhooks.Webhook, hook.id)


def test_news_arrives_once_signed_and_known_by_its_id(database, scene_id, ear, clock):
    hook = add(database, ear)
    make(database, scene_id)
    clock.pass_s(1)
    with database.transaction() as session:
        scenes.approve(session, scene_id, "Lena")
    assert go(database) == 2
    assert go(database) == 0
    told = [Signer(hook.secret).verify(body, headers) for _, headers, body in ear.heard]
    assert [news["type"] for news in told] == ["scene.in_review", "scene.approved"]
    assert told[1]["data"] | {"group": ""} == {
        "scene": scene_id,
        "group": "",
        "sku": "SOFA-1",
        "style": "calm",
        "state": "approved",
        "by": "Lena",
    }
    ids = [headers["webhook-id"] for _, headers, _ in ear.heard]
    assert len(set(ids)) == 2
    assert all(name.startswith(f"{scene_id}-") for name in ids)
    assert ear.heard[0][1]["Host"] == f"shop.example:{ear.server_port}"


def test_each_listener_hears_and_one_that_is_deaf_holds_nobody_up(database, made, ear):
    add(database, ear, "/good")
    ear.answers["/bad"] = 500
    hooks = [add(database, ear, "/bad")]
    with database.transaction() as session:
        scenes.approve(session, made, "Lena")
        scenes.reopen(session, made, "Lena")
    go(database)
    paths = [path for path, _, _ in ear.heard]
    assert paths.count("/good") == len(rows(database)) / 2
    assert paths.count("/bad") == 1
    assert state(database, hooks[0]).disabled_at is None


def test_what_is_not_taken_is_tried_later_and_later_then_given_up_and_the_webhook_disabled(database, made, ear, clock):
    hook = add(database, ear)
    ear.answers["/hook"] = 503
    go(database)
    assert len(ear.heard) == 1
    for number, wait in enumerate(webhooks.WAITS, 2):
        clock.pass_s(wait.total_seconds() - 1)
        assert go(database) == 0
        clock.pass_s(1)
        assert go(database) == 1
        assert len(ear.heard) == number
    assert len({headers["webhook-id"] for _, headers, _ in ear.heard}) == 1
    assert len({headers["webhook-timestamp"] for _, headers, _ in ear.heard}) == len(ear.heard)
    (row,) = rows(database)
    assert row.given_up_at
    assert (row.status, row.tries) == (503, len(webhooks.WAITS) + 1)
    assert "503" in state(database, hook).disabled_why
    with database.reading() as session:
        assert audit.page(session, Sought(kind="webhook")).items[0].action == "disable"


def test_one_that_takes_other_news_is_not_disabled(database, made, ear, clock):
    hook = add(database, ear)
    ear.answers["/hook"] = 500
    go(database)
    for wait in webhooks.WAITS[:-1]:
        clock.pass_s(wait.total_seconds())
        go(database)
    with database.transaction() as session:
        scenes.approve(session, made, "Lena")
    ear.answers["/hook"] = 204
    relay.relay(database, announcing.receivers(database))
    assert announcing.deliver(database, POST) == 1  # only the new one is due
    ear.answers["/hook"] = 500
    clock.pass_s(webhooks.WAITS[-1].total_seconds())
    go(database)
    assert state(database, hook).disabled_at is None
    assert [bool(row.given_up_at) for row in rows(database)] == [False, True]


def test_a_receiver_that_says_gone_is_disabled_at_once_and_hears_no_more(database, made, ear):
    hook = add(database, ear)
    ear.answers["/hook"] = 410
    go(database)
    assert state(database, hook).disabled_why == "It answered 410."
    with database.transaction() as session:
        scenes.approve(session, made, "Lena")
    go(database)
    assert len(ear.heard) == 1
    ear.answers.clear()
    with database.transaction() as session:
        webhooks.enable(session, hook.id, "test")
        scenes.reopen(session, made, "Lena")
    go(database)
    assert len(ear.heard) == 2


def test_a_redirect_is_not_followed(database, made, ear):
    add(database, ear)
    ear.answers["/hook"] = 307
    go(database)
    assert [path for path, _, _ in ear.heard] == ["/hook"]
    assert rows(database)[0].error == "It answered 307."


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fd00::1"])
def test_our_own_network_is_never_told(database, made, ear, address):
    add(database, ear)
    go(database, announcing.Post(resolve=lambda _h, _p: [address]))
    assert ear.heard == []
    assert "private network" in rows(database)[0].error


def test_a_name_is_looked_up_once_for_each_try(database, made, ear):
    answers = iter([HERE, "10.0.0.1"])
    add(database, ear)
    go(database, announcing.Post(5, POST.permit, lambda _h, _p: [next(answers)]))
    assert len(ear.heard) == 1


def test_a_server_that_is_away_is_tried_again(database, made, ear, clock):
    with database.transaction() as session:
        webhooks.add(session, "http://shop.example:1/", "test")
    go(database)
    (row,) = rows(database)
    assert (row.sent_at, row.tries, row.given_up_at) == (None, 1, None)
    assert "cannot be reached" in row.error


def test_a_delivery_is_sent_again_under_its_own_id(database, made, ear):
    add(database, ear)
    go(database)
    with database.transaction() as session:
        webhooks.replay(session, rows(database)[0].id, "test")
    assert go(database) == 1
    assert ear.heard[0][1]["webhook-id"] == ear.heard[1][1]["webhook-id"]
    assert json.loads(ear.heard[0][2]) == json.loads(ear.heard[1][2])


def test_a_sender_that_was_killed_loses_nothing(database, made, ear, clock):
    add(database, ear)
    relay.relay(database, announcing.receivers(database))
    with database.transaction() as session:
        assert webhooks.take(session, webhooks.due(session, 1)[0])  # and is never heard of again
    assert go(database) == 0
    clock.pass_s(webhooks.HOLD.total_seconds())
    assert go(database) == 1


def test_the_same_news_twice_from_the_outbox_is_one_delivery(database, made, ear):
    add(database, ear)
    with database.transaction() as session:
        for _ in range(2):
            webhooks.announce(session, HOUSE, "same", "{}", database.clock())
    assert len(rows(database)) == 1


def test_where_nobody_listens_nothing_is_kept(database, made):
    go(database)
    assert rows(database) == []
