"""Each role at each door: one table of what every route takes, walked with somebody of every role."""

import re

import pytest
from fastapi.routing import iter_route_contexts

from tests.api import house
from tests.api.test_people import SAME, add, sign_in
from workers.records import keys
from workers.scopes import SCOPES, Role, Scope, allows

LOOKING = {"GET", "HEAD"}
ANYBODY = {"/login", "/login/provider", "/login/provider/callback", "/logout", "/healthz", "/readyz", "/static"}

TAKES = {
    ("POST", "/v1/products"): Scope.WRITE,
    ("POST", "/v1/scenes"): Scope.ASK,
    ("POST", "/v1/scenes/{scene_id}/approve"): Scope.REVIEW,
    ("POST", "/v1/scenes/{scene_id}/reject"): Scope.REVIEW,
    ("POST", "/v1/scenes/{scene_id}/reopen"): Scope.REVIEW,
    ("POST", "/v1/scenes/{scene_id}/regenerate"): Scope.ASK,
    ("POST", "/v1/scenes/{scene_id}/comment"): Scope.ASK,
    ("POST", "/v1/scenes/{scene_id}/publish"): Scope.PUBLISH,
    ("POST", "/v1/scenes/{scene_id}/cancel"): Scope.ASK,
    ("POST", "/v1/scenes/{scene_id}/retry"): Scope.ASK,
    ("POST", "/v1/previews"): Scope.PLACE,
    ("GET", "/v1/audit"): Scope.ADMIN,
    ("GET", "/v1/webhooks"): Scope.ADMIN,
    ("POST", "/v1/webhooks"): Scope.ADMIN,
    ("POST", "/v1/webhooks/{webhook_id}/disable"): Scope.ADMIN,
    ("POST", "/v1/webhooks/{webhook_id}/enable"): Scope.ADMIN,
    ("GET", "/v1/webhooks/deliveries"): Scope.ADMIN,
    ("POST", "/v1/webhooks/deliveries/{delivery_id}/replay"): Scope.ADMIN,
    ("POST", "/v1/webhooks/{webhook_id}/test"): Scope.ADMIN,
    ("GET", "/v1/workers"): Scope.ADMIN,
    ("GET", "/metrics"): Scope.ADMIN,
    ("POST", "/review/team"): Scope.ADMIN,
    ("GET", "/review/admin"): Scope.ADMIN,
    ("GET", "/review/admin/audit"): Scope.ADMIN,
    ("GET", "/review/admin/webhooks"): Scope.ADMIN,
    ("POST", "/review/admin/webhooks/{webhook_id}/enable"): Scope.ADMIN,
    ("POST", "/review/admin/webhooks/{webhook_id}/disable"): Scope.ADMIN,
    ("POST", "/review/admin/webhooks/{webhook_id}/test"): Scope.ADMIN,
    ("POST", "/review/admin/deliveries/{delivery_id}/replay"): Scope.ADMIN,
    ("POST", "/review/account"): Scope.READ,
    ("GET", "/review/admin/people"): Scope.ADMIN,
    ("POST", "/review/admin/people"): Scope.ADMIN,
    ("GET", "/review/admin/people/{person_id}"): Scope.ADMIN,
    ("POST", "/review/admin/people/{person_id}"): Scope.ADMIN,
    ("POST", "/review/admin/people/{person_id}/password"): Scope.ADMIN,
    ("POST", "/review/admin/people/{person_id}/sign-out"): Scope.ADMIN,
    ("POST", "/review/admin/people/{person_id}/lock"): Scope.ADMIN,
    ("POST", "/review/admin/people/{person_id}/unlock"): Scope.ADMIN,
    ("GET", "/review/admin/keys"): Scope.ADMIN,
    ("POST", "/review/admin/keys"): Scope.ADMIN,
    ("POST", "/review/admin/keys/{key_id}/revoke"): Scope.ADMIN,
    ("GET", "/review/admin/teams"): Scope.ADMIN,
    ("POST", "/review/admin/teams"): Scope.ADMIN,
    ("GET", "/review/admin/teams/{team_id}"): Scope.ADMIN,
    ("POST", "/review/admin/teams/{team_id}"): Scope.ADMIN,
    ("GET", "/review/place"): Scope.PLACE,
    ("POST", "/review/place"): Scope.PLACE,
    ("POST", "/review/generate"): Scope.ASK,
    ("POST", "/review/scenes/{scene_id}/approve"): Scope.REVIEW,
    ("POST", "/review/scenes/{scene_id}/reject"): Scope.REVIEW,
    ("POST", "/review/scenes/{scene_id}/again"): Scope.ASK,
    ("POST", "/review/scenes/{scene_id}/comment"): Scope.ASK,
    ("POST", "/review/scenes/{scene_id}/publish"): Scope.PUBLISH,
    ("POST", "/review/scenes/{scene_id}/undo"): Scope.REVIEW,
    ("POST", "/review/scenes/{scene_id}/cancel"): Scope.ASK,
    ("POST", "/review/scenes/{scene_id}/retry"): Scope.ASK,
}
"""What each route takes; one that is not here is open to whoever may look at all."""

