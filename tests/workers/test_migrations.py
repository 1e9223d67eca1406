"""The newest migrations there and back, on rows that were there before."""

import pytest
from alembic import command
from sqlalchemy import text

from tests.workers.making import a_product, a_stored_photo, make
from workers.records import keys, people, products, scenes, teams
from workers.records.session import Database
from workers.scene_model import SceneRequest
from workers.scopes import Role, Scope

BEFORE_TEAMS = "0009"


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.create_or_upgrade()
    database.close()


def migrate(database, revision):
    with database.migrating() as config:
        command.downgrade(config, revision)


def counts(database):
    tables = ("products", "photos", "scenes", "events", "decisions", "publications", "outbox", "api_keys", "audit")
    with database.engine.connect() as connection:
        return {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables}


def a_house(database):
    with database.transaction() as session:
        products.upsert(session, a_product(), [a_stored_photo()])
        scene_id = scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm"))[0].id
        keys.issue(session, "shop", [Scope.WRITE], "test")
    make(database, scene_id)
    with database.transaction() as session:
        scenes.approve(session, scene_id, "ann")
        scenes.publish(session, scene_id, "ann")
    return scene_id


def test_teams_come_and_go_and_every_row_stays(database):
    scene_id = a_house(database)
    before = counts(database)
    migrate(database, BEFORE_TEAMS)
    assert counts(database) == before
    with database.engine.begin() as connection:  # a row as the version before writes it, with no word of teams
        connection.execute(text("UPDATE products SET name = 'Renamed'"))
    database.create_or_upgrade()
    assert counts(database) == before
    with database.of("house").reading() as session:
        scene = scenes.get(session, scene_id)
        assert (scene.team_id, scene.product.name, len(scene.product.photos)) == ("house", "Renamed", 1)
        assert scene.publication is not None


def test_the_version_before_goes_on_adding_rows_while_this_one_takes_over(database):
    a_house(database)
    names = "sku, name, category, width_cm, depth_cm, height_cm, mount, colour, material, tags, created_at, updated_at"
    with database.engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO products ({names}) SELECT 'OLD-1', name, category, width_cm, depth_cm, height_cm, "
                "mount, colour, material, tags, created_at, updated_at FROM products"
            )
        )
        connection.execute(
            text(
                "INSERT INTO photos (sku, position, key, source_sha, source, width, height) "
                "SELECT 'OLD-1', position, key, source_sha, source, width, height FROM photos"
            )
        )
    with database.reading() as session:
        assert len(products.get(session, "OLD-1").photos) == 1


def test_what_nobody_approved_stays_unpublished_after_the_table_was_made_anew(database):
    a_house(database)
    migrate(database, BEFORE_TEAMS)
    database.create_or_upgrade()
    for wrong in ("state = 'approved', approved_by = NULL", "lease_until = updated_at", "picture = NULL"):
        with pytest.raises(Exception, match=r"(?i)check"), database.engine.begin() as connection:
            connection.execute(text(f"UPDATE scenes SET {wrong}"))


@pytest.mark.parametrize("what", ["products", "people"])
def test_a_house_with_two_teams_does_not_go_back(database, what):
    a_house(database)
    with database.of_all().transaction() as session:
        teams.add(session, "outdoor", "test")
        if what == "people":
            people.add(session, "tom", Role.DESIGNER, "test", team="outdoor")
    if what == "products":
        with database.of("outdoor").transaction() as session:
            products.upsert(session, a_product(), [])
    before = counts(database)
    with pytest.raises(RuntimeError, match="outdoor"):
        migrate(database, BEFORE_TEAMS)
    assert counts(database) == before
