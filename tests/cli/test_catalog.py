import json

import pytest
from PIL import Image

HEAD = "sku,name,category,width_cm,depth_cm,height_cm,mount,photos"


@pytest.fixture
def goods(home):
    """Writes a CSV of these lines beside a photo; gives its path."""
    Image.new("RGB", (320, 240), (200, 180, 160)).save(home / "photo.png")

    def write(*lines, head=HEAD, name="goods.csv"):
        path = home / name
        path.write_text("\n".join([head, *lines]) + "\n")
        return path

    return write


GOOD = "SOFA-1,Linen sofa,sofa,210,92,80,floor,photo.png"


def test_a_good_catalog_goes_in_and_again_changes_nothing(cli, goods):
    path = goods(GOOD, "RUG-1,Wool rug,rug,200,300,1,rug,photo.png")
    first = cli("catalog", "import", path)
    assert first.code == 0
    assert "2 rows: 2 created." in first.words
    again = cli("catalog", "import", path)
    assert again.code == 0
    assert "2 rows: 2 unchanged." in again.words


def test_bad_rows_are_told_with_row_column_and_reason_while_good_ones_go_in(cli, goods):
    path = goods(
        GOOD,
        "../../etc/passwd,Evil,sofa,1,1,1,floor,photo.png",
        "<script>,Markup,sofa,1,1,1,floor,photo.png",
        "NEG-1,Negative,sofa,-5,90,80,floor,photo.png",
        "BIG-1,Absurd,sofa,1e9,90,80,floor,photo.png",
        "TXT-1,Words,sofa,wide,90,80,floor,photo.png",
        "MNT-1,Mount,sofa,10,90,80,moon,photo.png",
        "GONE-1,No photo,sofa,10,90,80,floor,missing.png",
        "NET-1,Private,sofa,10,90,80,floor,http://127.0.0.1:9/x.png",
        "OUT-1,Outside,sofa,10,90,80,floor,../../../etc/hostname",
    )
    said = cli("catalog", "import", path, "--json")
    assert said.code == 1
    told = said.json
    assert told["counts"] == {"created": 1, "updated": 0, "unchanged": 0, "refused": 9}
    faults = [(row["row"], row["errors"][0]["column"]) for row in told["rows"] if row["errors"]]
    assert faults == [
        (3, "sku"),
        (4, "sku"),
        (5, "width_cm"),
        (6, "width_cm"),
        (7, "width_cm"),
        (8, "mount"),
        (9, "photos"),
        (10, "photos"),
        (11, "photos"),
    ]
    assert all(error["reason"] for row in told["rows"] for error in row["errors"])
    assert [product["sku"] for product in cli("catalog", "list", "--json").json] == ["SOFA-1"]


def test_the_table_of_faults_shows_row_column_and_reason(cli, goods):
    said = cli("catalog", "import", goods(GOOD, "NEG-1,Negative,sofa,-5,90,80,floor,photo.png"))
    assert said.code == 1
    assert "3 NEG-1 width_cm" in said.words
    assert "greater than 0" in said.words


def test_a_catalog_without_a_usable_row_leaves_with_2(cli, goods):
    assert cli("catalog", "import", goods("X,,,,,,,")).code == 2
    assert cli("catalog", "import", goods()).code == 2


def test_a_missing_column_is_named(cli, goods):
    said = cli("catalog", "import", goods("A,B", head="sku,name"))
    assert said.code == 2
    assert "category, width_cm, depth_cm, height_cm" in said.words


@pytest.mark.parametrize("name", ["gone.csv", "goods.xlsx", "photo.png"])
def test_a_file_that_is_no_catalog_is_refused(cli, goods, home, name):
    goods(GOOD)
    (home / "goods.xlsx").write_bytes(b"PK\x03\x04\x00\x00")
    said = cli("catalog", "import", home / name)
    assert said.code == 2
    assert "Error:" in said.err


def test_a_control_character_in_a_row_does_not_reach_the_terminal(cli, goods):
    said = cli("catalog", "import", goods("\x1b[31mRED,Name,sofa,1,1,1,floor,photo.png"))
    assert said.code == 2
    assert "\x1b[31mRED" not in said.out


def test_json_lines_go_in_too(cli, goods, home):
    goods()
    line = {"sku": "A-1", "name": "Vase", "category": "vase", "width_cm": 20, "depth_cm": 20, "height_cm": 30}
    (home / "goods.jsonl").write_text(json.dumps(line | {"photos": ["photo.png"]}) + "\nnot json\n")
    said = cli("catalog", "import", home / "goods.jsonl", "--json")
    assert said.code == 1
    assert said.json["counts"]["created"] == 1


def test_products_are_listed_by_category_and_name_and_shown_one_by_one(cli, goods):
    cli("catalog", "import", goods(GOOD, "RUG-1,Wool rug,rug,200,300,1,rug,photo.png"))
    assert [p["sku"] for p in cli("catalog", "list", "--category", "Rug", "--json").json] == ["RUG-1"]
    assert [p["sku"] for p in cli("catalog", "list", "--query", "linen", "--json").json] == ["SOFA-1"]
    assert "210 x 92 x 80" in cli("catalog", "list").words
    shown = cli("catalog", "show", "SOFA-1", "--json").json
    assert shown["width_cm"] == 210
    assert shown["photos"][0]["width"] == 320
    assert "Linen sofa" in cli("catalog", "show", "SOFA-1").words


def test_a_product_that_is_not_there_is_told(cli):
    said = cli("catalog", "show", "NOPE")
    assert said.code == 2
    assert "NOPE" in said.err
