"""Workers, brokers and databases are killed, paused and restarted at work: nothing is lost, nothing doubled.

Each test has a short form, which runs with all the others, and a long one (marked ``faults``), which
``make test-faults`` runs and tabulates. What is awaited is progress, never time.
"""

import hashlib
import os
import signal
import time

import pytest
import redis
from sqlalchemy import func, select

from api.app import create_app
from imagegen.lifecycle import State
from tests.api import house as doors
from tests.faults.crew import POISON, START, Crew, ask_and_die, claim_all, crew_of, start
from tests.services import PostgresServer, RedisServer, wait_until
from workers import queue
from workers.app import QUEUE
from workers.reconcile import LEADS_FOR
from workers.records import scenes
from workers.records.models import Outgoing, Scene
from workers.settings import Settings, load_settings

QUICK = {"lease_s": 2.0, "sweep_s": 0.3, "resend_s": 1.0}
USUAL = {name: Settings.model_fields[name].default for name in QUICK}
LONG_S = 480
OVER = (State.IN_REVIEW, State.FAILED)


def sizes(short, long):
    """The short form, and the long one under its mark."""
    return pytest.mark.parametrize(
        "size", [pytest.param(short, id="short"), pytest.param(long, id="long", marks=pytest.mark.faults)]
    )


@pytest.fixture
def broker():
    server = RedisServer()
    server.start()
    yield server
    server.close()


def effects(house):
    """How often each finished scene was finished, by what the outbox promised: scene -> number."""
    statement = select(Outgoing.scene_id, func.count()).group_by(Outgoing.scene_id)
    with house.database.reading() as session:
        return dict(session.execute(statement).all())


def attempts(house):
    with house.database.reading() as session:
        return session.scalar(select(func.sum(Scene.attempt)))


def unsound(house, ids):
    """Scenes whose picture is not there, or is not what its name says."""
    with house.database.reading() as session:
        keys = dict(session.execute(select(Scene.id, Scene.picture)).all())
    return [one for one in ids if hashlib.sha256(house.blobs.get(keys[one])).hexdigest() not in keys[one]]


def wait_over(house, ids, crew, number=None, before=LONG_S):
    """Until so many scenes are made or failed; workers that died of what they made are replaced."""

    def over():
        crew.replace_dead()
        return house.count(*OVER) >= (number if number is not None else len(ids))

    try:
        wait_until(over, before, every=0.1)
    except pytest.fail.Exception as error:
        with house.database.reading() as session:
            states = scenes.counts(session)
        pytest.fail(f"{error}\n{states}\n{(house.folder / 'worker.log').read_text()[-4000:]}")


def assert_all_done_once(house, ids, figures, what, most_attempts=None):
    """The figures of a run in which everything should be made, and made once."""
    done, had, per_job = house.count(State.IN_REVIEW), effects(house), attempts(house) / len(ids)
    wanted = f"0 lost, {len(ids)} effects"
    reached = f"{len(ids) - done} lost, {sum(had.values())} effects"
    if most_attempts:
        wanted += f", <= {most_attempts} attempts a job"
        reached += f", {per_job:.4f} attempts a job"
    figures(what, wanted, reached)
    assert (done, sum(had.values()), set(had.values())) == (len(ids), len(ids), {1})
    assert unsound(house, ids) == []
    assert most_attempts is None or per_job <= most_attempts


