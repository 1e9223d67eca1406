"""Files and rows from outside, made wrong in every way: each is taken, or refused in words; nothing is half done.

``tests/images/test_decode.py`` turns single bytes; here files are cut, grown into each other and made to swell.
"""

import functools
import io
import json
import math
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from api.previews.schemas import PreviewRequest
from api.scenes.schemas import Changes
from imagegen import recipe
from imagegen.errors import BadImageError
from imagegen.images import MAX_PIXELS, decode, rewrite
from tests.workers.making import a_photo
from workers.catalog import import_catalog
from workers.catalog_model import LARGEST_CM, ProductIn
from workers.errors import CatalogError, RemotePhotoError
from workers.records import products
from workers.records.blobs import LocalBlobs
from workers.records.session import Database
from workers.scene_model import SceneRequest


def steady(examples):
    """The same inputs each time."""
    return settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )


def forms(short, long):
    """The short form, and the long one under its mark."""
    long = pytest.param(long, id="long", marks=pytest.mark.faults)
    return pytest.mark.parametrize("examples", [pytest.param(short, id="short"), long])


# Pictures ------------------------------------------------------------------------------------------------------------


@functools.cache
def pictures():
    """A real file of each form, 80 x 64."""
    noise = np.random.default_rng(0).integers(0, 255, (64, 80, 3), np.uint8)
    files = {}
    for form in ("PNG", "JPEG", "WEBP", "TIFF", "AVIF"):
        out = io.BytesIO()
        Image.fromarray(noise).save(out, form)
        files[form] = out.getvalue()
    return files


@st.composite
def broken_pictures(draw):
    """A real file with pieces cut out, doubled, overwritten, or put into another; its signature may be another's."""
    data = bytearray(draw(st.sampled_from(list(pictures().values()))))
    for _ in range(draw(st.integers(0, 4))):
        start, length = draw(st.integers(0, len(data))), draw(st.integers(0, 64))
        other = draw(st.sampled_from(list(pictures().values())))
        piece = draw(
            st.sampled_from([b"", b"\xff" * length, bytes(length), bytes(data[start : start + length]) * 2, other])
            | st.binary(max_size=64)
        )
        data[start : start + length] = piece
    head = draw(st.sampled_from([b"", b"", *(file[:16] for file in pictures().values()), b"GIF89a", b"%PDF-1.7\n"]))
    data[: len(head)] = head
    return bytes(data + draw(st.sampled_from([b"", b"PK\x03\x04<?php", next(iter(pictures().values()))])))


def read(data, **more):
    """Decode a file both ways. They agree whether it is one; a good one is a plain picture afterwards."""
    try:
        photo = decode(data, **more)
    except BadImageError as error:
        assert error.hint
        with pytest.raises(BadImageError):
            rewrite(data, **more)
        return None
    assert photo.colour.shape[0] * photo.colour.shape[1] <= more.get("max_pixels", MAX_PIXELS)
    assert np.isfinite(photo.colour).all()
    plain = rewrite(data, **more)
    assert b"<?php" not in plain
    assert np.array_equal(decode(plain).colour, photo.colour)
    return photo


@forms(150, 20_000)
def test_a_broken_picture_is_read_or_refused(examples):
    taken = []

    @steady(examples)
    @given(broken_pictures())
    def check(data):
        taken.append(read(data, max_pixels=1_000_000) is not None)

    check()
    assert 0 < sum(taken) < len(taken)


