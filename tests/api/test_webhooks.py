import pytest

from tests.api import house
from workers import announcing, relay
from workers.records import keys, webhooks
from workers.scopes import Scope

URL = {"url": "https://shop.example/hook"}


@pytest.fixture
def delivered(client, context, sofa):
    """A webhook that has taken the news of one scene."""
    client.post("/v1/webhooks", json=URL)
    house.made(context)
    relay.relay(context.database, announcing.receivers(context.database))
    with context.database.transaction() as session:
        attempt = webhooks.take(session, webhooks.due(session, 1)[0])
        webhooks.taken(session, attempt, 200)
    return attempt


def test_a_webhook_shows_its_secret_once(client):
    added = client.post("/v1/webhooks", json=URL)
    assert added.status_code == 201
    secret = added.json()["secret"]
    assert secret.startswith("whsec_")
    listed = client.get("/v1/webhooks")
    assert [hook["url"] for hook in listed.json()["items"]] == [URL["url"]]
    assert secret not in listed.text


def test_the_same_request_with_its_key_adds_one(client):
    answers = [client.post("/v1/webhooks", json=URL, headers={"idempotency-key": "k"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(client.get("/v1/webhooks").json()["items"]) == 1


@pytest.mark.parametrize("url", ["", "ftp://x", "shop.example", "javascript:x", "https://" + "x" * 600, "https://a\nb"])
def test_only_web_addresses_are_told(client, url):
    assert client.post("/v1/webhooks", json={"url": url}).status_code == 422


def test_one_that_is_disabled_hears_nothing_until_it_is_enabled(client):
    hook = client.post("/v1/webhooks", json=URL).json()["id"]
    assert client.post(f"/v1/webhooks/{hook}/disable").json()["disabled_why"] == "by hand"
    assert client.post(f"/v1/webhooks/{hook}/enable").json()["disabled_at"] is None
    assert [line["action"] for line in client.get("/v1/audit?kind=webhook").json()["items"]] == [
        "enable",
        "disable",
        "add",
    ]


def test_a_delivery_can_be_sent_again(client, context, delivered):
    (row,) = client.get("/v1/webhooks/deliveries").json()["items"]
    assert (row["id"], row["status"], row["message_id"]) == (delivered.id, 200, delivered.message_id)
    again = client.post(f"/v1/webhooks/deliveries/{row['id']}/replay")
    assert again.status_code == 202
    assert again.json()["sent_at"] is None
    with context.database.transaction() as session:
        attempt = webhooks.take(session, webhooks.due(session, 1)[0])
    assert (attempt.message_id, attempt.body) == (delivered.message_id, delivered.body)


@pytest.mark.parametrize("path", ["x/disable", "x/enable", "deliveries/x/replay"])
def test_what_is_not_there_is_not_found(client, path):
    assert client.post(f"/v1/webhooks/{path}").status_code == 404


def test_webhooks_are_for_administrators(client, context):
    with context.database.transaction() as session:
        key = keys.issue(session, "all but one", set(Scope) - {Scope.ADMIN}, "test")[1]
    shown = {"authorization": f"Bearer {key}"}
    assert client.get("/v1/webhooks", headers=shown).status_code == 403
    assert client.get("/v1/webhooks/deliveries", headers=shown).status_code == 403
    assert client.post("/v1/webhooks", json=URL, headers=shown).status_code == 403
