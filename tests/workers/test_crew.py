import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from api.app import create_app
from imagegen.diffusion import families, store
from imagegen.diffusion.desk import close_all
from imagegen.lifecycle import State
from tests.api import house as doors
from tests.services import wait_until
from tests.workers import makers
from tests.workers.house import House
from workers import attendance, gpu
from workers.records import crew
from workers.records.crew import Condition, Member
from workers.records.session import Database
from workers.settings import load_settings
from workers.tasks.scenes import Maker, Workbench, work_on

LEASE = timedelta(seconds=30)
READY = {"render": "ready", "diffusion": "ready (mini)"}
LACKING = {"render": "ready", "diffusion": "missing weights: There is no unet in /secret/models."}


def member(database, number=1):
    return Member(f"host:{number}:ab", f"host:{number}", "host", number, "0.1", 3, database.clock())


def report(database, number=1, engines=READY, busy=()):
    with database.transaction() as session:
        crew.report(session, member(database, number), Condition(engines, {"vram_used": 5}, busy))


def living(database):
    with database.reading() as session:
        return [row.pid for row in crew.living(session, LEASE)]


def test_who_tells_of_itself_lives_for_a_lease_and_stays_known(database, clock):
    report(database, busy=["a"])
    clock.pass_s(29)
    report(database, 2)
    assert living(database) == [1, 2]
    clock.pass_s(2)
    assert living(database) == [2]
    report(database, 1, LACKING)
    with database.reading() as session:
        first, second = crew.living(session, LEASE)
        assert (first.engines, first.gpu, first.busy, first.threads) == (LACKING, {"vram_used": 5}, [], 3)
        assert first.seen_at - first.started_at == timedelta(seconds=31)
        assert {row.pid for row in crew.known(session)} == {first.pid, second.pid} == {1, 2}
        assert crew.last_seen(session) == clock.time


def test_who_left_lives_no_more_and_has_nothing_in_hand(database):
    report(database, busy=["a"])
    with database.transaction() as session:
        crew.leave(session, "host:1:ab")
        crew.leave(session, "nobody")
    assert living(database) == []
    with database.reading() as session:
        [row] = crew.known(session)
        assert (row.busy, row.left_at is None) == ([], False)


def test_those_long_gone_are_forgotten_but_not_the_last(database, clock):
    for number in (1, 2, 3):
        report(database, number)
        clock.pass_s(1)
    clock.pass_s(2 * 24 * 3600)
    with database.transaction() as session:
        crew.prune(session)
        assert [row.pid for row in crew.known(session)] == [3]
    report(database, 4)
    with database.transaction() as session:
        crew.prune(session)
        assert [row.pid for row in crew.known(session)] == [4]
        crew.prune(session)
        assert [row.pid for row in crew.known(session)] == [4]


@pytest.fixture
def settings(tmp_path, sqlite_url):
    return doors.make_settings(tmp_path, sqlite_url)


@pytest.fixture
def here(settings, clock):
    """A database by a clock that is moved by hand."""
    database = Database(settings.database_url, clock=clock)
    yield database
    database.close()


@pytest.fixture
def client(settings, here):
    app = create_app(settings)
    app.state.context = replace(app.state.context, database=here)
    with doors.client_of(app) as client:
        yield client


def readyz(client):
    answer = client.get("/readyz")
    told = answer.json()
    return answer.status_code, told.get("checks") or {entry["check"]: entry["message"] for entry in told["errors"]}


def test_a_service_whose_workers_are_all_gone_is_not_ready_until_one_is_back(client, here, clock):
    assert readyz(client)[0] == 200
    report(here)
    assert readyz(client)[1]["workers"] == "1 live"
    clock.pass_s(31)
    assert readyz(client) == (503, {"workers": "none seen since 2026-11-21 12:00:00 UTC"})
    report(here, 2)
    assert readyz(client)[0] == 200


def test_production_needs_a_worker_from_the_start(client, settings, here):
    strict = settings.model_copy(update={"environment": "production"})
    client.app.state.context = replace(client.app.state.context, settings=strict)
    assert readyz(client) == (503, {"workers": "none seen yet"})
    report(here)
    assert readyz(client)[0] == 200


