"""The catalog's way in: streaming, per-row errors, idempotent, and out of reach of what lies beside it."""

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workers.making import a_photo
from workers.catalog import Limits, import_catalog
from workers.catalog_rows import read_rows
from workers.errors import CatalogError, RemotePhotoError, StorageError
from workers.records import products
from workers.records.blobs import LocalBlobs
from workers.records.session import Database

HEAD = "sku,name,category,width_cm,depth_cm,height_cm,mount,photos\n"


@pytest.fixture
def database(sqlite_url):
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "sofa.png").write_bytes(a_photo())
    (folder / "mask.png").write_bytes(a_photo(128, mode="L"))
    return folder


def offline(url):
    raise RemotePhotoError(f"not fetched: {url}")


@pytest.fixture
def bring_in(database, blobs, folder):
    """Import a text as a file of the folder."""

    def bring(text, name="catalog.csv", fetch=offline, **more):
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(import_catalog(path, None, database, blobs, fetch, **more))

    return bring


def told(results):
    return [(r.row, r.change or [(e.column, e.reason) for e in r.errors]) for r in results]


def stored(database, sku):
    with database.reading() as session:
        return products.get(session, sku)


def test_good_rows_go_in_while_bad_ones_say_where_and_why(bring_in, database):
    results = bring_in(
        HEAD
        + "A,Sofa,sofa,200,90,80,floor,sofa.png\n"
        + "B,Lamp,lamp,-3,20,1e9,moon,\n"
        + "\n"
        + "C,,clock,30,5,30,wall,nothing.png\n"
        + "../x,Vase,vase,10,10,20,,\n"
        + "D,Vase,vase,10,10,20,surface,sofa.png\n"
        + "E,Vase,vase,10,10,20,surface,sofa.png,too,many\n"
        + "A,Again,sofa,200,90,80,floor,\n"
    )
    assert [(r.row, r.change) for r in results] == [
        (2, "created"),
        (3, None),
        (5, None),
        (6, None),
        (7, "created"),
        (8, None),
        (9, None),
    ]
    columns = {r.row: [e.column for e in r.errors] for r in results}
    assert columns[3] == ["width_cm", "height_cm", "mount"]
    assert columns[5] == ["name"]
    assert columns[6] == ["sku"]
    assert "row 2" in results[-1].errors[0].reason
    assert stored(database, "A").photos[0].width == 80


def test_the_same_file_again_changes_nothing(bring_in, database, blobs):
    text = HEAD + "A,Sofa,sofa,200,90,80,floor,sofa.png\n"
    assert told(bring_in(text)) == [(2, "created")]
    before = stored(database, "A").updated_at
    assert told(bring_in(text)) == [(2, "unchanged")]
    assert stored(database, "A").updated_at == before
    assert told(bring_in(text.replace("90", "95"))) == [(2, "updated")]


def test_another_photo_under_the_same_name_is_an_update(bring_in, database, folder):
    text = HEAD + "A,Sofa,sofa,200,90,80,floor,sofa.png\n"
    bring_in(text)
    before = stored(database, "A").photos[0].key
    (folder / "sofa.png").write_bytes(a_photo((1, 2, 3)))
    assert told(bring_in(text)) == [(2, "updated")]
    assert stored(database, "A").photos[0].key != before


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_exports_of_all_kinds_are_read(bring_in, database, mark, delimiter):
    rows = [
        ["ID", "Title", "Product type", "Width (cm)", "Depth (cm)", "Height (cm)", "Color", "Tags", "Price"],
        ["A", "Sofá", "Sofa", "200", "90,5", "80 cm", "blue", "a|b", "9"],
    ]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert told(bring_in(mark + text.encode())) == [(2, "created")]
    product = stored(database, "A")
    assert (product.name, product.depth_cm, product.colour, product.tags) == ("Sofá", 90.5, "blue", ["a", "b"])


def test_utf16_from_a_spreadsheet_is_read(bring_in):
    assert told(bring_in((HEAD + "A,Sofá,sofa,200,90,80,floor,\n").encode("utf-16"))) == [(2, "created")]


def test_a_missing_column_is_one_clear_error(bring_in):
    with pytest.raises(CatalogError, match="no column depth_cm") as error:
        bring_in("sku,name,category,width_cm,height_cm\nA,B,C,1,2\n")
    assert error.value.where == "depth_cm"


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "no columns sku"),
        (b"sku,sku\n", "twice"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8|text|column"),
        ((HEAD + "A,Sof\xe9,sofa,1,1,1,,\n").encode("latin-1"), "UTF-8"),
    ],
)
def test_what_is_not_a_catalog_is_refused(bring_in, data, match):
    with pytest.raises(CatalogError, match=match):
        bring_in(data)


def test_a_file_of_an_unknown_kind_is_refused(database, blobs, tmp_path):
    with pytest.raises(CatalogError, match="kind"):
        list(import_catalog(tmp_path / "x.pdf", None, database, blobs, offline))
    with pytest.raises(CatalogError, match="open"):
        list(import_catalog(tmp_path / "x.csv", None, database, blobs, offline))


