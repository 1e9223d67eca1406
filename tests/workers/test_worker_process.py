"""Real workers as processes of their own, over real brokers, stopped, paused and killed in the middle of their work."""

import io
import signal
from pathlib import Path

import pytest
import redis
from PIL import Image

from imagegen.lifecycle import State
from tests.services import wait_until
from tests.workers.house import House
from workers.records import scenes
from workers.records.models import Leader


@pytest.fixture
def build(tmp_path, sqlite_url):
    """Makes houses, and clears them away."""
    built = []

    def house(**settings):
        built.append(House(tmp_path, **{"database_url": sqlite_url} | settings))
        return built[-1]

    yield house
    for each in built:
        each.close()


@pytest.fixture(params=["filesystem", "redis"])
def house(request, build):
    if request.param == "filesystem":
        return build()
    url = request.getfixturevalue("redis_url")
    with redis.Redis.from_url(url) as client:
        client.flushall()
    return build(broker_url=url)


def test_what_is_asked_for_is_made_whether_its_message_came_or_not(house):
    house.worker()
    sent, unsent = house.ask(2), house.ask(send=False)
    house.wait_for([*sent, *unsent], State.IN_REVIEW)
    scene = house.scene(sent[0])
    assert (scene.attempt, scene.verdict, scene.width, scene.share) == (1, "pass", 640, 1.0)
    with Image.open(io.BytesIO(house.blobs.get(scene.picture))) as picture:
        assert picture.getpixel((639, 0)) == (7, 255, 255)


def test_a_worker_that_leaves_sweeping_to_others_makes_what_it_is_sent_and_never_leads(build):
    house = build(worker_sweeps=False)
    house.worker()
    sent, unsent = house.ask(), house.ask(send=False)
    house.wait_for(sent, State.IN_REVIEW)
    assert house.scene(unsent[0]).sent_at is None
    with house.database.reading() as session:
        assert session.get(Leader, "reconcile") is None


def test_a_killed_workers_scene_is_made_by_another(build, redis_url, postgres_url):
    house = build(broker_url=redis_url, database_url=postgres_url)
    first = house.worker("gated")
    [scene_id] = house.ask()
    wait_until(house.began)
    first.kill()
    house.open_gate()
    house.worker()
    house.wait_for([scene_id], State.IN_REVIEW)
    assert house.scene(scene_id).attempt == 2


def test_a_paused_worker_comes_too_late_to_write(build, postgres_url):
    house = build(database_url=postgres_url)
    first = house.worker("gated")
    [scene_id] = house.ask()
    wait_until(house.began)
    first.send_signal(signal.SIGSTOP)
    house.open_gate()
    house.worker()
    house.wait_for([scene_id], State.IN_REVIEW)
    before = house.scene(scene_id)
    first.send_signal(signal.SIGCONT)
    [other] = house.ask()
    house.wait_for([other], State.IN_REVIEW)
    first.terminate()
    assert first.wait(90) == 0
    after = house.scene(scene_id)
    assert (after.attempt, after.events, after.picture) == (2, before.events, before.picture)


def test_a_cancelled_scene_frees_its_worker_and_a_stopping_worker_hands_back(build):
    house = build()
    worker = house.worker("gated")
    ids = house.ask(2)
    # Messages of one millisecond have no order on a filesystem broker: the first is the one that was taken.
    first = wait_until(lambda: next((one for one in ids if house.scene(one).state == State.RUNNING), None), 150)
    [second] = set(ids) - {first}
    with house.database.transaction() as session:
        scenes.cancel(session, first, "me")
    house.wait_for([second], State.RUNNING)
    worker.terminate()
    assert worker.wait(90) == 0
    scene = house.scene(second)
    assert (scene.state, scene.sent_at, scene.max_attempts - scene.attempt) == (State.QUEUED, None, 3)
    assert house.scene(first).state == State.CANCELLED


