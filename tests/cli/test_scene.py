import io
import json
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from styles.library import default_library


@pytest.fixture
def style():
    return default_library().styles()[0].slug


@pytest.fixture
def ask(cli, home, style):
    """Runs ``imagegen scene`` on a photo; what is given replaces or adds options."""

    def run(photo, *flags, **options):
        given = {"width_cm": 60, "depth_cm": 60, "height_cm": 60, "category": "side table", "style": style}
        given |= {"out": home / "out", "quality": "draft"} | options
        words = [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", value)]
        return cli("scene", photo, *words, *flags)

    return run


@pytest.fixture
def packshot(home):
    """A blue box with alpha, seen from the front and a little from above."""
    picture = Image.new("RGBA", (480, 480), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.polygon([(110, 150), (150, 110), (330, 110), (370, 150)], fill=(120, 150, 190, 255))
    pen.rectangle((110, 150, 370, 380), fill=(80, 110, 160, 255))
    path = home / "Blue box.png"
    picture.save(path)
    return path


def jpeg(mode="RGB", size=(64, 64)):
    data = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (*size, 3), dtype=np.uint8)).convert(mode).save(
        data, "JPEG"
    )
    return data.getvalue()


def huge_png(side=10_000):
    """A PNG of 100 megapixels in a few kilobytes."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packed = zlib.compress(bytes(side * (side // 8 + 1)), 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


BAD_PHOTOS = {
    "a text file renamed": ("notes.jpg", b"dear diary, this is not a picture"),
    "a truncated JPEG": ("half.jpg", jpeg(size=(256, 256))[:3000]),
    "100 megapixels in a small file": ("bomb.png", huge_png()),
    "one pixel": ("dot.png", b""),
    "nothing": ("empty.jpg", b""),
    "an SVG": ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
}


@pytest.mark.parametrize("kind", BAD_PHOTOS)
def test_a_photo_that_cannot_be_used_is_told_and_leaves_nothing(ask, home, kind):
    name, data = BAD_PHOTOS[kind]
    if kind == "one pixel":
        Image.new("RGB", (1, 1)).save(home / name)
    else:
        (home / name).write_bytes(data)
    said = ask(home / name)
    assert said.code == 2
    assert said.err.startswith("Error:")
    assert not (home / "out").exists()


def test_a_photo_of_noise_to_its_edges_is_no_packshot(ask, home):
    (home / "room.jpg").write_bytes(jpeg(size=(300, 300)))
    said = ask(home / "room.jpg")
    assert said.code == 2
    assert not (home / "out").exists()


@pytest.mark.parametrize("name", ["gone.jpg", "."])
def test_a_photo_that_is_not_there_is_told(ask, home, name):
    said = ask(home / name)
    assert said.code == 2
    assert "path of an image" in said.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"width_cm": -5}, "--width-cm"),
        ({"depth_cm": 0}, "--depth-cm"),
        ({"height_cm": 1e7}, "--height-cm"),
        ({"width_cm": "nan"}, "--width-cm"),
        ({"sku": "../../etc"}, "--sku"),
        ({"sku": "<b>x</b>"}, "--sku"),
        ({"category": ""}, "--category"),
        ({"mount": "moon"}, "--mount"),
        ({"style": "no-such-style"}, "There is no style"),
        ({"style": "../x"}, "--style"),
        ({"room": "no-such-room"}, "no room"),
        ({"engine": "no-such-engine"}, "engine"),
        ({"quality": "superb"}, "--quality"),
        ({"size": "huge"}, "--size"),
        ({"size": "99999x99999"}, "pixels"),
        ({"size": "4096x256"}, "1:4"),
        ({"seed": -1}, "--seed"),
        ({"variants": 0}, "--variants"),
        ({"variants": 10_000}, "--variants"),
        ({"exposure": "inf"}, "--exposure"),
        ({"prompt": "x" * 100_000}, "--prompt"),
        ({"at": "somewhere"}, "not a place"),
        ({"at": "a,b"}, "--placement"),
        ({"at": "1e9,0"}, "--placement"),
        ({"turn": 20}, "--at"),
        ({"yaw": 999}, "--yaw"),
        ({"cutter": "scissors"}, "cutter"),
        ({"space": "cmyk"}, "adobe-rgb"),
        ({"with": "lamp.jpg"}, "--with"),
        ({"with": "lamp.jpg 0x40x155 floor lamp"}, "--width-cm"),
        ({"with": "no-such.jpg 40x40x155 floor lamp"}, "cannot be read"),
    ],
    ids=str,
)
def test_a_wish_that_makes_no_sense_is_told_and_leaves_nothing(ask, home, packshot, options, told):
    said = ask(packshot, **options)
    assert said.code == 2
    assert told in said.words
    assert len(said.err) < 2000
    assert not (home / "out").exists()


def test_a_product_taller_than_the_room_is_told(ask, home, packshot):
    said = ask(packshot, width_cm=300, depth_cm=300, height_cm=600)
    assert said.code == 2
    assert not (home / "out").exists()


@pytest.mark.timeout(900)
def test_scenes_are_written_with_their_recipes_and_nothing_else(ask, home, packshot):
    said = ask(packshot, "--json", size="256x256", seed=7, sku="BOX-1", variants=2)
    names = sorted(path.name for path in (home / "out").iterdir())
    assert names == ["scene-1.json", "scene-1.png", "scene-2.json", "scene-2.png"]
    for number, told in enumerate(said.json):
        kept = json.loads((home / f"out/scene-{number + 1}.json").read_text())
        assert told == kept | {"path": str(home / "out" / kept["picture"])}
        assert kept["recipe"]["product"]["sku"] == "BOX-1"
        assert kept["recipe"]["settings"] | {"seed": 7, "variant": number} == kept["recipe"]["settings"]
        assert kept["findings"]
        with Image.open(home / "out" / kept["picture"]) as picture:
            assert picture.size == (256, 256)
            assert "DigitalSourceType" in str(picture.info)
    assert said.code == int(any(told["verdict"] == "fail" for told in said.json))


def test_one_scene_is_called_scene_and_several_are_numbered():
    from api.cli.making import stems

    assert stems(1) == ["scene"]
    assert stems(3) == ["scene-1", "scene-2", "scene-3"]


def test_what_is_no_lamp_is_not_lit(ask, packshot):
    refused = ask(packshot, "--lamp-on")
    assert refused.code == 2
    assert "no lamp" in refused.err
