"""Signing in: who comes in, how long they stay, and what is told of it."""

import statistics
import time
from datetime import UTC, datetime, timedelta

import pytest

from api.deps import open_context
from api.people.routes import inside
from tests.api import house
from workers.errors import StateConflictError
from workers.records import audit, people, signins
from workers.scopes import Role

PASSWORD = "correct horse battery"
SAME = {"sec-fetch-site": "same-origin"}
HTML = {"accept": "text/html"}


def add(context, login="lena", role=Role.DESIGNER, **more):
    with context.database.of_all().transaction() as session:
        return people.add(session, login, role, "test", **{"password": PASSWORD, **more})


def sign_in(client, login="lena", password=PASSWORD, **more):
    form = {"login": login, "password": password, **more}
    return client.post("/login", data=form, headers=SAME, follow_redirects=False)


def lines(context):
    with context.database.reading() as session:
        return [(line.by, line.action) for line in audit.page(session, audit.Sought(kind="person")).items]


@pytest.fixture
def lena(context):
    return add(context, name="Lena Maier")


def test_whoever_signs_in_comes_in_and_their_name_stands_beside_the_verdict(client, context, lena, scene):
    led = client.get("/review?state=approved", headers=HTML, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, "/login?next=/review%3Fstate%3Dapproved")
    onward = sign_in(client, next="/review?state=approved")
    assert (onward.status_code, onward.headers["location"]) == (303, "/review?state=approved")
    assert "Lena Maier" in client.get("/review").text
    client.post(f"/review/scenes/{scene}/approve", headers=SAME)
    assert client.get(f"/v1/scenes/{scene}").json()["approved_by"] == "Lena Maier"
    assert "Lena Maier approved it" in client.get(f"/review/scenes/{scene}").text
    with context.database.reading() as session:
        assert audit.page(session, audit.Sought(action="approve")).items[0].by == "Lena Maier"


def test_as_soon_as_there_is_anybody_nobody_comes_in_unnamed(client, context):
    assert client.get("/v1/scenes").status_code == 200
    add(context)
    refused = client.get("/v1/scenes")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("login", "password"), [("lena", "wrong horse battery"), ("nobody", PASSWORD), ("", ""), ("lena", "")]
)
def test_a_wrong_login_or_password_is_told_alike(client, context, lena, login, password):
    refused = sign_in(client, login, password)
    assert refused.status_code == 401
    assert "do not go together" in refused.text
    assert "set-cookie" not in refused.headers
    assert lines(context)[0] == (people.UNKNOWN, "failed login")


def test_what_is_typed_for_a_login_that_nobody_has_is_not_kept(client, context, lena):
    sign_in(client, "my-secret-pass-word", "x")
    with context.database.reading() as session:
        line = audit.page(session, audit.Sought(action="failed login")).items[0]
    assert "my-secret" not in f"{line.subject}{line.detail}"


def test_an_unknown_login_takes_as_long_as_a_wrong_password(client, context, lena):
    context.rates.trying = None
    sign_in(client, "nobody", "x")  # the first one makes the hash that the others are checked against

    def seconds(login):
        began = time.perf_counter()
        sign_in(client, login, "wrong horse battery")
        return time.perf_counter() - began

    known, unknown = ([], [])
    for _ in range(7):
        known.append(seconds("lena"))
        unknown.append(seconds("nobody"))
    assert 0.5 < statistics.median(known) / statistics.median(unknown) < 2.0
    assert min(unknown) > 0.008


def test_who_is_disabled_is_out_at_once_and_not_in_again(client, context, lena):
    add(context, "boss", Role.ADMIN)
    sign_in(client)
    assert client.get("/v1/scenes").status_code == 200
    with context.database.of_all().transaction() as session:
        people.disable(session, people.named(session, "lena"), "boss")
    assert client.get("/v1/scenes").status_code == 401
    assert sign_in(client).status_code == 401
    with context.database.of_all().transaction() as session:
        people.enable(session, people.named(session, "lena"), "boss")
    assert sign_in(client).status_code == 303


def test_a_new_password_ends_every_stay(client, context, lena):
    sign_in(client)
    with context.database.of_all().transaction() as session:
        people.set_password(session, people.named(session, "lena"), "another good password", "boss")
    assert client.get("/v1/scenes").status_code == 401
    assert sign_in(client).status_code == 401
    assert sign_in(client, password="another good password").status_code == 303


def test_whoever_has_no_password_cannot_sign_in_by_one(client, context):
    add(context, password=None)
    assert sign_in(client, password="").status_code == 401
    assert sign_in(client).status_code == 401


