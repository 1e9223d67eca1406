import io
import json
from datetime import datetime

import pytest
from PIL import Image
from sqlalchemy import event

from imagegen import adobe_rgb, provenance, recipe
from imagegen.feedback import Reason
from tests.api import house
from workers.errors import StorageError
from workers.records.models import Scene

ORDER = {"sku": "SOFA-1", "style": "test-calm"}


# --- asking


def test_asking_answers_202_with_a_location(client, sofa):
    answer = client.post("/v1/scenes", json=ORDER)
    scene = client.get(answer.headers["location"]).json()
    assert answer.status_code == 202
    assert scene["id"] == answer.json()["id"]
    assert (scene["state"], scene["share"], scene["quality"]) == ("queued", 0.0, "standard")
    assert answer.json()["scenes"] == [scene["id"]]


def test_what_is_answered_at_once_is_what_is_read_later(client, sofa):
    asked = client.post("/v1/scenes", json=ORDER | {"variants": 2}).json()
    assert asked.pop("scenes")[0] == asked["id"]
    assert asked == client.get(f"/v1/scenes/{asked['id']}").json()


def test_asking_reads_nothing_twice(client, context, sofa):
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(" ".join(statement.split()[:3]))

    event.listen(context.database.engine, "before_cursor_execute", note)
    client.post("/v1/scenes", json=ORDER)
    context.messenger.close()
    event.remove(context.database.engine, "before_cursor_execute", note)
    written = [statement for statement in statements if not statement.startswith(("SELECT", "BEGIN"))]
    read = [statement for statement in statements if statement.startswith("SELECT")]
    assert written == ["INSERT INTO scenes", "INSERT INTO events", "UPDATE scenes SET"]
    assert len(read) == 3  # whether people sign in; the product with its photos, its team


def test_variants_share_a_group(client, sofa):
    asked = client.post("/v1/scenes", json=ORDER | {"variants": 3, "seed": 9, "quality": "draft", "size": "640x480"})
    group = client.get(asked.links["collection"]["url"]).json()["items"]
    assert {scene["id"] for scene in group} == set(asked.json()["scenes"])
    requests = [client.get(f"/v1/scenes/{scene['id']}").json()["request"] for scene in group]
    assert sorted(request["variant"] for request in requests) == [0, 1, 2]
    assert {request["seed"] for request in requests} == {9}
    assert requests[0]["size"] == [640, 480]


def test_asking_sends_the_workers_a_message(client, context, sofa, settings):
    client.post("/v1/scenes", json=ORDER)
    context.messenger.close()  # it has sent what there was
    assert len(list((settings.broker_dir / "messages").iterdir())) == 1


def test_a_broker_that_is_away_loses_nothing(tmp_path, sqlite_url):
    app = house_app(tmp_path, sqlite_url, broker_url="redis://127.0.0.1:1/0")
    with house.client_of(app) as client:
        house.add_product(app.state.context)
        assert client.post("/v1/scenes", json=ORDER).status_code == 202
        assert client.get("/v1/scenes").json()["items"][0]["state"] == "queued"


def house_app(tmp_path, sqlite_url, **more):
    from api.app import create_app

    return create_app(house.make_settings(tmp_path, sqlite_url, **more))


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"style": "unknown"},
        {"style": "../../etc"},
        {"room": "attic"},
        {"style": "test-bold", "room": "test-living"},
        {"engine": "oil-painting"},
        {"quality": "perfect"},
        {"size": "9x9"},
        {"size": [99999, 1]},
        {"size": "big"},
        {"variants": 0},
        {"variants": 1000},
        {"seed": -1},
        {"seed": 2**32},
        {"placement": {"x": 0}},
        {"placement": {"x": 0, "y": 1e9}},
        {"placement": {"x": 0, "y": 0, "roll": 3}},
        {"prompt": "x" * 501},
        {"photo": -1},
        {"photo": 1},
        {"sku": "../SOFA-1"},
        {"sku": None},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(client, sofa, change):
    answer = client.post("/v1/scenes", json=ORDER | change)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/scenes").json()["items"] == []


def test_a_prompt_of_500_characters_is_taken(client, sofa):
    assert client.post("/v1/scenes", json=ORDER | {"prompt": "x" * 500}).status_code == 202


def test_an_unknown_product_is_not_found(client):
    assert client.post("/v1/scenes", json=ORDER).status_code == 404


