"""What the fault tests share: a house of their own, and the table of what was wanted and what was reached."""

import pytest

from tests.workers.house import House

TABLE = pytest.StashKey[list]()


@pytest.fixture
def figures(request):
    """Takes down one line of the table: figures(what, wanted, reached)."""
    table = request.config.stash.setdefault(TABLE, [])
    return lambda what, wanted, reached: table.append((what, wanted, reached))


def pytest_terminal_summary(terminalreporter, config):
    table = config.stash.get(TABLE, [])
    if not table:
        return
    terminalreporter.section("figures wanted and reached")
    widths = [max(len(str(line[column])) for line in table) for column in range(3)]
    for line in table:
        told = " | ".join(str(cell).ljust(width) for cell, width in zip(line, widths, strict=True))
        terminalreporter.line(told.rstrip())


@pytest.fixture
def build(tmp_path):
    """Makes houses with a database and a broker, and clears them away."""
    built = []

    def house(database_url, broker_url="", **settings):
        folder = tmp_path / f"house-{len(built)}"
        folder.mkdir()
        broker = {"broker_url": broker_url} if broker_url else {}
        built.append(House(folder, database_url=database_url, **broker | settings))
        return built[-1]

    yield house
    for each in built:
        each.close()
