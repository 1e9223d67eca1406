"""Fetching photos: only from where it is allowed, only as much as allowed. The servers stand on loopback."""

import ipaddress
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workers.errors import RemotePhotoError
from workers.remote import RemotePhotos, is_public


class Photos(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.hosts.append(self.headers["Host"])
        name = self.path.lstrip("/")
        if name.startswith("to/"):
            self.send_response(302)
            self.send_header("Location", name.removeprefix("to/"))
            self.end_headers()
        elif name == "drip":
            self.send_response(200)
            self.end_headers()
            while not self.server.over.wait(0.02):
                self.wfile.write(b"x")
        elif name == "photo":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 1000)
        elif name == "packed":
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
        else:
            self.send_error(404)

    def log_message(self, *_):
        pass


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that hangs up is what some tests are about."""


@pytest.fixture
def server():
    server = Quiet(("127.0.0.1", 0), Photos)
    server.hosts, server.over = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def fetcher(**changes):
    """Fetches from 127.0.0.1 and nowhere else."""
    here = "127.0.0.1"
    given = {"permit": lambda address: str(address) == here, "resolve": lambda _h, _p: [here]}
    return RemotePhotos(**given | changes)


def url(server, path, host="shop.example"):
    return f"http://{host}:{server.server_port}/{path}"


def test_a_photo_is_fetched_under_its_own_name(server):
    assert fetcher()(url(server, "photo")) == b"x" * 1000
    assert server.hosts == [f"shop.example:{server.server_port}"]


def test_a_redirect_is_followed(server):
    assert len(fetcher()(url(server, "to//photo"))) == 1000


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_of_our_own_network_are_refused(address):
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(RemotePhotoError, match="private"):
        RemotePhotos(resolve=lambda _h, _p: [address])("http://shop.example/photo")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_addresses_of_the_open_internet_are_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
    ],
)
def test_other_spellings_of_loopback_are_refused(address):
    with pytest.raises(RemotePhotoError):
        RemotePhotos(timeout_s=5)(address)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(RemotePhotoError, match="private"):
        RemotePhotos(resolve=lambda _h, _p: ["93.184.216.34", "10.0.0.1"])("http://shop.example/photo")


def test_a_name_that_answers_differently_the_second_time_is_asked_only_once(server):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    assert fetcher(resolve=lambda _h, _p: next(answers))(url(server, "photo"))
    assert next(answers) == ["10.0.0.1"]


@pytest.mark.parametrize("target", ["http://10.0.0.1/x", "//169.254.169.254/latest", "file:///etc/passwd", "ftp://x/y"])
def test_a_redirect_into_our_own_network_is_refused(server, target):
    with pytest.raises(RemotePhotoError):
        fetcher(resolve=lambda host, _p: ["127.0.0.1" if host == "shop.example" else host])(url(server, f"to/{target}"))


def test_redirects_come_to_an_end(server):
    with pytest.raises(RemotePhotoError, match="redirects"):
        fetcher()(url(server, "to/to/to/to/to/photo".replace("to/", "to//")))


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "gopher://x/",
        "http://",
        "http://user:pw@shop.example/",
        "nonsense",
        "http://[/",
        "x" * 3000,
    ],
)
def test_what_is_not_a_plain_web_address_is_refused(address):
    with pytest.raises(RemotePhotoError):
        fetcher()(address)


def test_a_file_that_is_too_large_is_dropped(server):
    with pytest.raises(RemotePhotoError, match="larger"):
        fetcher(max_bytes=999)(url(server, "photo"))


def test_a_server_that_drips_is_left(server):
    with pytest.raises(RemotePhotoError, match="longer"):
        fetcher(timeout_s=0.3)(url(server, "drip"))


@pytest.mark.parametrize(("path", "told"), [("none", "404"), ("packed", "compressed")])
def test_an_answer_that_is_no_photo_is_told(server, path, told):
    with pytest.raises(RemotePhotoError, match=told):
        fetcher()(url(server, path))


def test_a_server_that_is_not_there_is_told():
    with pytest.raises(RemotePhotoError, match="answer"):
        fetcher()("http://shop.example:1/photo")
