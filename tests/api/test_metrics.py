from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from api import metrics
from api.deps import open_context
from api.metrics import Meters
from imagegen.errors import DoesNotFitError
from tests.api import house
from workers import announcing
from workers.records import backups, crew, keys, scenes, webhooks
from workers.records.crew import Condition, Member
from workers.records.models import Scene
from workers.records.session import Database, utc_now
from workers.relay import relay
from workers.scopes import Scope

TOKEN = "a-long-enough-token-for-metrics"


@pytest.fixture
def app(doors, settings):
    """The app with figures of its own, none of which was counted before."""
    doors.state.context = open_context(settings)
    doors.state.meters._records = None
    return doors


@pytest.fixture
def fresh(monkeypatch):
    """Every question is asked of the database."""
    monkeypatch.setattr(metrics, "KEPT_S", 0.0)


def read(client, **asked):
    """{(name, {label: value}): number} of what the service tells."""
    answer = client.get("/metrics", **asked)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(found, name, **labels):
    return found[name, frozenset(labels.items())]


def test_scenes_are_counted_by_state_and_waiting_by_number_and_age(client, context, fresh, sofa):
    waiting = house.ask(context)[0]
    house.start(context, house.ask(context)[0])
    house.made(context, mark=1)
    with context.database.transaction() as session:
        long_ago = context.database.clock() - timedelta(minutes=10)
        session.execute(update(Scene).where(Scene.id == waiting).values(created_at=long_ago))
    found = read(client)
    states = {state: value(found, "imagegen_scenes", state=state) for state in ("queued", "running", "in_review")}
    assert states == {"queued": 1, "running": 1, "in_review": 1}
    assert value(found, "imagegen_scenes", state="published") == 0
    assert value(found, "imagegen_queue_waiting") == value(found, "imagegen_queue_unsent") == 1
    assert 600 <= value(found, "imagegen_queue_oldest_seconds") < 700
    assert value(found, "imagegen_records_up") == 1


def test_the_age_of_the_last_backup_is_told_once_there_was_one(client, context, fresh, tmp_path):
    assert ("imagegen_backup_age_seconds", frozenset()) not in read(client)
    for days in (3, 1):
        then = Database(context.settings.database_url, clock=lambda days=days: utc_now() - timedelta(days=days))
        with then.transaction() as session:
            backups.note(session, "night", tmp_path, rows=1, files=1, missing=0)
        then.close()
    assert 86_400 <= value(read(client), "imagegen_backup_age_seconds") < 90_000


def test_stages_attempts_and_failures_come_from_the_rows(client, context, fresh, sofa):
    for mark in range(3):
        house.made(context, mark=mark)
    house.fail(context, house.ask(context)[0], DoesNotFitError("Too tall."))
    found = read(client)
    assert value(found, "imagegen_stage_seconds_bucket", stage="render", le="1.0") == 0
    assert value(found, "imagegen_stage_seconds_bucket", stage="render", le="2.5") == 3
    assert value(found, "imagegen_stage_seconds_bucket", stage="render", le="+Inf") == 3
    assert value(found, "imagegen_stage_seconds_gsum", stage="render") == 4.5
    assert value(found, "imagegen_made", attempts="1") == 3
    assert value(found, "imagegen_failed", error="DoesNotFitError") == 1


def test_what_was_made_long_ago_is_not_just_made(client, context, fresh, scene):
    with context.database.transaction() as session:
        session.execute(update(Scene).values(finished_at=context.database.clock() - timedelta(hours=2)))
    assert value(read(client), "imagegen_made", attempts="1") == 0


def test_the_approval_rate_is_that_of_the_last_verdicts(client, context, fresh, sofa):
    assert ("imagegen_approval_ratio", frozenset()) not in read(client)
    for mark, verdict in enumerate((scenes.approve, scenes.approve, scenes.approve)):
        with context.database.transaction() as session:
            verdict(session, house.made(context, mark=mark), "Lena")
    with context.database.transaction() as session:
        scenes.reject(session, house.made(context, mark=9), "Lena", "too_dark")
    assert value(read(client), "imagegen_approval_ratio") == 0.75


def test_what_has_not_left_is_counted(client, context, fresh, sofa):
    with context.database.transaction() as session:
        webhooks.add(session, "https://shop.example/hook", "test")
    house.made(context)
    found = read(client)
    assert value(found, "imagegen_outbox_waiting") == 1
    assert value(found, "imagegen_webhooks", state="live") == 1
    relay(context.database, announcing.receivers(context.database))
    found = read(client)
    assert value(found, "imagegen_outbox_waiting") == 0
    assert value(found, "imagegen_deliveries_waiting") == 1


