import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.scenes import service
from tests.api import house
from workers.records import scenes


def read(client, scene, **headers):
    """All events of a scene until its stream ends: (kind, id, data)."""
    with client.stream("GET", f"/v1/scenes/{scene}/events", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        blocks = "".join(answer.iter_text()).strip().split("\n\n")
    fields = [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line[1:]) for block in blocks]
    return [(f["event"], int(f["id"]), json.loads(f["data"])) for f in fields if "event" in f]


def test_a_finished_scenes_events_come_in_order_and_end(client, scene):
    events = read(client, scene)
    assert [number for _, number, _ in events[:-1]] == [1, 2, 3, 4]
    assert [kind for kind, _, _ in events] == ["state", "state", "progress", "state", "end"]
    assert events[2][2]["stage"] == "render"
    assert events[-1][2] == {"state": "in_review", "verdict": "pass"}


def test_a_listener_that_comes_back_gets_what_it_missed(client, scene):
    assert [number for _, number, _ in read(client, scene, **{"last-event-id": "2"})[:-1]] == [3, 4]
    assert [kind for kind, _, _ in read(client, scene, **{"last-event-id": "4"})] == ["end"]


def test_a_listener_hears_of_a_scene_while_it_is_made(client, context, sofa):
    scene = house.ask(context)[0]
    worker = threading.Thread(target=house.finish, args=(context, scene))
    worker.start()
    events = read(client, scene)
    worker.join()
    assert events[-1][0] == "end"
    assert [data.get("state") for kind, _, data in events if kind == "state"] == ["queued", "running", "in_review"]


def test_who_comes_late_to_a_long_story_misses_none_of_it(client, context, sofa):
    """Somebody follows it already, so that what is told from now on begins where it is."""
    scene = house.ask(context)[0]
    with context.database.transaction() as session:
        held = scenes.claim(session, scene, "worker")
        for number in range(1200):
            scenes.progress(session, held, f"stage {number}", number / 1200)

    async def heard():
        first = service.follow(context, scene, 0)
        second = service.follow(context, scene, 0)
        told = [[(await anext(one)).seq for _ in range(1202)] for one in (first, second)]
        await first.aclose()
        await second.aclose()
        return told

    with ThreadPoolExecutor(1) as pool:  # a loop of its own
        assert pool.submit(asyncio.run, heard()).result() == [list(range(1, 1203))] * 2


def test_a_stream_ends_when_a_scene_is_cancelled(client, context, sofa):
    scene = house.ask(context)[0]
    client.post(f"/v1/scenes/{scene}/cancel")
    assert read(client, scene)[-1][2]["state"] == "cancelled"


def test_an_unknown_scene_has_no_events(client):
    answer = client.get("/v1/scenes/nothing/events")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["x", "-1"])
def test_an_odd_last_event_id_is_refused(client, scene, header):
    assert client.get(f"/v1/scenes/{scene}/events", headers={"last-event-id": header}).status_code == 422
