"""The desk's pages with which administrators look after people, keys and teams."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.api import house
from tests.api.test_people import PASSWORD, SAME, add, sign_in
from workers.records import audit, keys, people, signins, teams
from workers.records.audit import Sought
from workers.scopes import Role, Scope

ADMIN = "/review/admin"


@pytest.fixture
def settings(tmp_path, database_url):
    return house.make_settings(tmp_path, database_url)


@pytest.fixture
def boss(client, context):
    """An administrator, signed in."""
    person = add(context, "boss", Role.ADMIN, name="The boss")
    sign_in(client, "boss")
    return person


@pytest.fixture
def outdoor(context):
    with context.database.of_all().transaction() as session:
        teams.add(session, "outdoor", "test", name="Outdoor")
    return "outdoor"


def send(client, path, **form):
    return client.post(f"{ADMIN}/{path}", data=form, headers=SAME, follow_redirects=False)


def shown_once(answer):
    """The secret that a page shows."""
    return unescape(re.search(r'id="once" value="([^"]*)"', answer.text)[1])


def person_of(context, login):
    with context.database.of_all().reading() as session:
        return people.find(session, login)


def told(context, **sought):
    """(who, did, detail) of each line of the log, every team's, the newest first."""
    with context.database.of_all().reading() as session:
        return [(line.by, line.action, line.detail) for line in audit.page(session, Sought(**sought)).items]


