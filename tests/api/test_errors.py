import inspect
from dataclasses import replace

import pytest

from api import errors
from api.deps import open_context
from imagegen import errors as making
from styles import errors as looks
from tests.api import house
from workers import errors as keeping
from workers.records.session import Database

PROBLEM = "application/problem+json"


def leaves():
    found = set()
    for module in (making, looks, keeping):
        kinds = [kind for _, kind in inspect.getmembers(module, inspect.isclass) if issubclass(kind, Exception)]
        found |= {kind for kind in kinds if not any(other is not kind and issubclass(other, kind) for other in kinds)}
    return sorted(found, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", leaves())
def test_every_leaf_of_the_error_trees_has_a_status(kind):
    assert 400 <= errors.STATUS[kind] <= 599


def test_an_error_of_ours_becomes_a_problem_with_its_hint(client, context):
    house.add_product(context, "TALL-1", height_cm=300)
    answer = client.post("/v1/scenes", json={"sku": "TALL-1", "style": "test-calm", "room": "test-living"})
    problem = answer.json()
    assert answer.status_code == problem["status"] == 422
    assert answer.headers["content-type"] == PROBLEM
    assert problem["type"] == "urn:imagegen:problem:does-not-fit"
    assert "3.00 m tall" in problem["detail"]
    assert "ceiling" in problem["hint"]
    assert problem["instance"] == "/v1/scenes"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/scenes/none", 404),
        ("GET", "/v1/products/none", 404),
        ("GET", "/v1/styles/none", 404),
        ("DELETE", "/v1/scenes", 405),
        ("GET", "/v1/scenes?limit=0", 422),
        ("GET", "/v1/scenes?cursor=nonsense", 422),
        ("GET", "/v1/scenes?state=nowhere", 422),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/%2e%2e/%2e%2e/app.py", 404),
    ],
)
def test_whatever_goes_wrong_leaves_as_a_problem(client, method, path, status):
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


def test_a_405_says_what_is_allowed(client):
    assert "GET" in client.delete("/healthz").headers["allow"]


def test_a_fault_of_ours_tells_nothing_of_the_inside(app, context, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("password=secret")

    monkeypatch.setattr("api.scenes.service.page", broken)
    answer = house.client_of(app, raise_server_exceptions=False).get("/v1/scenes")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert "secret" not in answer.text


def test_a_problem_on_the_desk_is_a_page_for_people(client):
    answer = client.get("/review/scenes/none", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is no scene" in answer.text


def test_a_validation_problem_names_each_field(client):
    answer = client.post("/v1/scenes", json={"sku": "A", "style": "B!", "seed": -1, "colour": "red"})
    assert answer.status_code == 422
    assert {entry["field"] for entry in answer.json()["errors"]} == {"style", "seed", "colour"}


def test_a_database_that_is_away_is_told_as_such(app, client, tmp_path):
    app.state.context = replace(app.state.context, database=Database(f"sqlite:///{tmp_path}/none/none.db"))
    answer = client.get("/v1/scenes")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


@pytest.fixture
def on_postgres(doors, tmp_path, postgres_url):
    doors.state.context = open_context(house.make_settings(tmp_path, postgres_url))
    with house.client_of(doors) as client:
        yield client


def test_a_nul_is_refused_where_the_database_cannot_store_it(on_postgres):
    context = on_postgres.app.state.context
    house.add_product(context)
    scene = house.made(context)
    assert on_postgres.get("/v1/products", params={"q": "a\0b"}).json()["items"] == []
    answers = [
        on_postgres.get("/v1/scenes", params={"style": "\0"}),
        on_postgres.get("/v1/scenes/%00"),
        on_postgres.post(f"/v1/scenes/{scene}/approve", json={"note": "a\0b"}),
        on_postgres.post("/v1/scenes", json={"sku": "SOFA-1", "style": "test-calm", "prompt": "a\0b"}),
    ]
    assert {answer.status_code for answer in answers} <= {404, 422}
    assert house.state(context, scene) == "in_review"


def test_the_doors_work_on_postgres(on_postgres):
    context = on_postgres.app.state.context
    house.add_product(context)
    scene = house.made(context)
    assert on_postgres.post(f"/v1/scenes/{scene}/approve", json={"publish": True}).json()["state"] == "published"
    assert scene in on_postgres.get("/review?state=published").text
    assert on_postgres.get(f"/review/scenes/{scene}?state=published").status_code == 200
