import pytest

from api.cli.catalog import opened
from workers.records import webhooks
from workers.teams import HOUSE


def test_a_webhook_is_added_disabled_and_enabled(cli):
    made = cli("webhooks", "add", "https://shop.example/hook", "--json").json
    assert made["secret"].startswith("whsec_")
    assert made["secret"] not in cli("webhooks", "list", "--json").out
    assert cli("webhooks", "disable", made["id"]).code == 0
    assert "disabled: by hand" in cli("webhooks", "list").words
    assert cli("webhooks", "enable", made["id"]).code == 0
    assert "live" in cli("webhooks", "list").words
    done = [line["action"] for line in cli("audit", "--kind", "webhook", "--json").json]
    assert done == ["enable", "disable", "add"]


def test_deliveries_are_listed_and_sent_again(cli):
    cli("webhooks", "add", "https://shop.example/hook")
    with opened() as context, context.database.transaction() as session:
        webhooks.announce(session, HOUSE, "scene-1", "{}", context.database.clock())
        webhooks.taken(session, webhooks.take(session, webhooks.due(session, 1)[0]), 200)
    (row,) = cli("webhooks", "deliveries", "--json").json
    assert row["sent_at"]
    assert "taken" in cli("webhooks", "deliveries").words
    assert cli("webhooks", "replay", row["id"]).code == 0
    assert "on its way" in cli("webhooks", "deliveries", row["webhook_id"]).words


@pytest.mark.parametrize(
    "words", [("add", "ftp://x"), ("add", "shop.example"), ("disable", "none"), ("enable", "x"), ("replay", "x")]
)
def test_what_makes_no_sense_is_bad_input(cli, words):
    told = cli("webhooks", *words)
    assert told.code == 2
    assert told.err


def test_in_production_news_is_never_sent_in_the_clear(cli, monkeypatch, postgres_url):
    from workers.settings import get_settings

    safe = {"ENVIRONMENT": "production", "SECRET": "s" * 40, "BROKER_URL": "redis://127.0.0.1:1/0"}
    safe |= {"DATABASE_URL": postgres_url, "API_TOKENS": "t" * 24}
    for name, value in safe.items():
        monkeypatch.setenv(f"IMAGEGEN_{name}", value)
    get_settings.cache_clear()
    told = cli("webhooks", "add", "http://shop.example/")
    assert told.code == 2
    assert "https" in told.words
