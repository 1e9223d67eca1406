"""Two teams in one house: each at every door, with what is the other's."""

import re
from dataclasses import replace

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import delete, func, select, update

from api.deps import open_context
from tests.api import house
from tests.api.test_people import PASSWORD, SAME, sign_in
from workers import announcing
from workers.records import audit, keys, outbox, people, preparations, products, scenes, teams, walls, webhooks
from workers.records.models import Base, Delivery, Event, Owned, Photo, Preparation, Product, Scene, Webhook
from workers.scopes import Role, Scope

TOKEN = "a-long-enough-token-for-tests"
ORDER = {"sku": "SOFA-1", "style": "test-calm"}


@pytest.fixture
def settings(tmp_path, database_url):
    return house.make_settings(tmp_path, database_url, api_tokens=TOKEN)


@pytest.fixture
def theirs(context):
    """What the other team has: its product, its scene, its webhook and what was sent there."""
    with context.database.of_all().transaction() as session:
        teams.add(session, "outdoor", "test", name="Outdoor")
    other = replace(context, database=context.database.of("outdoor"))
    house.add_product(other, "CHAIR-9", category="chair")
    scene = house.made(other, "CHAIR-9")
    with other.database.transaction() as session:
        hook = webhooks.add(session, "https://outdoor.example/hook", "test").id
        key = keys.issue(session, "theirs", [Scope.READ], "test")[0].id
    with context.database.of_all().transaction() as session:
        webhooks.announce(session, "outdoor", f"{scene}-1", "{}", context.database.clock())
        person = people.add(session, "nina", Role.DESIGNER, "test", name="Nina", password=PASSWORD, team="outdoor").id
    with other.database.reading() as session:
        delivery = session.scalars(select(Delivery.id)).one()
    ids = {"scene_id": scene, "webhook_id": hook, "delivery_id": delivery, "person_id": person, "key_id": key}
    return {"sku": "CHAIR-9", "team_id": "outdoor", "context": other} | ids


def bearer(context, *scopes, team="house"):
    with context.database.of(team).transaction() as session:
        return {"authorization": f"Bearer {keys.issue(session, 'machine', scopes or [Scope.ADMIN], 'test')[1]}"}


def doors_of(app):
    for route in iter_route_contexts(app.routes):
        for method in sorted((getattr(route, "methods", None) or {"GET"}) - {"HEAD"}):
            yield method, route.path


BODIES = {
    "/v1/scenes/{scene_id}/reject": {"json": {"reason": "too_dark"}},
    "/v1/scenes/{scene_id}/comment": {"json": {"text": "Ours?"}},
    "/review/scenes/{scene_id}/reject": {"data": {"reason": "too_dark"}},
    "/review/scenes/{scene_id}/comment": {"data": {"text": "Ours?"}},
    "/review/admin/people/{person_id}": {"data": {"role": "marketing", "team": "house"}},
}


def test_every_door_with_anothers_id_says_that_there_is_no_such_thing(client, context, app, theirs):
    key = bearer(context)
    before = counted(theirs["context"])
    walked = 0
    for method, path in doors_of(app):
        names = re.findall(r"\{(\w+)[^}]*\}", path)
        if not set(names) & set(theirs):
            continue
        address = path.format(**{name: theirs.get(name, "0") for name in names})
        answer = client.request(method, address, headers=key, follow_redirects=False, **BODIES.get(path, {}))
        assert answer.status_code == 404, (method, path, answer.status_code, answer.text[:200])
        mine = client.request(method, address, headers=key | {"imagegen-team": "house"}, **BODIES.get(path, {}))
        assert mine.status_code == 404
        walked += 1
    assert walked > 31
    assert counted(theirs["context"]) == before
    assert house.state(theirs["context"], theirs["scene_id"]) == "in_review"


