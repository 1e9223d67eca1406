"""Signing in at the desk, by keyboard alone."""

import re

from tests.api import house
from workers.records import people
from workers.scopes import Role

PASSWORD = "correct horse battery"
LOGIN = re.compile(r"/login\?next=/review")


def test_somebody_signs_in_and_out_by_keyboard_and_sees_what_their_role_may(desk, page):
    house.add_product(desk.context)
    scene = house.made(desk.context)
    with desk.context.database.of_all().transaction() as session:
        people.add(session, "mara", Role.MARKETING, "test", name="Mara Lind", password=PASSWORD)

    page.goto(f"/review/scenes/{scene}")
    page.wait_for_url(LOGIN)
    page.keyboard.type("mara")  # the field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/review/scenes/{scene}")
    page.get_by_text("Mara Lind", exact=True).wait_for()
    assert page.get_by_role("button", name="Approve").count() == 0
    page.get_by_label("Comment").fill("Lovely.")
    page.keyboard.press("Enter")
    page.get_by_text("Mara Lind: “Lovely.”").wait_for()
    page.get_by_role("button", name="Sign out").press("Enter")
    page.wait_for_url("**/login")
    assert page.context.cookies() == []
    page.goto("/review")
    page.wait_for_url(LOGIN)


def test_somebody_changes_their_own_password_by_keyboard(desk, page):
    with desk.context.database.of_all().transaction() as session:
        people.add(session, "mara", Role.MARKETING, "test", name="Mara Lind", password=PASSWORD)
    page.goto("/login")
    page.keyboard.type("mara")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Mara Lind").press("Enter")
    page.get_by_label("The one you have").fill(PASSWORD)
    for label in ("The new one", "Once more"):
        page.get_by_label(label).fill("quite another battery")
    page.keyboard.press("Enter")
    page.get_by_text("From now on it is the new one.").wait_for()
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.goto("/review")
    page.get_by_role("link", name="Mara Lind").wait_for()  # still in