@pytest.mark.parametrize("later", [timedelta(hours=12, seconds=1), timedelta(days=7, seconds=1)])
def test_a_stay_ends_after_hours_without_a_request_and_after_days_in_any_case(client, context, lena, later):
    at = datetime.now(UTC)
    sign_in(client)
    moment = at
    while moment + timedelta(hours=11) < at + later:  # somebody who works all week
        moment += timedelta(hours=11) if later > timedelta(days=1) else later
        context.database.clock = lambda moment=moment: moment
        assert client.get("/v1/scenes").status_code == (200 if moment < at + later else 401)
    context.database.clock = lambda: at + later
    assert client.get("/v1/scenes").status_code == 401


def test_signing_in_again_gives_a_new_token_and_ends_the_old_stay(client, context, lena):
    sign_in(client)
    old = dict(client.cookies)
    sign_in(client)
    assert dict(client.cookies) != old
    (name, token) = old.popitem()
    with house.client_of(client.app) as other:
        other.cookies.set(name, token)
        assert other.get("/v1/scenes").status_code == 401
    assert client.get("/v1/scenes").status_code == 200


def test_the_way_out_ends_the_stay_also_for_a_copy_of_its_cookie(client, context, lena):
    sign_in(client)
    (name, token) = dict(client.cookies).popitem()
    out = client.post("/logout", headers=SAME, follow_redirects=False)
    assert (out.status_code, out.headers["location"]) == (303, "/login")
    assert dict(client.cookies) == {}
    client.cookies.set(name, token)
    assert client.get("/v1/scenes").status_code == 401
    assert lines(context)[:2] == [("Lena Maier", "logout"), ("Lena Maier", "login")]


def test_the_token_is_kept_nowhere(client, context, lena):
    sign_in(client)
    (token,) = client.cookies.values()
    with context.database.of_all().reading() as session:
        (row,) = session.scalars(people.select(signins.SignIn)).all()
        known = people.find(session, "lena")
    assert token not in row.token_sha
    assert known.password.startswith("$argon2id$")
    assert PASSWORD not in known.password


def test_on_a_laptop_the_cookie_is_plain_and_over_tls_it_is_bound_to_the_host(client, context, lena):
    plain = sign_in(client).headers["set-cookie"]
    assert plain.startswith("imagegen-here=")
    assert "Secure" not in plain
    with house.TestClient(client.app, base_url="https://desk.example", client=("10.0.0.7", 5000)) as far:
        bound = sign_in(far).headers["set-cookie"]
        assert far.get("/v1/scenes").status_code == 200
    assert bound.startswith("__Host-imagegen=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(bound.split("; "))
    assert "Domain" not in bound
    assert {"HttpOnly", "SameSite=lax"} <= set(plain.split("; "))


def test_no_password_is_taken_over_plain_http_from_afar(client, lena):
    with house.TestClient(client.app, base_url="http://desk.example", client=("10.0.0.7", 5000)) as far:
        assert "https only" in far.get("/login").text
        refused = sign_in(far)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 403), ({"sec-fetch-site": "cross-site"}, 403), (SAME, 303), ({"origin": house.HERE}, 303)],
)
def test_a_cookie_changes_nothing_unless_our_own_page_asks(client, context, lena, scene, headers, status):
    sign_in(client)
    answer = client.post(f"/review/scenes/{scene}/approve", headers=headers, follow_redirects=False)
    assert answer.status_code == status
    assert house.state(context, scene) == ("approved" if status == 303 else "in_review")


def test_nobody_is_signed_in_by_another_site(client, lena):
    form = {"login": "lena", "password": PASSWORD}
    assert client.post("/login", data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "evil",
        "javascript:x",
        "/a\\b",
        "/a\nb",
        "",
        "/\t/evil",
    ],
)
def test_the_page_leads_nowhere_but_here(elsewhere):
    assert inside(elsewhere) == "/review"
    assert inside("/review/scenes/1?state=all") == "/review/scenes/1?state=all"


def test_too_many_tries_are_slowed_down_for_the_login_and_for_the_address(doors, tmp_path, sqlite_url):
    doors.state.context = open_context(house.make_settings(tmp_path, sqlite_url, login_rate="3/hour"))
    with house.client_of(doors) as client:
        add(doors.state.context)
        told = [sign_in(client, password="wrong horse battery").status_code for _ in range(4)]
        assert told == [401, 401, 401, 429]
        assert int(sign_in(client).headers["retry-after"]) > 3000  # even with the right one
    with house.TestClient(doors, base_url="https://desk.example", client=("10.0.0.7", 5000)) as far:
        assert sign_in(far).status_code == 429  # from anywhere
        assert [sign_in(far, f"other-{n}", "x").status_code for n in range(3)] == [401, 401, 429]