def counted(context):
    with context.database.reading() as session:
        tables = (Scene, Event, Delivery, Webhook)
        counts = [session.scalar(select(func.count()).select_from(table)) for table in tables]
        somebody = people.find(session, "nina")
        state = (somebody.role, somebody.team_id, somebody.password, somebody.disabled_at)
        return (
            counts,
            state,
            [key.revoked_at for key in keys.listed(session)],
            teams.get(session, "outdoor").photo_bytes,
        )


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("POST", "/v1/scenes", {"json": {"sku": "CHAIR-9", "style": "test-calm"}}),
        ("POST", "/v1/scenes", {"json": ORDER | {"companions": ["CHAIR-9"]}}),
        ("POST", "/v1/previews", {"json": {"sku": "CHAIR-9", "style": "test-calm"}}),
        ("GET", "/review/place", {"params": {"sku": "CHAIR-9"}}),
        ("POST", "/review/place", {"data": {"sku": "CHAIR-9", "look": "test-calm/test-living", "x": "0", "y": "0"}}),
        ("POST", "/review/generate", {"data": {"sku": "CHAIR-9", "style": "test-calm"}}),
    ],
)
def test_anothers_product_is_not_there_in_a_body_or_a_query_either(client, context, sofa, theirs, method, path, more):
    answer = client.request(method, path, headers=bearer(context), **more)
    assert answer.status_code == 404, answer.text[:200]


def test_the_placement_editor_does_not_start_from_anothers_scene(client, context, sofa, theirs):
    key = bearer(context)
    assert client.get("/review/place", params={"scene": theirs["scene_id"]}, headers=key).status_code == 404
    form = {"sku": sofa, "look": "test-calm/test-living", "x": "0", "y": "0", "scene": theirs["scene_id"]}
    assert client.post("/review/place", data=form, headers=key).status_code == 404


def test_lists_show_a_teams_own_only(client, context, scene, theirs):
    for team, sku in (("house", "SOFA-1"), ("outdoor", "CHAIR-9")):
        key = bearer(context, team=team)
        listed = client.get("/v1/scenes", headers=key).json()["items"]
        assert [row["sku"] for row in listed] == [sku]
        assert [row["sku"] for row in client.get("/v1/products", headers=key).json()["items"]] == [sku]
        mine = [] if team == "house" else ["https://outdoor.example/hook"]
        assert [row["url"] for row in client.get("/v1/webhooks", headers=key).json()["items"]] == mine
        assert len(client.get("/v1/webhooks/deliveries", headers=key).json()["items"]) == len(mine)
        told = {row["subject"] for row in client.get("/v1/audit", headers=key).json()["items"]}
        assert ("SOFA-1" in told, "CHAIR-9" in told) == (team == "house", team == "outdoor")
        desk = client.get("/review", headers=key).text
        assert ("Sofa SOFA-1" in desk, "Sofa CHAIR-9" in desk) == (team == "house", team == "outdoor")
        assert f">{'Sofa' if team == 'house' else 'Chair'}</option>" in desk
        assert ("Chair" in desk) == (team == "outdoor")
        for other in (theirs["scene_id"], scene):
            assert client.get("/v1/scenes", params={"group": other}, headers=key).json()["items"] == []


def test_two_teams_have_the_same_sku_and_neither_sees_the_others(client, context, sofa, theirs):
    other = theirs["context"]
    house.add_product(other, sofa, name="A bench outside", category="bench", photo=False)
    key = {team: bearer(context, team=team) for team in ("house", "outdoor")}
    assert client.get(f"/v1/products/{sofa}", headers=key["outdoor"]).json()["name"] == "A bench outside"
    assert client.get(f"/v1/products/{sofa}", headers=key["house"]).json()["name"] == "Sofa SOFA-1"
    put = {"sku": sofa, "name": "Renamed", "category": "bench", "width_cm": 1, "depth_cm": 1, "height_cm": 1}
    assert client.post("/v1/products", json=put, headers=key["outdoor"]).json()["change"] == "updated"
    assert client.get(f"/v1/products/{sofa}", headers=key["house"]).json()["name"] == "Sofa SOFA-1"
    assert client.post("/v1/scenes", json=ORDER, headers=key["outdoor"]).status_code == 409  # it has no photo there
    asked = client.post("/v1/scenes", json=ORDER, headers=key["house"]).json()
    with context.database.of_all().reading() as session:
        assert scenes.get(session, asked["id"]).product.name == "Sofa SOFA-1"


