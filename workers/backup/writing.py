"""Writing a backup: the rows of one moment, then the files that they name."""

from __future__ import annotations

import gzip
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select, text
from sqlalchemy import inspect as inspected

from imagegen.errors import BadRequestError
from workers.backup.form import (
    BATCH,
    FORMAT,
    MANIFEST,
    Manifest,
    Part,
    Saved,
    Tell,
    in_words,
    quietly,
    sha_of,
    tables_of,
)
from workers.errors import BackupError, NotFoundError
from workers.records.blobs import KEY, Blobs, LocalBlobs, key_of, replace, sync_folder
from workers.records.session import Database

NAMED = re.compile(KEY.pattern)


def save(database: Database, blobs: Blobs, folder: Path, tell: Tell = quietly, beside: Sequence[Path] = ()) -> Saved:
    """Write everything to ``folder``. Into the same folder again only new files are copied; one that broke goes on.

    ``beside``: folders of other backups; a file that lies in one of them is linked, so that it takes no second place.
    Raises BackupError, StorageError.
    """
    with in_words(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_foreign(folder)
        rows = f"rows-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        (folder / rows).mkdir(mode=0o700)
        revision, tables, named = _save_rows(database, folder, rows, tell)
        kept = LocalBlobs(folder / "blobs")
        copied, missing = _save_blobs(
            blobs, kept, sorted(named), tell, [LocalBlobs(other / "blobs") for other in beside]
        )
        present = sorted(named.keys() - missing)
        listed = _write_lines(folder, f"{rows}/blobs.txt.gz", present)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        lost = sorted(key for key in missing if named[key])
        manifest = Manifest(FORMAT, made_at, revision, database.url.get_backend_name(), tables, listed, lost)
        replace(folder / MANIFEST, json.dumps(asdict(manifest), indent=2).encode())
        for other in folder.glob("rows-*"):  # of backups before this one, finished or not
            if other.name != rows:
                shutil.rmtree(other)
        return Saved(manifest, sum(part.entries for part in tables.values()), len(present), copied)


def _refuse_foreign(folder: Path) -> None:
    """Raises BadRequestError where other things lie: a backup cleans up after itself."""
    others = [p.name for p in folder.iterdir() if not re.fullmatch(r"rows-.*|blobs|manifest\.json|\.part-.*", p.name)]
    if others:
        raise BadRequestError(f"{folder} holds other things ({others[0]}).", hint="Give a backup a folder of its own.")


def _save_rows(database: Database, folder: Path, rows: str, tell: Tell) -> tuple[str, dict[str, Part], dict[str, bool]]:
    """(revision, parts, names of files) of one moment; a name is True where the row is lost without its file."""
    parts: dict[str, Part] = {}
    named: dict[str, bool] = {}
    with _snapshot(database) as connection:
        if not inspected(connection).has_table("alembic_version"):
            raise BackupError("The database has no tables of ours.", hint="Check IMAGEGEN_DATABASE_URL.")
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        tables = tables_of(connection)
        for number, table in enumerate(tables):
            tell(f"reading {table.name}", number / len(tables))
            lines = _rows(connection, table, named)
            parts[table.name] = _write_lines(folder, f"{rows}/{table.name}.jsonl.gz", lines)
    return str(revision), parts, named


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """A connection that sees one moment, however long it reads."""
    options: dict[str, Any] = {"reading": True}
    if not database.is_sqlite:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with database.engine.connect().execution_options(**options) as connection, connection.begin():
        if not database.is_sqlite:
            # A slow disk is no reason to lose the snapshot.
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield connection


def _rows(connection: Connection, table: Table, named: dict[str, bool]) -> Iterator[str]:
    """Each row as a line of JSON; the names of stored files in it go to ``named``."""
    statement = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    for row in connection.execute(statement):
        line = json.dumps(dict(row._mapping), default=_plain, separators=(",", ":"))  # noqa: SLF001 - its public way
        named.update(dict.fromkeys(NAMED.findall(line), True))
        if sha := row._mapping.get("recipe_sha"):  # noqa: SLF001 - as above
            named.setdefault(f"{sha[:2]}/{sha}.json", False)  # the row has the recipe itself
        yield line


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        at = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return at.isoformat()
    raise BackupError(f"A value of type {type(value).__name__} cannot be saved.")


def _save_blobs(
    source: Blobs, kept: LocalBlobs, keys: list[str], tell: Tell, beside: Sequence[LocalBlobs]
) -> tuple[int, set[str]]:
    """(how many were copied, names that the store does not have)."""
    copied, missing = 0, set()
    for number, key in enumerate(keys):
        tell("copying files", number / len(keys))
        if kept.exists(key) or any(_linked(key, kept, other) for other in beside):
            continue
        try:
            data = source.get(key)
        except NotFoundError:
            missing.add(key)
            continue
        if key_of(data, key[67:]) != key:
            raise BackupError(f"The stored file {key} is damaged: its content is not what its name says.", where=key)
        kept.put(data, key[67:])
        copied += 1
    for folder in kept.root.glob("??"):  # a link is at its name at once, and on the disk only now
        sync_folder(folder)
    return copied, missing


def _linked(key: str, kept: LocalBlobs, other: LocalBlobs) -> bool:
    """Whether the file could be had from another backup by a second name."""
    path = kept.root / key
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.hardlink_to(other.root / key)
    except OSError:  # it is not there, or this disk knows no links: the store has it
        return False
    return True


def _write_lines(folder: Path, name: str, lines: Iterable[str]) -> Part:
    """A compressed file of lines, on the disk when this returns."""
    number = 0
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
            for line in lines:
                packed.write(line.encode() + b"\n")
                number += 1
        raw.flush()
        os.fsync(raw.fileno())
    return Part(name, sha_of(folder / name), number)
