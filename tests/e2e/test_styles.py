import re

from PIL import Image
from playwright.sync_api import expect

from imagegen.views.shelf import ANGLES_DEG, find
from tests.api import house


def put_views(context, style, room):
    """Views as a build would leave them, without rendering."""
    for angle in range(len(ANGLES_DEG)):
        view = find(context.library, style, room, context.settings.data_dir / "views", angle=angle)
        view.folder.mkdir(parents=True)
        for file, size in ((view.picture, (640, 438)), (view.preview, (480, 328))):
            Image.new("RGB", size, (200 - 40 * angle, 180, 160)).save(file)
        view.facts.write_text("{}")


def test_from_looking_for_a_style_to_asking_for_a_scene_in_its_second_room(page, desk):
    house.add_product(desk.context, "SOFA-1", name="Nordby sofa")
    put_views(desk.context, "test-calm", "test-loft")
    page.goto("/review")
    page.get_by_role("link", name="Styles", exact=True).click()
    everything = page.locator(".style-card").count()
    assert everything == len(desk.context.library.styles())

    # Narrow it down by words; a search is an address that can be sent to somebody.
    page.get_by_placeholder(re.compile("Words")).fill("quiet")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("q=quiet"))
    expect(page.get_by_role("heading", name="Test calm")).to_be_visible()

    # Its rooms: the one that has been shown from three sides is.
    page.get_by_role("link", name=re.compile("Test calm")).click()
    expect(page.locator(".sides img")).to_have_count(3)
    for shown in page.locator(".sides img").all():
        shown.scroll_into_view_if_needed()
        assert shown.evaluate("p => p.decode().then(() => p.naturalWidth)") == 480
    expect(page.get_by_text("imagegen styles build test-calm").first).to_be_visible()
    expect(page.get_by_text("#c8a97e")).to_be_visible()

    # Straight from there to an order in that room.
    page.locator(".room", has_text="Test loft").get_by_role("link", name="Generate").click()
    expect(page.get_by_role("checkbox", name="Test calm")).to_be_checked()
    expect(page.get_by_label("Room of Test calm")).to_have_value("test-loft")
    page.get_by_role("radio", name="Nordby sofa").check()
    page.get_by_role("button", name="Generate 1 scene").click()
    expect(page.locator(".card")).to_contain_text("Test loft")


def test_the_nearest_colour_comes_first_and_says_how_near(page, desk):
    page.goto("/review/styles?colour=%23c8a97e")
    first = page.locator(".style-card").first
    expect(first).to_contain_text("#c8a97e")
    expect(first).to_contain_text("the same at a glance")
    assert desk.context.library.style("test-calm").palette["oak"] == "#c8a97e"


def test_what_is_no_colour_and_what_nobody_has_is_said_in_words(page, desk):
    page.goto("/review/styles?colour=greenish")
    expect(page.get_by_role("alert")).to_contain_text("#rrggbb")
    page.goto("/review/styles?q=unicorn")
    expect(page.get_by_role("heading", name="No style answers")).to_be_visible()
    page.get_by_role("link", name="All styles").first.click()
    expect(page.locator(".style-card")).to_have_count(len(desk.context.library.styles()))
