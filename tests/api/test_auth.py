import pytest

from api.app import create_app
from tests.api import house
from workers.errors import SettingsError

TOKEN = "a-long-enough-token-for-tests"


@pytest.fixture
def locked(tmp_path, sqlite_url):
    app = create_app(house.make_settings(tmp_path, sqlite_url, api_tokens=f"another-long-enough-token, {TOKEN}"))
    with house.client_of(app) as client:
        client.context = app.state.context
        yield client


def test_a_laptop_needs_no_token(client):
    assert client.get("/v1/scenes").status_code == 200


@pytest.mark.parametrize("host", ["desk.example", "192.168.1.4", "127.0.0.1.evil.example"])
def test_without_tokens_a_foreign_host_name_is_refused(client, host):
    assert client.get("/v1/scenes", headers={"host": host}).status_code == 401


def test_without_tokens_another_machine_is_refused(app):
    client = house.TestClient(app, base_url=house.HERE, client=("192.168.1.7", 5000))
    assert client.get("/v1/scenes").status_code == 401


@pytest.mark.parametrize("path", ["/v1/scenes", "/v1/products", "/v1/styles", "/review", "/docs", "/openapi.json"])
def test_with_tokens_every_door_asks_for_one(locked, path):
    answer = locked.get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert locked.get(path, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Basic !!!", "Basic eDp5", "Bearer", TOKEN, f"Bearer {TOKEN}x", "Bearer é"]
)
def test_a_wrong_token_is_refused(locked, header):
    assert locked.get("/v1/scenes", headers={"authorization": header.encode()}).status_code == 401


def test_the_name_typed_beside_a_token_stands_beside_the_verdict(locked):
    house.add_product(locked.context)
    scene = house.made(locked.context)
    locked.post(f"/v1/scenes/{scene}/approve", auth=("Lena", TOKEN))
    assert locked.get(f"/v1/scenes/{scene}", auth=("Lena", TOKEN)).json()["approved_by"] == "Lena"


def test_health_needs_no_token(locked):
    assert locked.get("/healthz").status_code == 200
    assert locked.get("/readyz").status_code == 200


def test_a_short_token_does_not_start(tmp_path, sqlite_url):
    with pytest.raises(SettingsError, match="fewer than"):
        create_app(house.make_settings(tmp_path, sqlite_url, api_tokens="short"))