def test_a_product_without_a_photo_is_a_conflict(client, context):
    house.add_product(context, photo=False)
    assert client.post("/v1/scenes", json=ORDER).status_code == 409


def test_a_product_taller_than_the_room_is_refused_where_it_does_not_fit(client, context):
    house.add_product(context, height_cm=320)
    low = client.post("/v1/scenes", json=ORDER | {"room": "test-living"})
    assert low.json()["type"] == "urn:imagegen:problem:does-not-fit"
    assert client.post("/v1/scenes", json=ORDER | {"room": "test-loft"}).status_code == 202
    assert client.post("/v1/scenes", json=ORDER).status_code == 202  # any of the style's rooms may be chosen


LAMP = {"category": "floor lamp", "width_cm": 40, "depth_cm": 40, "height_cm": 155}


def test_a_set_is_asked_for_by_its_skus_and_keeps_them_when_asked_again(client, context, sofa):
    house.add_product(context, "LAMP-1", **LAMP)
    answer = client.post("/v1/scenes", json=ORDER | {"companions": ["LAMP-1"]})
    assert answer.status_code == 202
    assert answer.json()["request"]["companions"] == ["LAMP-1"]
    house.finish(context, answer.json()["id"])
    again = client.post(f"/v1/scenes/{answer.json()['id']}/regenerate", json={"variant": 1}).json()
    assert again["request"]["companions"] == ["LAMP-1"]
    alone = client.post(f"/v1/scenes/{answer.json()['id']}/regenerate", json={"companions": []}).json()
    assert alone["request"]["companions"] == []
    assert "LAMP-1" in client.get(f"/review/scenes/{again['id']}").text


@pytest.mark.parametrize(
    ("companions", "status"),
    [
        (["NO-SUCH-1"], 404),
        (["BARE-1"], 422),
        (["SOFA-1"], 422),
        (["LAMP-1", "LAMP-1"], 422),
        (["../etc"], 422),
        ([f"LAMP-{number}" for number in range(6)], 422),
    ],
)
def test_a_set_that_cannot_be_made_is_refused_before_anything_is_queued(client, context, sofa, companions, status):
    house.add_product(context, "LAMP-1", **LAMP)
    house.add_product(context, "BARE-1", photo=False, **LAMP)
    answer = client.post("/v1/scenes", json=ORDER | {"companions": companions})
    assert answer.status_code == status
    assert client.get("/v1/scenes").json()["items"] == []


# --- looking


def test_scenes_are_filtered(client, context, scene, failing_scene):
    waiting = house.ask(context, style="test-bold")[0]

    def found(**query):
        return {item["id"] for item in client.get("/v1/scenes", params=query).json()["items"]}

    assert found() == {scene, failing_scene, waiting}
    assert found(state="in_review") == {scene, failing_scene}
    assert found(state=["in_review", "queued"]) == {scene, failing_scene, waiting}
    assert found(verdict="fail") == {failing_scene}
    assert found(style="test-bold") == {waiting}
    assert found(category="sofa") == {scene, failing_scene, waiting}
    assert found(sku="OTHER") == set()


def test_pages_of_scenes_follow_each_other_while_new_ones_come_in(client, context, sofa):
    asked = [house.ask(context)[0] for _ in range(5)]
    answer = client.get("/v1/scenes", params={"limit": 2, "state": "queued"})
    seen = [item["id"] for item in answer.json()["items"]]
    house.ask(context)
    while "next" in answer.links:
        answer = client.get(answer.links["next"]["url"])
        seen += [item["id"] for item in answer.json()["items"]]
    assert seen == asked[::-1]


def test_a_finished_scene_shows_findings_and_recipe(client, failing_scene):
    scene = client.get(f"/v1/scenes/{failing_scene}").json()
    assert scene["state"] == "in_review"
    assert scene["verdict"] == "fail"
    assert [finding["verdict"] for finding in scene["findings"]] == ["pass", "fail"]
    assert recipe.identity(scene["recipe"]) == scene["recipe_sha"]
    assert datetime.fromisoformat(scene["created_at"]).tzinfo is not None
    canonical = client.get(scene["links"]["recipe"])
    assert canonical.content == recipe.canonical(scene["recipe"])
    assert "attachment" in canonical.headers["content-disposition"]


# --- pictures


