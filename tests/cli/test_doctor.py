import contextlib
from datetime import datetime, timedelta

import psycopg
import pytest
import redis
from sqlalchemy import text, update

from api.cli.catalog import opened
from tests.api import house
from tests.services import PostgresServer, run_redis
from workers.reconcile import DUTY
from workers.records import crew, leaders
from workers.records.crew import Condition, Member
from workers.records.models import Outgoing
from workers.records.session import Database
from workers.settings import get_settings


@pytest.fixture
def told(cli):
    """What the doctor says of each thing, by its name, and the exit code."""

    def look():
        said = cli("doctor", "--json")
        return {diagnosis["what"]: diagnosis for diagnosis in said.json}, said.code

    return look


def test_a_machine_that_is_ready_is_told_so_with_the_variant_and_why(told):
    found, code = told()
    assert code == 0
    assert {diagnosis["state"] for diagnosis in found.values()} <= {"ok", "slow", "odd"}
    assert "_rgb: " in found["path tracer"]["told"]
    assert "no server needed" in found["broker"]["told"]


def test_servers_that_do_not_answer_are_told_with_their_settings_and_no_secret(told, monkeypatch):
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", "postgresql+psycopg://me:hush@127.0.0.1:1/x")
    monkeypatch.setenv("IMAGEGEN_BROKER_URL", "redis://:hush@127.0.0.1:1/0")
    found, code = told()
    assert code == 1
    for what in ("database", "broker"):
        assert found[what]["state"] == "missing"
        assert f"IMAGEGEN_{what.upper()}_URL" in found[what]["hint"]
    assert "hush" not in str(found)


def test_production_without_secrets_is_told(told, monkeypatch):
    monkeypatch.setenv("IMAGEGEN_ENVIRONMENT", "production")
    found, code = told()
    assert code == 1
    assert "IMAGEGEN_SECRET" in found["settings"]["told"]


def test_weights_that_are_not_there_are_told(told, monkeypatch, home):
    monkeypatch.setenv("IMAGEGEN_CUTTER_WEIGHTS", str(home / "gone.onnx"))
    found, code = told()
    assert code == 1
    assert "IMAGEGEN_CUTTER_WEIGHTS" in found["cutter weights"]["hint"]


def test_the_table_says_what_would_help(cli, monkeypatch):
    monkeypatch.setenv("IMAGEGEN_BROKER_URL", "redis://127.0.0.1:1/0")
    said = cli("doctor")
    assert said.code == 1
    assert "broker: Check IMAGEGEN_BROKER_URL" in said.words


def test_a_deployment_in_which_all_is_well_is_told_with_its_doors_its_queue_and_its_clock(told):
    found, code = told()
    assert code == 0
    assert "tables at" in found["database"]["told"]
    assert "this machine only" in found["doors"]["told"]
    looked_at = ("database", "clock", "doors", "queue", "outbox", "reconciler", "backup")
    assert {found[what]["state"] for what in looked_at} == {"ok"}


def test_older_tables_are_told_and_left_as_they_are(told, monkeypatch, tmp_path):
    database = Database(f"sqlite:///{tmp_path}/old.db")
    database.create_or_upgrade("0005")
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", f"sqlite:///{tmp_path}/old.db")
    found, _ = told()
    assert found["database"]["state"] == "odd"
    assert "imagegen migrate" in found["database"]["hint"]
    assert database.revision() == "0005"
    database.close()


def test_tables_of_a_later_version_are_told(told, home, sqlite_url):
    database = Database(sqlite_url)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    found, code = told()
    assert code == 1
    assert "later version" in found["database"]["told"]


def test_a_database_that_is_not_there_yet_is_not_made_by_looking(told, monkeypatch, tmp_path):
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    found, code = told()
    assert code == 0
    assert "not there yet" in found["database"]["told"]
    assert not (tmp_path / "none.db").exists()


def test_scenes_that_nobody_makes_and_effects_that_do_not_leave_are_told(told, home):
    with opened() as context:
        house.add_product(context)
        house.ask(context)
        house.made(context)
        with context.database.of_all().transaction() as session:
            session.execute(update(Outgoing).values(at=context.database.clock() - timedelta(hours=1)))
    found, code = told()
    assert code == 1
    assert found["queue"]["state"] == found["outbox"]["state"] == "missing"
    assert "imagegen worker" in found["queue"]["hint"]
    assert "imagegen sweep" in found["outbox"]["hint"]


