import json

import numpy as np
import pytest
from PIL import Image

from imagegen import recipe
from imagegen.provenance import read_xmp
from tests.own_room.photographs import CHAIR, FRONT, marked, packshot, png, tiled

FACTS = {"width_cm": 53, "depth_cm": 51, "height_cm": 78, "category": "dining chair"}


def points(off=0.3):
    told = [f"{m.place[0]:g},{m.place[1]:g}={m.pixel[0]:.1f},{m.pixel[1]:.1f}" for m in marked(FRONT, off=off)]
    return [word for point in told for word in ("--point", point)]


@pytest.fixture
def ask(cli, home):
    """Runs ``imagegen own-room`` on a tiled floor; what is given replaces or adds options, None takes one away."""
    (home / "room.png").write_bytes(png(tiled(FRONT)))
    (home / "chair.jpg").write_bytes(packshot(CHAIR))

    def run(*flags, where=None, **options):
        given = {"product": "chair.jpg", "at": "0,0", "out": "out/chair.png"} | FACTS | options
        words = [word for n, v in given.items() if v is not None for word in (f"--{n.replace('_', '-')}", str(v))]
        return cli("own-room", "room.png", *(points() if where is None else where), *words, *flags)

    return run


def test_a_chair_is_stood_into_the_photo_with_its_recipe_and_its_mark(ask, home):
    said = ask("--json", yaw=-25)
    assert said.code == 0
    assert sorted(path.name for path in (home / "out").iterdir()) == ["chair.json", "chair.png"]
    kept = json.loads((home / "out/chair.json").read_text())
    assert said.json == kept | {"path": "out/chair.png"}
    assert kept["identity"] == recipe.identity(kept["recipe"])
    assert kept["recipe"]["asked"] == {"at_m": [0, 0, 0], "yaw_deg": -25}
    assert {"camera", "scale", "contact", "mismatch", "light", "front"} <= {f["check"] for f in kept["findings"]}
    marks = read_xmp((home / "out/chair.png").read_bytes())
    assert marks["recipe"] == kept["identity"]
    assert marks["source_type"].endswith("/compositeSynthetic")
    assert "photographed room" in marks["description"]
    with Image.open(home / "out/chair.png") as picture:
        shown, photo = np.asarray(picture.convert("RGB")), tiled(FRONT)
    assert (shown[:80] == photo[:80]).all()
    assert (shown != photo).any()


def test_what_was_found_is_told_and_a_failed_check_leaves_with_1(ask, home):
    said = ask(yaw=-150, out="out/chair.jpg")
    assert said.code == 1
    assert "drawn turned by" in said.words
    with Image.open(home / "out/chair.jpg") as picture:
        assert picture.format == "JPEG"


def test_a_product_of_the_catalog_is_shown_by_its_number(ask, cli, home):
    rows = "sku,name,category,width_cm,depth_cm,height_cm,photos\nCHA-ASK-1,Ask,dining chair,53,51,78,chair.jpg\n"
    (home / "goods.csv").write_text(rows)
    assert cli("catalog", "import", "goods.csv").code == 0
    without = dict.fromkeys((*FACTS, "product"))
    said = ask("--json", sku="CHA-ASK-1", **without)
    assert said.code == 0
    assert said.json["recipe"]["product"]["sku"] == "CHA-ASK-1"
    assert "There is no product" in ask(sku="NO-SUCH", **without).words
    assert "--sku" in ask(sku="CHA-ASK-1").words
    assert "Leave them out" in ask(sku="CHA-ASK-1", **(without | {"width_cm": 50})).words


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"at": "here"}, "not a place"),
        ({"at": "0,90"}, "metres between"),
        ({"at": "0,-30"}, "not in the photo"),
        ({"at": "0,nan"}, "not a place"),
        ({"light": "left"}, "AZIMUTH,ELEVATION"),
        ({"light": "0,2"}, "elevation"),
        ({"out": "out/chair.gif"}, ".png"),
        ({"product": "no-such.jpg"}, "cannot be read"),
        ({"product": None}, "--product PACKSHOT"),
        ({"width_cm": -4}, "--width-cm"),
        ({"category": None}, "--category"),
        ({"front": "chair.jpg"}, "The mask has"),
        ({"front": "no-such.png"}, "cannot be read"),
        ({"mount": "wall"}, "hangs on the wall"),
        ({"depth_weights": "."}, "dpt_hybrid"),
        ({"cutter": "scissors"}, "cutter"),
        ({"where": points()[:6]}, "Four points of the floor are needed, not 3"),
        ({"where": [*points()[:6], "--point", "1,1"]}, "not a point of the floor"),
        ({"where": [*points()[:6], *points()[:2]]}, "in a line"),
        ({"where": [*points()[:6], "--point", "-1.2,0.9=5000,10"]}, "outside of the photo"),
    ],
    ids=str,
)
def test_a_wish_that_makes_no_sense_is_told_and_leaves_nothing(ask, home, options, told):
    said = ask(**options)
    assert said.code in {2, 3}
    assert told in said.words
    assert len(said.err) < 2000
    assert not (home / "out").exists()


@pytest.mark.parametrize("data", [b"", b"dear diary", b"<svg/>"])
def test_a_file_that_is_no_photo_is_told(ask, home, data):
    (home / "room.png").write_bytes(data)
    said = ask()
    assert said.code == 2
    assert not (home / "out").exists()
