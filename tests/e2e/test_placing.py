import re

import pytest
from playwright.sync_api import expect

from tests.api import house
from workers.records import scenes

PLACE = "/review/place?sku=SOFA-1&look=test-calm/test-living"


def placement(page):
    """Where the editor has the product: metres and degrees."""
    return {box.get_attribute("name"): float(box.input_value()) for box in page.locator("[data-number]").all()}


def open_editor(page, desk, address=PLACE):
    page.goto(address)
    prepared(page, desk)


def prepared(page, desk):
    """A worker does what the page waits for."""
    expect(page.locator("[data-preparing]")).to_contain_text("Waiting for a worker")
    assert desk.prepare_all() == 1
    expect(page.locator("[data-board][data-shown]")).to_be_visible()
    expect(page.locator("[data-preparing]")).to_be_hidden()


def drag(page, across, down):
    """Take the product where it is drawn and move the hand by shares of the picture."""
    board = page.locator("[data-board]").bounding_box()
    foot = page.locator("[data-foot]").bounding_box()
    x, y = foot["x"] + foot["width"] / 2, foot["y"] + foot["height"] / 2 - 12
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + across * board["width"] * step / 8, y + down * board["height"] * step / 8)
    page.mouse.up()


def wait_settled(page):
    """Until the picture shows what was wished for last."""
    expect(page.locator("[data-board]:not([data-following])")).to_be_visible()
    shown = page.locator("[data-board]").get_attribute("data-shown").split()
    at = placement(page)
    assert [float(value) for value in shown] == pytest.approx([at["x"], at["y"], at["z"]], abs=0.006)


def request_of(desk, scene_id):
    with desk.context.database.reading() as session:
        return scenes.get(session, scene_id).request


def test_from_dragging_a_product_to_asking_for_the_scene_there(page, desk):
    house.add_product(desk.context, "SOFA-1", name="Nordby sofa", width_cm=100, depth_cm=50)
    page.goto("/review/generate")
    page.get_by_role("radio", name="Nordby sofa").check()
    page.get_by_role("checkbox", name="Test calm").check()
    page.get_by_role("link", name="Place it yourself").click()
    expect(page).to_have_url(re.compile("look=test-calm"))
    prepared(page, desk)
    assert placement(page) == {"x": 0, "y": -1.2, "z": 0, "yaw_deg": 0}
    expect(page.get_by_role("button", name="Middle", exact=True)).to_have_attribute("aria-pressed", "true")
    before = page.locator("[data-picture]").get_attribute("src")

    # Dragged to the right and towards us: it follows the hand on the floor, and the picture follows it.
    drag(page, 0.12, 0.1)
    wait_settled(page)
    there = placement(page)
    assert there["x"] > 0.4
    assert there["y"] < -1.5
    assert page.locator("[data-picture]").get_attribute("src") != before
    expect(page.locator("[data-measure]")).to_contain_text("right of the middle")

    # By keys: turned twice, moved by the arrows, and back to its place.
    page.keyboard.press("[")
    page.keyboard.press("[")
    assert placement(page)["yaw_deg"] == 10
    page.locator("[data-board]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    wait_settled(page)
    moved = placement(page)
    assert moved["x"] == pytest.approx(there["x"] - 0.05, abs=0.011)
    assert moved["y"] == pytest.approx(there["y"] + 0.25, abs=0.011)
    page.get_by_role("button", name="Middle", exact=True).click()
    assert placement(page)["x"] == 0
    page.get_by_label("Aside, m").fill("0.35")
    page.get_by_label("Aside, m").press("Tab")
    wait_settled(page)

    # Rendered there: an ordinary scene with that placement, in the real queue.
    page.get_by_role("button", name="Render it here").click()
    expect(page).to_have_url(re.compile("/review/scenes/"))
    expect(page.locator("[data-stage]")).to_have_text("Waiting for a worker")
    (scene_id,) = desk.make_all()
    asked = request_of(desk, scene_id)
    assert asked["placement"] == {"x": 0.35, "y": -1.2, "z": 0.0, "yaw_deg": 0.0}
    assert (asked["style"], asked["room"]) == ("test-calm", "test-living")
    expect(page.locator(".view > img")).to_be_visible()

    # From the scene back to the editor: it starts where the scene has its product, and asks again from it.
    expect(page.locator("html")).to_have_attribute("data-keys", "on")
    page.keyboard.press("m")
    expect(page.locator("[data-board][data-shown]")).to_be_visible()
    assert placement(page)["x"] == 0.35
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile("/review/scenes/"))
    expect(page.get_by_role("link", name="Asked again from an earlier one")).to_be_visible()


def test_it_stays_in_the_room_and_turns_its_back_to_a_wall_that_is_near(page, desk):
    house.add_product(desk.context, "SOFA-1", width_cm=100, depth_cm=50)
    open_editor(page, desk)
    for _ in range(3):
        drag(page, -0.3, 0.0)
        wait_settled(page)
    at = placement(page)
    assert at["yaw_deg"] == 90
    assert at["x"] == pytest.approx(-2.5 + 0.25 + 0.03, abs=0.006)
    # Beyond the wall there is nothing, however far it is pushed.
    page.get_by_label("Aside, m").fill("-9")
    page.get_by_label("Aside, m").press("Tab")
    wait_settled(page)
    assert placement(page)["x"] == pytest.approx(-2.25, abs=0.006)
    # From there the photo's camera would look along the wall and out of the open side: the page says so.
    expect(page.locator("[data-looks-out]")).to_be_visible()


def test_from_another_side_it_stands_where_it_stood(page, desk):
    house.add_product(desk.context, "SOFA-1", width_cm=100, depth_cm=50)
    open_editor(page, desk)
    drag(page, 0.05, 0.05)
    wait_settled(page)
    before = placement(page)
    page.get_by_role("radio", name="From the right").check()
    expect(page.locator("[data-preparing]")).to_contain_text("Waiting for a worker")
    assert desk.prepare_all() == 1
    wait_settled(page)
    assert placement(page) == before


def test_on_a_phone_a_touch_puts_it_down(browser, desk):
    house.add_product(desk.context, "SOFA-1", width_cm=60, depth_cm=50)
    context = browser.new_context(base_url=desk.address, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    open_editor(page, desk)
    board = page.locator("[data-board]").bounding_box()
    assert board["x"] >= 0
    assert board["x"] + board["width"] <= 390
    page.touchscreen.tap(board["x"] + 0.75 * board["width"], board["y"] + 0.9 * board["height"])
    wait_settled(page)
    assert placement(page)["x"] > 0.5
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
