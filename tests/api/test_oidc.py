"""Signing in through a provider: a real one on loopback, honest and otherwise."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.app import create_app
from tests.api import house, provider
from tests.api.test_people import PASSWORD, SAME
from workers.errors import SettingsError
from workers.records import audit, people
from workers.scopes import Role

ROLES = "scenes-admins=admin, scenes-designers=designer"


@pytest.fixture
def theirs():
    with provider.running() as running:
        yield running


@pytest.fixture
def settings(tmp_path, sqlite_url, theirs):
    return house.make_settings(tmp_path, sqlite_url, **told(theirs.issuer))


def told(issuer, **more):
    return {
        "oidc_issuer": issuer,
        "oidc_client_id": provider.CLIENT,
        "oidc_client_secret": provider.SECRET,
        "oidc_domains": "house.example",
        "oidc_roles": ROLES,
        "oidc_name": "House account",
        "secret": "s" * 40,
    } | more


def leave(client, wanted="/review?state=all"):
    """What the browser is sent to, and what it comes back with."""
    led = client.get("/login/provider", params={"next": wanted}, follow_redirects=False)
    assert led.status_code == 302, led.text
    return led.headers["location"]


def come_back(client, address):
    back = httpx.get(address, trust_env=False).headers["location"]
    return client.get(back.removeprefix(house.HERE), follow_redirects=False)


def sign_in(client):
    return come_back(client, leave(client))


def test_whoever_the_provider_knows_and_the_settings_let_in_comes_in(client, context, theirs):
    theirs.claims["groups"] = ["everybody", "scenes-designers"]
    assert "Sign in with House account" in client.get("/login").text
    onward = sign_in(client)
    assert (onward.status_code, onward.headers["location"]) == (303, "/review?state=all")
    assert "Lena Maier" in client.get("/review").text
    with context.database.of_all().reading() as session:
        lena = people.find(session, "lena@house.example")
        assert (lena.role, lena.password, lena.subject) == ("designer", None, f"{theirs.issuer}#u-1")
        lines = [(line.by, line.action) for line in audit.page(session).items]
    assert lines == [("Lena Maier", "login"), ("provider", "add")]
    assert set(client.cookies) == {"imagegen-here"}


def test_nothing_is_asked_of_the_provider_before_somebody_signs_in(client, theirs):
    client.get("/login")
    client.get("/review", headers={"accept": "text/html"})
    assert theirs.asked == []


def test_with_a_provider_a_laptop_answers_nobody_unnamed(client):
    assert client.get("/v1/scenes").status_code == 401


def test_the_way_there_carries_state_nonce_and_a_challenge(client):
    asked = parse_qs(urlsplit(leave(client)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 16 for name in ("state", "nonce", "code_challenge"))
    assert asked["redirect_uri"] == [f"{house.HERE}/login/provider/callback"]


@pytest.mark.parametrize(
    "wrong",
    ["nonce", "audience", "issuer", "end", "key", "our secret as key", "no signature", "no token", "issuer name"],
)
def test_a_token_with_something_wrong_lets_nobody_in(client, context, theirs, wrong):
    theirs.claims["groups"] = "scenes-admins"
    theirs.wrong = wrong
    if wrong == "issuer name":
        assert client.get("/login/provider", follow_redirects=False).status_code == 503
    else:
        refused = sign_in(client)
        assert refused.status_code == 401
        assert "did not succeed" in refused.text
    assert client.get("/v1/scenes").status_code == 401
    with context.database.of_all().reading() as session:
        assert people.listed(session) == []


def test_a_way_back_that_was_not_begun_here_lets_nobody_in(client, theirs):
    theirs.claims["groups"] = "scenes-admins"
    back = httpx.get(leave(client), trust_env=False).headers["location"].removeprefix(house.HERE)
    with house.client_of(client.app) as victim:  # somebody else's code, slipped into this browser
        assert victim.get(back, follow_redirects=False).status_code == 401
        leave(victim)
        assert victim.get(back, follow_redirects=False).status_code == 401
    assert client.get(back.replace("state=", "state=x"), follow_redirects=False).status_code == 401


def test_a_code_counts_once(client, theirs):
    theirs.claims["groups"] = "scenes-admins"
    back = httpx.get(leave(client), trust_env=False).headers["location"].removeprefix(house.HERE)
    flow = client.cookies.get("imagegen-here-flow")
    assert client.get(back, follow_redirects=False).status_code == 303
    client.cookies.set("imagegen-here-flow", flow)
    assert client.get(back, follow_redirects=False).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "lena@elsewhere.example", "groups": "scenes-admins"},
        {"email": "lena@house.example.evil.example", "groups": "scenes-admins"},
        {"email_verified": False, "groups": "scenes-admins"},
        {"email_verified": "true", "groups": "scenes-admins"},
        {"email": None, "groups": "scenes-admins"},
        {"groups": "others"},
        {"groups": None},
        {},
    ],
)
def test_whom_the_settings_do_not_let_in_stays_out(client, context, theirs, claims):
    theirs.claims |= claims
    refused = sign_in(client)
    assert refused.status_code == 403
    assert "nobody has let you in" in refused.text
    with context.database.of_all().reading() as session:
        assert people.listed(session) == []


def test_who_was_added_by_hand_comes_in_by_their_verified_mail_and_keeps_their_role(client, context, theirs):
    with context.database.of_all().transaction() as session:
        people.add(session, "lena@house.example", Role.MARKETING, "test", name="Lena", password=PASSWORD)
    assert sign_in(client).status_code == 303
    assert "Lena</a>" in client.get("/review").text
    theirs.claims["sub"] = "u-2"  # the same mail, given to somebody else later
    assert sign_in(client).status_code == 403


def test_the_provider_changes_roles_and_an_administrator_here_shuts_people_out(client, context, theirs):
    theirs.claims["groups"] = "scenes-designers"
    sign_in(client)
    theirs.claims |= {"groups": "scenes-admins", "email": "lena.maier@house.example"}
    sign_in(client)
    assert client.get("/v1/audit").status_code == 200
    with context.database.of_all().transaction() as session:
        (lena,) = people.listed(session)
        people.add(session, "boss", Role.ADMIN, "test")
        people.disable(session, lena, "boss")
    assert sign_in(client).status_code == 403
    assert client.get("/v1/audit").status_code == 401


def test_two_people_of_one_name_are_told_apart(client, context, theirs):
    with context.database.of_all().transaction() as session:
        people.add(session, "other", Role.ADMIN, "test", name="Lena Maier")
    theirs.claims["groups"] = "scenes-designers"
    assert sign_in(client).status_code == 303
    assert "lena@house.example" in client.get("/review").text


def test_new_keys_of_the_provider_are_fetched(client, theirs):
    theirs.claims["groups"] = "scenes-designers"
    assert sign_in(client).status_code == 303
    client.post("/logout", headers=SAME)
    theirs.key = provider.new_key("two")
    assert sign_in(client).status_code == 303


def test_a_provider_that_is_away_is_told(client, theirs):
    theirs.server.shutdown()
    theirs.server.server_close()
    refused = client.get("/login/provider", follow_redirects=False)
    assert refused.status_code == 503
    assert refused.headers["retry-after"]


@pytest.mark.parametrize(
    "more",
    [
        {"secret": ""},
        {"oidc_client_id": ""},
        {"oidc_issuer": "http://login.house.example"},
        {"oidc_issuer": "ftp://127.0.0.1"},
        {"oidc_roles": "x=king"},
    ],
)
def test_settings_that_make_no_sense_do_not_start(tmp_path, sqlite_url, more):
    with pytest.raises(SettingsError):
        create_app(house.make_settings(tmp_path, sqlite_url, **told("http://127.0.0.1:9", **more)))


def test_without_a_provider_there_is_no_way_to_one(doors, tmp_path, sqlite_url):
    from api.deps import open_context

    doors.state.context = open_context(house.make_settings(tmp_path, sqlite_url))
    with house.client_of(doors) as client:
        assert client.get("/login/provider").status_code == 404
        assert "Sign in with" not in client.get("/login").text
