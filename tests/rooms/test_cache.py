from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from imagegen.rooms import cache, materials
from imagegen.rooms.cache import kept
from imagegen.rooms.parts import KINDS, Spec, packed, unpacked
from imagegen.rooms.textures import Order

ORDER = Order(np.array([[0.6, 0.5, 0.4], [0.2, 0.1, 0.1]]), (1.0, 0.7), (96, 64), 3, {"contrast": 1.2})
MODULES = ("cache.py",)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMAGEGEN_CACHE_DIR", str(tmp_path / "kept"))
    return tmp_path / "kept"


def numbers() -> dict[str, np.ndarray]:
    return {"a": np.arange(6, dtype=np.float16).reshape(2, 3), "b": np.array([7], np.int32)}


def refuse() -> dict[str, np.ndarray]:
    raise AssertionError("this was to come from the disk")


def entries(home: Path) -> list[Path]:
    return sorted(home.rglob("*.npz"))


def test_second_use_reads_what_the_first_made(home: Path) -> None:
    first = kept("numbers", MODULES, (1, "x"), numbers)
    again = kept("numbers", MODULES, (1, "x"), refuse)
    assert [path.parent for path in entries(home)] == [home / "numbers"]
    assert all(np.array_equal(first[k], again[k]) and first[k].dtype == again[k].dtype for k in numbers())


def test_other_arguments_sources_or_shelf_make_another_entry(home: Path) -> None:
    kept("numbers", MODULES, (1,), numbers)
    kept("numbers", MODULES, (2,), numbers)
    kept("numbers", ("build.py",), (1,), numbers)
    kept("others", MODULES, (1,), numbers)
    assert len(entries(home)) == 4


@pytest.mark.parametrize("damage", [b"", b"not a zip", None])
def test_damaged_file_is_made_anew(home: Path, damage: bytes | None, caplog: pytest.LogCaptureFixture) -> None:
    kept("numbers", MODULES, 1, numbers)
    (file,) = entries(home)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] if damage is None else damage)
    assert np.array_equal(kept("numbers", MODULES, 1, numbers)["a"], numbers()["a"])
    assert "damaged" in caplog.text
    assert file.read_bytes() == whole


def test_flipped_bit_is_noticed(home: Path) -> None:
    kept("numbers", MODULES, 1, lambda: {"a": np.zeros(4000, np.uint8)})
    (file,) = entries(home)
    data = bytearray(file.read_bytes())
    data[2000] ^= 1
    file.write_bytes(data)
    assert not kept("numbers", MODULES, 1, lambda: {"a": np.zeros(4000, np.uint8)})["a"].any()


def test_folder_that_cannot_be_written_is_no_failure(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    home.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        assert np.array_equal(kept("numbers", MODULES, 1, numbers)["b"], [7])
    assert "nothing can be cached" in caplog.text


def test_failure_while_making_leaves_nothing_behind(home: Path) -> None:
    with pytest.raises(AssertionError):
        kept("numbers", MODULES, 1, refuse)
    assert not home.exists()


def test_without_a_named_folder_it_lies_in_the_users_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAGEGEN_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache.folder() == Path("/somewhere/imagegen")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    assert cache.folder() == Path("/home/me/.cache/imagegen")


@pytest.mark.parametrize("name", ["wood", "paint", "brick"])
def test_texture_is_the_same_with_and_without_the_cache(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = materials._painted(name, ORDER)
    assert len(entries(home)) == 1
    again = materials._painted(name, ORDER)
    monkeypatch.setattr(cache, "folder", lambda: None)
    bare = materials._painted(name, ORDER)
    for plane in ("colour", "height", "gloss"):
        one, two, three = (getattr(tile, plane) for tile in (first, again, bare))
        assert (one is None) == (two is None) == (three is None)
        if one is not None:
            assert one.dtype == np.float32
            assert one.tobytes() == two.tobytes() == three.tobytes()


def test_part_is_the_same_with_and_without_the_cache(home: Path) -> None:
    spec = Spec((0.4, 0.4, 0.9), "", {}, 5)
    built = KINDS["pendant"].form("").build(spec)
    fresh = unpacked(packed(built))
    stored = unpacked(kept("parts", MODULES, 1, lambda: packed(built)))
    read = unpacked(kept("parts", MODULES, 1, refuse))
    assert len(entries(home)) == 1
    for source, *copies in zip(built, fresh, stored, read, strict=True):
        for copy in copies:
            assert (copy.slot, copy.segment, copy.sheet) == (source.slot, source.segment, source.sheet)
            assert copy.shape.vertices.tobytes() == copies[0].shape.vertices.tobytes()
            assert np.abs(copy.shape.vertices - source.shape.vertices).max() < 1e-6
            assert np.array_equal(copy.shape.faces, source.shape.faces)