def test_a_clock_beside_the_databases_is_told_in_seconds(told, monkeypatch, postgres_url):
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", postgres_url)
    found, _ = told()
    assert found["clock"]["state"] == "ok"
    from api.cli import checkup

    class Behind(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - timedelta(minutes=1)

    monkeypatch.setattr(checkup, "datetime", Behind)
    found, code = told()
    assert code == 1
    assert found["clock"]["state"] == "missing"
    assert found["clock"]["told"].startswith(("60.", "59."))


def test_a_broker_that_may_throw_messages_away_is_told(told, monkeypatch, redis_url):
    monkeypatch.setenv("IMAGEGEN_BROKER_URL", redis_url)
    assert told()[0]["broker"]["state"] == "ok"
    with redis.Redis.from_url(redis_url) as client:
        client.config_set("maxmemory", "64mb")
        client.config_set("maxmemory-policy", "allkeys-lru")
        found, code = told()
        client.config_set("maxmemory", "0")
        client.config_set("maxmemory-policy", "noeviction")
    assert code == 1
    assert "noeviction" in found["broker"]["hint"]


def test_a_broker_is_told_with_its_kind_its_version_and_how_full_it_is(told, monkeypatch, redis_url):
    monkeypatch.setenv("IMAGEGEN_BROKER_URL", redis_url)
    with redis.Redis.from_url(redis_url) as client:
        version = client.info("server")["redis_version"]
        client.config_set("maxmemory", client.info("memory")["used_memory"] + 50_000)
        full = told()[0]["broker"]
        client.config_set("maxmemory", "0")
    assert told()[0]["broker"]["told"].startswith(f"{redis_url}: Redis {version}, noeviction")
    assert full["state"] == "odd"
    assert "maxmemory" in full["hint"]


def test_a_broker_that_can_only_be_read_is_told(told, monkeypatch, redis_url):
    with run_redis() as copy, redis.Redis.from_url(copy) as client:
        client.replicaof("127.0.0.1", redis.Redis.from_url(redis_url).connection_pool.connection_kwargs["port"])
        monkeypatch.setenv("IMAGEGEN_BROKER_URL", copy)
        found, code = told()
    assert code == 1
    assert found["broker"]["state"] == "missing"
    assert "only be read" in found["broker"]["told"]


@pytest.fixture(scope="module")
def careful_server():
    """A PostgreSQL that is set up as one should be."""
    server = PostgresServer(commits=True)
    server.command = ["fsync=on" if word == "fsync=off" else word for word in server.command]
    try:
        server.start()
        yield server.create()
    finally:
        server.close()


def test_a_database_that_forgets_is_told_by_what_it_could_lose(told, monkeypatch, postgres_url, careful_server):
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", postgres_url)  # for tests: it may forget
    found, code = told()
    assert code == 1
    assert found["commits"]["state"] == "missing"
    assert "fsync and full_page_writes" in found["commits"]["hint"]
    get_settings.cache_clear()
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", careful_server)
    found, code = told()
    assert code == 0
    assert {found[what]["state"] for what in ("postgres", "commits", "connections")} == {"ok"}
    assert found["postgres"]["told"].endswith("UTF8")
    with psycopg.connect(careful_server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("ALTER ROLE imagegen SET synchronous_commit = off")
    found, code = told()
    assert (code, found["commits"]["state"]) == (0, "odd")
    assert "synchronous_commit" in found["commits"]["hint"]


def test_connections_that_run_out_are_told(told, monkeypatch, postgres_url):
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", postgres_url)
    address = postgres_url.replace("+psycopg", "")
    with contextlib.ExitStack() as open_ones:
        for _ in range(50):  # of sixty
            open_ones.enter_context(psycopg.connect(address))
        found, _ = told()
    assert found["connections"]["state"] == "odd"
    assert "max_connections" in found["connections"]["hint"]


@pytest.fixture
def production(home, monkeypatch, postgres_url, redis_url):
    """The settings of a service in production."""
    monkeypatch.setenv("IMAGEGEN_ENVIRONMENT", "production")
    monkeypatch.setenv("IMAGEGEN_SECRET", "s" * 40)
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", postgres_url)
    monkeypatch.setenv("IMAGEGEN_BROKER_URL", redis_url)
    get_settings.cache_clear()


def test_backups_that_are_not_made_or_grow_old_are_told_in_production(told, production, cli, home, monkeypatch):
    never = told()[0]["backup"]
    assert never["state"] == "odd"
    assert "imagegen backup" in never["hint"]
    cli("backup", "--to", home / "kept", "--keep", 2)
    fresh = told()[0]["backup"]
    assert fresh["state"] == "ok"
    assert str(home / "kept") in fresh["told"]
    monkeypatch.setenv("IMAGEGEN_BACKUP_HOURS", "0.000001")
    get_settings.cache_clear()
    assert told()[0]["backup"]["state"] == "odd"
    monkeypatch.setenv("IMAGEGEN_BACKUP_HOURS", "0")
    get_settings.cache_clear()
    assert told()[0]["backup"]["state"] == "ok"


def test_a_service_in_which_nobody_sweeps_is_told(told, production):
    found, code = told()
    assert code == 1
    assert found["reconciler"]["state"] == "missing"
    assert "imagegen sweep" in found["reconciler"]["hint"]
    with opened() as context, context.database.transaction() as session:
        leaders.lead(session, DUTY, "sweeper-1", timedelta(minutes=1))
    found, _ = told()
    assert found["reconciler"]["state"] == "ok"
    assert "sweeper-1" in found["reconciler"]["told"]


def test_workers_of_several_versions_are_told(told, home):
    with opened() as context, context.database.of_all().transaction() as session:
        for version in ("0.1.0", "0.2.0"):
            began = context.database.clock()
            crew.report(session, Member(version, version, "h", 1, version, 1, began), Condition({}, {}, []))
    found, _ = told()
    assert found["workers"]["state"] == "odd"
    assert "0.1.0, 0.2.0" in found["workers"]["told"]


def test_a_front_door_without_a_path_tracer_is_well_in_production_and_not_on_a_laptop(told, production, monkeypatch):
    from api.cli import doctor

    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    assert told()[0]["path tracer"]["told"].startswith("not installed here")
    monkeypatch.setenv("IMAGEGEN_ENVIRONMENT", "development")
    get_settings.cache_clear()
    assert "_rgb: " in told()[0]["path tracer"]["told"]


def test_migrate_says_from_where_to_where(cli, monkeypatch, tmp_path):
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", f"sqlite:///{tmp_path}/fresh.db")
    get_settings.cache_clear()
    assert "from nothing to" in cli("migrate").out
    assert "as this version expects" in cli("migrate").out
