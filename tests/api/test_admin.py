import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.api import house
from workers import announcing
from workers.records import audit, crew, keys, scenes, webhooks
from workers.records.crew import Condition, Member
from workers.relay import relay
from workers.scopes import Scope

PAGES = ("/review/admin", "/review/admin/webhooks", "/review/admin/audit")


@pytest.fixture
def hook(context, sofa):
    """A webhook with a delivery that was given up."""
    with context.database.transaction() as session:
        hook_id = webhooks.add(session, "https://shop.example/hook", "test").id
    house.made(context)
    relay(context.database.of_all(), announcing.receivers(context.database.of_all()))
    with context.database.of_all().transaction() as session:
        [delivery] = webhooks.due(session, 5)
        webhooks.refused(session, webhooks.take(session, delivery), "It answered 410.", 410, gone=True)
    return hook_id


def delivery_of(context):
    with context.database.reading() as session:
        return webhooks.page(session).items[0]


@pytest.mark.parametrize("path", PAGES)
def test_only_administrators_see_how_the_service_is(client, context, path):
    with context.database.transaction() as session:
        other = keys.issue(session, "other", set(Scope) - {Scope.ADMIN}, "test")[1]
    assert client.get(path, headers={"authorization": f"Bearer {other}"}).status_code == 403
    assert client.get(path).status_code == 200


def test_the_work_page_tells_what_waits_and_who_works(client, context, sofa):
    assert "No worker was ever seen" in client.get("/review/admin").text
    waiting = house.ask(context)[0]
    with context.database.transaction() as session:
        at = context.database.clock()
        told = {"name": "H200", "vram_used": 5e9, "vram_total": 140e9, "step_s": 0.051, "tflops": 300.0}
        lacking = {"render": "ready", "diffusion": "missing weights: <none>"}
        crew.report(session, Member("a", "host:1", "host", 1, "0.1", 2, at), Condition(lacking, told, [waiting]))
    text = client.get("/review/admin").text
    for said in ("host:1", "Live", "51 ms a step", "300 TFLOP/s", "5.0 of 140 GB", waiting[-6:], "&lt;none&gt;"):
        assert said in text, said


def test_a_delivery_that_was_given_up_is_told_and_sent_again(client, context, hook):
    text = client.get("/review/admin/webhooks").text
    for said in ("Disabled", "It answered 410.", "Given up", "scene.in_review"):
        assert said in text, said
    row = delivery_of(context)
    client.post(f"/review/admin/webhooks/{hook}/enable")
    answer = client.post(f"/review/admin/deliveries/{row.id}/replay", data={"webhook": hook}, follow_redirects=False)
    assert answer.headers["location"] == f"/review/admin/webhooks?did=replayed&webhook={hook}"
    with context.database.of_all().reading() as session:
        assert webhooks.due(session, 5) == [row.id]
    text = client.get(answer.headers["location"]).text
    assert "sent again" in text
    assert "On its way" in text


def test_a_test_is_news_like_any_other_and_a_disabled_webhook_gets_none(client, context, hook):
    assert client.post(f"/review/admin/webhooks/{hook}/test").status_code == 409
    client.post(f"/review/admin/webhooks/{hook}/enable")
    assert client.post(f"/review/admin/webhooks/{hook}/test").status_code == 200
    row = delivery_of(context)
    assert row.message_id.startswith("test-")
    assert "imagegen.test" in client.get("/review/admin/webhooks").text
    assert client.post(f"/v1/webhooks/{hook}/test").json()["webhook_id"] == hook
    client.post(f"/review/admin/webhooks/{hook}/disable")
    with context.database.reading() as session:
        assert webhooks.get(session, hook).disabled_why == "by hand"
        assert audit.page(session, audit.Sought(action="test")).items[0].subject == hook


def test_the_log_is_narrowed_by_who_what_and_when(client, context, sofa):
    first, second = house.made(context), house.made(context, mark=1)
    with context.database.transaction() as session:
        scenes.approve(session, first, "Lena")
        scenes.reject(session, second, "Max", "too_dark", "<b>gloomy</b>")
    whole = client.get("/review/admin/audit").text
    assert {"Lena", "Max"} <= set(re.findall(r"Lena|Max", whole))
    assert "&lt;b&gt;gloomy" in whole
    assert "Max" not in rows_of(client, by="Lena")
    assert "Lena" not in rows_of(client, action="reject")
    assert "Lena" in rows_of(client, subject=first)
    today, other = datetime.now(UTC).date(), datetime.now(UTC).date() - timedelta(days=1)
    assert "Lena" in rows_of(client, since=today, until=today)
    assert "Nothing of that kind" in rows_of(client, until=other)
    assert "A day is written as" in rows_of(client, since="yesterday")


def rows_of(client, **sought):
    """The page without its form, which repeats what was asked."""
    return client.get("/review/admin/audit", params=sought).text.partition("</form>")[2]


def test_the_log_goes_on_from_page_to_page_with_its_filters(client, context):
    with context.database.transaction() as session:
        for number in range(60):
            audit.write(session, "Lena", "update", "product", f"SKU-{number}")
            audit.write(session, "Max", "update", "product", f"MAX-{number}")
    seen, path = [], "/review/admin/audit?by=Lena"
    while path:
        text = client.get(path).text
        seen += re.findall(r"<code>([A-Z]+-\d+)</code>", text)
        following = re.search(r'class="more"><a class="button" href="([^"]+)"', text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert seen == [f"SKU-{number}" for number in reversed(range(60))]


def test_the_api_narrows_the_log_by_time_too(client, context):
    with context.database.transaction() as session:
        audit.write(session, "Lena", "update", "product", "SOFA-1")
    at = context.database.clock()
    soon = (at + timedelta(minutes=1)).isoformat()
    assert len(client.get("/v1/audit", params={"until": soon}).json()["items"]) == 1
    assert client.get("/v1/audit", params={"since": soon}).json()["items"] == []