BUTTONS = {
    "Approve": Scope.REVIEW,
    "Reject": Scope.REVIEW,
    "Approve &amp; publish": Scope.PUBLISH,
    "Ask again": Scope.ASK,
}


def doors_of(app):
    for route in iter_route_contexts(app.routes):
        for method in sorted(getattr(route, "methods", None) or {"GET"}):
            yield method, route.path


@pytest.fixture(params=list(Role))
def somebody(request, client, context):
    add(context, "somebody", request.param)
    sign_in(client, "somebody")
    return request.param


def test_the_table_knows_every_route_that_changes_something(app):
    known = set(doors_of(app))
    assert set(TAKES) <= known
    changing = {(method, path) for method, path in known if method not in LOOKING and path not in ANYBODY}
    assert changing <= set(TAKES)


def test_each_role_passes_the_doors_that_it_may_and_no_others(somebody, client, app):
    for method, path in doors_of(app):
        if path in ANYBODY or method == "HEAD":
            continue
        taken = TAKES.get((method, path), Scope.READ)
        address = re.sub(r"\{[^}]*\}", "1", path)
        answer = client.request(method, address, headers=SAME, follow_redirects=False)
        refused = answer.status_code == 403
        assert answer.status_code != 401, (method, path)
        assert refused != allows(SCOPES[somebody], taken), (method, path, answer.text[:200])
        if refused and path.startswith("/v1"):
            assert answer.headers["content-type"] == "application/problem+json"
            assert f"the role {somebody}" in answer.json()["detail"]


def test_the_desk_shows_the_buttons_that_the_role_may_use(somebody, client, context):
    house.add_product(context)
    page = client.get(f"/review/scenes/{house.made(context)}").text
    for words, scope in BUTTONS.items():
        shown = f'<span class="label">{words}</span>' in page
        assert shown == allows(SCOPES[somebody], scope), words
    assert ("/review/place?scene=" in page) == allows(SCOPES[somebody], Scope.PLACE)
    generate = client.get("/review/generate").text
    assert ("data-place" in generate) == allows(SCOPES[somebody], Scope.PLACE)


def test_marketing_asks_and_designers_judge(client, context, sofa):
    add(context, "mara", Role.MARKETING, name="Mara")
    add(context, "dora", Role.DESIGNER, name="Dora")
    sign_in(client, "mara")
    order = {"sku": sofa, "style": "test-calm"}
    asked = client.post("/v1/scenes", json=order, headers=SAME).json()
    assert asked["asked_by"] == "Mara"
    house.finish(context, asked["id"])
    assert client.post(f"/v1/scenes/{asked['id']}/approve", headers=SAME).status_code == 403
    sign_in(client, "dora")
    assert client.post(f"/v1/scenes/{asked['id']}/approve", headers=SAME).json()["approved_by"] == "Dora"
    assert client.post("/v1/products", json={}, headers=SAME).status_code == 403
    assert client.get("/v1/audit").status_code == 403


