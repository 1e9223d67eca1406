import logging

import pytest

from api import access
from tests.api import house
from workers.records import keys
from workers.scopes import Scope


@pytest.fixture
def lines(caplog):
    """The request lines that were written, as (message, facts)."""
    caplog.set_level(logging.DEBUG, "api.access")

    def read():
        found = [record for record in caplog.records if record.name == "api.access"]
        caplog.clear()
        return found

    return read


def test_a_request_is_told_with_its_route_status_time_and_who_asked(client, lines, scene):
    client.get(f"/v1/scenes/{scene}", params={"secret": "hush"})
    [line] = lines()
    assert line.getMessage() == f"GET /v1/scenes/{scene}"
    assert (line.route, line.status, line.principal) == ("/v1/scenes/{scene_id}", 200, "local")
    assert line.ms > 0
    assert line.levelno == logging.INFO


def test_a_key_is_told_by_its_id_and_never_by_its_secret(client, context, lines):
    with context.database.transaction() as session:
        key, text = keys.issue(session, "shop", [Scope.READ], "test")
        key_id = key.id
    client.get("/v1/scenes", headers={"authorization": f"Bearer {text}"})
    [line] = lines()
    assert line.principal == f"key-{key_id}"
    assert text[17:] not in str(vars(line))


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/nowhere", None, 404),
        ("DELETE", "/v1/scenes", "/v1/scenes", 405),
        ("POST", "/v1/scenes", "/v1/scenes", 422),
        ("GET", "/review", "/review", 200),
    ],
)
def test_whatever_is_answered_is_told(client, lines, method, path, route, status):
    client.request(method, path)
    [line] = lines()
    assert (line.route, line.status) == (route, status)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/desk.css"])
def test_what_machines_ask_all_day_is_told_to_whoever_debugs_only(client, lines, path):
    client.get(path)
    [line] = lines()
    assert line.levelno == logging.DEBUG


def test_a_sane_id_of_the_caller_is_kept_and_any_other_is_replaced(client):
    sane = client.get("/healthz", headers={"x-request-id": "shop-2026.11:0001"})
    assert sane.headers["x-request-id"] == "shop-2026.11:0001"
    for wrong in ("short", "a" * 65, "has spaces in it", "<script>alert(1)</script>", "-leading-dash"):
        given = client.get("/healthz", headers={"x-request-id": wrong}).headers["x-request-id"]
        assert access.SANE.fullmatch(given)
        assert given != wrong
    assert client.get("/healthz").headers["x-request-id"] != client.get("/healthz").headers["x-request-id"]


def test_what_is_logged_on_the_way_carries_the_requests_id(client, context, monkeypatch):
    from structlog.contextvars import get_contextvars

    seen = []
    monkeypatch.setattr("api.scenes.service.page", lambda *_, **__: seen.append(get_contextvars()) or broken())
    house.client_of(client.app).get("/v1/scenes", headers={"x-request-id": "request-0001"})
    assert seen == [{"request": "request-0001"}]
    assert get_contextvars() == {}


def broken():
    raise RuntimeError("whsec_hush")


def test_a_fault_of_ours_is_answered_with_the_id_that_the_log_knows_and_with_careful_headers(
    client, monkeypatch, lines, caplog
):
    monkeypatch.setattr("api.scenes.service.page", lambda *_, **__: broken())
    answer = client.get("/v1/scenes")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.json()["hint"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "hush" not in answer.text
    assert [record.name for record in caplog.records if record.exc_info] == ["api.errors"]
    assert lines()[0].status == 500
