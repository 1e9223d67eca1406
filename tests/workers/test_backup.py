"""A whole service into a folder and back: pictures and rows agree, or it is said why not."""

import gzip
import json
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import MetaData, func, select

from imagegen.errors import BadRequestError
from tests.services import wait_until
from tests.workers import makers
from tests.workers.making import a_photo, a_product
from workers import backup, photos
from workers.errors import BackupError
from workers.records import keys, products, scenes, webhooks
from workers.records.blobs import LocalBlobs
from workers.records.models import Decision, Scene
from workers.records.session import Database
from workers.scene_model import SceneRequest
from workers.scopes import Scope
from workers.settings import load_settings
from workers.tasks.scenes import Workbench, work_on


@pytest.fixture
def bench(tmp_path, database_url):
    """A service in which something happened, on each of the two databases."""
    yield from lived_in(tmp_path, database_url)


@pytest.fixture
def small(tmp_path, sqlite_url):
    """The same on SQLite alone."""
    yield from lived_in(tmp_path, sqlite_url)


def lived_in(tmp_path, url):
    database, blobs = Database(url), LocalBlobs(tmp_path / "blobs")
    settings = load_settings(data_dir=tmp_path / "data")
    bench = Workbench(settings, database, blobs, makers.gradient(settings), "test")
    stored = [photos.store(database, blobs, a_photo(colour)) for colour in ((9, 9, 9), (200, 30, 40))]
    with database.transaction() as session:
        products.upsert(session, a_product(name="Sofa = 'é'", tags=["a", "b"]), stored)
        keys.issue(session, "shop", [Scope.READ], "test")
        webhooks.add(session, "https://shop.example/hook", "test")
    for seed in range(3):
        made = make(bench, seed)
    with database.transaction() as session:
        scenes.approve(session, made, "Lena")
        ask(session, 9)  # waits
    yield bench
    database.close()


def ask(session, seed):
    return scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm", quality="draft", seed=seed))[0].id


def make(bench, seed):
    with bench.database.transaction() as session:
        scene_id = ask(session, seed)
    work_on(bench, scene_id)
    return scene_id


def content(database):
    """Every row of every table, as it is told to people."""
    with database.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            table.name: [
                {name: plain(value) for name, value in row._mapping.items()}
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in found.sorted_tables
        }


def plain(value):
    """Databases keep the same in different forms."""
    text = json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else str(value)
    return text.replace("+00:00", "")


@pytest.fixture
def empty_place(request, tmp_path):
    """Makes an empty database of a kind, and an empty store."""
    opened = []

    def place(kind):
        url = f"sqlite:///{tmp_path}/fresh/new.db"
        if kind == "postgresql":
            server = request.getfixturevalue("postgres_server")
            import psycopg

            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                connection.execute("DROP DATABASE IF EXISTS fresh WITH (FORCE)")
                connection.execute("CREATE DATABASE fresh")
            url = f"{server.replace('postgresql:', 'postgresql+psycopg:')}/fresh"
        opened.append(Database(url))
        return opened[-1], LocalBlobs(tmp_path / "fresh-blobs")

    yield place
    for database in opened:
        database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_pictures_and_rows_agree_after_a_restore_into_an_empty_place(bench, tmp_path, empty_place, kind):
    saved = backup.save(bench.database, bench.blobs, tmp_path / "kept")
    database, blobs = empty_place(kind)
    back = backup.load(tmp_path / "kept", database, blobs)
    assert content(database) == content(bench.database)
    assert back.rows == saved.rows > 20
    assert back.blobs == saved.blobs == back.copied == 2 + 3 + 3
    with database.reading() as session:
        rows = scenes.page(session).items
        for scene in rows:
            assert scene.product.name == "Sofa = 'é'"
            if scene.picture:
                assert blobs.get(scene.picture) == bench.blobs.get(scene.picture)
                assert blobs.exists(f"{scene.recipe_sha[:2]}/{scene.recipe_sha}.json")
        assert len(rows) == 4


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_life_goes_on_where_it_was_brought_back(small, tmp_path, empty_place, kind):
    backup.save(small.database, small.blobs, tmp_path / "kept")
    database, blobs = empty_place(kind)
    backup.load(tmp_path / "kept", database, blobs)
    other = Workbench(small.settings, database, blobs, small.maker, "other")
    scene_id = make(other, 77)
    with database.transaction() as session:
        scenes.reject(session, scene_id, "Lena", "too_dark")  # a decision and a line of the log get new numbers
    with database.reading() as session:
        assert session.scalar(select(func.count(Decision.id))) == 2


def test_a_second_backup_into_the_same_folder_copies_only_what_is_new(small, tmp_path):
    first = backup.save(small.database, small.blobs, tmp_path / "kept")
    make(small, 50)
    second = backup.save(small.database, small.blobs, tmp_path / "kept")
    assert (first.copied, second.copied) == (8, 2)
    assert second.rows > first.rows
    assert len(list((tmp_path / "kept").glob("rows-*"))) == 1
    assert backup.check(tmp_path / "kept") == second.manifest