def test_somebody_is_added_and_comes_in_with_a_password_that_is_shown_once(client, context, boss):
    answer = send(client, "people", login="Tom@house.example", name="Tom Becker", role="designer")
    secret = shown_once(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert len(secret) > 20
    again = client.get(f"{ADMIN}/people").text
    assert "Tom Becker" in again
    assert secret not in again
    assert told(context, kind="person", action="add")[0] == (
        "The boss",
        "add",
        {"login": "tom@house.example", "name": "Tom Becker", "role": "designer", "team": "house"},
    )
    assert secret not in str(told(context))
    assert sign_in(client, "tom@house.example", secret).headers["location"] == "/review"
    assert client.get(f"{ADMIN}/people").status_code == 403


@pytest.mark.parametrize(
    ("login", "name", "status", "words"),
    [("boss", "", 409, "taken"), ("other", "The boss", 409, "taken"), ("a b", "", 422, "cannot be a login")],
)
def test_what_cannot_be_added_is_told_and_what_was_typed_stays(client, context, boss, login, name, status, words):
    answer = send(client, "people", login=login, name=name, role="designer")
    assert answer.status_code == status
    assert words in answer.text
    assert f'name="login" value="{login}"' in answer.text
    assert re.search(r'value="designer" checked', answer.text)
    with context.database.of_all().reading() as session:
        assert len(people.listed(session)) == 1


def test_the_first_person_is_an_administrator_or_nobody_could_look_after_the_rest(client, context):
    assert "Nobody signs in yet" in client.get(f"{ADMIN}/people").text
    refused = send(client, "people", login="mara", role="marketing")
    assert (refused.status_code, "must be an administrator" in refused.text) == (422, True)
    secret = shown_once(send(client, "people", login="lena", role="admin"))
    assert client.get(f"{ADMIN}/people", headers={"accept": "text/html"}, follow_redirects=False).status_code == 303
    sign_in(client, "lena", secret)
    assert "lena" in client.get(f"{ADMIN}/people").text


def test_role_and_team_are_changed_and_both_teams_logs_tell(client, context, boss, outdoor):
    tom = add(context, "tom", Role.MARKETING, name="Tom")
    page = client.get(f"{ADMIN}/people/{tom.id}").text
    assert re.search(r'value="marketing" checked', page)
    assert send(client, f"people/{tom.id}", role="designer", team=outdoor).status_code == 303
    after = person_of(context, "tom")
    assert (after.role, after.team_id) == ("designer", "outdoor")
    assert [line[1:] for line in told(context, subject=tom.id)[:3]] == [
        ("team", {"login": "tom", "team": ["house", "outdoor"]}),
        ("team", {"login": "tom", "team": ["house", "outdoor"]}),
        ("role", {"login": "tom", "role": ["marketing", "designer"]}),
    ]
    for team in ("house", "outdoor"):
        with context.database.of(team).reading() as session:
            assert audit.page(session, Sought(subject=tom.id, action="team")).items[0].by == "The boss"
    assert "Outdoor" in client.get(f"{ADMIN}/people").text


def test_nobody_takes_their_own_role_away_or_locks_themselves_out(client, context, boss):
    add(context, "second", Role.ADMIN)
    for path, form in ((f"people/{boss.id}", {"role": "designer"}), (f"people/{boss.id}/lock", {})):
        refused = send(client, path, **form)
        assert refused.status_code == 409
        assert "You cannot" in refused.text
        assert "Another administrator can." in refused.text
    assert send(client, f"people/{boss.id}", role="admin").status_code == 303
    assert client.get(f"{ADMIN}/people").status_code == 200


def test_the_last_administrator_cannot_be_locked_out_by_a_key_either(client, context):
    lena = add(context, "lena", Role.ADMIN, name="Lena")
    with context.database.transaction() as session:
        key = {"authorization": f"Bearer {keys.issue(session, 'robot', [Scope.ADMIN], 'test')[1]}"}
    for path, form in ((f"people/{lena.id}", {"role": "designer"}), (f"people/{lena.id}/lock", {})):
        refused = client.post(f"{ADMIN}/{path}", data=form, headers=key)
        assert (refused.status_code, "Lena is the last administrator." in refused.text) == (409, True)
    assert person_of(context, "lena").disabled_at is None


def test_stays_end_a_lock_holds_and_a_new_password_replaces_the_old(client, context, boss):
    tom = add(context, "tom", name="Tom")
    with context.database.of_all().transaction() as session:
        tokens = [signins.begin(session, people.named(session, "tom")) for _ in range(2)]
    assert "at 2 places" in client.get(f"{ADMIN}/people").text
    assert send(client, f"people/{tom.id}/sign-out").headers["location"].endswith("?did=ended")
    with context.database.of_all().reading() as session:
        assert [signins.find(session, token) for token in tokens] == [None, None]
    assert told(context, action="sign out")[0] == ("The boss", "sign out", {"login": "tom", "places": 2})

    send(client, f"people/{tom.id}/lock")
    assert ">Locked</span>" in client.get(f"{ADMIN}/people").text
    assert "Let in again" in client.get(f"{ADMIN}/people/{tom.id}").text
    client.post("/logout", headers=SAME)
    assert sign_in(client, "tom").status_code == 401
    sign_in(client, "boss")
    send(client, f"people/{tom.id}/unlock")

    secret = shown_once(send(client, f"people/{tom.id}/password"))
    assert secret not in client.get(f"{ADMIN}/people/{tom.id}").text
    assert sign_in(client, "tom", PASSWORD).status_code == 401
    assert sign_in(client, "tom", secret).status_code == 303
    assert [line[1] for line in told(context, kind="person", by="The boss")][:6:2] == ["password", "login", "disable"]


def test_a_key_is_made_shown_once_and_revoked(client, context, boss):
    answer = send(client, "keys", name="shop-import", scope=["write", "publish"], days="90")
    text = shown_once(answer)
    key_id, secret = text.split("_", 1)
    page = client.get(f"{ADMIN}/keys").text
    assert "shop-import" in page
    assert "publish, write" in page
    assert f"{context.database.clock() + timedelta(days=90):%Y-%m-%d}" in page
    assert secret not in page + str(told(context))
    bearer = {"authorization": f"Bearer {text}"}
    assert client.get("/v1/products", headers=bearer).status_code == 200
    assert "just now" in client.get(f"{ADMIN}/keys").text  # it was used
    assert send(client, f"keys/{key_id}/revoke").headers["location"] == f"{ADMIN}/keys?did=revoked"
    assert client.get("/v1/products", headers=bearer).status_code == 401
    assert [line[:2] for line in told(context, kind="key")] == [("The boss", "revoke"), ("The boss", "issue")]
    assert "Revoked" in client.get(f"{ADMIN}/keys").text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "shop"}, "at least one scope"),
        ({"name": " ", "scope": "read"}, "needs a name"),
        ({"name": "shop", "scope": "read", "days": "99999"}, "at most 3650 days"),
        ({"name": "shop", "scope": "read", "days": "-1"}, "at most 3650 days"),
    ],
)
def test_a_key_that_cannot_be_is_told_on_its_page(client, context, boss, form, words):
    answer = send(client, "keys", **form)
    assert (answer.status_code, words in answer.text) == (422, True)
    with context.database.reading() as session:
        assert keys.listed(session) == []


