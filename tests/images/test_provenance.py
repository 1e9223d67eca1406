import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from imagegen import recipe as recipes
from imagegen.errors import BadImageError
from imagegen.images import ENCODINGS, encode
from imagegen.provenance import read_xmp, xmp

RECIPE = {
    "product": {"sku": "A-1", "name": 'Sofa "Lund" <3 & more'},
    "style": {"slug": "nordic"},
    "settings": {"prompt": "the chairman's secret villa"},
}
PICTURE = np.full((64, 96, 3), 120, np.uint8)


@pytest.mark.parametrize("form", ENCODINGS)
def test_packet_is_read_back_from_every_encoding(form):
    told = read_xmp(encode(PICTURE, form, xmp=xmp(RECIPE, "compositeSynthetic")))
    assert told["source_type"] == "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"
    assert told["recipe"] == recipes.identity(RECIPE)
    assert told["tool"].startswith("imagegen ")
    assert 'Sofa "Lund" <3 & more' in told["description"]


def test_packet_tells_nothing_of_the_settings():
    assert b"villa" not in xmp(RECIPE, "compositeSynthetic")


def test_file_without_a_packet_tells_nothing():
    assert read_xmp(encode(PICTURE, "png")) == {}


def test_file_that_is_no_image_is_refused():
    with pytest.raises(BadImageError):
        read_xmp(b"no image")


@pytest.mark.parametrize(
    "packet", ["<a>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<a>" + "x" * 70_000 + "</a>", "\x01<a/>"]
)
def test_hostile_packet_is_refused(packet):
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet)
    out = io.BytesIO()
    Image.fromarray(PICTURE).save(out, "PNG", pnginfo=info)
    with pytest.raises(BadImageError):
        read_xmp(out.getvalue())


@given(st.text(max_size=2000))
def test_any_name_makes_a_packet_that_can_be_read(name):
    recipe = {"product": {"name": name.encode("utf-8", "ignore").decode(), "sku": "A"}, "style": {"slug": "x"}}
    packet = xmp(recipe, "compositeSynthetic")
    assert len(packet) < 8000
    told = read_xmp(encode(PICTURE, "jpeg", xmp=packet))
    assert told["recipe"] == recipes.identity(recipe)
