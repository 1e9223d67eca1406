from playwright.sync_api import expect

from tests.api import house
from workers import announcing
from workers.records import webhooks
from workers.relay import relay


def test_an_administrator_finds_a_delivery_and_sends_it_again_by_keys_alone(page, desk):
    context = desk.context
    with context.database.transaction() as session:
        webhooks.add(session, "https://shop.example/hook", "Lena")
    house.add_product(context)
    house.made(context)
    relay(context.database.of_all(), announcing.receivers(context.database.of_all()))
    with context.database.of_all().transaction() as session:
        [delivery] = webhooks.due(session, 5)
        webhooks.taken(session, webhooks.take(session, delivery), 200)
    page.goto("/review")
    page.get_by_role("link", name="The service: work, people, audit").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Work", exact=True)).to_be_visible()
    page.get_by_role("link", name="Webhooks", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Taken", exact=True)).to_be_visible()
    page.get_by_role("button", name="Send scene.in_review").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("sent again")
    with context.database.of_all().reading() as session:
        assert webhooks.due(session, 5) == [delivery]
    page.get_by_role("link", name="Audit", exact=True).click()
    expect(page.get_by_role("cell", name="replay", exact=True)).to_be_visible()
    page.get_by_label("Who", exact=True).fill("Lena")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="replay", exact=True)).to_have_count(0)
    expect(page.get_by_role("cell", name="Lena", exact=True)).to_be_visible()
