from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.deps import open_context
from api.scenes import service
from tests.api import house
from workers.errors import LeaseLostError
from workers.records import once, scenes
from workers.records.once import Hold
from workers.scene_model import SceneRequest

ORDER = {"sku": "SOFA-1", "style": "test-calm"}
FACTS = {"sku": "VASE-1", "name": "Vase", "category": "vase", "width_cm": 20, "depth_cm": 20, "height_cm": 40}
REPLAYED = "idempotency-replayed"


def post(client, key="k-1", path="/v1/scenes", json=ORDER, **more):
    return client.post(path, json=json, headers={"idempotency-key": key}, **more)


def count(context):
    with context.database.reading() as session:
        return sum(scenes.counts(session).values())


def hold_of(context, key="k-1", fingerprint="f"):
    with context.database.transaction() as session:
        return once.claim(session, "local", key, fingerprint)


def die_before_the_answer(context):
    """Leave the rows as a process leaves them that is killed after its commit and before its answer."""
    with context.database.transaction() as session:
        session.execute(once.update(once.IdempotencyKey).values(status=None, body=None, headers={}))


def later(context, **time):
    at = datetime.now(UTC) + timedelta(**time)
    context.database.clock = lambda: at


@pytest.fixture
def served(request, doors, tmp_path, database_url):
    """The app on each of the two databases, with a sofa."""
    doors.state.context = open_context(house.make_settings(tmp_path, database_url))
    with house.client_of(doors) as client:
        house.add_product(doors.state.context)
        yield client


def test_a_hundred_parallel_posts_with_one_key_ask_once(served):
    context = served.app.state.context
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: post(served, json=ORDER | {"variants": 2}), range(100)))
    told = Counter(answer.status_code for answer in answers)
    assert set(told) <= {202, 409}
    assert told[202] >= 1
    assert len({answer.text for answer in answers if answer.status_code == 202}) == 1
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 409)
    assert count(context) == 2


def test_the_same_again_gets_the_same_answer_and_says_so(client, context, sofa):
    first, second = post(client), post(client)
    assert REPLAYED not in first.headers
    assert second.headers[REPLAYED] == "true"
    for name in ("location", "link", "content-type"):
        assert second.headers[name] == first.headers[name]
    assert (second.status_code, second.json()) == (202, first.json())
    assert count(context) == 1


def test_without_a_key_each_post_counts(client, context, sofa):
    client.post("/v1/scenes", json=ORDER)
    client.post("/v1/scenes", json=ORDER)
    assert count(context) == 2


@pytest.mark.parametrize(
    ("path", "body"), [("/v1/scenes", ORDER | {"seed": 4}), ("/v1/scenes?x=1", ORDER), ("/v1/products", FACTS)]
)
def test_the_key_of_another_request_is_refused(client, context, sofa, path, body):
    post(client)
    answer = post(client, path=path, json=body)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:imagegen:problem:key-reused"
    assert answer.json()["hint"]
    assert count(context) == 1


def test_a_request_that_is_being_worked_on_is_told_to_come_again(client, context, sofa):
    post(client)
    die_before_the_answer(context)
    answer = post(client)
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:imagegen:problem:key-in-use"
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize("wrong", [ORDER | {"style": "none"}, ORDER | {"sku": "NONE"}, {"sku": "SOFA-1"}])
def test_a_request_that_was_refused_gives_its_key_back(client, context, sofa, wrong):
    assert post(client, json=wrong).status_code in {404, 422}
    assert post(client).status_code == 202
    assert count(context) == 1


def test_after_a_day_a_key_is_new_again(client, context, sofa):
    first = post(client)
    later(context, hours=23, minutes=59)
    assert post(client).json() == first.json()
    later(context, hours=24, minutes=1)
    assert post(client, json=ORDER | {"seed": 4}).status_code == 202
    assert count(context) == 2


def test_keys_past_their_day_are_taken_away(client, context, sofa):
    for number in range(5):
        post(client, f"k-{number}")
    later(context, hours=25)
    post(client, "new")
    with context.database.reading() as session:
        assert session.scalars(once.select(once.IdempotencyKey.key)).all() == ["new"]


