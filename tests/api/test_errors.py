import inspect

import pytest

from api import errors
from imagegen import errors as making
from styles import errors as looks
from tests.api import house
from workers import errors as keeping

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
    answer = client.post("/v1/scenes", json={"sku": "TALL-1", "style": "test-calm"})
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