@pytest.mark.parametrize(("form", "kind"), [("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")])
def test_a_picture_comes_in_each_format_and_says_how_it_was_made(client, scene, form, kind):
    answer = client.get(f"/v1/scenes/{scene}/image", params={"format": form})
    image = Image.open(io.BytesIO(answer.content))
    assert (image.format, image.size) == (kind, (160, 110))
    assert answer.headers["content-type"] == f"image/{form}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert b"compositeSynthetic" in answer.content


def test_a_png_holds_the_very_pixels(client, scene):
    answer = client.get(f"/v1/scenes/{scene}/image", params={"format": "png"})
    with Image.open(io.BytesIO(answer.content)) as sent, Image.open(io.BytesIO(house.picture())) as stored:
        assert sent.convert("RGB").tobytes() == stored.convert("RGB").tobytes()


def test_a_picture_for_print_is_in_adobe_rgb_and_has_a_tag_of_its_own(client, scene):
    address = f"/v1/scenes/{scene}/image"
    plain = client.get(address, params={"format": "png"})
    wide = client.get(address, params={"format": "png", "space": "adobe-rgb"})
    assert Image.open(io.BytesIO(wide.content)).info["icc_profile"] == adobe_rgb.profile()
    assert wide.headers["etag"] != plain.headers["etag"]
    assert client.get(address, params={"format": "png", "space": "srgb"}).content == plain.content


def test_a_width_shrinks_and_never_enlarges(client, scene):
    def size(width):
        answer = client.get(f"/v1/scenes/{scene}/image", params={"width": width})
        return Image.open(io.BytesIO(answer.content)).size

    assert size(80) == (80, 55)
    assert size(5000) == (160, 110)


@pytest.mark.parametrize("query", ["format=gif", "width=1", "width=99999", "width=x", "format=../x", "space=cmyk"])
def test_an_odd_rendition_is_refused(client, scene, query):
    assert client.get(f"/v1/scenes/{scene}/image?{query}").status_code == 422


def test_a_browser_that_has_the_picture_gets_304(client, scene):
    address = f"/v1/scenes/{scene}/image"
    first = client.get(address)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for header in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = client.get(address, headers={"if-none-match": header})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert client.get(address, params={"format": "png"}, headers={"if-none-match": tag}).status_code == 200


def test_a_picture_asked_for_by_its_tag_may_be_kept_for_ever(client, scene):
    tag = client.get(f"/v1/scenes/{scene}/image").headers["etag"].strip('"')
    kept = client.get(f"/v1/scenes/{scene}/image", params={"v": tag[:16]})
    assert "immutable" in kept.headers["cache-control"]
    other = client.get(f"/v1/scenes/{scene}/image", params={"v": "0" * 16})
    assert "no-cache" in other.headers["cache-control"]


def test_a_download_has_a_safe_name(client, scene):
    header = client.get(f"/v1/scenes/{scene}/image", params={"download": True}).headers["content-disposition"]
    assert header == f'attachment; filename="SOFA-1-test-calm-{scene[-6:]}.jpg"'


def test_a_scene_without_a_picture_has_no_image_and_no_recipe(client, context, sofa):
    waiting = house.ask(context)[0]
    assert client.get(f"/v1/scenes/{waiting}/image").status_code == 404
    assert client.get(f"/v1/scenes/{waiting}/recipe").status_code == 404


# --- judging


@pytest.mark.parametrize("number", [1e16, 10**16, 2.0**53, 1e300])
def test_a_recipe_with_a_large_number_is_told_and_published(client, context, scene, settings, number):
    with context.database.transaction() as session:
        row = session.get(Scene, scene)
        row.recipe = row.recipe | {"painted": {"steps": number}}
    told = client.get(f"/v1/scenes/{scene}/recipe")
    assert told.json()["painted"]["steps"] == number
    assert client.post(f"/v1/scenes/{scene}/approve", json={"publish": True}).status_code == 200
    [beside] = (settings.data_dir / "published").rglob("*.json")
    assert beside.read_bytes() == told.content


def test_approve_then_publish_writes_the_marked_picture_and_its_recipe(client, scene, settings):
    assert client.post(f"/v1/scenes/{scene}/approve", json={"note": "Lovely"}).json()["state"] == "approved"
    published = client.post(f"/v1/scenes/{scene}/publish").json()
    assert published["state"] == "published"
    assert published["publication"]["written_at"]
    (picture,) = (settings.data_dir / "published").rglob("*.jpg")
    (beside,) = (settings.data_dir / "published").rglob("*.json")
    assert str(picture) == published["publication"]["place"]
    assert json.loads(beside.read_bytes()) == published["recipe"]
    assert b"compositeSynthetic" in picture.read_bytes()
    assert callable(provenance.xmp)


