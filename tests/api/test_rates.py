import time

import pytest

from api.deps import open_context
from api.rates import open_rates
from tests.api import house
from tests.services import run_redis
from workers.errors import SettingsError

ORDER = {"sku": "SOFA-1", "style": "test-calm"}
TOKENS = "one-long-enough-token-for-tests, two-long-enough-token-for-tests"


def bearer(number):
    return {"authorization": f"Bearer {TOKENS.split(', ')[number]}"}


@pytest.fixture
def limited(doors, tmp_path, sqlite_url):
    settings = house.make_settings(tmp_path, sqlite_url, read_rate="5/hour", write_rate="2/hour", api_tokens=TOKENS)
    doors.state.context = open_context(settings)
    with house.client_of(doors) as client:
        house.add_product(doors.state.context)
        yield client


def test_who_asks_too_often_is_told_when_to_come_back(limited):
    answers = [limited.get("/v1/styles", headers=bearer(0)) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert 3500 < int(answers[-1].headers["retry-after"]) <= 3600
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert answers[-1].json()["hint"]


def test_each_caller_is_counted_alone_and_changing_apart_from_looking(limited):
    for _ in range(2):
        assert limited.post("/v1/scenes", json=ORDER, headers=bearer(0)).status_code == 202
    assert limited.post("/v1/scenes", json=ORDER, headers=bearer(0)).status_code == 429
    assert limited.post("/v1/scenes", json=ORDER, headers=bearer(1)).status_code == 202
    assert limited.get("/v1/scenes", headers=bearer(0)).status_code == 200


def test_another_name_beside_the_same_token_is_the_same_caller(limited):
    token = TOKENS.split(", ", maxsplit=1)[0]
    answers = [limited.post("/v1/scenes", json=ORDER, auth=(name, token)) for name in ("Ada", "Bo", "Cy")]
    assert [answer.status_code for answer in answers] == [202, 202, 429]


def test_the_same_request_with_its_key_counts_each_time_it_is_sent(limited):
    headers = bearer(0) | {"idempotency-key": "k-1"}
    answers = [limited.post("/v1/scenes", json=ORDER, headers=headers).status_code for _ in range(3)]
    assert answers == [202, 202, 429]


def test_the_desk_tells_it_as_a_page(limited):
    for _ in range(5):
        limited.get("/review", headers=bearer(0))
    answer = limited.get("/review", headers=bearer(0) | {"accept": "text/html"})
    assert answer.status_code == 429
    assert answer.headers["retry-after"]
    assert "Too many requests" in answer.text


def test_health_is_never_counted(limited):
    assert {limited.get("/healthz").status_code for _ in range(20)} == {200}


def test_without_a_rate_nobody_counts(tmp_path, sqlite_url):
    rates = open_rates(house.make_settings(tmp_path, sqlite_url, read_rate="", write_rate=""))
    assert [rates.wait_s("ada", reading=False) for _ in range(5000)] == [0] * 5000


@pytest.mark.parametrize("rate", ["many", "0/minute", "10", "10/fortnight", "1/second; 5/minute"])
def test_a_rate_that_is_none_does_not_start(tmp_path, sqlite_url, rate):
    with pytest.raises(SettingsError, match="IMAGEGEN_WRITE_RATE"):
        house.make_settings(tmp_path, sqlite_url, write_rate=rate)


def of_redis(tmp_path, sqlite_url, url, rate="3/hour"):
    return open_rates(house.make_settings(tmp_path, sqlite_url, broker_url=url, write_rate=rate))


def test_processes_count_together_in_redis(tmp_path, sqlite_url, redis_url):
    first, second = (of_redis(tmp_path, sqlite_url, redis_url) for _ in range(2))
    waits = [rates.wait_s("ada", reading=False) for rates in (first, second, first, second, first)]
    assert waits[:3] == [0, 0, 0]
    assert all(3500 < wait <= 3600 for wait in waits[3:])
    assert second.wait_s("bo", reading=False) == 0


def test_the_window_moves_so_that_no_burst_fits_between_two(tmp_path, sqlite_url, redis_url):
    rates = of_redis(tmp_path, sqlite_url, redis_url, "2/second")
    passed = []
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline and len(passed) < 5:
        before = time.time()
        if rates.wait_s("cy", reading=False) == 0:
            passed.append((before, time.time()))
    assert len(passed) == 5
    # Of any three that passed, the last was counted a second or more after the first.
    assert all(last[1] - first[0] >= 1 for first, last in zip(passed, passed[2:], strict=False))


def test_where_redis_is_away_the_memory_counts_and_nobody_waits(tmp_path, sqlite_url):
    with run_redis() as url:
        rates = of_redis(tmp_path, sqlite_url, url)
        assert rates.wait_s("ada", reading=False) == 0
    assert [rates.wait_s("ada", reading=False) > 0 for _ in range(4)] == [False, False, False, True]
