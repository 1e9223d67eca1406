import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.api import house
from workers.records import audit, keys
from workers.records.audit import Sought
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

    from workers.records.session import Database

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