def test_scenes_of_a_process_that_died_before_it_answered_are_the_answer(served):
    context = served.app.state.context
    made = post(served, json=ORDER | {"variants": 3}).json()
    die_before_the_answer(context)
    assert post(served, json=ORDER | {"variants": 3}).status_code == 409  # it might still be at it
    later(context, seconds=61)
    answer = post(served, json=ORDER | {"variants": 3})
    assert answer.status_code == 202
    assert answer.json() == made
    assert count(context) == 3
    assert post(served, json=ORDER | {"variants": 3}).headers[REPLAYED]


def test_asking_again_counts_once_too(client, context, scene):
    path = f"/v1/scenes/{scene}/regenerate"
    made = post(client, path=path, json={}).json()
    die_before_the_answer(context)
    later(context, seconds=61)
    answer = post(client, path=path, json={})
    assert answer.status_code == 202
    assert answer.json() == made
    assert count(context) == 2


def test_a_holder_that_wakes_up_after_its_lease_makes_nothing(served):
    context = served.app.state.context
    slow = hold_of(context)
    later(context, seconds=61)
    quick = hold_of(context)
    assert quick == Hold("local", "k-1", 2)
    with pytest.raises(LeaseLostError):
        service.ask(context, SceneRequest(**ORDER), "test", slow)
    assert count(context) == 0
    assert len(service.ask(context, SceneRequest(**ORDER), "test", quick)) == 1


def test_a_form_sent_again_is_the_same_whatever_its_boundary(client):
    form = {name: str(value) for name, value in FACTS.items()}

    def send(boundary, photo):
        headers = {"idempotency-key": "k-1", "content-type": f"multipart/form-data; boundary={boundary}"}
        return client.post("/v1/products", data=form, files={"photo": ("a.png", photo)}, headers=headers)

    photo = house.packshot()
    first = send("abcdefgh", photo)
    assert first.status_code == 201
    again = send("ijklmnop", photo)
    assert (again.status_code, again.headers[REPLAYED], again.json()) == (201, "true", first.json())
    assert send("qrstuvwx", house.packshot(size=(140, 100))).status_code == 422


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
def test_a_key_that_is_none_is_refused(client, context, sofa, key):
    answer = client.post("/v1/scenes", json=ORDER, headers={"idempotency-key": key.encode()})
    assert answer.status_code == 422
    assert answer.json()["where"] == "Idempotency-Key"
    assert count(context) == 0


def test_a_broken_body_with_a_key_is_a_problem(client):
    headers = {"idempotency-key": "k", "content-type": "application/json"}
    assert client.post("/v1/scenes", content=b"{", headers=headers).status_code == 422
    assert client.post("/v1/scenes", content=b" " * 70_000, headers=headers).status_code == 413


def test_every_post_of_the_api_that_makes_something_tells_of_the_key(doors):
    posts = {path: entry["post"] for path, entry in doors.openapi()["paths"].items() if "post" in entry}
    assert "parameters" not in posts.pop("/v1/previews")
    assert posts
    for path, operation in posts.items():
        assert [p["name"] for p in operation["parameters"]].count("Idempotency-Key") == 1, path


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    posts=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from([1, 2, -1]), st.sampled_from([0, 0, 13])), max_size=10
    )
)
def test_any_row_of_posts_makes_what_a_memory_of_keys_would(client, context, sofa, posts):
    """The model: a key remembers its first good body for 24 hours; -1 is a seed that is refused."""
    with context.database.transaction() as session:
        session.execute(once.delete(once.IdempotencyKey))
    before, hours, known, made = count(context), 0, {}, 0
    for key, seed, wait in posts:
        hours += wait
        later(context, hours=hours)
        body, at = known.get(key, (None, -24))
        fresh = hours - at >= 24
        answer = post(client, key, json=ORDER | {"seed": seed})
        if fresh and seed < 0:
            assert answer.status_code == 422
        elif fresh:
            assert (answer.status_code, REPLAYED in answer.headers) == (202, False)
            known[key], made = (seed, hours), made + 1
        elif seed == body:
            assert (answer.status_code, REPLAYED in answer.headers) == (202, True)
        else:
            assert answer.json()["type"] == "urn:imagegen:problem:key-reused"
    assert count(context) == before + made
