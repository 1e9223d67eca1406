"""A hub on this machine: a real server that answers as Hugging Face's does, for the little that is asked of it."""

import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

NEWEST = "f" * 40


class Shelf:
    """What a hub has, and how it behaves. ``files``: content by (repo, commit, path)."""

    def __init__(self):
        self.files = {}
        self.asked = []
        self.break_after = 0
        """Bytes of a large file after which the line breaks, once for each request until it is set to 0."""
        self.ranges = True
        self.lies = {}
        """Content that is sent in place of a path's own."""
        self.url = ""

    def add(self, spec, folder, **changed):
        """Offer what lies in a family's folder, each part where its page says that the hub has it."""
        for target, part in spec.parts.items():
            for name in part.files:
                path = folder / target / name
                if path.is_file():
                    content = changed.get(f"{target}/{name}", path.read_bytes())
                    self.files[part.repo, part.revision or NEWEST, part.source(name)] = content

    def listing(self, repo, revision):
        commit = NEWEST if revision == "main" else revision
        held = {path: content for (r, c, path), content in self.files.items() if (r, c) == (repo, commit)}
        return {"sha": commit, "siblings": [_told(path, content) for path, content in held.items()]} if held else None

    def transfers(self):
        return [line for line in self.asked if "/resolve/" in line]


def _told(path, content):
    told = {"rfilename": path, "size": len(content)}
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    if path.endswith(".safetensors"):
        return told | {"blobId": blob, "lfs": {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}}
    return told | {"blobId": blob}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    shelf: Shelf

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        asked_range = self.headers.get("Range", "")
        self.shelf.asked.append(f"{path} {asked_range}".strip())
        if path.startswith("/api/models/"):
            repo, _, revision = path.removeprefix("/api/models/").partition("/revision/")
            told = self.shelf.listing(repo, revision)
            self._answer(200 if told else 404, json.dumps(told).encode())
        elif path.startswith("/store/"):
            self._send(path.removeprefix("/store/"), asked_range)
        else:
            # as the hub does: small files come from it, large ones from elsewhere
            self.send_response(302)
            self.send_header("Location", f"/store{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _send(self, path, asked_range):
        where, _, rest = path.partition("/resolve/")
        commit, _, source = rest.partition("/")
        content = self.shelf.files.get((where, commit, source))
        if content is None:
            self._answer(404, b"")
            return
        content = self.shelf.lies.get(source, content)
        start = int(asked_range.removeprefix("bytes=").rstrip("-")) if asked_range and self.shelf.ranges else 0
        if start >= len(content) > 0:
            self._answer(416, b"")
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        cut = self.shelf.break_after
        if cut and len(content) - start > cut:
            self.wfile.write(content[start : start + cut])
            self.close_connection = True
            return
        self.wfile.write(content[start:])

    def _answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(shelf):
    """Serve a shelf; ``shelf.url`` is where."""
    handler = type("Handler", (_Handler,), {"shelf": shelf})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    shelf.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield shelf
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
