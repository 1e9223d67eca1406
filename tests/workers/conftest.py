import pytest

from tests.workers.making import HandClock, a_product, a_stored_photo, make
from workers.records import products, scenes
from workers.records.blobs import LocalBlobs
from workers.records.session import Database
from workers.scene_model import SceneRequest


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def database(database_url, clock):
    database = Database(database_url, clock=clock)
    yield database
    database.close()


@pytest.fixture
def blobs(tmp_path):
    return LocalBlobs(tmp_path / "blobs")


@pytest.fixture
def scene_id(database):
    """A queued scene of a product with one photo."""
    with database.transaction() as session:
        products.upsert(session, a_product(), [a_stored_photo()])
        return scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm"), by="test")[0].id


@pytest.fixture
def made(database, scene_id):
    """A scene that waits for review."""
    return make(database, scene_id)
