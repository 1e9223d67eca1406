import re

import pytest

from imagegen.errors import NotAPackshotError
from tests.api import house


def post(client, path, **form):
    return client.post(path, data=form, follow_redirects=False)


def where(answer):
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_the_front_page_is_the_desk(client):
    assert "Your first scene" in client.get("/").text


def test_the_queue_counts_and_shows(client, context, scene, failing_scene):
    house.ask(context)
    page = client.get("/review").text
    assert re.search(r"In review <span>2</span>", page)
    assert re.search(r"Being made <span>1</span>", page)
    assert page.count('class="card"') == 2
    assert "Failed a check" in page
    assert 'hx-trigger="every 2s"' in page


def test_a_queue_in_which_nothing_moves_is_left_alone(client, scene):
    assert "hx-trigger" not in client.get("/review").text


@pytest.mark.parametrize(
    ("query", "cards"),
    [
        ("", 2),
        ("?verdict=fail", 1),
        ("?style=test-bold", 0),
        ("?category=sofa", 2),
        ("?state=all", 3),
        ("?state=nonsense", 2),
    ],
)
def test_the_queue_is_narrowed(client, context, scene, failing_scene, query, cards):
    house.ask(context)
    assert client.get(f"/review{query}").text.count('class="card"') == cards


def test_older_scenes_are_one_page_further(client, context, sofa, monkeypatch):
    monkeypatch.setattr("api.review.service.CARDS", 2)
    made = [house.made(context) for _ in range(3)]
    page = client.get("/review").text
    assert made[2] not in page
    address = re.search(r'href="(/review\?cursor=[^"]+)"', page)[1]
    assert made[2] in client.get(address).text


@pytest.mark.parametrize("state", ["in_review", "making", "failed", "approved", "rejected", "published", "all"])
def test_an_empty_tab_teaches(client, state):
    assert 'class="empty"' in client.get("/review", params={"state": state}).text


def test_a_scene_page_shows_findings_recipe_and_product(client, failing_scene):
    page = client.get(f"/review/scenes/{failing_scene}").text
    for said in ("Sofa SOFA-1", "It is 9 % too small.", "All feet touch the floor.", "200 × 90 × 80 cm", "Test calm"):
        assert said in page
    assert "Approve anyway" in page
    assert "&#34;engine&#34;" in page


def test_approving_leads_to_the_next_and_offers_undo(client, context, sofa):
    first, second, third = (house.made(context) for _ in range(3))
    address = where(post(client, f"/review/scenes/{second}/approve"))
    assert address == f"/review/scenes/{third}?did=approved&was={second}"
    assert f"/review/scenes/{second}/undo" in client.get(address).text
    assert where(post(client, f"/review/scenes/{third}/approve")).startswith(f"/review/scenes/{first}?")
    assert where(post(client, f"/review/scenes/{first}/approve")).startswith("/review?did=approved")
    assert where(post(client, f"/review/scenes/{second}/undo")) == f"/review/scenes/{second}?did=undone"
    assert house.state(context, second) == "in_review"


def test_the_next_one_is_of_the_same_narrowing(client, context, sofa):
    calm = house.made(context)
    house.made(context, style="test-bold")
    other = house.made(context)
    address = where(post(client, f"/review/scenes/{calm}/approve?style=test-calm"))
    assert address.startswith(f"/review/scenes/{other}?style=test-calm&")


def test_a_failed_check_needs_a_note_on_the_desk_too(client, context, failing_scene):
    assert post(client, f"/review/scenes/{failing_scene}/approve").status_code == 409
    assert post(client, f"/review/scenes/{failing_scene}/approve", override="true", note="").status_code == 409
    where(post(client, f"/review/scenes/{failing_scene}/approve", override="true", note="Measured it."))
    assert house.state(context, failing_scene) == "approved"


def test_rejecting_keeps_the_reason_and_may_ask_again(client, context, scene):
    address = where(post(client, f"/review/scenes/{scene}/reject", reason="too_dark", text="Dim", again="true"))
    new = re.search(r"new=(\w+)", address)[1]
    asked = client.get(f"/v1/scenes/{new}").json()
    assert asked["request"]["exposure_ev"] == pytest.approx(0.4)
    assert asked["parent"] == scene
    assert "rejected it: too dark. “Dim”" in client.get(f"/review/scenes/{scene}").text


def test_asking_again_changes_what_was_chosen(client, scene):
    address = where(
        post(
            client,
            f"/review/scenes/{scene}/again",
            look="test-bold/test-loft",
            quality="draft",
            light="-0.3",
            elsewhere="true",
            prompt="dusk",
        )
    )
    new = address.removeprefix("/review/scenes/").partition("?")[0]
    request = client.get(f"/v1/scenes/{new}").json()["request"]
    wanted = {"style": "test-bold", "room": "test-loft", "quality": "draft", "exposure_ev": -0.3, "variant": 1}
    assert request | wanted | {"prompt": "dusk"} == request