def test_who_signs_in_at_last_is_forgiven(doors, tmp_path, sqlite_url):
    doors.state.context = open_context(house.make_settings(tmp_path, sqlite_url, login_rate="3/hour"))
    with house.client_of(doors) as client:
        add(doors.state.context)
        for _ in range(3):
            assert sign_in(client, password="wrong horse battery").status_code == 401
            assert sign_in(client).status_code == 303


def test_the_desks_own_requests_hear_where_to_sign_in(client, lena):
    page = {"hx-request": "true", "hx-current-url": f"{house.HERE}/review?state=making"}
    refused = client.get("/review?state=making", headers=page)
    assert refused.status_code == 401
    assert refused.headers["hx-redirect"] == "/login?next=/review%3Fstate%3Dmaking"


def test_in_production_nobody_comes_in_unnamed_not_even_from_here(doors, tmp_path, postgres_url):
    doors.state.context = open_context(
        house.make_settings(
            tmp_path, postgres_url, environment="production", secret="s" * 40, broker_url="redis://127.0.0.1:1/0"
        )
    )
    with house.client_of(doors) as client:
        assert client.get("/v1/scenes").status_code == 401
        add(doors.state.context)
        assert client.cookies.get("imagegen-here") is None
        assert sign_in(client).headers["set-cookie"].startswith("__Host-imagegen=")


NEW = "quite another battery"


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post("/review/account", data={"old": old, "new": new, "again": again}, headers=SAME)


def test_somebody_changes_their_own_password_and_is_out_everywhere_else(client, app, context, lena):
    with house.client_of(app) as other:
        sign_in(other)
        sign_in(client)
        assert 'href="/review/account"' in client.get("/review").text
        assert "From now on it is the new one" in change(client).text
        assert client.get("/v1/scenes").status_code == 200
        assert other.get("/v1/scenes").status_code == 401
        assert sign_in(other).status_code == 401
        assert sign_in(other, password=NEW).status_code == 303
    assert ("Lena Maier", "password") in lines(context)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"old": "wrong horse battery"}, "not the password that you have"),
        ({"again": "another one again"}, "not typed alike"),
        ({"new": "short", "again": "short"}, "12 to 200 characters"),
    ],
)
def test_a_password_that_is_not_changed_stays(client, context, lena, form, words):
    sign_in(client)
    refused = change(client, **form)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert client.get("/v1/scenes").status_code == 200
    assert sign_in(client).status_code == 303


def test_a_stay_that_somebody_left_open_does_not_try_passwords_for_ever(doors, tmp_path, sqlite_url):
    doors.state.context = open_context(house.make_settings(tmp_path, sqlite_url, login_rate="3/hour"))
    with house.client_of(doors) as client:
        add(doors.state.context)
        sign_in(client)
        assert [change(client, old="wrong horse battery").status_code for _ in range(4)] == [422, 422, 422, 429]
        assert lines(doors.state.context)[0][1] == "failed login"


def test_who_has_no_password_is_told_so(client, context, lena):
    with context.database.of_all().transaction() as session:
        people.find(session, "lena").password = None
        token = signins.begin(session, people.find(session, "lena"))
    client.cookies.set("imagegen-here", token)
    assert "have no password here" in client.get("/review/account").text
    assert change(client, old="").status_code == 422


def test_only_people_have_an_account(client):
    assert client.get("/review/account").status_code == 403


def test_the_last_administrator_stays_one(context, client):
    boss = add(context, "boss", Role.ADMIN)
    with context.database.of_all().transaction() as session:
        boss = people.named(session, "boss")
        with pytest.raises(StateConflictError):
            people.set_role(session, boss, Role.DESIGNER, "test")
        with pytest.raises(StateConflictError):
            people.disable(session, boss, "test")
        people.add(session, "second", Role.ADMIN, "test", password=PASSWORD)
        people.set_role(session, boss, Role.DESIGNER, "test")
    assert lines(context)[0] == ("test", "role")


@pytest.mark.parametrize("taken", [{"login": "LENA"}, {"login": "other", "name": "Lena Maier"}])
def test_no_two_people_share_a_login_or_a_name(context, lena, taken):
    with pytest.raises(StateConflictError):
        add(context, **taken)


def test_a_comment_stands_in_the_history_and_changes_nothing(client, context, lena, scene):
    sign_in(client)
    said = client.post(f"/v1/scenes/{scene}/comment", json={"text": "Lovely."}, headers=SAME).json()
    assert said["state"] == "in_review"
    assert said["decisions"][-1]["note"] == "Lovely."
    client.post(f"/review/scenes/{scene}/comment", data={"text": "<b>Bold"}, headers=SAME)
    page = client.get(f"/review/scenes/{scene}").text
    assert "Lena Maier: “Lovely.”" in page
    assert "&lt;b&gt;Bold" in page
    assert client.post(f"/v1/scenes/{scene}/comment", json={"text": " "}, headers=SAME).status_code == 422
