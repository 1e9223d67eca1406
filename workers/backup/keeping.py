"""Several backups beside each other, each whole by itself.

A file that several have lies on the disk once (hard links), so a night costs what its day made.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from imagegen.errors import BadRequestError
from workers.backup.form import DATED, MANIFEST, Saved, Tell, finished, in_words, quietly
from workers.backup.writing import save
from workers.errors import BackupError
from workers.records.blobs import Blobs
from workers.records.session import Database


def save_beside(
    database: Database, blobs: Blobs, folder: Path, keep: int, tell: Tell = quietly, at: datetime | None = None
) -> tuple[Path, Saved]:
    """Write a backup into a new folder inside ``folder``, named by its time, and keep the newest ``keep`` of them.

    What broke before is removed once this one is whole. ``at``: now, if nothing else is said. Raises BackupError,
    StorageError, BadRequestError for a folder that holds anything else.
    """
    with in_words(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_others(folder)
        with _alone(folder):
            there = sorted((path for path in folder.iterdir() if DATED.fullmatch(path.name)), reverse=True)
            new = folder / f"{(at or datetime.now(UTC)).astimezone(UTC):%Y%m%dT%H%M%SZ}"
            saved = save(database, blobs, new, tell, [path for path in there if path != new])
            kept = {new, *finished(folder)[:keep]}
            for path in there:
                if path not in kept:
                    (path / MANIFEST).unlink(missing_ok=True)  # one that is half removed is none
                    shutil.rmtree(path)
        return new, saved


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else keeps backups in this folder meanwhile. Raises BackupError where somebody does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BackupError(f"Another backup is being written to {folder}.", hint="Wait until it has ended.") from error
    finally:
        os.close(handle)


def _refuse_others(folder: Path) -> None:
    """Raises BadRequestError where other things lie, one backup without a folder of its own among them."""
    others = [path.name for path in folder.iterdir() if not DATED.fullmatch(path.name)]
    if others:
        hint = "Give the backups that are kept beside each other a folder of their own."
        raise BadRequestError(f"{folder} holds other things ({others[0]}).", hint=hint)
