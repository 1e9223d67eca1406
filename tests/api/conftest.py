import pytest

from api.app import create_app
from api.deps import open_context
from tests.api import house


@pytest.fixture
def settings(tmp_path, sqlite_url):
    return house.make_settings(tmp_path, sqlite_url)


@pytest.fixture(scope="session")
def doors(tmp_path_factory):
    """The app, assembled once."""
    folder = tmp_path_factory.mktemp("doors")
    return create_app(house.make_settings(folder, f"sqlite:///{folder}/none.db"))


@pytest.fixture
def app(doors, settings):
    """The app with records and files of its own."""
    doors.state.context = open_context(settings)
    return doors


@pytest.fixture
def client(app):
    with house.client_of(app) as client:
        yield client


@pytest.fixture
def context(app, client):
    return app.state.context


@pytest.fixture
def sofa(context):
    return house.add_product(context)


@pytest.fixture
def scene(context, sofa):
    """A scene in review, its checks passed."""
    return house.made(context)


@pytest.fixture
def failing_scene(context, sofa):
    """A scene in review with a failed check."""
    return house.made(context, findings=(house.GOOD, house.BAD), mark=1)