def test_json_lines_are_read_and_faults_told_by_line(bring_in, database):
    good = {"sku": "A", "name": "Sofa", "category": "sofa", "width": 200, "depth": 90, "height": 80}
    lines = [good | {"tags": ["a", "b"], "photos": ["sofa.png"]}, good | {"sku": "B", "width": "wide"}, [1]]
    text = "\n".join(map(json.dumps, lines)) + "\n{broken\n\n" + json.dumps({"sku": "C"})
    results = told(bring_in(text, "catalog.jsonl"))
    assert results[0] == (1, "created")
    assert results[1][1][0][0] == "width_cm"
    assert results[2] == (3, [("", "is not a JSON object")])
    assert results[3][1][0][1].startswith("is not JSON")
    assert ("name", "is missing") in results[4][1]
    assert stored(database, "A").tags == ["a", "b"]


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "link.png", "sub/../../secret.png", "a\x00b", "."])
def test_photos_outside_the_folder_are_out_of_reach(bring_in, folder, name):
    (folder.parent / "secret.png").write_bytes(a_photo())
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    row = {"sku": "A", "name": "S", "category": "s", "width": 1, "depth": 1, "height": 1, "photos": [name]}
    [result] = bring_in(json.dumps(row), "catalog.jsonl")
    assert result.change is None
    assert result.errors[0].column == "photos"


@pytest.mark.parametrize("data", [b"this is text", a_photo()[:60], a_photo(size=(1, 1)), a_photo(size=(9000, 9000))])
def test_a_photo_that_is_no_good_is_the_rows_fault(bring_in, folder, data):
    (folder / "bad.png").write_bytes(data)
    [result] = bring_in(HEAD + "A,Sofa,sofa,200,90,80,floor,bad.png\n")
    assert result.errors[0].column == "photos"
    assert "bad.png" in result.errors[0].reason


def test_limits_are_kept(bring_in, folder):
    text = HEAD + "A,Sofa,sofa,200,90,80,floor,sofa.png|sofa.png\n"
    assert "at most 1" in bring_in(text, limits=Limits(max_photos=1))[0].errors[0].reason
    assert "larger" in bring_in(text, limits=Limits(max_bytes=10))[0].errors[0].reason
    assert "megapixel" in bring_in(text, limits=Limits(max_pixels=100))[0].errors[0].reason


def test_photos_come_from_the_web_too(bring_in, database):
    row = HEAD + "A,Sofa,sofa,200,90,80,floor,https://shop.example/a.png\n"
    assert told(bring_in(row, fetch=lambda _url: a_photo())) == [(2, "created")]
    assert "not fetched" in bring_in(row)[0].errors[0].reason


def test_an_alpha_beside_the_photo_becomes_its_alpha(bring_in, database, blobs, folder):
    from PIL import Image

    head = HEAD.replace("photos", "photos,alphas")
    bring_in(head + "A,Sofa,sofa,200,90,80,floor,sofa.png,mask.png\n")
    with Image.open(io.BytesIO(blobs.get(stored(database, "A").photos[0].key))) as image:
        assert (image.mode, image.getpixel((3, 3))) == ("RGBA", (200, 30, 40, 128))
    (folder / "mask.png").write_bytes(a_photo(128, size=(64, 64), mode="L"))
    [result] = bring_in(head + "A,Sofa,sofa,200,90,80,floor,sofa.png,mask.png\n")
    assert result.errors[0].column == "alphas"


def test_a_stream_without_a_folder_reaches_no_files(database, blobs):
    stream = io.BytesIO((HEAD + "A,Sofa,sofa,200,90,80,floor,sofa.png\n").encode())
    [result] = import_catalog(stream, "csv", database, blobs, offline)
    assert "without a folder" in result.errors[0].reason
    assert not stream.closed


def test_rows_are_taken_as_they_come(database, blobs):
    """A catalog of any length needs the memory of a row."""
    stream = io.BytesIO((HEAD + "".join(f"P{n},N,c,1,1,1,,\n" for n in range(1000))).encode())
    results = import_catalog(stream, "csv", database, blobs, offline)
    assert next(results).sku == "P0"
    assert stored(database, "P0").name == "N"
    results.close()


def test_a_full_disk_ends_the_import_and_keeps_what_was_done(database, folder, tmp_path):
    (tmp_path / "blocked").write_text("")
    path = folder / "catalog.csv"
    path.write_text(HEAD + "A,Sofa,sofa,200,90,80,floor,\nB,Sofa,sofa,200,90,80,floor,sofa.png\n")
    results = import_catalog(path, None, database, LocalBlobs(tmp_path / "blocked"), offline)
    assert next(results).change == "created"
    with pytest.raises(StorageError):
        next(results)


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize("head", [b"", HEAD.encode(), b'{"sku": "A"}\n'])
def test_any_bytes_are_rows_or_a_catalog_error(kind, head, data):
    try:
        numbers = [row.number for row in read_rows(io.BytesIO(head + data), kind)]
    except CatalogError:
        return
    assert numbers == sorted(set(numbers))