def test_a_backup_that_broke_is_not_taken_for_one_and_goes_on_when_it_is_run_again(small, tmp_path):
    def break_off(what, share):
        if what == "copying files" and share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.save(small.database, small.blobs, tmp_path / "kept", break_off)
    with pytest.raises(BackupError, match="no finished backup"):
        backup.check(tmp_path / "kept")
    saved = backup.save(small.database, small.blobs, tmp_path / "kept")
    assert 0 < saved.copied < saved.blobs == 8
    assert backup.check(tmp_path / "kept") == saved.manifest


def test_one_that_breaks_off_leaves_the_backup_before_it_whole(small, tmp_path):
    before = backup.save(small.database, small.blobs, tmp_path / "kept")
    make(small, 50)

    def break_off(what, share):
        if what == "copying files" and share > 0.8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.save(small.database, small.blobs, tmp_path / "kept", break_off)
    assert backup.check(tmp_path / "kept") == before.manifest


def damaged(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def kinds_of_damage(folder):
    rows = next(folder.glob("rows-*/scenes.jsonl.gz"))
    blob = next(folder.glob("blobs/*/*.png"))
    return {
        "a changed row file": (rows, damaged),
        "a lost row file": (rows, lambda path: path.unlink()),
        "a changed picture": (blob, damaged),
        "a cut picture": (blob, lambda path: path.write_bytes(path.read_bytes()[:-1])),
        "a lost picture": (blob, lambda path: path.unlink()),
        "a changed list": (next(folder.glob("rows-*/blobs.txt.gz")), damaged),
        "a cut manifest": (folder / "manifest.json", lambda path: path.write_text(path.read_text()[:-20])),
    }


def test_a_damaged_backup_is_refused_by_the_name_of_the_file_and_nothing_is_written(small, tmp_path, empty_place):
    backup.save(small.database, small.blobs, tmp_path / "kept")
    database, blobs = empty_place("sqlite")
    for number, what in enumerate(kinds_of_damage(tmp_path / "kept")):
        folder = tmp_path / f"damaged-{number}"
        shutil.copytree(tmp_path / "kept", folder)
        path, damage = kinds_of_damage(folder)[what]
        damage(path)
        with pytest.raises(BackupError, match=path.name):
            backup.load(folder, database, blobs)
        assert content(database) == {}, what
        assert not blobs.root.exists(), what


def test_a_place_that_is_not_empty_is_refused(small, tmp_path):
    backup.save(small.database, small.blobs, tmp_path / "kept")
    before = content(small.database)
    with pytest.raises(BackupError, match="not empty"):
        backup.load(tmp_path / "kept", small.database, small.blobs)
    assert content(small.database) == before


def test_a_restore_that_broke_can_be_begun_again(small, tmp_path, empty_place):
    backup.save(small.database, small.blobs, tmp_path / "kept")
    database, blobs = empty_place("sqlite")

    def break_off(what, _share):
        if what == "writing scenes":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.load(tmp_path / "kept", database, blobs, break_off)
    assert backup.load(tmp_path / "kept", database, blobs).copied == 0
    assert content(database) == content(small.database)


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(small, tmp_path, empty_place):
    old = Database(f"sqlite:///{tmp_path}/old.db")
    old.create_or_upgrade("0005")
    with old.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO products (sku, name, category, width_cm, depth_cm, height_cm, mount, colour, material, tags,"
            " created_at, updated_at) VALUES ('OLD-1', 'Old', 'sofa', 1, 2, 3, 'floor', '', '', '[]',"
            " '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')"
        )
    saved = backup.save(old, small.blobs, tmp_path / "old-kept")
    old.close()
    assert saved.manifest.revision == "0005"
    database, blobs = empty_place("postgresql")
    backup.load(tmp_path / "old-kept", database, blobs)
    with database.reading() as session:
        assert products.get(session, "OLD-1").depth_cm == 2


def test_a_backup_of_a_later_version_is_refused(small, tmp_path, empty_place):
    backup.save(small.database, small.blobs, tmp_path / "kept")
    manifest = tmp_path / "kept/manifest.json"
    said = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(said | {"revision": "9999"}))
    database, blobs = empty_place("sqlite")
    with pytest.raises(BackupError, match="unknown here"):
        backup.load(tmp_path / "kept", database, blobs)


def test_a_file_that_the_store_lost_is_told_and_the_rest_is_saved(small, tmp_path):
    with small.database.reading() as session:
        lost = next(scene.picture for scene in scenes.page(session).items if scene.picture)
    (small.blobs.root / lost).unlink()
    saved = backup.save(small.database, small.blobs, tmp_path / "kept")
    assert saved.manifest.missing == [lost]
    assert backup.check(tmp_path / "kept").blobs.entries == 7


