from pathlib import Path

import pytest
from PIL import Image

import styles
from styles.library import Library, default_library

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
    said = cli("styles", "show", style.slug, "--no-views").words
    assert room.anchors[0].id in said
    assert next(iter(style.lights)) in said
    assert next(iter(style.palette.values())) in said


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


def test_the_list_can_be_narrowed_and_sorted_by_colour(cli):
    assert [style["slug"] for style in cli("styles", "list", "brick", "--json").json] == ["industrial"]
    style = default_library().styles()[-1]
    name, colour = next(iter(style.palette.items()))
    nearest = cli("styles", "list", "--colour", colour, "--json").json
    assert nearest[0]["swatch"]["difference"] == 0
    assert colour in cli("styles", "list", "--colour", colour).words, name
    assert "No style answers" in cli("styles", "list", "unicorns").words
    assert cli("styles", "list", "--colour", "greenish").code == 2


@pytest.mark.parametrize("room", [(), ("--room", "cabin-attic")])
def test_a_new_style_is_sound_from_the_start_and_offers_its_own_room_first(cli, home, room):
    said = cli("styles", "new", "lagoon", "--folder", "mine", *room)
    assert said.code == 0, said.err
    page = home / "mine" / "looks" / "lagoon.toml"
    assert str(page.relative_to(home)) in said.words
    assert cli("styles", "validate", "mine").code == 0
    rooms = Library([home / "mine"]).style("lagoon").rooms
    assert rooms[0] == ("cabin-attic" if room else default_library().style("scandinavian").rooms[0])


def test_a_new_style_writes_over_nothing(cli, home):
    assert cli("styles", "new", "lagoon", "--folder", "mine").code == 0
    page = home / "mine" / "looks" / "lagoon.toml"
    page.write_text(page.read_text() + "# mine\n")
    again = cli("styles", "new", "lagoon", "--folder", "mine")
    assert again.code == 2
    assert "already" in again.err
    assert page.read_text().endswith("# mine\n")
    assert cli("styles", "new", "industrial", "--folder", "other").code == 2
    assert cli("styles", "new", "My Style").code == 2
    assert cli("styles", "new", "shore", "--like", "atlantis").code == 2
    assert not (home / "other").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("looks/lagoon.toml", 'pattern = "weave"', 'pattern = "weeve"', "weave"),
        ("looks/lagoon.toml", "[roles.pouf]", '[roles.sofa]\nform = "throne"', "track"),
        ("looks/lagoon.toml", "[roles.pouf]\nmaterials = { main =", "[roles.sofa]\nmaterials = { legs =", "grey"),
        ("rooms/hut.toml", 'kind = "sofa"', 'kind = "sofer"', "sofa"),
    ],
)
def test_a_name_that_nobody_knows_is_told_with_file_line_and_what_was_meant(cli, home, file, old, new, told):
    cli("styles", "new", "lagoon", "--folder", "mine", "--room", "hut")
    page = home / "mine" / file
    text = page.read_text()
    assert old in text
    page.write_text(text.replace(old, new))
    said = cli("styles", "validate", "mine", "--json")
    assert said.code == 2
    [fault] = said.json
    name, line = fault["where"].rsplit(":", 1)
    assert name.endswith(file)
    nearby = page.read_text().splitlines()[int(line) - 1 : int(line) + 4]
    assert any(word in "\n".join(nearby) for word in new.split("\n"))
    assert told in fault["problem"] + fault["hint"]


def test_a_draft_of_a_page_is_drawn_without_installing_it(cli, home):
    cli("styles", "new", "lagoon", "--folder", "mine", "--room", "hut")
    page = home / "mine" / "looks" / "lagoon.toml"
    said = cli("styles", "preview", page, "--width", 160, "--samples", 1, "--to", "draft.png")
    assert said.code == 0, said.err
    with Image.open(home / "draft.png") as picture:
        assert picture.size == (160, 110)
    assert cli("styles", "preview", "atlantis").code == 2
    assert cli("styles", "preview", page, "--room", "cellar").code == 2
    assert cli("styles", "preview", page, "--light", "eclipse").code == 2


def test_the_vocabulary_names_every_kind_form_and_pattern(cli):
    told = cli("styles", "vocabulary", "--json").json
    kinds = {kind["kind"]: kind for kind in told["kinds"]}
    assert "track" in kinds["sofa"]["forms"]
    assert "legs" in kinds["sofa"]["slots"]
    assert "planks" in told["patterns"]
    assert "weave" in cli("styles", "vocabulary").words
