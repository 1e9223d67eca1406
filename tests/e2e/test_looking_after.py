"""Administrators look after people, keys and teams at the desk, by keyboard alone."""

import pytest
from playwright.sync_api import expect

from workers.records import keys, people, teams
from workers.scopes import Role, Scope

PASSWORD = "correct horse battery"


@pytest.fixture
def boss(desk, page):
    """An administrator, signed in."""
    with desk.context.database.of_all().transaction() as session:
        people.add(session, "boss", Role.ADMIN, "test", name="The boss", password=PASSWORD)
    page.goto("/login?next=/review/admin/people")
    page.get_by_label("Login").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="People", exact=True).wait_for()


def press(page, role, name, **more):
    page.get_by_role(role, name=name, **more).press("Enter")


def test_somebody_is_added_by_keys_alone_and_their_password_is_gone_when_the_page_is_loaded_anew(desk, page, boss):
    page.locator("summary", has_text="Add somebody").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("tom@house.example")
    page.keyboard.press("Tab")
    page.keyboard.type("Tom Becker")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    shown = page.get_by_role("textbox", name="The password of Tom Becker")
    expect(shown).to_be_focused()
    secret = shown.input_value()
    page.context.grant_permissions(["clipboard-read"])
    press(page, "button", "Copy")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.reload()
    expect(page.get_by_role("link", name="Tom Becker")).to_be_visible()
    assert secret not in page.content()
    press(page, "button", "Sign out")
    page.get_by_label("Login").fill("tom@house.example")
    page.get_by_label("Password").fill(secret)
    page.keyboard.press("Enter")
    page.get_by_text("Tom Becker", exact=True).wait_for()
    assert page.get_by_role("link", name="The service").count() == 0  # a designer


def test_somebody_is_locked_out_after_being_asked_twice(desk, page, boss):
    with desk.context.database.of_all().transaction() as session:
        people.add(session, "max", Role.MARKETING, "test", name="Max", password=PASSWORD)
    page.reload()
    press(page, "link", "Max")
    page.locator("summary", has_text="Lock").press("Enter")
    press(page, "button", "Lock them out")
    expect(page.get_by_role("status")).to_contain_text("cannot sign in")
    press(page, "button", "Let in again")
    expect(page.get_by_role("status")).to_contain_text("may sign in again")


def test_a_key_is_made_and_revoked_and_a_team_limited_by_keys_alone(desk, page, boss):
    press(page, "link", "Keys", exact=True)
    page.get_by_label("Whose it is").press_sequentially("shop-import")
    page.get_by_role("checkbox", name="write").press(" ")
    press(page, "button", "Make")
    text = page.get_by_role("textbox", name="The key of shop-import").input_value()
    with desk.context.database.of_all().reading() as session:
        assert set(keys.check(session, text).scopes) == {Scope.READ, Scope.WRITE}
    page.locator("summary", has_text="Revoke").press("Enter")
    press(page, "button", "Revoke it")
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    press(page, "link", "Teams", exact=True)
    press(page, "link", "Limits of House")
    page.get_by_label("Scenes in 24 hours").press_sequentially("500")
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 of 500")).to_be_visible()
    with desk.context.database.reading() as session:
        assert teams.get(session, "house").scenes_a_day == 500


@pytest.mark.parametrize("width", [390, 800])
def test_in_a_narrow_window_no_page_is_wider_than_the_window(desk, page, boss, width):
    with desk.context.database.of_all().transaction() as session:
        teams.add(session, "outdoor", "test", name="Outdoor & Garden")
        tom = people.add(session, "tom.with.a.long.login@house.example", Role.DESIGNER, "test", name="Tom").id
    with desk.context.database.transaction() as session:
        keys.issue(session, "a-program-with-a-long-name", list(Scope), "test")
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("people", f"people/{tom}", "keys", "teams", "teams/outdoor"):
        page.goto(f"/review/admin/{path}")
        for fold in page.locator("summary").all():
            fold.click()
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
