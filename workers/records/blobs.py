"""Where bytes are kept: named by their own sha256, written once, never half."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import time
from pathlib import Path
from typing import Any, Protocol

from workers.errors import NotFoundError, StorageError

PART = ".part-"
"""How the names of files begin that are being written."""
KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,8}")


class Blobs(Protocol):
    """A store of bytes by content. Errors: NotFoundError for what is not there, StorageError for what may pass."""

    def __hash__(self) -> int:
        """A store is told apart by which one it is."""
        ...

    def put(self, data: bytes, suffix: str) -> str:
        """Keep the bytes; the same bytes and suffix (".png") always give the same key."""
        ...

    def get(self, key: str) -> bytes:
        """The bytes of a key."""
        ...

    def exists(self, key: str) -> bool:
        """Whether the key is there."""
        ...

    def tidy(self, older_s: float) -> int:
        """Remove what killed writers left behind before so many seconds; how many pieces."""
        ...


def key_of(data: bytes, suffix: str) -> str:
    """The name of these bytes: two digits, a slash, their sha256, the suffix."""
    digest = hashlib.sha256(data).hexdigest()
    return _checked(f"{digest[:2]}/{digest}{suffix}")


def sha_of(key: str) -> str:
    """The sha256 in a key."""
    return _checked(key)[3:67]


def open_blobs(url: str, **s3: Any) -> Blobs:
    """The store at a folder or at ``s3://bucket/prefix`` (``s3``: what ``Settings.s3_options`` gives)."""
    return S3Blobs(url, **s3) if url.startswith("s3://") else LocalBlobs(Path(url))


class LocalBlobs:
    """Blobs in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes, suffix: str) -> str:
        """Write aside, bring it to the disk, then link it into place: a name appears whole or not at all."""
        key = key_of(data, suffix)
        path = self.root / key
        if path.exists():
            return key
        try:
            create(path, data)
        except OSError as error:
            raise StorageError(f"Cannot store a file in {self.root}: {error.strerror}.", where=str(path)) from error
        return key

    def get(self, key: str) -> bytes:
        """The bytes of a key."""
        try:
            return (self.root / _checked(key)).read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError(f"There is no file {key}.", where=key) from error
        except OSError as error:
            raise StorageError(f"Cannot read {key}: {error.strerror}.", where=key) from error

    def exists(self, key: str) -> bool:
        """Whether the key is there."""
        return (self.root / _checked(key)).is_file()

    def tidy(self, older_s: float) -> int:
        """Files that were being written and never got their name."""
        removed, before = 0, time.time() - older_s
        for part in self.root.glob(f"*/{PART}*"):
            with contextlib.suppress(OSError):  # its writer was only slow, and is done now
                if part.stat().st_mtime <= before:
                    part.unlink()
                    removed += 1
        return removed


class S3Blobs:
    """Blobs in a bucket; a put that finds the key taken changes nothing."""

    def __init__(self, url: str, **config: Any) -> None:
        from obstore.store import S3Store  # noqa: PLC0415 - a laptop with a folder does not load it

        self.url = url
        self.store = S3Store.from_url(url, **config)

    def put(self, data: bytes, suffix: str) -> str:
        """Conditional put: the key appears whole or not at all, once."""
        import obstore  # noqa: PLC0415 - as above
        from obstore.exceptions import AlreadyExistsError, BaseError  # noqa: PLC0415 - as above

        key = key_of(data, suffix)
        try:
            obstore.put(self.store, key, data, mode="create")
        except AlreadyExistsError:
            return key
        except BaseError as error:
            raise StorageError(f"Cannot store a file in {self.url}: {error}.", where=key) from error
        return key

    def get(self, key: str) -> bytes:
        """The bytes of a key."""
        import obstore  # noqa: PLC0415 - as above
        from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

        try:
            return bytes(obstore.get(self.store, _checked(key)).bytes())
        except FileNotFoundError as error:
            raise NotFoundError(f"There is no file {key}.", where=key) from error
        except BaseError as error:
            raise StorageError(f"Cannot read {key}: {error}.", where=key) from error

    def exists(self, key: str) -> bool:
        """Whether the key is there."""
        import obstore  # noqa: PLC0415 - as above
        from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

        try:
            obstore.head(self.store, _checked(key))
        except FileNotFoundError:
            return False
        except BaseError as error:
            raise StorageError(f"Cannot look for {key}: {error}.", where=key) from error
        return True

    def tidy(self, older_s: float) -> int:  # noqa: ARG002 - the contract's
        """Nothing: a bucket shows no halves, and what was never completed is its lifecycle rules' to remove."""
        return 0


def create(path: Path, data: bytes) -> None:
    """Make a file that is whole or absent, also after a crash; a file that is already there stays as it is."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        sync_folder(path.parent.parent)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=PART) as aside:
        _write(aside.fileno(), data)
        try:
            os.link(aside.name, path)
        except FileExistsError:
            return
    sync_folder(path.parent)


def replace(path: Path, data: bytes) -> None:
    """Make or replace a file; a reader sees the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=PART)
    try:
        _write(handle, data)
        os.fchmod(handle, 0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    sync_folder(path.parent)


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
    os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _checked(key: str) -> str:
    if not KEY.fullmatch(key):
        raise NotFoundError(f"{key[:100]!r} is not the name of a stored file.", where="key")
    return key