def test_workers_that_live_are_told_with_their_gpus(client, context, fresh):
    with context.database.transaction() as session:
        at = context.database.clock()
        for pid, told in (
            (1, {"name": "H200", "vram_used": 7, "step_s": 0.05, "tflops": None, "batches": {}}),
            (2, {}),
        ):
            crew.report(session, Member(f"h:{pid}", f"h:{pid}", "h", pid, "1", 2, at), Condition({}, told, ["a"]))
        crew.report(session, Member("h:3", "h:3", "h", 3, "1", 2, at), Condition({}, {}, []))
        crew.leave(session, "h:3")
    found = read(client)
    assert value(found, "imagegen_workers") == 2
    assert value(found, "imagegen_worker_busy", worker="h:2") == 1
    assert value(found, "imagegen_gpu_memory_bytes", worker="h:1") == 7
    assert value(found, "imagegen_gpu_step_seconds", worker="h:1") == 0.05
    assert not any(name == "imagegen_gpu_tflops" for name, _ in found)


def test_requests_are_counted_by_route_and_never_by_id(client, app, scene):
    app.state.meters.requests.clear()
    app.state.meters.seconds.clear()
    for path in (f"/v1/scenes/{scene}", "/v1/scenes/none", "/one/nobody/has", "/another"):
        client.get(path)
    found = read(client)
    route = {"method": "GET", "route": "/v1/scenes/{scene_id}"}
    assert value(found, "imagegen_http_requests_total", status="200", **route) == 1
    assert value(found, "imagegen_http_requests_total", status="404", **route) == 1
    assert value(found, "imagegen_http_requests_total", method="GET", route="none", status="404") == 2
    assert value(found, "imagegen_http_request_seconds_count", **route) == 2


def test_words_that_callers_invent_do_not_become_series(client, app):
    app.state.meters.requests.clear()
    client.request("BREW", "/v1/scenes")
    methods = {dict(labels)["method"] for name, labels in read(client) if name == "imagegen_http_requests_total"}
    assert methods == {"OTHER"}


def test_a_database_that_is_away_is_told_and_the_rest_still_is(client, app, context, fresh, tmp_path, monkeypatch):
    away = Database(f"sqlite:///{tmp_path}/none/none.db")
    settings = house.make_settings(tmp_path, "sqlite://", metrics_token=TOKEN)
    app.state.context = replace(context, database=away, settings=settings)
    found = read(client, headers={"authorization": f"Bearer {TOKEN}"})
    assert value(found, "imagegen_records_up") == 0
    assert ("imagegen_scenes", frozenset({("state", "queued")})) not in found
    assert any(name == "imagegen_build_info" for name, _ in found)


def test_asking_often_asks_the_database_once(client, context, sofa):
    read(client)
    house.ask(context)
    assert value(read(client), "imagegen_queue_waiting") == 0


def test_the_figures_are_the_same_on_both_databases(tmp_path, doors, postgres_url, sqlite_url):
    told = []
    for url in (sqlite_url, postgres_url):
        context = open_context(house.make_settings(tmp_path / url.partition(":")[0], url))
        house.add_product(context)
        house.ask(context)
        house.made(context)
        house.fail(context, house.ask(context)[0], DoesNotFitError("Too tall."))
        samples = [
            sample
            for metric in Meters().records(context.database, timedelta(seconds=30)).collect()
            for sample in metric.samples
        ]
        told.append({(s.name, tuple(s.labels.items())): s.value for s in samples if "seconds" not in s.name})
        context.database.close()
    assert told[0] == told[1]
    assert told[0]["imagegen_records_up", ()] == 1


class TestDoor:
    """Never public: a token of its own, or an administrator."""

    @pytest.fixture
    def settings(self, tmp_path, sqlite_url):
        return house.make_settings(tmp_path, sqlite_url, api_tokens="t" * 30, metrics_token=TOKEN)

    def test_its_token_opens_the_metrics_and_nothing_else(self, client):
        shown = {"authorization": f"Bearer {TOKEN}"}
        assert client.get("/metrics", headers=shown).status_code == 200
        assert client.get("/v1/scenes", headers=shown).status_code == 401

    @pytest.mark.parametrize("shown", [{}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {TOKEN}"}])
    def test_without_it_nothing_is_told(self, client, shown):
        assert client.get("/metrics", headers=shown).status_code == 401

    def test_administrators_may_see_them_and_nobody_else(self, client, context):
        with context.database.transaction() as session:
            boss = keys.issue(session, "boss", [Scope.ADMIN], "test")[1]
            other = keys.issue(session, "other", set(Scope) - {Scope.ADMIN}, "test")[1]
        assert client.get("/metrics", headers={"authorization": f"Bearer {boss}"}).status_code == 200
        assert client.get("/metrics", headers={"authorization": f"Bearer {other}"}).status_code == 403

    @pytest.mark.parametrize("token", ["short", "t" * 30])
    def test_a_token_that_is_short_or_opens_more_is_refused_at_the_start(self, tmp_path, sqlite_url, token):
        from api.auth import check_settings
        from workers.errors import SettingsError

        with pytest.raises(SettingsError, match="metrics"):
            check_settings(house.make_settings(tmp_path, sqlite_url, api_tokens="t" * 30, metrics_token=token))