def test_a_photo_of_another_team_tells_nothing_of_itself(context, sofa, theirs):
    from workers.photos import store

    mine = store(context.database, context.blobs, house.packshot(), source="mine.png")
    their = store(theirs["context"].database, context.blobs, house.packshot(), source="")
    assert mine.key == their.key
    with theirs["context"].database.reading() as session:
        sha = mine.source_sha
        assert products.photo_of(session, sha).source == "sofa.png"
        session.execute(select(Photo)).all()
    with context.database.of("nobody").reading() as session:
        assert products.photo_of(session, sha) is None


def test_previews_of_two_teams_are_prepared_apart(context, sofa, theirs):
    other = theirs["context"]
    house.add_product(other, sofa)
    made = []
    for each in (context, other):
        with each.database.transaction() as session:
            product = products.get(session, sofa)
            wanted = preparations.identify(context.library, product, "test-calm", None, None)
            made.append(preparations.ask(session, wanted).id)
    assert made[0] != made[1]
    with other.database.reading() as session:
        assert preparations.get(session, made[0]) is None
        assert session.scalars(select(Preparation.id)).all() == [made[1]]


def test_only_the_scenes_own_team_is_told_of_it(context, scene, theirs):
    with context.database.transaction() as session:
        hook = webhooks.add(session, "https://house.example/hook", "test").id
        scenes.approve(session, scene, "test")
    everyone = context.database.of_all()
    announcer = announcing.Announcer(everyone)
    with everyone.reading() as session:
        due = outbox.due(session, [outbox.Effect.ANNOUNCE], 100, scene)
    for key in due:
        with everyone.transaction() as session:
            message = outbox.take(session, key)
        announcer.receive(message)
    with everyone.reading() as session:
        told = {
            row.webhook_id for row in session.scalars(select(Delivery).where(Delivery.message_id.startswith(scene)))
        }
    assert told == {hook}


def test_a_key_never_leaves_its_team_and_a_token_of_the_settings_says_whose_it_looks_at(client, context, theirs):
    key = bearer(context, team="outdoor")
    refused = client.get("/v1/scenes", headers=key | {"imagegen-team": "house"})
    assert refused.status_code == 403
    token = {"authorization": f"Bearer {TOKEN}"}
    path = f"/v1/scenes/{theirs['scene_id']}"
    assert client.get(path, headers=token).status_code == 404
    assert client.get(path, headers=token | {"imagegen-team": "outdoor"}).status_code == 200
    assert client.get(path, headers=token | {"imagegen-team": "nobody"}).status_code == 404


def test_people_belong_to_a_team_and_administrators_choose_which_they_look_at(client, context, scene, theirs):
    with context.database.of_all().transaction() as session:
        people.add(session, "olga", Role.DESIGNER, "test", password=PASSWORD, team="outdoor")
        people.add(session, "boss", Role.ADMIN, "test", password=PASSWORD)
    sign_in(client, "olga")
    assert "CHAIR-9" in client.get("/review").text
    assert client.get(f"/v1/scenes/{scene}").status_code == 404
    assert client.post(f"/v1/scenes/{scene}/approve", headers=SAME).status_code == 404
    assert client.post("/review/team", data={"team": "house"}, headers=SAME).status_code == 403
    assert 'aria-label="Team"' not in client.get("/review").text
    sign_in(client, "boss")
    desk = client.get("/review").text
    assert "Outdoor</option>" in desk
    assert "CHAIR-9" not in desk
    client.post("/review/team", data={"team": "outdoor"}, headers=SAME)
    assert "CHAIR-9" in client.get("/review").text
    assert client.get(f"/v1/scenes/{scene}").status_code == 404
    assert client.post("/review/team", data={"team": "nobody"}, headers=SAME).status_code == 404


