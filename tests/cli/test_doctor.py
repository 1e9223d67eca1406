import pytest


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
