from datetime import datetime, timedelta

import pytest
import redis
from sqlalchemy import text, update

from api.cli.catalog import opened
from tests.api import house
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
    assert {found[what]["state"] for what in ("database", "clock", "doors", "queue", "outbox")} == {"ok"}


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


def test_migrate_says_from_where_to_where(cli, monkeypatch, tmp_path):
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", f"sqlite:///{tmp_path}/fresh.db")
    get_settings.cache_clear()
    assert "from nothing to" in cli("migrate").out
    assert "as this version expects" in cli("migrate").out
