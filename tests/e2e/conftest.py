"""The real service on a free port of this machine, a worker of a few lines beside it, and Debian's Chromium."""

import contextlib
import threading
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from api.app import create_app
from tests.api import house
from tests.previews import goods
from tests.services import free_port, wait_until
from tests.workers import makers
from workers.records import preparations, scenes
from workers.tasks.previews import work_on
from workers.tasks.scenes import Workbench

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000


class Desk:
    """A running service: its address, its context, and a worker that can be set to work."""

    def __init__(self, context, address):
        self.context = context
        self.address = address
        self.published = context.settings.data_dir / "published"

    def states(self):
        with self.context.database.reading() as session:
            return {state: number for state, number in scenes.counts(session).items() if number}

    def make_all(self):
        """What a worker does with everything that waits; the numbers keep the pictures apart."""
        with self.context.database.reading() as session:
            waiting = scenes.page(session, scenes.Filters(states=("queued",)), oldest_first=True).items
        for number, scene in enumerate(waiting):
            house.finish(self.context, scene.id, mark=number + 1)
        return [scene.id for scene in waiting]

    def prepare_all(self):
        """What a worker does with every preview that waits; how many there were."""
        context = self.context
        bench = Workbench(context.settings, context.database, context.blobs, makers.gradient(context.settings), "test")
        with context.database.reading() as session:
            waiting = preparations.to_send(session, -1, 10)
        for preparation_id in waiting:
            work_on(bench, preparation_id, goods.prepare)
        return len(waiting)


@pytest.fixture
def desk(tmp_path, sqlite_url):
    port = free_port()
    app = create_app(house.make_settings(tmp_path, sqlite_url))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield Desk(app.state.context, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: apt-get install chromium")
    with (
        sync_playwright() as playwright,
        contextlib.closing(playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)) as browser,
    ):
        yield browser


@pytest.fixture
def page(browser, desk):
    """A page on the desk. Whatever the browser complains of (a blocked script, a failed request) fails the test."""
    context = browser.new_context(base_url=desk.address, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    complaints = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith((desk.address, "data:")) else complaints.append(request.url),
    )
    page.on(
        "response", lambda answer: complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
    )
    yield page
    context.close()
    assert complaints == []
