import io

import pytest

PASSWORD = "correct horse battery"


@pytest.fixture
def add(cli, monkeypatch):
    def added(login, *words, password=PASSWORD):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return cli("people", "add", login, "--password-stdin", *words)

    return added


def test_people_are_added_and_listed_without_their_passwords(cli, add):
    said = add("Lena@House.example", "--role", "admin", "--name", "Lena Maier")
    assert said.code == 0
    assert "Lena Maier (lena@house.example) may sign in: admin" in said.words
    (row,) = cli("people", "list", "--json").json
    assert (row["login"], row["role"], row["signs_in_by_password"]) == ("lena@house.example", "admin", True)
    listed = cli("people", "list")
    assert "live" in listed.words
    assert "argon2" not in listed.out + str(row)


def test_a_password_that_is_asked_for_is_asked_for_twice_and_not_shown(cli, monkeypatch):
    asked = []
    monkeypatch.setattr("typer.prompt", lambda *words, **how: asked.append((words, how)) or PASSWORD)
    assert cli("people", "add", "tom").code == 0
    ((_, how),) = asked
    assert how["hide_input"]
    assert how["confirmation_prompt"]


@pytest.mark.parametrize(
    ("login", "password"),
    [("a", PASSWORD), ("with space", PASSWORD), ("tom", "too short"), ("tom", ""), ("tom", "x" * 201)],
)
def test_what_cannot_be_a_login_or_a_password_is_bad_input(cli, add, login, password):
    assert add(login, password=password).code == 2
    assert cli("people", "list", "--json").json == []


def test_who_is_disabled_says_so_and_the_log_says_who_did_it(cli, add):
    add("boss", "--role", "admin")
    add("tom")
    assert cli("people", "disable", "tom").code == 0
    assert "disabled" in cli("people", "list").words
    assert cli("people", "enable", "TOM").code == 0
    assert "disabled" not in cli("people", "list").words
    actions = [line["action"] for line in cli("audit", "--kind", "person", "--json").json]
    assert actions == ["enable", "disable", "add", "add"]


def test_the_last_administrator_is_kept(cli, add):
    add("boss", "--role", "admin")
    assert cli("people", "disable", "boss").code == 1
    assert cli("people", "role", "boss", "marketing").code == 1
    add("tom")
    assert cli("people", "role", "tom", "admin").code == 0
    assert cli("people", "disable", "boss").code == 0


def test_a_new_password_and_people_that_do_not_exist(cli, add, monkeypatch):
    add("boss", "--role", "admin")
    monkeypatch.setattr("sys.stdin", io.StringIO("another good password\n"))
    assert cli("people", "password", "boss", "--password-stdin").code == 0
    for words in (("password", "nobody", "--password-stdin"), ("disable", "nobody"), ("role", "nobody", "admin")):
        said = cli("people", *words)
        assert said.code == 2
        assert "nobody" in said.err
    assert cli("people", "role", "boss", "king").code == 2


def test_somebody_goes_to_another_team_and_their_stays_are_ended(cli, add):
    add("tom", "--role", "admin")
    cli("teams", "add", "outdoor")
    assert "belongs to outdoor" in cli("people", "team", "tom", "outdoor").words
    (row,) = cli("people", "list", "--json").json
    assert row["team_id"] == "outdoor"
    assert cli("people", "team", "tom", "nowhere").code == 2
    assert "at 0 places" in cli("people", "sign-out", "tom").words
    (line,) = cli("--team", "outdoor", "audit", "--action", "sign out", "--json").json
    assert line["detail"] == {"login": "tom", "places": 0}
