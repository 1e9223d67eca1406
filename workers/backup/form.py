"""What a backup is on the disk, whoever writes or reads it."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import JSON, Connection, MetaData, Table

from workers.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
DATED = re.compile(r"\d{8}T\d{6}Z")
"""How the folders of several backups beside each other are called."""
BATCH = 500
NOT_OURS = frozenset({"alembic_version"})
PASSING = frozenset({"leaders", "workers", "sessions"})
"""Tables of what is true for a moment only (who is signed in): neither saved nor in the way of a restore."""
SEEDED = {"teams": 1}
"""Rows that migrations themselves make: they are not in the way of a restore, and what was saved takes their place."""

Tell = Callable[[str, float], None]


def quietly(_what: str, _share: float) -> None:
    """Tells nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a backup."""

    file: str
    sha256: str
    entries: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is. ``revision``: of the tables; ``missing``: files that a row names and the store did not have."""

    format: int
    made_at: str
    revision: str
    database: str
    tables: dict[str, Part]
    blobs: Part
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup or a restore came to. ``copied``: files that were not there yet."""

    manifest: Manifest
    rows: int
    blobs: int
    copied: int


def tables_of(connection: Connection) -> list[Table]:
    """The tables as they are, whatever this version would make them, those that others point at first."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name not in NOT_OURS | PASSING)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return list(found.sorted_tables)


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a compressed file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n")


def sha_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def finished(folder: Path) -> list[Path]:
    """The finished backups beside each other in a folder, the newest first."""
    return sorted((p for p in folder.glob("*") if DATED.fullmatch(p.name) and (p / MANIFEST).is_file()), reverse=True)


def manifest_of(folder: Path) -> Manifest:
    """The manifest. Raises BackupError where there is none that can be read."""
    path = folder / MANIFEST
    if not path.is_file():
        several = finished(folder)
        raise BackupError(
            f"There is no finished backup in {folder}: {MANIFEST} is missing.",
            hint=f"It holds several: name one, the newest is {several[0]}."
            if several
            else "A backup that broke is finished by running it again.",
            where=str(path),
        )
    try:
        said = json.loads(path.read_bytes())
        if said["format"] != FORMAT:
            raise BackupError(f"{MANIFEST} is of format {said['format']}; this version reads {FORMAT}.", where=MANIFEST)
        tables = {name: Part(**part) for name, part in said.pop("tables").items()}
        return Manifest(**said | {"tables": tables, "blobs": Part(**said["blobs"])})
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"The file {MANIFEST} of the backup is damaged.", where=MANIFEST) from error


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Let what a disk or a damaged file raises be a BackupError that says where."""
    try:
        yield
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BackupError(f"The backup in {folder} stopped: {reason}.", hint="Run it again to go on.") from error
