"""What a team may use: told clearly when it is used up, and no team uses another's."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.deps import open_context
from tests.api import house
from workers.errors import QuotaError
from workers.records import quotas, scenes, teams
from workers.scene_model import SceneRequest

ORDER = {"sku": "SOFA-1", "style": "test-calm"}


def opened(doors, tmp_path, url, **limits):
    doors.state.context = open_context(house.make_settings(tmp_path, url, **limits))
    return doors.state.context


def put(client, sku="SOFA-1", **files):
    facts = {"sku": sku, "name": sku, "category": "sofa", "width_cm": 200, "depth_cm": 90, "height_cm": 80}
    return client.post("/v1/products", data=facts, files=files) if files else client.post("/v1/products", json=facts)


def test_more_scenes_than_a_day_allows_are_refused_until_the_day_is_over(doors, tmp_path, database_url):
    context = opened(doors, tmp_path, database_url, team_scenes_a_day=3)
    at = datetime.now(UTC)
    context.database.clock = lambda: at
    with house.client_of(doors) as client:
        house.add_product(context)
        assert client.post("/v1/scenes", json=ORDER | {"variants": 2}).status_code == 202
        refused = client.post("/v1/scenes", json=ORDER | {"variants": 2})
        assert refused.status_code == 429  # both or none
        assert "3 scenes in the last 24 hours" in refused.json()["detail"]
        assert int(refused.headers["retry-after"]) == 24 * 3600
        first = client.get("/v1/scenes").json()["items"]
        assert len(first) == 2
        assert client.post("/v1/scenes", json=ORDER).status_code == 202
        assert client.post("/v1/scenes", json=ORDER).status_code == 429
        house.finish(context, first[0]["id"])
        assert client.post(f"/v1/scenes/{first[0]['id']}/regenerate", json={}).status_code == 429
        context.database.clock = lambda: at + timedelta(hours=24, seconds=1)
        assert client.post("/v1/scenes", json=ORDER).status_code == 202


def test_only_so_many_scenes_wait_at_once(doors, tmp_path, sqlite_url):
    context = opened(doors, tmp_path, sqlite_url, team_scenes_queued=2)
    with house.client_of(doors) as client:
        house.add_product(context)
        asked = client.post("/v1/scenes", json=ORDER | {"variants": 2}).json()["scenes"]
        refused = client.post("/v1/scenes", json=ORDER)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
        client.post(f"/v1/scenes/{asked[0]}/cancel")
        assert client.post("/v1/scenes", json=ORDER).status_code == 202
        assert client.post(f"/v1/scenes/{asked[0]}/retry").status_code == 429
        house.finish(context, asked[1])
        assert client.post(f"/v1/scenes/{asked[0]}/retry").status_code == 202


def test_photos_beyond_a_teams_room_are_refused_and_leave_nothing(doors, tmp_path, database_url):
    photo = house.packshot(size=(300, 300))
    context = opened(doors, tmp_path, database_url)
    with house.client_of(doors) as client:
        assert put(client, photo=("a.png", photo)).status_code == 201
        with context.database.reading() as session:
            taken = quotas.used(session).photo_bytes
        assert taken == len(context.blobs.get(key_of(client, context)))
        with context.database.of_all().transaction() as session:
            teams.limit(session, "house", "test", {"photo_bytes": taken + 50})
        refused = put(client, "SOFA-2", photo=("b.png", house.packshot(size=(301, 300))))
        assert refused.status_code == 413
        assert "MB" in refused.json()["detail"]
        assert client.get("/v1/products/SOFA-2").status_code == 404
        assert put(client, "SOFA-3").status_code == 201  # facts alone take no room
        with context.database.of_all().transaction() as session:
            teams.limit(session, "house", "test", {"photo_bytes": None})
        assert put(client, "SOFA-2", photo=("b.png", photo)).status_code == 201
        with context.database.reading() as session:
            assert quotas.used(session).photo_bytes == taken  # the same file is there once


def key_of(client, context):
    with context.database.reading() as session:
        from workers.records import products

        return products.get(session, "SOFA-1").photos[0].key


def test_a_teams_own_limits_go_before_the_settings_and_bind_nobody_else(doors, tmp_path, sqlite_url):
    context = opened(doors, tmp_path, sqlite_url, team_scenes_a_day=1)
    with house.client_of(doors) as client:
        with context.database.of_all().transaction() as session:
            teams.add(session, "outdoor", "test")
            teams.limit(session, "outdoor", "test", {"scenes_a_day": 2})
        house.add_product(context)
        house.add_product(replace(context, database=context.database.of("outdoor")))
        outdoor = {"imagegen-team": "outdoor"}
        told = [client.post("/v1/scenes", json=ORDER, headers=outdoor).status_code for _ in range(3)]
        assert told == [202, 202, 429]
        assert [client.post("/v1/scenes", json=ORDER).status_code for _ in range(2)] == [202, 429]
        with context.database.of_all().transaction() as session:
            teams.limit(session, "outdoor", "test", {"scenes_a_day": 0})
        assert client.post("/v1/scenes", json=ORDER, headers=outdoor).status_code == 202


@pytest.mark.parametrize("callers", [8])
def test_many_at_once_do_not_each_take_the_last(doors, tmp_path, database_url, callers):
    context = opened(doors, tmp_path, database_url, team_scenes_a_day=3)
    context.database.create_or_upgrade()
    house.add_product(context)
    told = []

    def ask():
        try:
            with context.database.transaction() as session:
                scenes.ask(session, SceneRequest(**ORDER), by="test")
            told.append("asked")
        except QuotaError:
            told.append("refused")

    threads = [threading.Thread(target=ask) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (told.count("asked"), told.count("refused")) == (3, callers - 3)
    context.database.close()