def test_readiness_tells_what_can_be_painted_with_and_nobody_is_shown_a_path(client, here):
    report(here, 1)
    report(here, 2, LACKING)
    status, checks = readyz(client)
    assert status == 200
    assert checks["render"] == "ready on 2 of 2"
    assert checks["diffusion"] == "ready on 1 of 2, missing weights on 1"
    assert "/secret" not in str(checks)


def test_the_list_of_workers_says_why_one_cannot_paint(client, here, clock):
    report(here, 1, LACKING, busy=["a"])
    clock.pass_s(40)
    report(here, 2)
    second, first = client.get("/v1/workers").json()["items"]
    assert (second["name"], second["live"], first["live"]) == ("host:2", True, False)
    assert first["engines"] == LACKING
    assert first["busy"] == ["a"]


@pytest.fixture
def house(tmp_path, sqlite_url):
    house = House(tmp_path, database_url=sqlite_url, model="sd15", models_dir=tmp_path / "models")
    yield house
    house.close()
    close_all()


def bench_of(house, make):
    return Workbench(house.settings, house.database, house.blobs, Maker(make, makers.plan), "host:1")


def test_a_scene_whose_worker_lacks_the_weights_fails_and_says_what_is_missing_and_how_to_get_it(house):
    spec = families.family(house.settings.model)

    def make(_job, _progress):
        store.require(spec, store.home(spec, gpu.equipment(house.settings).models))

    [scene_id] = house.ask(send=False)
    work_on(bench_of(house, make), scene_id)
    scene = house.scene(scene_id)
    assert (scene.state, scene.attempt, scene.error["kind"]) == (State.FAILED, 1, "MissingWeightsError")
    assert "unet" in scene.error["message"]
    assert "imagegen models pull sd15" in scene.error["hint"]


def test_a_process_tells_what_it_can_paint_with_and_what_it_has_in_hand_until_it_leaves(house):
    inside, leave, gone = threading.Event(), threading.Event(), threading.Event()

    def make(job, progress):
        inside.set()
        assert leave.wait(60)
        return makers.draw(job, progress)

    bench = bench_of(house, make)
    [scene_id] = house.ask(send=False)
    making = threading.Thread(target=work_on, args=(bench, scene_id))
    own = attendance.newcomer(house.settings, house.database, bench.worker)
    telling = threading.Thread(target=attendance.loop, args=(house.settings, house.database, own, bench.busy, gone))
    try:
        making.start()
        assert inside.wait(60)
        telling.start()

        def row():
            with house.database.reading() as session:
                return next(iter(crew.living(session, timedelta(hours=1))), None)

        wait_until(lambda: row() and row().busy == [scene_id])
        assert row().engines["render"] == "ready"
        leave.set()
        wait_until(lambda: row().busy == [])
    finally:
        leave.set()
        gone.set()
        making.join(60)
        telling.join(60)
    assert row() is None
    assert house.scene(scene_id).state == State.IN_REVIEW


def test_missing_weights_are_a_state_before_anything_is_asked_for(house):
    told = gpu._diffusion(house.settings)
    assert told.startswith("missing weights: The model 'sd15' is not whole on this machine")
    assert "imagegen models pull sd15" in told


def test_a_worker_that_is_to_paint_loads_its_model_before_the_first_scene(house):
    """Here there are no weights: the resident desk says so by itself."""
    gpu.warm_up(house.settings)
    wait_until(lambda: gpu._diffusion(house.settings).startswith(("missing weights", "not ready")))
    assert gpu.facts(house.settings)["model"] == "sd15"


def test_a_laptops_defaults_load_no_model(tmp_path):
    settings = load_settings(data_dir=tmp_path)
    gpu.warm_up(settings)
    assert not gpu.wants_model(settings)
    assert gpu.wants_model(load_settings(data_dir=tmp_path, engine="diffusion"))
    assert "model" not in gpu.facts(settings)