def test_approve_and_publish_in_one(client, scene):
    answer = client.post(f"/v1/scenes/{scene}/approve", json={"publish": True}).json()
    assert answer["state"] == "published"
    assert [d["action"] for d in answer["decisions"]] == ["approve", "publish"]


def test_a_place_that_takes_no_files_is_told_and_tried_later(tmp_path, sqlite_url):
    app = house_app(tmp_path, sqlite_url)

    class Full:
        def write(self, name, data):
            raise StorageError("The disk is full.")

    from dataclasses import replace

    app.state.context = replace(app.state.context, place=Full())
    with house.client_of(app) as client:
        house.add_product(app.state.context)
        scene = house.made(app.state.context)
        answer = client.post(f"/v1/scenes/{scene}/approve", json={"publish": True}).json()
    assert answer["state"] == "published"
    assert answer["publication"]["written_at"] is None
    assert "disk is full" in answer["publication"]["error"]


@pytest.mark.parametrize("state", ["queued", "running", "in_review", "rejected", "failed", "cancelled"])
def test_nothing_unapproved_can_be_published(client, context, sofa, state, settings):
    scene = in_state(client, context, state)
    for answer in (
        client.post(f"/v1/scenes/{scene}/publish"),
        client.post(f"/review/scenes/{scene}/publish", follow_redirects=False),
    ):
        assert answer.status_code == 409
    assert house.state(context, scene) == state
    assert not (settings.data_dir / "published").exists()


def in_state(client, context, state):
    scene = house.ask(context)[0]
    if state == "running":
        house.start(context, scene)
    elif state == "failed":
        house.fail(context, scene, ValueError("x"))
    elif state == "cancelled":
        client.post(f"/v1/scenes/{scene}/cancel")
    elif state != "queued":
        house.finish(context, scene)
    if state == "rejected":
        client.post(f"/v1/scenes/{scene}/reject", json={"reason": "other"})
    return scene


@pytest.mark.parametrize("body", [None, {}, {"override": True}, {"note": "because"}, {"override": True, "note": "  "}])
def test_a_failed_check_stands_in_the_way_of_approval(client, failing_scene, context, body):
    answer = client.post(f"/v1/scenes/{failing_scene}/approve", json=body)
    assert answer.status_code == 409
    assert "scale" in answer.json()["detail"]
    assert house.state(context, failing_scene) == "in_review"


def test_a_failed_check_is_overridden_with_a_note(client, failing_scene):
    answer = client.post(f"/v1/scenes/{failing_scene}/approve", json={"override": True, "note": "Measured by hand."})
    decision = answer.json()["decisions"][-1]
    assert answer.json()["state"] == "approved"
    assert (decision["override"], decision["note"]) == (True, "Measured by hand.")


@pytest.mark.parametrize("reason", list(Reason))
def test_a_rejection_keeps_its_reason(client, scene, reason):
    answer = client.post(f"/v1/scenes/{scene}/reject", json={"reason": reason, "text": "Look at the left."})
    decision = answer.json()["decisions"][-1]
    assert answer.json()["state"] == "rejected"
    assert (decision["reason"], decision["note"]) == (reason, "Look at the left.")


@pytest.mark.parametrize("body", [{}, {"reason": "ugly"}, {"reason": "other", "text": "x" * 2001}, None])
def test_a_rejection_needs_a_reason_of_the_list(client, scene, context, body):
    assert client.post(f"/v1/scenes/{scene}/reject", json=body).status_code == 422
    assert house.state(context, scene) == "in_review"


def test_asking_again_uses_the_reason(client, scene):
    client.post(f"/v1/scenes/{scene}/reject", json={"reason": "too_dark"})
    answer = client.post(f"/v1/scenes/{scene}/regenerate")
    again = client.get(answer.headers["location"]).json()
    assert answer.status_code == 202
    assert again["request"]["exposure_ev"] == pytest.approx(0.4)
    assert again["parent"] == scene
    assert again["group"] == client.get(f"/v1/scenes/{scene}").json()["group"]
    assert again["state"] == "queued"


