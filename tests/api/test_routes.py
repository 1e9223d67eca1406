"""Every door there is, walked: who gets in without saying who they are, and who may change something."""

import re

import pytest
from fastapi.routing import iter_route_contexts

from api.people import oidc
from tests.api import house
from workers.records import keys
from workers.scopes import Scope

OPEN = {"/healthz", "/readyz", "/static", "/login", "/login/provider", "/login/provider/callback", "/logout"}
"""All that answers anybody: two words for whoever watches the service, the desk's styles and scripts, the way in."""

TOKEN = "a-long-enough-token-for-tests"
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
def settings(tmp_path, sqlite_url):
    return house.make_settings(tmp_path, sqlite_url, api_tokens=TOKEN)


def doors_of(app):
    """(method, path) of every route, those of included routers too; a mounted application stands for itself."""
    for route in iter_route_contexts(app.routes):
        for method in sorted(getattr(route, "methods", None) or {"GET"}):
            yield method, route.path


def address(path):
    return re.sub(r"\{[^}]*\}", "1", path)


def test_every_route_needs_somebody_but_a_listed_few(client, app):
    answered = {}
    for method, path in doors_of(app):
        if path in {"/login", oidc.CALLBACK}:
            continue  # 401 is its word for a wrong password, and for a sign-in that was not begun here
        answered.setdefault(client.request(method, address(path)).status_code == 401, set()).add(path)
    assert answered[False] | {"/login", oidc.CALLBACK} == OPEN
    assert len(answered[True]) > 20


@pytest.mark.parametrize("shown", ["Bearer wrong", "Basic OndyYW5n", "Bearer 0123456789abcdef_" + "A" * 43])
def test_a_wrong_credential_opens_no_more_than_none(client, app, shown):
    for method, path in doors_of(app):
        if path not in OPEN:
            answer = client.request(method, address(path), headers={"authorization": shown})
            assert answer.status_code == 401, (method, path)


def test_who_may_only_look_changes_nothing(client, context, app):
    with context.database.transaction() as session:
        key = keys.issue(session, "looker", [Scope.READ], "test")[1]
    changing = [(method, path) for method, path in doors_of(app) if method not in SAFE and path not in OPEN]
    assert len(changing) > 15
    for method, path in changing:
        answer = client.request(method, address(path), headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == 403, (method, path)


def test_the_log_is_for_administrators(client, context):
    with context.database.transaction() as session:
        key = keys.issue(session, "all but one", set(Scope) - {Scope.ADMIN}, "test")[1]
    assert client.get("/v1/audit", headers={"authorization": f"Bearer {key}"}).status_code == 403