def test_a_key_does_not_revoke_itself(client, context, boss):
    with context.database.transaction() as session:
        key, text = keys.issue(session, "robot", [Scope.ADMIN], "test")
    refused = client.post(f"{ADMIN}/keys/{key.id}/revoke", headers={"authorization": f"Bearer {text}"})
    assert (refused.status_code, "that you came in with" in refused.text) == (409, True)
    assert send(client, f"keys/{key.id}/revoke").status_code == 303


def test_a_team_is_added_and_limited_and_shows_what_it_uses(client, context, boss):
    assert send(client, "teams", team="outdoor", name="Outdoor & Garden").status_code == 303
    assert send(client, "teams", team="outdoor").status_code == 409
    assert send(client, "teams", team="Out door").status_code == 422
    house.add_product(context)
    house.ask(context)
    said = {"photo_bytes": "0.5", "scenes_a_day": "4", "scenes_queued": ""}
    assert send(client, "teams/house", **said).status_code == 303
    page = re.sub(r"<[^>]*>", "", client.get(f"{ADMIN}/teams").text)
    assert "Outdoor &amp; Garden" in page
    assert "0 of 0.5" in page
    assert "1 of 4" in page
    form = client.get(f"{ADMIN}/teams/house").text
    assert re.search(r'name="photo_bytes" value="0.5"', form)
    assert re.search(r'name="scenes_queued" value=""', form)
    with context.database.reading() as session:
        assert teams.get(session, "house").photo_bytes == 500_000
    assert told(context, action="limit")[0] == (
        "The boss",
        "limit",
        {"photo_bytes": [None, 500_000], "scenes_a_day": [None, 4]},
    )
    send(client, "teams/house", photo_bytes="", scenes_a_day="0", scenes_queued="")
    with context.database.reading() as session:
        assert (teams.get(session, "house").photo_bytes, teams.get(session, "house").scenes_a_day) == (None, 0)


@pytest.mark.parametrize("said", ["many", "-1", "1e400", "nan", "99999999999999999999"])
def test_what_is_no_limit_is_told_and_changes_nothing(client, context, boss, said):
    for name in ("photo_bytes", "scenes_a_day"):
        answer = send(client, "teams/house", **{name: said})
        assert answer.status_code == 422
        assert f'name="{name}" value="{said}"' in answer.text
    assert told(context, action="limit") == []


