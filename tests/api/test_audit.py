import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.exc import DatabaseError

from tests.api import house
from workers.records import audit, keys
from workers.records.audit import Sought
from workers.records.models import AuditEntry
from workers.records.pages import write_cursor
from workers.records.session import Database
from workers.scopes import Scope

FACTS = {"sku": "VASE-1", "name": "Vase", "category": "vase", "width_cm": 20, "depth_cm": 20, "height_cm": 40}


def lines(client, **query):
    return client.get("/v1/audit", params=query).json()["items"]


def test_who_judged_and_published_is_told_with_what_was_said(client, scene):
    client.post(f"/v1/scenes/{scene}/reject", json={"reason": "too_dark", "text": "The corner."})
    client.post(f"/v1/scenes/{scene}/reopen")
    client.post(f"/review/scenes/{scene}/approve", data={"publish": "true"})
    told = lines(client, kind="scene", subject=scene)
    assert [line["action"] for line in told] == ["publish", "approve", "reopen", "reject"]
    assert {line["by"] for line in told} == {"local"}
    assert told[-1]["detail"] == {"reason": "too_dark", "note": "The corner.", "override": False}
    assert told[0]["at"] >= told[-1]["at"]


def test_what_was_changed_is_told_fact_by_fact(client):
    client.post("/v1/products", json=FACTS)
    client.post("/v1/products", json=FACTS | {"height_cm": 41, "tags": ["new"]})
    client.post("/v1/products", json=FACTS | {"height_cm": 41, "tags": ["new"]})
    changed, created = lines(client, kind="product", subject="VASE-1")
    assert (created["action"], created["by"]) == ("create", "local")
    assert changed["detail"] == {"height_cm": [40, 41], "tags": [[], ["new"]]}


def test_new_photos_are_told(client):
    client.post("/v1/products", json=FACTS)
    form = {name: str(value) for name, value in FACTS.items()}
    client.post("/v1/products", data=form, files={"photo": ("a.png", house.packshot())})
    assert lines(client, subject="VASE-1")[0]["detail"] == {"photos": [0, 1]}


def test_what_was_refused_leaves_no_line(client, failing_scene):
    before = len(lines(client))
    assert client.post(f"/v1/scenes/{failing_scene}/approve").status_code == 409
    assert client.post(f"/v1/scenes/{failing_scene}/publish").status_code == 409
    assert len(lines(client)) == before


def test_keys_leave_their_traces(client, context):
    with context.database.transaction() as session:
        key, _ = keys.issue(session, "shop", [Scope.WRITE], "root")
        keys.revoke(session, key.id, "root")
        keys.revoke(session, key.id, "root")
    told = lines(client, kind="key", by="root")
    assert [line["action"] for line in told] == ["revoke", "issue"]
    assert told[1]["detail"]["scopes"] == ["write"]


