import io
import re
from dataclasses import replace

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.api import house
from tests.services import wait_until


def scene_of(page):
    return re.search(r"/review/scenes/(\w+)", page.url)[1]


def arrived(page, where):
    """The browser has gone there, and the page listens: a key pressed before its script has run is nobody's."""
    expect(page).to_have_url(re.compile(where))
    expect(page.locator("html")).to_have_attribute("data-keys", "on")


def zoomed_by(page):
    picture = page.locator(".view > img")
    return picture.evaluate("p => p.getBoundingClientRect().width / p.naturalWidth * devicePixelRatio")


def test_from_asking_to_publishing_by_keys(page, desk):
    house.add_product(desk.context, "SOFA-1", name="Nordby sofa")
    house.add_product(desk.context, "LAMP-1", name="Arc lamp", category="lamp")

    # Ask: find the product, tick a style, three variants.
    page.goto("/review/generate")
    page.get_by_placeholder("Search by name or SKU").fill("nordby")
    expect(page.locator(".goods")).to_have_count(1)
    page.get_by_role("radio", name="Nordby sofa").check()
    page.get_by_role("checkbox", name="Test calm").check()
    page.locator(".segments label", has_text="3").click()
    page.get_by_role("button", name="Generate 3 scenes").click()
    expect(page).to_have_url(re.compile("state=making"))
    expect(page.locator(".card")).to_have_count(3)

    # The queue follows the worker by itself.
    first, second, third = desk.make_all()
    expect(page.locator(".card")).to_have_count(0)
    page.get_by_role("link", name=re.compile("In review")).click()
    expect(page.locator(".card")).to_have_count(3)

    # Walk to the first and approve it: the next one comes up.
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    arrived(page, first)
    page.keyboard.press("a")
    arrived(page, second)
    expect(page.get_by_role("status")).to_contain_text("Approved")

    # Take it back, and approve it again.
    page.keyboard.press("u")
    arrived(page, first)
    assert house.state(desk.context, first) == "in_review"
    page.keyboard.press("a")
    arrived(page, second)

    # Reject with a reason by digit.
    page.keyboard.press("x")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("In your own words").fill("The corner drowns")
    page.get_by_role("dialog").locator("header").click()
    page.keyboard.press("1")
    arrived(page, third)
    page.goto(f"/review/scenes/{second}")
    expect(page.locator(".facts")).to_contain_text("too dark. “The corner drowns”")

    # Ask again from it: the reason makes the new one brighter; it comes up when it is made.
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_role("button", name="Ask again").click()
    expect(page.locator("[data-stage]")).to_have_text("Waiting for a worker")
    again = scene_of(page)
    assert desk.make_all() == [again]
    expect(page.locator(".view > img")).to_be_visible()
    expect(page.get_by_role("link", name="Asked again from an earlier one")).to_be_visible()

    # Approve and publish: the marked picture is in the folder.
    page.keyboard.press("p")
    arrived(page, third)
    (picture,) = desk.published.rglob("*.jpg")
    assert picture.stem == again
    assert (picture.with_suffix(".json")).exists()
    with Image.open(picture) as image:
        assert b"compositeSynthetic" in image.info["xmp"]
    page.get_by_role("link", name="Published", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="PNG").click()
    with Image.open(io.BytesIO(download.value.path().read_bytes())) as image:
        assert image.size == (160, 110)
    assert desk.states() == {"approved": 1, "rejected": 1, "in_review": 1, "published": 1}


def test_a_failed_check_is_marked_and_asks_for_a_note(page, desk):
    house.add_product(desk.context)
    scene = house.made(desk.context, findings=(house.GOOD, house.BAD))
    page.goto("/review")
    expect(page.locator(".card")).to_contain_text("Failed a check")
    page.goto(f"/review/scenes/{scene}")
    expect(page.locator(".findings .fail")).to_contain_text("It is 9 % too small.")
    page.keyboard.press("a")
    page.get_by_role("button", name="Approve anyway", exact=True).last.click()
    assert house.state(desk.context, scene) == "in_review"
    page.keyboard.type("Measured by hand")
    page.get_by_role("dialog").get_by_role("button", name="Approve anyway", exact=True).click()
    expect(page.get_by_text("All caught up")).to_be_visible()
    assert house.state(desk.context, scene) == "approved"