def test_asking_again_takes_changes(client, scene):
    changes = {"style": "test-bold", "seed": 5, "quality": "draft", "size": "512x512", "prompt": "evening"}
    again = client.post(f"/v1/scenes/{scene}/regenerate", json=changes).json()
    assert again["style"] == "test-bold"
    assert again["room"] is None
    assert again["request"]["seed"] == 5
    assert again["request"]["size"] == [512, 512]


@pytest.mark.parametrize(
    "changes",
    [
        {"sku": "OTHER"},
        {"variants": 3},
        {"light": "eclipse"},
        {"style": "none"},
        {"engine": "none"},
        {"exposure_ev": 9},
        {"seed": "x"},
    ],
)
def test_changes_that_make_no_sense_are_refused(client, scene, changes):
    assert client.post(f"/v1/scenes/{scene}/regenerate", json=changes).status_code == 422
    assert len(client.get("/v1/scenes").json()["items"]) == 1


def test_a_verdict_is_taken_back_until_the_picture_is_out(client, scene):
    client.post(f"/v1/scenes/{scene}/approve")
    assert client.post(f"/v1/scenes/{scene}/reopen").json()["state"] == "in_review"
    client.post(f"/v1/scenes/{scene}/reject", json={"reason": "other"})
    assert client.post(f"/v1/scenes/{scene}/reopen").json()["state"] == "in_review"
    client.post(f"/v1/scenes/{scene}/approve", json={"publish": True})
    for what in ("reopen", "publish", "approve", "cancel"):
        answer = client.post(f"/v1/scenes/{scene}/{what}")
        assert answer.status_code == 409
        assert "published" in answer.json()["detail"]


def test_waiting_and_running_scenes_are_cancelled_and_made_again(client, context, sofa):
    waiting, running = house.ask(context)[0], house.ask(context)[0]
    house.start(context, running)
    for scene in (waiting, running):
        assert client.post(f"/v1/scenes/{scene}/cancel").json()["state"] == "cancelled"
        assert client.post(f"/v1/scenes/{scene}/retry").json()["state"] == "queued"


@pytest.mark.parametrize("what", ["approve", "publish", "cancel", "reopen", "regenerate", "retry"])
def test_an_unknown_scene_is_not_found_by_any_door(client, what):
    assert client.post(f"/v1/scenes/nothing/{what}").status_code == 404


def test_a_failed_scene_says_why(client, context, sofa):
    from imagegen.errors import NotAPackshotError

    scene = house.fail(context, house.ask(context)[0], NotAPackshotError("It shows a room.", hint="Send a packshot."))
    told = client.get(f"/v1/scenes/{scene}").json()
    assert told["state"] == "failed"
    assert told["error"]["hint"] == "Send a packshot."


def test_a_light_of_the_style_is_asked_for_by_name_and_no_other(client, sofa):
    asked = client.post("/v1/scenes", json={"sku": sofa, "style": "test-calm", "light": "day"})
    assert asked.status_code == 202
    assert client.get(asked.headers["location"]).json()["request"]["light"] == "day"
    refused = client.post("/v1/scenes", json={"sku": sofa, "style": "test-calm", "light": "eclipse"})
    assert refused.status_code == 422
    assert "day" in refused.json()["hint"]


# --- lamps


def test_a_lamp_is_lit_by_choice_and_put_out_again(client, context):
    house.add_product(context, "LAMP-1", category="floor lamp")
    asked = client.post("/v1/scenes", json=ORDER | {"sku": "LAMP-1", "lamp_on": True})
    assert asked.status_code == 202
    scene = asked.json()["id"]
    assert client.get(f"/v1/scenes/{scene}").json()["request"]["lamp_on"] is True
    house.finish(context, scene)
    again = client.post(f"/v1/scenes/{scene}/regenerate", json={"lamp_on": False}).json()["id"]
    assert client.get(f"/v1/scenes/{again}").json()["request"]["lamp_on"] is False


def test_what_is_no_lamp_cannot_be_lit(client, context, sofa):
    refused = client.post("/v1/scenes", json=ORDER | {"lamp_on": True})
    assert refused.status_code == 422
    assert "no lamp" in refused.text
    assert client.get("/v1/scenes").json()["items"] == []
    scene = house.made(context)
    assert client.post(f"/v1/scenes/{scene}/regenerate", json={"lamp_on": True}).status_code == 422