def test_pages_follow_each_other_while_lines_come_in(client, context):
    def write(numbers):
        for number in numbers:
            with context.database.transaction() as session:
                audit.write(session, "ada" if number % 2 else "bo", "update", "product", f"P-{number}")

    write(range(10))
    answer = client.get("/v1/audit", params={"limit": 2, "by": "ada"})
    subjects = [line["subject"] for line in answer.json()["items"]]
    write(range(10, 14))
    while "next" in answer.links:
        answer = client.get(answer.links["next"]["url"])
        subjects += [line["subject"] for line in answer.json()["items"]]
    assert subjects == ["P-9", "P-7", "P-5", "P-3", "P-1"]
    assert answer.json()["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "WyJ4Il0", "WyItMSJd", "WyLCsiJd"])
def test_a_cursor_that_is_none_is_refused(client, cursor):
    assert client.get("/v1/audit", params={"cursor": cursor}).status_code == 422


@pytest.mark.parametrize("table", ["audit", "decisions"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET by = 'nobody'", "DELETE FROM {}"])
def test_no_hand_at_the_database_changes_or_removes_a_line(doors, tmp_path, database_url, table, statement):
    from api.deps import open_context

    doors.state.context = context = open_context(house.make_settings(tmp_path, database_url))
    with house.client_of(doors) as client:
        house.add_product(context)
        client.post(f"/v1/scenes/{house.made(context)}/approve")
        with pytest.raises(DatabaseError, match="only added to"), context.database.transaction() as session:
            session.execute(text(statement.format(table)))
        with context.database.reading() as session:
            assert audit.page(session, Sought(action="approve")).items[0].by == "local"


def test_decisions_from_before_the_log_stand_in_it(tmp_path):
    from alembic import command

    database = Database(f"sqlite:///{tmp_path}/old.db")
    with database.migrating() as config:
        command.upgrade(config, "0003")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # the next line is heeded outside of transactions only
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(
            "INSERT INTO decisions (scene_id, at, by, action, reason, note, override) "
            "VALUES ('abc', '2026-01-02 03:04:05', 'Lena', 'reject', 'too_dark', 'x', 0)"
        )
    database.create_or_upgrade()
    with database.reading() as session:
        (line,) = audit.page(session).items
    assert (line.by, line.action, line.kind, line.subject) == ("Lena", "reject", "scene", "abc")
    assert line.detail == {"reason": "too_dark", "note": "x", "override": False}
    assert line.at.year == 2026
    database.close()


# --- by time


START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def long_log(database_url):
    """A line each half hour of 60 days, of which each tenth is Max's; and as many of another team's."""
    database = Database(database_url)
    lines = [
        {"team_id": team, "at": START + timedelta(minutes=30 * number), "by": "Max" if number % 10 == 0 else "Lena"}
        | {"action": "update", "kind": "product", "subject": f"SKU-{number % 16}", "detail": {}}
        for team in ("house", "outdoor")
        for number in range(60 * 48)
    ]
    with database.engine.begin() as connection:
        connection.execute(insert(AuditEntry.__table__), lines)
        connection.execute(text("ANALYZE"))
    yield database
    database.close()


def plan_of(database, sought):
    """How the database answers: what it says of the very statement that a page is read by."""
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    told = []

    def explained(connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith("SELECT audit."):
            told.append([str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters)])

    event.listen(database.engine, "after_cursor_execute", explained)
    with database.reading() as session:
        rows = audit.page(session, sought).items
    event.remove(database.engine, "after_cursor_execute", explained)
    [lines] = told
    return rows, "\n".join(lines)


def test_a_day_of_a_long_log_is_read_by_an_index(long_log):
    day = START + timedelta(days=10)
    for narrowed in ({}, {"by": "Max"}, {"subject": "SKU-7"}):
        rows, plan = plan_of(long_log, Sought(since=day, until=day + timedelta(days=1), **narrowed))
        assert rows
        assert all(day <= row.at < day + timedelta(days=1) for row in rows)
        assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
        assert f"ix_audit_{next(iter(narrowed), 'team')}_at" in plan
        bounds = r"at>\? AND at<\?" if long_log.is_sqlite else r"Index Cond: .* AND \(at >= .* AND \(at < "
        assert re.search(bounds, plan), plan
        assert not re.search(r"(?i)temp b-tree|seq scan|scan audit", plan), plan


def test_the_pages_of_a_day_are_its_lines_once_each(long_log):
    day, cursor, seen = START + timedelta(days=10), None, []
    while True:
        with long_log.reading() as session:
            found = audit.page(session, Sought(since=day, until=day + timedelta(days=1)), cursor, 20)
        seen += [row.at for row in found.items]
        cursor = found.next_cursor
        if cursor is None:
            break
    assert seen == [day + timedelta(minutes=30 * number) for number in reversed(range(48))]


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_the_calendar_are_times_too(client, edge):
    for name in ("since", "until"):
        assert client.get("/v1/audit", params={name: edge}).status_code == 200
    assert client.get("/v1/scenes", params={"cursor": write_cursor(edge, "1")}).status_code == 200
    assert "A day is written as" in client.get("/review/admin/audit", params={"until": "9999-12-31"}).text