def test_the_picture_is_looked_into_by_key_wheel_and_drag(page, desk):
    house.add_product(desk.context)
    page.goto(f"/review/scenes/{house.made(desk.context)}")
    fit = zoomed_by(page)
    page.get_by_role("button", name="200 %").click()
    expect(page.get_by_role("button", name="200 %")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".view")).not_to_have_class(re.compile("moving"))
    assert zoomed_by(page) == pytest.approx(2, rel=0.01)

    before = page.locator(".view > img").bounding_box()
    box = page.locator(".view").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    after = page.locator(".view > img").bounding_box()
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((60, 40), abs=1)

    page.mouse.wheel(0, -300)
    wait_until(lambda: zoomed_by(page) > 2.1)
    page.get_by_role("button", name="Fit").click()
    wait_until(lambda: zoomed_by(page) == pytest.approx(fit, rel=0.01))


def test_a_finding_shows_its_place_in_the_picture(page, desk):
    house.add_product(desk.context)
    there = replace(house.BAD, where=(40, 30, 120, 95))
    page.goto(f"/review/scenes/{house.made(desk.context, findings=(house.GOOD, there))}")
    mark = page.locator("[data-mark]")
    expect(mark).to_have_css("opacity", "0")
    page.locator(".findings .fail").hover()
    expect(mark).to_have_css("opacity", "1")
    picture, box = page.locator(".view > img").bounding_box(), mark.bounding_box()
    scale = picture["width"] / 160
    assert (box["x"] - picture["x"], box["y"] - picture["y"]) == pytest.approx((40 * scale, 30 * scale), abs=3)
    assert (box["width"], box["height"]) == pytest.approx((80 * scale, 65 * scale), abs=6)


def test_single_letter_keys_can_be_switched_off(page, desk):
    house.add_product(desk.context)
    scene = house.made(desk.context)
    page.goto(f"/review/scenes/{scene}")
    page.keyboard.press("?")
    page.get_by_label("Single-letter shortcuts are on").uncheck()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.keyboard.press("a")
    page.reload()
    page.keyboard.press("a")
    page.keyboard.press("x")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert house.state(desk.context, scene) == "in_review"
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Single-letter shortcuts are on").check()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile(r"/review\b(?!/)"))
    assert house.state(desk.context, scene) == "approved"


def test_letters_typed_into_a_field_are_letters(page, desk):
    house.add_product(desk.context)
    scene = house.made(desk.context)
    page.goto(f"/review/scenes/{scene}")
    page.keyboard.press("x")
    page.get_by_label("In your own words").fill("")
    page.get_by_label("In your own words").press_sequentially("a1xpu")
    expect(page.get_by_label("In your own words")).to_have_value("a1xpu")
    assert house.state(desk.context, scene) == "in_review"


def test_progress_shows_while_a_scene_is_made(page, desk):
    house.add_product(desk.context)
    scene = house.ask(desk.context)[0]
    page.goto(f"/review/scenes/{scene}")
    held = house.start(desk.context, scene, "render", 0.6)
    expect(page.locator("[data-stage]")).to_have_text("Rendering light")
    expect(page.locator(".making progress")).to_have_attribute("value", "0.6")
    house.finish(desk.context, scene, held=held)
    expect(page.locator(".view > img")).to_be_visible()


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800), (1024, 768), (820, 1180)])
def test_every_page_fits_the_screen(page, desk, size):
    house.add_product(desk.context)
    scene = house.made(desk.context, findings=(house.GOOD, house.BAD))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in ("/review", f"/review/scenes/{scene}", "/review/generate", "/review/published"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(f"/review/scenes/{scene}")
    for name in ("Approve anyway", "Reject", "Ask again"):
        expect(page.locator(".verdict").get_by_role("button", name=name)).to_be_in_viewport()


def test_every_control_has_a_name(page, desk):
    house.add_product(desk.context)
    scene = house.made(desk.context)
    for path in ("/review", f"/review/scenes/{scene}", "/review/generate", "/review/published"):
        page.goto(path)
        nameless = page.evaluate(
            """[...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea')]
            .filter(e => !(e.textContent.trim() || e.ariaLabel || e.labels?.length || e.placeholder))
            .map(e => e.outerHTML)"""
        )
        assert nameless == [], path


def test_the_reference_page_opens_under_the_strict_policy(page, desk):
    page.goto("/docs")
    expect(page.get_by_text("Ask for scenes", exact=True)).to_be_visible()
