"""The newest migration while processes of the version before go on: old and new work side by side."""

import threading

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, select, update

from tests.services import wait_until
from tests.workers.making import a_product, a_result, a_stored_photo
from workers.records import products, scenes
from workers.records.models import Scene
from workers.records.session import MIGRATIONS, Database, utc_now
from workers.scene_model import SceneRequest

NEWEST = ScriptDirectory(str(MIGRATIONS)).get_revision("head")
LOOPS = 12


@pytest.fixture
def before(request, tmp_path, postgres_server):
    """Makes a database of the version before, of a kind."""
    opened = []

    def make(kind):
        url = f"sqlite:///{tmp_path}/before.db"
        if kind == "postgresql":
            import psycopg

            with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
                connection.execute("DROP DATABASE IF EXISTS rolling WITH (FORCE)")
                connection.execute("CREATE DATABASE rolling")
            url = f"{postgres_server.replace('postgresql:', 'postgresql+psycopg:')}/rolling"
        opened.append(Database(url))
        opened[-1].create_or_upgrade(NEWEST.down_revision)
        return opened[-1]

    yield make
    for database in opened:
        database.close()


class OldProcess:
    """A worker and a door of the version before: its tables are those that the migrations before the newest made.

    It names every column that it knows and no other, as the mapped classes of its time do.
    """

    def __init__(self, database):
        self.database = database
        self.tables = MetaData()
        self.tables.reflect(database.engine)
        self.made, self.faults = [], []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        number = 0
        while not self.stop.is_set():
            number += 1
            try:
                self.one(f"{number:024x}")
            except Exception as error:  # noqa: BLE001 - told by the test
                self.faults.append(error)
                return

    def one(self, scene_id):
        """Ask for a scene, claim it, tell how far it is, finish it, look at it: each in a transaction of its own."""
        scene, event, at = self.tables.tables["scenes"], self.tables.tables["events"], utc_now()
        mine = scene.c.id == scene_id
        asked = {
            "id": scene_id,
            "group_id": scene_id,
            "sku": "SOFA-1",
            "style": "calm",
            "engine": "render",
            "quality": "draft",
            "request": {"sku": "SOFA-1", "style": "calm"},
            "asked_by": "old",
            "state": "queued",
            "stage": "",
            "share": 0.0,
            "attempt": 0,
            "max_attempts": 3,
            "send_after": at,
            "events": 1,
            "findings": [],
            "seconds": {},
            "created_at": at,
            "updated_at": at,
        }
        told = {"scene_id": scene_id, "seq": 1, "at": at, "kind": "state", "data": {"state": "queued"}}
        self.do(insert(scene).values(asked), insert(event).values(told))
        claimed = {"state": "running", "attempt": scene.c.attempt + 1, "worker": "old", "lease_until": at}
        self.do(update(scene).where(mine, scene.c.state == "queued").values(claimed).returning(*scene.columns))
        self.do(update(scene).where(mine, scene.c.attempt == 1).values(stage="render", share=0.5))
        done = {"state": "in_review", "lease_until": None, "worker": None, "picture": f"ab/{'0' * 64}.png"}
        self.do(update(scene).where(mine, scene.c.attempt == 1).values(done))
        self.do(select(*scene.columns).where(mine))
        self.made.append(scene_id)

    def do(self, *statements):
        with self.database.engine.begin() as connection:
            for statement in statements:
                found = connection.execute(statement)
                if found.returns_rows:
                    assert len(found.all()) == 1

    def made_more(self, number=3):
        """It went on, or it is told why not."""
        now = len(self.made)
        wait_until(lambda: self.faults or len(self.made) >= now + number, 60)
        assert self.faults == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_old_and_new_processes_work_side_by_side_over_the_newest_migration(before, kind):
    database = before(kind)
    old = OldProcess(database)
    with database.engine.begin() as connection:
        at, product = utc_now(), old.tables.tables["products"]
        sofa = {"sku": "SOFA-1", "name": "Sofa", "category": "sofa", "width_cm": 1, "depth_cm": 1, "height_cm": 1}
        sofa |= {"mount": "floor", "colour": "", "material": "", "tags": [], "created_at": at, "updated_at": at}
        connection.execute(insert(product).values(sofa))
    old.thread.start()
    try:
        old.made_more()
        new = Database(database.url.render_as_string(hide_password=False))
        new.create_or_upgrade()
        assert new.revision() == NEWEST.revision
        old.made_more()
        for number in range(LOOPS):
            made_by_the_new(new, number)
        old.made_more()
        with new.reading() as session:
            states = scenes.counts(session)
            assert session.get(Scene, old.made[0]).asked_by == "old"  # the new reads what the old wrote
        assert states[scenes_state("in_review")] >= LOOPS + 9
        new.close()
    finally:
        old.stop.set()
        old.thread.join()
    assert old.faults == []


def scenes_state(name):
    from imagegen.lifecycle import State

    return State(name)


def made_by_the_new(database, number):
    with database.transaction() as session:
        products.upsert(session, a_product(name=f"Sofa {number}"), [a_stored_photo()])
        scene_id = scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm"), by="new")[0].id
        held = scenes.claim(session, scene_id, "new")
    with database.transaction() as session:
        scenes.finish(session, held, a_result())
