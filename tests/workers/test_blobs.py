"""One contract for every store of bytes; S3 is moto's server on loopback."""

import hashlib
import os
import threading
import urllib.request

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from workers.errors import NotFoundError, StorageError
from workers.publishing import open_place
from workers.records.blobs import LocalBlobs, open_blobs, sha_of
from workers.settings import load_settings


@pytest.fixture(scope="session")
def s3_endpoint():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_options(s3_endpoint, tmp_path):
    request = urllib.request.Request(f"{s3_endpoint}/pictures", method="PUT")
    urllib.request.urlopen(request).close()
    return load_settings(
        data_dir=tmp_path, s3_endpoint=s3_endpoint, s3_access_key_id="key", s3_secret_access_key="secret"
    ).s3_options()


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    if request.param == "folder":
        return open_blobs(str(tmp_path / "blobs"))
    return open_blobs("s3://pictures/some/where", **request.getfixturevalue("s3_options"))


def test_bytes_come_back_under_the_name_of_their_content(store):
    key = store.put(b"pixels", ".png")
    assert sha_of(key) == hashlib.sha256(b"pixels").hexdigest()
    assert key.endswith(".png")
    assert store.get(key) == b"pixels"
    assert store.exists(key)


def test_putting_the_same_again_changes_nothing(store):
    assert store.put(b"pixels", ".png") == store.put(b"pixels", ".png")
    assert store.get(store.put(b"pixels", ".png")) == b"pixels"


def test_what_is_not_there_is_not_found(store):
    key = f"00/{'0' * 64}.png"
    assert not store.exists(key)
    with pytest.raises(NotFoundError):
        store.get(key)


@given(key=st.sampled_from(["../etc/passwd", "/etc/passwd", "", "aa/../../x", f"00/{'0' * 64}.png/../x"]) | st.text())
def test_a_name_that_is_not_a_key_reaches_no_file(tmp_path_factory, key):
    folder = LocalBlobs(tmp_path_factory.getbasetemp())
    for look in (folder.get, folder.exists):
        with pytest.raises(NotFoundError):
            look(key)


def test_writers_at_the_same_time_leave_one_whole_file(tmp_path):
    store, data = LocalBlobs(tmp_path), os.urandom(300_000)
    threads = [threading.Thread(target=store.put, args=(data, ".bin")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get(store.put(data, ".bin")) == data
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_disk_that_refuses_is_a_storage_error_and_leaves_nothing(tmp_path):
    (tmp_path / "blobs").write_text("a file where a folder should be")
    with pytest.raises(StorageError):
        LocalBlobs(tmp_path / "blobs").put(b"x", ".png")


def test_a_full_disk_leaves_no_torn_file(tmp_path, monkeypatch):
    def full(_handle, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StorageError, match="No space"):
        LocalBlobs(tmp_path).put(b"x" * 1000, ".png")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_object_store_that_is_away_is_a_storage_error(tmp_path):
    options = {"endpoint": "http://127.0.0.1:1", "access_key_id": "k", "secret_access_key": "s"}
    quick = {"client_options": {"allow_http": True}, "retry_config": {"max_retries": 0}}
    with pytest.raises(StorageError):
        open_blobs("s3://pictures", region="x", **options, **quick).put(b"x", ".png")


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_place_replaces_what_it_published(request, tmp_path, kind):
    if kind == "folder":
        place = open_place(str(tmp_path / "out"))
    else:
        place = open_place("s3://pictures/out", **request.getfixturevalue("s3_options"))
    place.write("SOFA-1/a.json", b"old")
    address = place.write("SOFA-1/a.json", b"new")
    assert address.endswith("SOFA-1/a.json")
    if kind == "folder":
        assert (tmp_path / "out/SOFA-1/a.json").read_bytes() == b"new"
        assert len(list((tmp_path / "out/SOFA-1").iterdir())) == 1