@pytest.mark.parametrize("first", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("second", ["PNG", "JPEG", "TIFF"])
def test_a_file_that_is_two_is_the_first(first, second):
    files = pictures()
    assert np.array_equal(decode(files[first] + files[second]).colour, decode(files[first]).colour)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def swelling_png(width, height, extra=b""):
    """A few kilobytes that are, or say that they are, far more."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9))
    return b"\x89PNG\r\n\x1a\n" + head + extra + body + chunk(b"IEND", b"")


def swelling(kind):
    return chunk(kind, b"note\0\0" + zlib.compress(bytes(60_000_000), 9))


BOMBS = {
    "wide": lambda: swelling_png(2**31 - 1, 1),
    "large": lambda: swelling_png(50_000, 50_000),
    "more data than pixels": lambda: swelling_png(64, 64),
    "swelling text": lambda: swelling_png(64, 64, swelling(b"zTXt")),
    "swelling profile": lambda: swelling_png(64, 64, swelling(b"iCCP")),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_swells_takes_no_room(bomb):
    data = BOMBS[bomb]()
    tracemalloc.start()
    try:
        read(data)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 20_000_000


# Catalogs ------------------------------------------------------------------------------------------------------------

GOOD = {"sku": "A-1", "name": "Sofa", "category": "sofa", "width_cm": 200, "depth_cm": 90, "height_cm": 80}
COLUMNS = [*GOOD, "mount", "colour", "tags", "photos", "alphas", "yaw_deg", "focal_mm", "unknown"]
numbers = st.integers(-5, 2**80) | st.floats() | st.sampled_from([1e400, -0.0, float(LARGEST_CM)])
odd = st.sampled_from(
    ["\0", "\ud800", "=1+1", "../../etc/passwd", "sofa.png", "sofa.png|sofa.png", "http://[", "1e999"]
)
values = st.recursive(
    st.none() | st.booleans() | numbers | odd | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)
rows = st.builds(
    lambda sku, other: GOOD | {"sku": sku} | other,
    st.sampled_from(["A-1", "B.2", "c_3"]),
    st.dictionaries(st.sampled_from(COLUMNS), values, max_size=4),
)


def offline(url):
    raise RemotePhotoError(f"not fetched: {url}")


@pytest.fixture
def bring_in(tmp_path, sqlite_url):
    """Import a file's bytes; gives the results, and what the catalog holds after them."""
    database = Database(sqlite_url)
    (tmp_path / "sofa.png").write_bytes(a_photo())

    def bring(data, kind):
        stream, blobs = io.BytesIO(data), LocalBlobs(tmp_path / "blobs")
        results = list(import_catalog(stream, kind, database, blobs, offline, folder=tmp_path))
        with database.reading() as session:
            held = {result.sku: products.get(session, result.sku) for result in results if result.change}
            return results, {sku: len(product.photos) for sku, product in held.items()}

    yield bring
    database.close()


def judge(results, held):
    """Each row went in, or says why not in words."""
    for result in results:
        assert (result.change is None) == bool(result.errors)
        assert all(error.reason for error in result.errors)
    assert all(number <= 2 for number in held.values()), "no row names more photos"


@forms(25, 5_000)
def test_rows_of_any_json_are_taken_or_refused_one_by_one(bring_in, examples):
    seen = set()

    @steady(examples)
    @given(st.lists(rows, min_size=1, max_size=4))
    def check(given_rows):
        data = "\n".join(json.dumps(row) for row in given_rows).encode()
        results, held = bring_in(data, "jsonl")
        assert len(results) == len(given_rows)
        judge(results, held)
        seen.update(bool(result.change) for result in results)

    check()
    assert seen == {True, False}


@forms(25, 5_000)
def test_cells_of_any_text_are_taken_or_refused_one_by_one(bring_in, examples):
    cells = odd.filter(str.isprintable) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)

    @steady(examples)
    @given(st.lists(st.lists(cells, min_size=1, max_size=9), max_size=4), st.binary(max_size=8))
    def check(given_rows, tail):
        lines = [";".join(cells) for cells in given_rows]
        good = "A-1;Sofa;sofa;200;90;80;floor;sofa.png"
        head = "sku;name;category;width_cm;depth_cm;height_cm;mount;photos"
        data = "\n".join([head, good, *lines, ""]).encode() + tail
        try:
            results, held = bring_in(data, "csv")
        except CatalogError as error:
            assert error.hint
        else:
            judge(results, held)
            assert held["A-1"] == 1

    check()


# Recipes -------------------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@forms(50, 20_000)
def test_a_recipe_of_any_json_has_one_form(examples):
    @steady(examples)
    @given(st.dictionaries(st.text(max_size=4), json_values, max_size=4))
    def check(made):
        written = recipe.canonical(made)
        for again in (json.loads(written), json.loads(written, parse_int=float)):  # JSON's numbers are doubles
            assert recipe.canonical(again) == written
            assert recipe.identity(again) == recipe.identity(made)

    check()


def unbounded(schema, where=""):
    """Where a schema lets a number be as large as it likes."""
    if isinstance(schema, dict):
        if schema.get("type") in {"number", "integer"} and "const" not in schema:
            low = schema.get("minimum", schema.get("exclusiveMinimum", -math.inf))
            high = schema.get("maximum", schema.get("exclusiveMaximum", math.inf))
            if not -(2**53) < low <= high < 2**53:
                yield where
        for name, inner in schema.items():
            yield from unbounded(inner, f"{where}/{name}")
    elif isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from unbounded(inner, f"{where}/{number}")


@pytest.mark.parametrize("model", [SceneRequest, Changes, PreviewRequest])
def test_every_number_that_may_be_asked_is_one_that_json_holds(model):
    sides = {f"/properties/size/anyOf/0/prefixItems/{side}" for side in (0, 1)}  # bounded by what may be rendered
    assert set(unbounded(model.model_json_schema())) <= sides


@pytest.mark.parametrize("field", [name for name in ProductIn.model_fields if name.endswith(("_cm", "_deg", "_mm"))])
@pytest.mark.parametrize("large", [2**53, 1e16, "1e300", math.inf, math.nan, "nan"])
def test_a_number_of_the_catalog_that_json_could_not_hold_is_refused(field, large):
    with pytest.raises(ValidationError, match=field):
        ProductIn.model_validate(GOOD | {field: large})


def test_a_side_that_is_too_long_is_refused_in_words():
    with pytest.raises(ValidationError, match="Each side must be between"):
        SceneRequest.model_validate({"sku": "A", "style": "a", "size": (2**53, 2**53)})
