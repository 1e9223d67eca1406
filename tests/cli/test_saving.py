import pytest
from sqlalchemy import text

from tests.api import house
from workers.records.session import Database
from workers.settings import get_settings


@pytest.fixture
def filled(cli, home):
    """An installation with a scene."""
    from api.cli.catalog import opened

    with opened() as context:
        house.add_product(context)
        return house.made(context)


def test_what_was_saved_is_brought_back_to_another_place(cli, home, filled, monkeypatch):
    said = cli("backup", "--to", home / "kept")
    assert said.code == 0
    assert "2 files" in said.out
    assert "is whole" in cli("restore", "--from", home / "kept", "--check").out
    monkeypatch.setenv("IMAGEGEN_DATA_DIR", str(home / "other"))
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", f"sqlite:///{home}/other/imagegen.db")
    get_settings.cache_clear()
    assert cli("restore", "--from", home / "kept").code == 0
    assert cli("catalog", "show", "SOFA-1", "--json").json["sku"] == "SOFA-1"
    assert len(list((home / "other/blobs").glob("*/*.png"))) == 2


def test_a_place_that_is_in_use_and_a_folder_that_is_none_are_told(cli, home, filled):
    cli("backup", "--to", home / "kept")
    said = cli("restore", "--from", home / "kept")
    assert said.code == 2
    assert "not empty" in said.err
    said = cli("restore", "--from", home / "nothing")
    assert said.code == 2


def test_files_that_were_lost_before_are_told_with_the_exit_code(cli, home, filled):
    next((home / "var/blobs").glob("*/*.png")).unlink()
    said = cli("backup", "--to", home / "kept")
    assert said.code == 1
    assert "not in the store" in said.err


def test_several_backups_are_kept_beside_each_other_and_noted_in_the_log(cli, home, filled):
    said = cli("backup", "--to", home / "kept", "--keep", 2)
    assert said.code == 0
    (place,) = (home / "kept").iterdir()
    assert str(place) in said.out
    assert "is whole" in cli("restore", "--from", place, "--check").out
    (line,) = cli("audit", "--action", "backup", "--json").json
    assert line["detail"]["place"] == str(place)


def test_a_backup_of_older_tables_leaves_them_as_they_are(cli, home, monkeypatch):
    old = Database(f"sqlite:///{home}/old.db")
    old.create_or_upgrade("0005")
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", f"sqlite:///{home}/old.db")
    get_settings.cache_clear()
    assert cli("backup", "--to", home / "kept").code == 0
    assert old.revision() == "0005"
    with old.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit")) == 0
    old.close()