def test_approve_and_publish_writes_files_that_can_be_taken(client, scene, settings):
    where(post(client, f"/review/scenes/{scene}/approve", publish="true"))
    assert len(list((settings.data_dir / "published").rglob("*.jpg"))) == 1
    page = client.get("/review/published").text
    for address in re.findall(r'href="(/v1/[^"]+)" download', page):
        assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_a_failed_scene_shows_why_and_can_be_made_again(client, context, sofa):
    scene = house.fail(context, house.ask(context)[0], NotAPackshotError("It shows a room.", hint="Send a packshot."))
    page = client.get(f"/review/scenes/{scene}").text
    assert "It shows a room." in page
    assert "Send a packshot." in page
    assert "It shows a room." in client.get("/review?state=failed").text
    where(post(client, f"/review/scenes/{scene}/retry"))
    assert house.state(context, scene) == "queued"


def test_a_scene_under_way_tells_its_progress_and_can_be_cancelled(client, context, sofa):
    scene = house.ask(context)[0]
    house.start(context, scene, "cutout", 0.25)
    page = client.get(f"/review/scenes/{scene}").text
    assert "Cutting the product out" in page
    assert 'value="0.25"' in page
    assert f"/v1/scenes/{scene}/events" in page
    where(post(client, f"/review/scenes/{scene}/cancel"))
    assert house.state(context, scene) == "cancelled"


def test_generating_asks_for_each_style_and_variant(client, context, sofa):
    form = {
        "sku": sofa,
        "style": ["test-calm", "test-bold"],
        "variants": "2",
        "quality": "draft",
        "room-test-calm": "test-loft",
    }
    assert where(client.post("/review/generate", data=form, follow_redirects=False)) == "/review?state=making&did=asked"
    scenes = client.get("/v1/scenes").json()["items"]
    assert sorted((scene["style"], scene["room"]) for scene in scenes) == [
        ("test-bold", None),
        ("test-bold", None),
        ("test-calm", "test-loft"),
        ("test-calm", "test-loft"),
    ]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"sku": "SOFA-1"},
        {"sku": "SOFA-1", "style": ["test-calm", "none"]},
        {"sku": "SOFA-1", "style": "test-calm", "seed": "x"},
    ],
)
def test_an_order_that_makes_no_sense_asks_for_nothing(client, sofa, form):
    assert client.post("/review/generate", data=form).status_code == 422
    assert client.get("/v1/scenes").json()["items"] == []


def test_the_shelf_is_searched(client, context):
    house.add_product(context, "A-1", name="Blue vase")
    house.add_product(context, "B-1", name="Red rug", photo=False)
    assert "Blue vase" in client.get("/review/generate/products?q=blue").text
    assert "Red rug" not in client.get("/review/generate/products?q=blue").text
    assert "disabled" in client.get("/review/generate/products?q=red").text
    assert "Nothing in the catalog" in client.get("/review/generate/products?q=zzz").text


def test_markup_in_a_name_stays_text(client, context):
    house.add_product(context, name="<script>alert(1)</script>", material='"><img src=x onerror=y>')
    scene = house.made(context)
    for path in ("/review", f"/review/scenes/{scene}", "/review/generate", "/review/generate/products?q=%3Cb%3E"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>" not in page


def test_a_toast_in_the_address_cannot_be_made_up(client, scene):
    page = client.get("/review", params={"did": "approved", "was": '"><script>', "new": "//evil"}).text
    assert "toast" not in page.split("<dialog")[0]


def test_static_files_are_kept_by_their_hash(client):
    page = client.get("/review").text
    address = re.search(r'href="(/static/desk.css\?v=\w+)"', page)[1]
    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get("/static/desk.css").headers["cache-control"] == "no-cache"


def test_a_note_of_several_lines_is_kept_as_a_browser_sends_it(client, scene):
    where(post(client, f"/review/scenes/{scene}/reject", reason="other", text="First line\r\nsecond line"))
    assert "second line" in client.get(f"/review/scenes/{scene}").text


def test_a_lamp_can_be_lit_from_the_desk(client, context):
    house.add_product(context, "LAMP-1", category="table lamp")
    assert "data-lamp" in client.get("/review/generate/products").text
    post(client, "/review/generate", sku="LAMP-1", style="test-calm", lamp_on="true")
    scene = client.get("/v1/scenes").json()["items"][0]["id"]
    assert client.get(f"/v1/scenes/{scene}").json()["request"]["lamp_on"] is True
    house.finish(context, scene)
    assert 'name="lamp"' in client.get(f"/review/scenes/{scene}").text
    new = where(post(client, f"/review/scenes/{scene}/again", lamp="off"))
    new = new.removeprefix("/review/scenes/").partition("?")[0]
    assert client.get(f"/v1/scenes/{new}").json()["request"]["lamp_on"] is False


def test_a_sofa_has_no_switch(client, context, sofa):
    assert "data-lamp" not in client.get("/review/generate/products").text
    assert 'name="lamp"' not in client.get(f"/review/scenes/{house.made(context)}").text