def test_an_administrator_of_one_team_sees_and_changes_that_team_alone(client, context, boss, outdoor):
    with context.database.of_all().transaction() as session:
        olga = people.add(session, "olga", Role.DESIGNER, "test", name="Olga", password=PASSWORD, team=outdoor)
    with context.database.transaction() as session:
        mine = keys.issue(session, "house-robot", [Scope.READ], "test")[0].id
    with context.database.of(outdoor).transaction() as session:
        text = keys.issue(session, "garden-robot", [Scope.ADMIN], "test")[1]
    client.cookies.clear()
    client.headers["authorization"] = f"Bearer {text}"
    shown = client.get(f"{ADMIN}/people").text
    assert ("Olga" in shown, "The boss" in shown) == (True, False)
    shown = client.get(f"{ADMIN}/keys").text
    assert ("garden-robot" in shown, "house-robot" in shown) == (True, False)
    shown = client.get(f"{ADMIN}/teams").text
    assert ("Outdoor" in shown, "House" in shown) == (True, False)

    for path in (f"people/{boss.id}", f"people/{boss.id}/password", f"people/{boss.id}/lock", f"keys/{mine}/revoke"):
        assert send(client, path, role="marketing").status_code == 404
    for path, form in (
        ("people", {"login": "spy", "role": "admin", "team": "house"}),
        ("keys", {"name": "spy", "scope": "admin", "team": "house"}),
        (f"people/{olga.id}", {"role": "designer", "team": "house"}),
    ):
        assert send(client, path, **form).status_code == 404
    assert send(client, "teams", team="own").status_code == 403
    assert send(client, "teams/outdoor", scenes_a_day="0").status_code == 403
    assert send(client, "people", login="BOSS", role="designer").status_code == 409  # logins are the house's

    shown_once(send(client, "people", login="oskar", role="designer"))
    shown_once(send(client, "keys", name="other", scope="read"))
    assert person_of(context, "oskar").team_id == outdoor
    assert send(client, f"people/{olga.id}", role="marketing").status_code == 303
    assert send(client, f"people/{olga.id}/lock").status_code == 303
    assert (person_of(context, "olga").team_id, person_of(context, "olga").role) == (outdoor, "marketing")
    with context.database.of(outdoor).reading() as session:
        assert {key.name for key in keys.listed(session)} == {"garden-robot", "other"}


def test_another_site_changes_nothing_in_an_administrators_name(client, context, boss):
    tom = add(context, "tom")
    forms = {
        "people": {"login": "spy", "role": "admin"},
        f"people/{tom.id}": {"role": "admin"},
        f"people/{tom.id}/lock": {},
        f"people/{tom.id}/password": {},
        "keys": {"name": "spy", "scope": "admin"},
        "teams": {"team": "spy"},
        "teams/house": {"scenes_a_day": "1"},
    }
    before = told(context)
    for path, form in forms.items():
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}):
            assert client.post(f"{ADMIN}/{path}", data=form, headers=headers).status_code == 403
    assert told(context) == before


def test_names_are_shown_as_text(client, context, boss):
    add(context, "x-y", name="<b>Bold</b>")
    send(client, "keys", name="<i>key</i>", scope="read")
    send(client, "teams", team="odd", name="<u>team</u>")
    for page in ("people", "keys", "teams", f"people/{person_of(context, 'x-y').id}"):
        assert not re.search("<[biu]>", client.get(f"{ADMIN}/{page}").text)


def test_without_teams_nothing_speaks_of_them(client, context, boss):
    for page in ("people", "keys", f"people/{boss.id}"):
        assert ">Team<" not in client.get(f"{ADMIN}/{page}").text


def test_people_of_a_provider_have_no_password_and_follow_its_roles(doors, tmp_path, sqlite_url):
    from api.deps import open_context

    given = {"oidc_issuer": "https://login.house.example", "oidc_client_id": "imagegen", "oidc_client_secret": "s" * 20}
    told_roles = {"oidc_name": "the house", "oidc_roles": "*=marketing", "oidc_domains": "house.example"}
    doors.state.context = context = open_context(house.make_settings(tmp_path, sqlite_url, **given, **told_roles))
    with house.client_of(doors) as client:
        add(context, "boss", Role.ADMIN)
        sign_in(client, "boss")
        answer = send(client, "people", login="sina@house.example", role="marketing", by="provider")
        assert "may sign in through the house" in answer.text
        assert 'id="once"' not in answer.text
        assert person_of(context, "sina@house.example").password is None
        assert "never came yet" in client.get(f"{ADMIN}/people").text
        with context.database.of_all().transaction() as session:
            people.named(session, "sina@house.example").subject = "issuer sina"
        page = client.get(f"{ADMIN}/people/{person_of(context, 'sina@house.example').id}").text
        assert "Their role follows the house" in page
        assert "Signs in by provider" in page