def test_two_workers_are_two_processes_that_end_together(build):
    house = build()
    parent = house.worker("gated", number=2)
    ids = house.ask(2)
    wait_until(lambda: len(house.began()) == 2, 150)
    house.open_gate()
    house.wait_for(ids, State.IN_REVIEW)
    assert len({house.scene(scene_id).worker for scene_id in ids} - {None}) in {0, 2}
    parent.terminate()
    assert parent.wait(90) == 0
    pids = [int(path.name.removeprefix("began-")) for path in house.began()]
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def test_a_worker_that_has_served_its_time_is_replaced(build):
    house = build(worker_max_scenes=1)
    parent = house.worker()
    ids = house.ask(2)
    house.wait_for(ids, State.IN_REVIEW)
    makers = {house.maker_of(scene_id) for scene_id in ids}
    assert len(makers) == 2
    parent.terminate()
    assert parent.wait(90) == 0


def test_a_worker_that_holds_too_much_memory_is_replaced(build):
    house = build(worker_max_mb=1)
    house.worker()
    ids = house.ask(2)
    house.wait_for(ids, State.IN_REVIEW)
    assert len({house.maker_of(scene_id) for scene_id in ids}) == 2


def test_each_gpu_has_a_process_that_sees_no_other(build):
    house = build(gpus="0,GPU-b")
    house.worker("gated")
    ids = house.ask(2)
    wait_until(lambda: sorted(path.read_text() for path in house.began()) == ["0", "GPU-b"], 150)
    house.open_gate()
    house.wait_for(ids, State.IN_REVIEW)


@pytest.fixture(params=["filesystem", "redis"])
def threaded(request, build):
    """A house whose workers make three scenes at once."""
    broker = {}
    if request.param == "redis":
        broker["broker_url"] = request.getfixturevalue("redis_url")
        with redis.Redis.from_url(broker["broker_url"]) as client:
            client.flushall()
    return build(worker_threads=3, **broker)


def running(house, ids):
    return [scene_id for scene_id in ids if house.scene(scene_id).state == State.RUNNING]


def test_a_worker_with_threads_makes_as_many_scenes_at_once_and_then_the_rest(threaded):
    house = threaded
    worker = house.worker("gated")
    ids = house.ask(5)
    assert len(wait_until(lambda: running(house, ids)[2:] and running(house, ids), 150)) == 3
    assert len({house.maker_of(scene_id) for scene_id in running(house, ids)}) == 1
    house.open_gate()
    house.wait_for(ids, State.IN_REVIEW)
    assert {house.scene(scene_id).attempt for scene_id in ids} == {1}
    worker.terminate()
    assert worker.wait(90) == 0


def test_a_worker_with_threads_that_is_told_to_stop_hands_all_of_them_back(threaded):
    house = threaded
    worker = house.worker("gated")
    ids = house.ask(5)
    wait_until(lambda: len(running(house, ids)) == 3, 150)
    worker.terminate()
    assert worker.wait(90) == 0
    rows = [house.scene(scene_id) for scene_id in ids]
    assert {row.state for row in rows} == {State.QUEUED}
    assert {row.max_attempts - row.attempt for row in rows} == {3}
    house.open_gate()
    house.worker()
    house.wait_for(ids, State.IN_REVIEW)


def test_a_killed_worker_with_threads_loses_none_of_its_scenes(threaded):
    house = threaded
    first = house.worker("gated")
    ids = house.ask(4)
    wait_until(lambda: len(running(house, ids)) == 3, 150)
    first.kill()
    house.open_gate()
    house.worker()
    house.wait_for(ids, State.IN_REVIEW, 90)
    assert sorted(house.scene(scene_id).attempt for scene_id in ids) == [1, 2, 2, 2]


def test_a_cancelled_scene_of_several_frees_its_thread_alone(threaded):
    house = threaded
    house.worker("gated")
    ids = house.ask(4)
    three = wait_until(lambda: running(house, ids)[2:] and running(house, ids), 150)
    [fourth] = set(ids) - set(three)
    with house.database.transaction() as session:
        scenes.cancel(session, three[0], "me")
    house.wait_for([fourth], State.RUNNING)
    house.open_gate()
    house.wait_for([fourth, *three[1:]], State.IN_REVIEW)
    assert house.scene(three[0]).state == State.CANCELLED


def test_a_worker_with_threads_that_has_served_its_time_is_replaced_and_loses_nothing(build):
    house = build(worker_threads=3, worker_max_scenes=2)
    parent = house.worker()
    ids = house.ask(7)
    house.wait_for(ids, State.IN_REVIEW, 90)
    assert len({house.maker_of(scene_id) for scene_id in ids}) >= 2
    parent.terminate()
    assert parent.wait(90) == 0