@sizes({"jobs": 60, "kills": 3, "breaks": 1}, {"jobs": 5000, "kills": 40, "breaks": 6})
@pytest.mark.parametrize("kind", ["postgres_url", pytest.param("sqlite_url", marks=pytest.mark.faults)])
def test_killed_workers_and_brokers_lose_nothing(build, broker, request, figures, size, kind):
    house = build(request.getfixturevalue(kind), broker.url, **QUICK)
    ids = house.fill(size["jobs"])
    steps = size["kills"] + size["breaks"]
    breaks = {round((number + 1) * steps / (size["breaks"] + 1)) for number in range(size["breaks"])}
    began = time.monotonic()
    with crew_of(house, "dots", 3) as crew:
        for step in range(steps):
            wait_over(house, ids, crew, size["jobs"] * (step + 1) // (steps + 2))
            if step in breaks:
                broker.kill()
                broker.start()
            else:
                crew.kill()
        wait_over(house, ids, crew)
    assert crew.killed == size["kills"]
    what = f"{len(ids)} jobs, {crew.killed} workers and {len(breaks)} brokers killed, {kind.removesuffix('_url')}"
    # One attempt is lost with each worker that is killed at work; few jobs bear none of them.
    limit = 1.05 if size["jobs"] >= 1000 else 1 + size["kills"] / size["jobs"]
    assert_all_done_once(house, ids, figures, f"{what} ({time.monotonic() - began:.0f} s)", limit)


@sizes(2, 8)
@pytest.mark.parametrize("threads", [1, 3])
def test_a_broker_killed_while_all_workers_are_at_work_is_heard_again(
    build, broker, postgres_url, figures, size, threads
):
    house = build(postgres_url, broker.url, worker_threads=threads, **QUICK)
    with crew_of(house, "gated", 1) as crew:
        for _ in range(size):
            for path in (house.folder / "gate", *house.began()):
                path.unlink(missing_ok=True)
            ids = house.ask(2)
            wait_until(house.began)
            broker.kill()
            broker.start()
            house.open_gate()
            house.wait_for(ids, State.IN_REVIEW)
        assert [process.exitcode for process in crew.processes] == [None]
    # It connects anew when the broker went away, and at no other time.
    lost = (house.folder / "worker.log").read_text().count("Connection to broker lost")
    assert lost <= 2 * size
    done = house.count(State.IN_REVIEW)
    figures(
        f"broker killed {size} times while all are at work, {threads} threads",
        f"{2 * size} done",
        f"{done} done, by the same worker",
    )
    assert (done, set(effects(house).values())) == (2 * size, {1})


@sizes(1, 10)
def test_a_worker_paused_beyond_its_lease_is_fenced(build, broker, postgres_url, figures, size):
    house = build(postgres_url, broker.url, **QUICK | {"lease_s": 1.0})
    fenced = 0
    for _ in range(size):
        for path in (house.folder / "gate", *house.began()):
            path.unlink(missing_ok=True)
        late = Crew(house, "gated", 1)
        [scene_id] = house.ask()
        wait_until(house.began)
        [pid] = [process.pid for process in late.processes]
        os.kill(pid, signal.SIGSTOP)
        house.open_gate()
        with crew_of(house, "gated", 1):
            house.wait_for([scene_id], State.IN_REVIEW)
        before = house.scene(scene_id)
        os.kill(pid, signal.SIGCONT)
        # It ends what it began, and then itself.
        os.kill(pid, signal.SIGTERM)
        late.processes[0].join(60)
        after = house.scene(scene_id)
        fenced += (after.attempt, after.events, after.picture) == (2, before.events, before.picture)
        late.close()
    had = effects(house)
    figures("worker paused beyond its lease", f"{size} fenced, {size} effects", f"{fenced} fenced, {len(had)} effects")
    assert (fenced, len(had), set(had.values())) == (size, size, {1})


@sizes(1, 6)
def test_a_job_longer_than_the_visibility_timeout_runs_once(build, broker, postgres_url, figures, size):
    house = build(postgres_url, broker.url, **QUICK)
    began = 0
    with redis.Redis.from_url(broker.url) as client, house.app.connection_for_read() as connection:
        channel = connection.default_channel
        # For this channel every message that is under way is older than the timeout.
        channel.visibility_timeout = 0
        for _ in range(size):
            for path in (house.folder / "gate", *house.began()):
                path.unlink(missing_ok=True)
            with crew_of(house, "gated", 1):
                [scene_id] = house.ask()
                wait_until(house.began)
                with crew_of(house, "gated", 1):
                    wait_until(lambda: client.zcard("unacked_index"))
                    channel.qos.restore_visible(interval=1)
                    # The other worker takes the message, finds the scene taken, and lets it go.
                    wait_until(lambda: not client.llen(QUEUE) and not client.zcard("unacked_index"))
                    began += len(house.began())
                    house.open_gate()
                    house.wait_for([scene_id], State.IN_REVIEW)
    figures(f"{size} jobs longer than the visibility timeout", f"{size} executions", f"{began} executions")
    assert (began, attempts(house)) == (size, size)
    assert set(effects(house).values()) == {1}


@sizes({"jobs": 3, "poison": 1}, {"jobs": 200, "poison": 10})
def test_a_job_that_kills_its_workers_fails_with_its_last_stage(build, broker, postgres_url, figures, size):
    house = build(postgres_url, broker.url, **QUICK | {"lease_s": 1.0})
    ids = house.fill(size["jobs"])
    bad = [scene for _ in range(size["poison"]) for scene in house.ask(seed=POISON)]
    with crew_of(house, "poisonous", 2) as crew:
        wait_over(house, ids + bad, crew)
    poisoned = [house.scene(scene_id) for scene_id in bad]
    most, stages = max(scene.attempt for scene in poisoned), {scene.error["stage"] for scene in poisoned}
    figures(
        f"{len(bad)} poison jobs among {len(ids)}",
        "<= 3 attempts, failed with the last stage",
        f"{most} attempts, {house.count(State.FAILED)} failed in {', '.join(sorted(stages))}",
    )
    assert {scene.state for scene in poisoned} == {State.FAILED}
    assert (most, stages) == (3, {"render"})
    assert all("render" in scene.error["message"] for scene in poisoned)
    assert house.count(State.IN_REVIEW) == len(ids)


@sizes(QUICK | {"lease_s": 1.0}, USUAL)
def test_a_killed_workers_job_runs_elsewhere_within_a_minute(build, broker, postgres_url, figures, size):
    usual = load_settings()
    assert usual.lease_s + (LEADS_FOR + 1) * usual.sweep_s + 5 <= 60, "the defaults promise it by themselves"
    house = build(postgres_url, broker.url, **size)
    with crew_of(house, "gated", 1) as crew:
        [scene_id] = house.ask()
        wait_until(house.began)
        house.open_gate()
        began = time.monotonic()
        crew.kill()
        house.wait_for([scene_id], State.IN_REVIEW, 90)
        took = time.monotonic() - began
    settings = "default settings" if size == USUAL else "short lease"
    figures(f"killed worker's job elsewhere, {settings}", "<= 60 s", f"{took:.1f} s")
    assert (took <= 60, effects(house)) == (True, {scene_id: 1})


@sizes(8, 500)
@pytest.mark.parametrize("kind", ["postgres_url", "sqlite_url"])
def test_doors_killed_between_commit_and_publish_lose_nothing(build, broker, request, figures, size, kind):
    house = build(request.getfixturevalue(kind), broker.url, **QUICK)
    for line in ("marked", "unmarked"):
        dying = start(ask_and_die, house.given, size // 2, line, log=house.folder / "worker.log")
        dying.join(LONG_S)
        assert dying.exitcode == 0, (house.folder / "worker.log").read_text()
    assert (house.count(State.QUEUED), queue.depth(house.app)) == (size, 0)
    with house.database.reading() as session:
        ids = list(session.scalars(select(Scene.id)))
    with crew_of(house, "dots", 2) as crew:
        wait_over(house, ids, crew)
    what = f"door killed between commit and publish {size} times, {kind.removesuffix('_url')}"
    assert_all_done_once(house, ids, figures, what)


@sizes({"jobs": 60, "restarts": 2}, {"jobs": 2000, "restarts": 25})
def test_a_database_that_restarts_loses_and_doubles_nothing(build, broker, figures, size):
    server = PostgresServer(commits=True)
    try:
        server.start()
        house = build(server.create(), broker.url, **QUICK)
        ids = house.fill(size["jobs"])
        began = time.monotonic()
        with crew_of(house, "dots", 2) as crew:
            for number in range(size["restarts"]):
                wait_over(house, ids, crew, size["jobs"] * (number + 1) // (size["restarts"] + 2))
                server.restart(signal.SIGQUIT if number % 2 else signal.SIGINT)
            wait_over(house, ids, crew)
        took = time.monotonic() - began
        each = f"every {took / size['restarts']:.1f} s"
        what = f"{len(ids)} jobs, PostgreSQL stopped or crashed {size['restarts']} times, {each}"
        assert crew.killed == 0, (house.folder / "worker.log").read_text()[-4000:]
        assert_all_done_once(house, ids, figures, what)
        house.close()
    finally:
        server.close()


@sizes(50, 400)
def test_eight_processes_that_claim_on_sqlite_never_find_it_locked(build, sqlite_url, figures, size):
    house = build(sqlite_url)
    ids = house.fill(size)
    faults = START.SimpleQueue()
    claimers = [start(claim_all, sqlite_url, ids, f"w{number}", faults) for number in range(8)]
    told = [faults.get() for _ in claimers]
    for claimer in claimers:
        claimer.join()
    held, locked = (sum(column) for column in zip(*told, strict=True))
    figures(f"SQLite, 8 processes x {size} claims", '0 "database is locked"', f'{locked} "database is locked"')
    assert (locked, held) == (0, size)


@sizes({"jobs": 10, "away_s": 0}, {"jobs": 300, "away_s": 60})
def test_while_the_broker_is_away_the_doors_accept_and_afterwards_all_is_done(
    build, broker, postgres_url, figures, size, tmp_path
):
    looks = doors.write_looks(tmp_path / "looks")
    house = build(postgres_url, broker.url, style_paths=str(looks), write_rate="", **QUICK)
    with crew_of(house, "dots", 2) as crew, doors.client_of(create_app(house.settings)) as client:
        before = ask_at(client, 1)
        wait_over(house, before, crew)
        broker.kill()
        began, slowest, ids = time.monotonic(), 0.0, []
        for number in range(size["jobs"]):
            due = began + size["away_s"] * number / (size["jobs"] - 1)
            wait_until(lambda due=due: time.monotonic() >= due)
            at = time.monotonic()
            ids += ask_at(client, len(ids) + 2)
            slowest = max(slowest, time.monotonic() - at)
        away = time.monotonic() - began
        assert house.count(State.QUEUED) == len(ids)
        broker.start()
        wait_over(house, before + ids, crew)
    figures(
        f"broker away for {away:.0f} s",
        "accepted, all done after",
        f"{len(ids)} accepted (slowest {slowest:.2f} s), {house.count(State.IN_REVIEW) - 1} done after",
    )
    assert house.count(State.IN_REVIEW) == len(ids) + 1


def ask_at(client, seed):
    """Ask at the door."""
    wish = {"sku": "SOFA-1", "style": "test-calm", "quality": "draft", "seed": seed}
    answer = client.post("/v1/scenes", json=wish)
    assert answer.status_code == 202, answer.text
    return [answer.json()["id"]]
