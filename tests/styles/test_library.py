import re
from pathlib import Path

import pytest

from styles.errors import StyleError, UnknownRoomError, UnknownStyleError
from styles.library import HERE, Library, default_library

LOOK = (HERE / "looks" / "scandinavian.toml").read_text(encoding="utf-8")
ROOM = (HERE / "rooms" / "living-room.toml").read_text(encoding="utf-8")


def folder(tmp_path: Path, *, look: str = LOOK, room: str = ROOM) -> Path:
    (tmp_path / "looks").mkdir()
    (tmp_path / "rooms").mkdir()
    (tmp_path / "looks" / "mine.toml").write_text(look, encoding="utf-8")
    (tmp_path / "rooms" / "living-room.toml").write_text(room, encoding="utf-8")
    return tmp_path


def line_of(text: str, wanted: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if wanted in line)


def test_shipped_library_is_valid_and_every_style_has_its_rooms() -> None:
    library = default_library()
    library.validate()
    assert {style.slug for style in library.styles()} >= {"scandinavian", "industrial"}
    assert all(library.rooms(style.slug) for style in library.styles())


def test_no_room_named_gives_the_style_its_first() -> None:
    library = default_library()
    assert library.room("industrial").slug == library.style("industrial").rooms[0]


def test_unknown_style_lists_those_that_exist() -> None:
    with pytest.raises(UnknownStyleError) as caught:
        default_library().style("scandi")
    assert "scandi" in caught.value.message
    assert "scandinavian" in caught.value.hint


def test_room_of_another_style_lists_the_style_s_own() -> None:
    with pytest.raises(UnknownRoomError) as caught:
        default_library().room("scandinavian", "loft")
    assert "living-room" in caught.value.hint


def test_extra_folder_adds_a_style_under_its_file_s_name(tmp_path: Path) -> None:
    library = Library([folder(tmp_path)])
    assert {"mine", "scandinavian", "industrial"} <= {style.slug for style in library.styles()}
    assert library.room("mine").slug == "living-room"


def test_unknown_key_is_refused_with_file_and_line(tmp_path: Path) -> None:
    broken = LOOK.replace("[lights.north-light]\n", "[lights.north-light]\nbrightness = 2\n")
    with pytest.raises(StyleError) as caught:
        Library([folder(tmp_path, look=broken)], built_in=False).styles()
    assert caught.value.where == f"{tmp_path / 'looks' / 'mine.toml'}:{line_of(broken, 'brightness')}"
    assert "lights.north-light.brightness" in caught.value.message


def test_bad_number_in_a_part_is_refused_with_the_line_of_that_part(tmp_path: Path) -> None:
    broken = ROOM.replace(
        'id = "floor-lamp"\nkind = "floor-lamp"\nat = [0.72, -0.38, 0.0]',
        'id = "floor-lamp"\nkind = "floor-lamp"\nat = "there"',
    )
    with pytest.raises(StyleError) as caught:
        Library([folder(tmp_path, room=broken)], built_in=False).styles()
    line = line_of(broken, 'at = "there"')
    assert caught.value.where.endswith(f":{line}")


def test_broken_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(StyleError, match="not TOML") as caught:
        Library([folder(tmp_path, look="name = \n")], built_in=False).styles()
    assert caught.value.where.endswith("mine.toml:1")


def test_colour_that_the_palette_lacks_is_named(tmp_path: Path) -> None:
    broken = LOOK.replace('colours = ["oak", "oak-dark"]', 'colours = ["teak", "oak-dark"]')
    with pytest.raises(StyleError, match="teak"):
        Library([folder(tmp_path, look=broken)], built_in=False).styles()


def test_role_of_a_missing_material_is_named(tmp_path: Path) -> None:
    broken = LOOK.replace(
        '[roles.floor]\nmaterials = { main = "floor" }', '[roles.floor]\nmaterials = { main = "lava" }'
    )
    with pytest.raises(StyleError, match="lava"):
        Library([folder(tmp_path, look=broken)], built_in=False).styles()


def test_style_that_offers_a_missing_room_is_refused(tmp_path: Path) -> None:
    broken = re.sub(r"rooms = .*", 'rooms = ["cellar"]', LOOK, count=1)
    with pytest.raises(UnknownRoomError, match="cellar"):
        Library([folder(tmp_path, look=broken)], built_in=False).styles()


def test_version_is_stable_and_follows_the_content(tmp_path: Path) -> None:
    before = Library([folder(tmp_path)]).version("mine")
    assert before == Library([tmp_path]).version("mine", "living-room")
    assert len(before) == 64
    (tmp_path / "looks" / "mine.toml").write_text(LOOK.replace("#efece5", "#efece6"), encoding="utf-8")
    changed = Library([tmp_path]).version("mine")
    (tmp_path / "rooms" / "living-room.toml").write_text(ROOM.replace("width = 5.6", "width = 5.7"), encoding="utf-8")
    assert len({before, changed, Library([tmp_path]).version("mine")}) == 3


def test_version_ignores_comments(tmp_path: Path) -> None:
    before = Library([folder(tmp_path)]).version("mine")
    (tmp_path / "looks" / "mine.toml").write_text("# a word\n" + LOOK, encoding="utf-8")
    assert Library([tmp_path]).version("mine") == before


SHORT = """
name = "Mine"
summary = "Quiet, but blue."
like = "scandinavian"
[palette]
wall = "#dde6ee"
[materials.throw]
colours = ["#224466"]
[lights.blue-hour]
name = "blue hour"
"""


def test_page_that_is_like_another_says_only_what_differs(tmp_path: Path) -> None:
    library = Library([folder(tmp_path, look=SHORT)])
    mine, base = library.style("mine"), library.style("scandinavian")
    assert mine.colour("wall") == "#dde6ee"
    assert mine.colour("oak") == base.colour("oak")
    assert mine.materials["throw"].pattern == "plain"
    assert mine.materials["floor"] == base.materials["floor"]
    assert list(mine.lights) == ["blue-hour", *base.lights]
    assert mine.rooms == base.rooms
    assert library.version("mine") != library.version("scandinavian")
    assert [file.name for file in library.files("mine")][:2] == ["mine.toml", "scandinavian.toml"]


def test_page_that_is_like_nothing_or_like_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StyleError, match="no such style") as caught:
        Library([folder(tmp_path, look=SHORT.replace("scandinavian", "atlantis"))]).styles()
    assert "industrial" in caught.value.hint
    (tmp_path / "looks" / "mine.toml").write_text(SHORT.replace("scandinavian", "mine"), encoding="utf-8")
    with pytest.raises(StyleError, match="mine -> mine"):
        Library([tmp_path]).styles()