def test_a_damaged_file_of_the_store_is_not_saved_as_if_it_were_whole(small, tmp_path):
    with small.database.reading() as session:
        key = next(scene.picture for scene in scenes.page(session).items if scene.picture)
    damaged(small.blobs.root / key)
    with pytest.raises(BackupError, match=key):
        backup.save(small.database, small.blobs, tmp_path / "kept")


def test_a_backup_is_of_one_moment_while_the_service_goes_on(bench, tmp_path):
    """Scenes are asked for all the time; each that was saved has its event, and none has more than it had."""
    stop, asked = threading.Event(), []

    def go_on():
        while not stop.is_set():
            with bench.database.transaction() as session:
                asked.append(ask(session, len(asked)))

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        wait_until(lambda: len(asked) > 5)
        saved = backup.save(bench.database, bench.blobs, tmp_path / "kept")
        number = len(asked)
        wait_until(lambda: len(asked) > number)
    finally:
        stop.set()
        thread.join()
    rows = {name: read(tmp_path / "kept" / part.file) for name, part in saved.manifest.tables.items()}
    events = {}
    for event in rows["events"]:
        events[event["scene_id"]] = events.get(event["scene_id"], 0) + 1
    assert {scene["id"]: scene["events"] for scene in rows["scenes"]} == events
    with bench.database.reading() as session:
        assert len(rows["scenes"]) < session.scalar(select(func.count(Scene.id)))


def read(path):
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def test_a_folder_with_other_things_in_it_is_left_alone(small, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear")
    with pytest.raises(Exception, match=r"letter\.txt"):
        backup.save(small.database, small.blobs, tmp_path / "mine")


def test_nobody_else_may_read_the_rows(small, tmp_path):
    backup.save(small.database, small.blobs, tmp_path / "kept")
    for path in [tmp_path / "kept", *(tmp_path / "kept").glob("rows-*"), *(tmp_path / "kept").glob("rows-*/*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def nights(small, folder, number, keep=2, per_night=1):
    """So many backups beside each other, with something made before each."""
    for night in range(number):
        for seed in range(per_night):
            make(small, 100 + 10 * night + seed)
        at = datetime(2026, 11, 1 + night, 2, 30, tzinfo=UTC)
        yield backup.save_beside(small.database, small.blobs, folder, keep, at=at)


def test_backups_beside_each_other_are_whole_each_and_the_oldest_goes(small, tmp_path):
    made = list(nights(small, tmp_path / "kept", 3))
    there = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert there == ["20261102T023000Z", "20261103T023000Z"]
    for place, saved in made[1:]:
        assert backup.check(place) == saved.manifest
    assert made[2][1].rows > made[1][1].rows


def test_what_backups_have_in_common_lies_on_the_disk_once(small, tmp_path):
    (first, _), (second, saved) = nights(small, tmp_path / "kept", 2)
    assert saved.copied == 2 < saved.blobs  # the new picture and its recipe
    inodes = [{path.stat().st_ino for path in (place / "blobs").glob("*/*")} for place in (first, second)]
    assert inodes[0] < inodes[1]
    shutil.rmtree(first)
    assert backup.check(second) == saved.manifest


def test_where_a_disk_knows_no_links_files_are_copied(small, tmp_path, monkeypatch):
    def refuse(self, target):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    *_, (place, saved) = nights(small, tmp_path / "kept", 2)
    assert saved.copied == saved.blobs
    assert backup.check(place) == saved.manifest


def test_one_that_broke_costs_no_earlier_one_and_is_gone_after_the_next(small, tmp_path):
    [(first, _)] = nights(small, tmp_path / "kept", 1)

    def break_off(what, share):
        raise KeyboardInterrupt

    make(small, 150)
    with pytest.raises(KeyboardInterrupt):
        backup.save_beside(small.database, small.blobs, tmp_path / "kept", 1, break_off)
    backup.check(first)
    last, saved = backup.save_beside(small.database, small.blobs, tmp_path / "kept", 1)
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [last.name]
    assert backup.check(last) == saved.manifest


def test_two_do_not_keep_backups_in_one_folder_at_once(small, tmp_path):
    def meanwhile(what, share):
        with pytest.raises(BackupError, match="Another backup"):
            backup.save_beside(small.database, small.blobs, tmp_path / "kept", 1)

    backup.save_beside(small.database, small.blobs, tmp_path / "kept", 1, meanwhile)


def test_a_folder_that_is_a_backup_itself_is_left_alone(small, tmp_path):
    backup.save(small.database, small.blobs, tmp_path / "kept")
    with pytest.raises(BadRequestError, match="other things"):
        backup.save_beside(small.database, small.blobs, tmp_path / "kept", 3)
    backup.check(tmp_path / "kept")


def test_a_restore_from_a_folder_of_several_names_the_newest(small, tmp_path):
    *_, (newest, _) = nights(small, tmp_path / "kept", 2)
    with pytest.raises(BackupError) as refused:
        backup.check(tmp_path / "kept")
    assert newest.name in refused.value.hint
