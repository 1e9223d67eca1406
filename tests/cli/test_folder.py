from pathlib import Path

import pytest

from api.cli.folder import write_together


def test_files_appear_together_and_whole(tmp_path):
    write_together(tmp_path / "a/b", {"one.json": b"1", "two.png": b"22"})
    assert {path.name: path.read_bytes() for path in (tmp_path / "a/b").iterdir()} == {
        "one.json": b"1",
        "two.png": b"22",
    }


def test_files_that_are_there_are_replaced(tmp_path):
    (tmp_path / "one.json").write_bytes(b"old")
    write_together(tmp_path, {"one.json": b"new"})
    assert (tmp_path / "one.json").read_bytes() == b"new"


def test_when_one_file_cannot_be_written_none_is_there_nor_the_folder(tmp_path):
    class Unwritable(dict[str, bytes]):
        def items(self):
            yield "one.json", b"1"
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_together(tmp_path / "a/b", Unwritable())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_there_stays_when_writing_fails(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/name").mkdir()  # a folder where the file should go
    with pytest.raises(OSError, match="name"):
        write_together(tmp_path / "out", {"name": b""})
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["name"]


def test_a_file_where_the_folder_should_be_is_told(tmp_path):
    place = tmp_path / "out"
    place.write_bytes(b"")
    with pytest.raises(OSError, match="out"):
        write_together(Path(place), {"one": b""})
