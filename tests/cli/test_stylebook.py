from pathlib import Path

import pytest

import styles
from styles.library import default_library

PAGES = Path(styles.__file__).parent


def test_styles_are_listed_with_slug_name_tags_and_rooms(cli):
    told = cli("styles", "list", "--json").json
    assert [style["slug"] for style in told] == [style.slug for style in default_library().styles()]
    for style in told:
        assert style["name"]
        assert style["rooms"]
        assert style["tags"]["decor_theme"]
    assert told[0]["slug"] in cli("styles", "list").words


def test_a_style_is_shown_with_its_rooms_and_anchors(cli):
    style = default_library().styles()[0]
    shown = cli("styles", "show", style.slug, "--json").json
    assert [room["slug"] for room in shown["rooms"]] == list(style.rooms)
    room = default_library().room(style.slug)
    assert room.anchors[0].id in cli("styles", "show", style.slug).words


def test_an_unknown_style_is_told_with_those_that_exist(cli):
    said = cli("styles", "show", "brutal-baroque")
    assert said.code == 2
    assert default_library().styles()[0].slug in said.err


def test_the_pages_that_ship_are_sound(cli):
    said = cli("styles", "validate")
    assert said.code == 0
    assert "sound" in said.words
    assert cli("styles", "validate", PAGES, "--json").json == []


@pytest.mark.parametrize(
    ("text", "told"),
    [("= nonsense", "TOML"), ('name = "Bare"', "missing"), ("\xff".encode("latin-1"), "read")],
)
def test_a_page_that_is_not_sound_is_told_with_its_file(cli, home, text, told):
    page = home / "lagoon.toml"
    page.write_bytes(text if isinstance(text, bytes) else text.encode())
    said = cli("styles", "validate", page)
    assert said.code == 2
    assert "lagoon.toml" in said.words
    assert told in said.words


def test_a_key_that_nobody_knows_is_told_with_its_line(cli, home):
    style = default_library().styles()[0]
    page = home / "looks" / f"{style.slug}.toml"
    page.parent.mkdir()
    page.write_text("colour_of_money = 1\n" + (PAGES / "looks" / f"{style.slug}.toml").read_text())
    said = cli("styles", "validate", page)
    assert said.code == 2
    assert f"{style.slug}.toml:1" in said.words


def test_a_folder_without_pages_or_a_missing_file_is_told(cli, home):
    assert cli("styles", "validate", home).code == 2
    assert cli("styles", "validate", home / "gone.toml").code == 2