def test_each_team_has_its_own_log(client, context, theirs):
    with context.database.of_all().transaction() as session:
        people.add(session, "olga", Role.DESIGNER, "test", password=PASSWORD, team="outdoor")
    sign_in(client, "olga")
    for team, count in (("outdoor", 1), ("house", 0)):
        with context.database.of(team).reading() as session:
            assert len(audit.page(session, audit.Sought(action="login")).items) == count


def test_the_same_idempotency_key_counts_once_for_each_team(client, context, sofa, theirs):
    house.add_product(theirs["context"], sofa)
    token = {"authorization": f"Bearer {TOKEN}", "idempotency-key": "once"}
    first = client.post("/v1/scenes", json=ORDER, headers=token)
    assert first.status_code == 202
    other = client.post("/v1/scenes", json=ORDER, headers=token | {"imagegen-team": "outdoor"})
    assert other.status_code == 422  # the caller's key, with another request


# --- the wall itself -----------------------------------------------------------------------------------------


def test_every_table_is_owned_reached_through_an_owned_one_or_said_to_be_shared():
    known = {
        mapper.local_table.name: issubclass(mapper.class_, Owned) or mapper.class_ in walls.THROUGH
        for mapper in Base.registry.mappers
    }
    assert {name for name, walled in known.items() if not walled} == walls.SHARED
    assert set(known) == set(Base.metadata.tables)


@pytest.mark.parametrize(
    "question",
    [
        select(func.count()).select_from(Scene),
        select(func.count(Scene.id)),
        select(func.count()).select_from(Event),
        select(func.count()).select_from(select(Scene).subquery()),
        select(func.count()).select_from(Scene).join(Product, Scene.sku == Product.sku),
        select(func.count()).where(select(Scene.id).exists(), Photo.id > 0),
    ],
)
def test_no_question_sees_more_than_a_teams_own(context, sofa, theirs, question):
    for team, expected in (("nobody", 0), ("outdoor", None)):
        with context.database.of(team).reading() as session:
            told = session.scalar(question)
        with context.database.of_all().reading() as session:
            assert told <= session.scalar(question)
        assert told == expected or expected is None


def test_no_change_reaches_more_than_a_teams_own(context, scene, theirs):
    with context.database.transaction() as session:
        plain = {"synchronize_session": False}
        moved = session.execute(update(Scene).values(stage="x").returning(Scene.id).execution_options(**plain)).all()
        told = session.execute(
            update(Event).values(kind="x").returning(Event.scene_id).execution_options(**plain)
        ).all()
        gone = session.execute(delete(Webhook).returning(Webhook.id).execution_options(**plain)).all()
    assert {row[0] for row in moved} == {scene}
    assert {row[0] for row in told} == {scene}
    assert gone == []


def test_a_row_in_another_teams_name_is_refused_and_one_in_nobodys_too(context, sofa, theirs):
    photo = photo_of("house")
    with context.database.of("outdoor").transaction() as session:
        session.add(photo)
        with pytest.raises(walls.WrongTeamError):
            session.flush()
        session.expunge(photo)
    with context.database.of_all().transaction() as session, pytest.raises(walls.WrongTeamError):
        products.get(session, sofa)


def photo_of(team):
    return Photo(team_id=team, sku="SOFA-1", position=9, key="k", source_sha="s", source="", width=1, height=1)


def test_on_a_laptop_the_settings_say_whose_desk_it_is(doors, tmp_path, sqlite_url):
    doors.state.context = open_context(house.make_settings(tmp_path, sqlite_url, team="outdoor"))
    with house.client_of(doors) as client:
        with doors.state.context.database.of_all().transaction() as session:
            teams.add(session, "outdoor", "test")
        put = {"sku": "A", "name": "A", "category": "sofa", "width_cm": 1, "depth_cm": 1, "height_cm": 1}
        assert client.post("/v1/products", json=put).status_code == 201
        assert client.get("/v1/products/A").status_code == 200
        assert client.get("/v1/products/A", headers={"imagegen-team": "house"}).status_code == 404
