from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.api import house
from workers.records import keys
from workers.scopes import Scope

ORDER = {"sku": "SOFA-1", "style": "test-calm"}
TOKEN = "a-long-enough-token-for-tests"


@pytest.fixture
def settings(tmp_path, sqlite_url):
    return house.make_settings(tmp_path, sqlite_url, api_tokens=TOKEN)


def bearer(text):
    return {"authorization": f"Bearer {text}"}


def new_key(context, *scopes, name="shop", expires_at=None):
    with context.database.transaction() as session:
        return keys.issue(session, name, scopes or [Scope.READ], "test", expires_at)[1]


def row_of(context, text):
    with context.database.reading() as session:
        return session.get(keys.ApiKey, text.partition("_")[0])


def test_a_key_opens_what_its_scopes_say(client, context, sofa):
    key = new_key(context, Scope.WRITE)
    assert client.get("/v1/scenes", headers=bearer(key)).status_code == 200
    assert client.post("/v1/scenes", json=ORDER, headers=bearer(key)).status_code == 202
    scene = house.made(context)
    refused = client.post(f"/v1/scenes/{scene}/approve", headers=bearer(key))
    assert refused.status_code == 403
    assert "scope review" in refused.json()["detail"]
    assert "imagegen keys new" in refused.json()["hint"]
    assert house.state(context, scene) == "in_review"


def test_whoever_may_review_may_not_yet_publish(client, context, scene):
    reviewer = bearer(new_key(context, Scope.REVIEW))
    at_once = client.post(f"/v1/scenes/{scene}/approve", json={"publish": True}, headers=reviewer)
    assert at_once.status_code == 403
    on_the_desk = client.post(f"/review/scenes/{scene}/approve", data={"publish": "true"}, headers=reviewer)
    assert on_the_desk.status_code == 403
    assert house.state(context, scene) == "in_review"
    assert client.post(f"/v1/scenes/{scene}/approve", headers=reviewer).status_code == 200
    assert client.post(f"/v1/scenes/{scene}/publish", headers=reviewer).status_code == 403
    publisher = bearer(new_key(context, Scope.PUBLISH))
    assert client.post(f"/v1/scenes/{scene}/publish", headers=publisher).status_code == 200


def test_rejecting_and_asking_again_takes_both_scopes(client, context, scene):
    form = {"reason": "too_dark", "again": "true"}
    path = f"/review/scenes/{scene}/reject"
    assert client.post(path, data=form, headers=bearer(new_key(context, Scope.REVIEW))).status_code == 403
    assert house.state(context, scene) == "in_review"
    both = bearer(new_key(context, Scope.REVIEW, Scope.WRITE))
    assert client.post(path, data=form, headers=both, follow_redirects=False).status_code == 303


def test_an_administrators_key_and_a_token_of_the_settings_open_everything(client, context, scene):
    for credential in (new_key(context, Scope.ADMIN), TOKEN):
        assert client.get("/v1/audit", headers=bearer(credential)).status_code == 200
        assert client.post(f"/v1/scenes/{scene}/approve", headers=bearer(credential)).status_code == 200
        assert client.post(f"/v1/scenes/{scene}/reopen", headers=bearer(credential)).status_code == 200


def test_the_keys_name_stands_beside_what_is_done_with_it(client, context, scene):
    key = new_key(context, Scope.REVIEW, name="desk")
    approved = client.post(f"/v1/scenes/{scene}/approve", auth=("Lena", key)).json()
    assert approved["approved_by"] == "Lena (desk)"
    client.post(f"/v1/scenes/{scene}/reopen", headers=bearer(key))
    assert client.get(f"/v1/scenes/{scene}", headers=bearer(key)).json()["decisions"][-1]["by"] == "desk"


def test_a_key_that_is_over_or_revoked_opens_nothing(client, context):
    at = datetime.now(UTC)
    short = new_key(context, expires_at=at + timedelta(hours=1))
    other = new_key(context)
    assert client.get("/v1/scenes", headers=bearer(short)).status_code == 200
    context.database.clock = lambda: at + timedelta(hours=1, seconds=1)
    assert client.get("/v1/scenes", headers=bearer(short)).status_code == 401
    assert client.get("/v1/scenes", headers=bearer(other)).status_code == 200
    with context.database.transaction() as session:
        keys.revoke(session, other.partition("_")[0], "test")
    assert client.get("/v1/scenes", headers=bearer(other)).status_code == 401


def test_a_key_with_another_secret_or_id_opens_nothing(client, context):
    mine, other = new_key(context), new_key(context)
    key_id, secret = mine.split("_", 1)
    wrong = [f"{key_id}_{other.split('_', 1)[1]}", f"{'0' * 16}_{secret}", secret, key_id, mine[:-1], f"{mine}x"]
    assert {client.get("/v1/scenes", headers=bearer(text)).status_code for text in wrong} == {401}


def test_the_secret_is_kept_nowhere(client, context, sqlite_url):
    key = new_key(context)
    client.get("/v1/scenes", headers=bearer(key))
    context.database.close()  # all of it is in the file then
    secret = key.split("_", 1)[1].encode()
    assert secret not in Path(sqlite_url.removeprefix("sqlite:///")).read_bytes()


def test_the_last_use_is_known_to_the_minute(client, context):
    at = datetime.now(UTC)
    key = new_key(context)
    assert row_of(context, key).last_used_at is None
    for seconds, seen in ((0, 0), (30, 0), (61, 61)):
        moment = at + timedelta(seconds=seconds)
        context.database.clock = lambda moment=moment: moment
        client.get("/v1/scenes", headers=bearer(key))
        assert row_of(context, key).last_used_at == at + timedelta(seconds=seen)


def test_wrong_tokens_are_slowed_down_and_right_ones_are_not(doors, tmp_path, sqlite_url):
    from api.deps import open_context

    doors.state.context = open_context(house.make_settings(tmp_path, sqlite_url, api_tokens=TOKEN, write_rate="3/hour"))
    with house.client_of(doors) as client:
        told = [client.get("/v1/scenes", headers=bearer("wrong")).status_code for _ in range(5)]
        assert told == [401, 401, 401, 429, 429]
        assert client.get("/v1/scenes", headers=bearer(TOKEN)).status_code == 200


def test_on_a_laptop_a_key_narrows_and_nothing_shown_opens_everything(doors, tmp_path, sqlite_url):
    from api.deps import open_context

    doors.state.context = open_context(house.make_settings(tmp_path, sqlite_url))
    with house.client_of(doors) as client:
        key = new_key(doors.state.context)
        assert client.get("/v1/audit").status_code == 200
        assert client.get("/v1/audit", headers=bearer(key)).status_code == 403
        assert client.get("/v1/scenes", headers=bearer("wrong")).status_code == 401
    with house.TestClient(doors, base_url="http://desk.example", client=("192.168.1.7", 5000)) as far:
        assert far.get("/v1/scenes").status_code == 401
        assert far.get("/v1/scenes", headers=bearer(key)).status_code == 200


def test_keys_work_on_both_databases(doors, tmp_path, database_url):
    from api.deps import open_context

    doors.state.context = open_context(house.make_settings(tmp_path, database_url, api_tokens=TOKEN))
    with house.client_of(doors) as client:
        house.add_product(doors.state.context)
        key = bearer(new_key(doors.state.context, Scope.WRITE))
        assert client.post("/v1/scenes", json=ORDER, headers=key).status_code == 202