def test_a_new_role_counts_from_the_next_request(client, context):
    from workers.records import people

    add(context, "mara", Role.MARKETING)
    sign_in(client, "mara")
    assert client.get("/review/place").status_code == 403
    with context.database.of_all().transaction() as session:
        people.set_role(session, people.named(session, "mara"), Role.DESIGNER, "boss")
    assert client.get("/review/place").status_code != 403


PLACED = {"placement": {"x": 0.1, "y": -1.0}}
ORDER = {"sku": "SOFA-1", "style": "test-calm"}
FORM = {"sku": "SOFA-1", "look": "test-calm/test-living", "x": "0.1", "y": "-1"}


def takes_a_placement(app):
    """Every door whose body has a place for one."""
    schema = app.openapi()
    models = schema["components"]["schemas"]
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            told = str(operation.get("requestBody", ""))
            named = re.findall(r"#/components/schemas/([A-Za-z_]+)", told)
            if any("placement" in models[name].get("properties", ()) for name in named):
                yield path


def placing(scene):
    """What stands a product by hand, by the door's path."""
    return {
        "/v1/scenes": ("/v1/scenes", {"json": ORDER | PLACED}),
        "/v1/scenes/{scene_id}/regenerate": (f"/v1/scenes/{scene}/regenerate", {"json": PLACED}),
        "/v1/previews": ("/v1/previews", {"json": ORDER | PLACED}),
        "/review/place": ("/review/place", {"data": FORM}),
    }


def test_a_placement_takes_its_own_scope_at_each_door_that_has_a_place_for_one(somebody, client, context, app, sofa):
    scene = house.made(context)
    doors = placing(scene)
    assert set(doors) == {*takes_a_placement(app), "/review/place"}
    for address, body in doors.values():
        answer = client.post(address, headers=SAME, follow_redirects=False, **body)
        assert (answer.status_code == 403) != allows(SCOPES[somebody], Scope.PLACE), (address, answer.text[:200])
        if answer.status_code == 403 and address.startswith("/v1"):
            assert "scope place" in answer.json()["detail"]


@pytest.mark.parametrize(("scope", "may"), [(Scope.ASK, False), (Scope.PLACE, False), (Scope.WRITE, True)])
def test_a_key_stands_a_product_by_hand_if_it_may_ask_and_place(client, context, sofa, scope, may):
    with context.database.transaction() as session:
        key = {"authorization": f"Bearer {keys.issue(session, 'shop', [scope], 'test')[1]}"}
    assert (client.post("/v1/scenes", json=ORDER | PLACED, headers=key).status_code == 202) == may
    scene = house.made(context)
    again = client.post(f"/v1/scenes/{scene}/regenerate", json=PLACED, headers=key)
    assert (again.status_code == 202) == may


def test_asking_again_keeps_a_place_that_somebody_else_chose(client, context, sofa):
    scene = house.made(context, **PLACED)
    add(context, "mara", Role.MARKETING)
    sign_in(client, "mara")
    again = client.post(f"/v1/scenes/{scene}/regenerate", json={"exposure_ev": 0.3}, headers=SAME)
    assert again.status_code == 202
    assert again.json()["request"]["placement"]["x"] == 0.1
    none = client.post(f"/v1/scenes/{scene}/regenerate", json={"placement": None}, headers=SAME)
    assert (none.status_code, none.json()["request"]["placement"]) == (202, None)


def test_whoever_may_ask_for_scenes_may_not_change_the_catalog():
    assert not allows({Scope.ASK}, Scope.WRITE)
    assert all(allows({Scope.WRITE}, scope) for scope in (Scope.READ, Scope.ASK, Scope.PLACE))
    assert not allows({Scope.WRITE}, Scope.REVIEW)
    assert not allows(set(), Scope.READ)
