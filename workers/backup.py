"""The whole service in a folder, and back: every row, and every stored file that a row names.

The rows are taken first, from one snapshot, then the files: files are only ever added, so whatever that snapshot names
is there. A backup is finished when its manifest lies in its place; it names each part with its sha256. Rows are JSON
lines, so a backup of SQLite can be restored to PostgreSQL and the other way round, also by a later version: the tables
are made as they were, filled, and only then upgraded. Published files are not part of it; nor are settings.

    manifest.json               what this is, and the sha256 of every part
    rows-<stamp>/<table>.jsonl.gz
    rows-<stamp>/blobs.txt.gz   the names of the stored files
    blobs/ab/<sha256>.png       the stored files, named by their own sha256
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.util import CommandError
from sqlalchemy import JSON, Connection, DateTime, Integer, MetaData, Table, delete, func, insert, select, text
from sqlalchemy import inspect as inspected

from imagegen.errors import BadRequestError
from workers.errors import BackupError, NotFoundError
from workers.records.blobs import KEY, Blobs, LocalBlobs, key_of, replace
from workers.records.session import Database

FORMAT = 1
MANIFEST = "manifest.json"
BATCH = 500
NOT_OURS = frozenset({"alembic_version"})
PASSING = frozenset({"leaders", "workers", "sessions"})
"""Tables of what is true for a moment only (who is signed in): neither saved nor in the way of a restore."""
SEEDED = {"teams": 1}
"""Rows that migrations themselves make: they are not in the way of a restore, and what was saved takes their place."""
NAMED = re.compile(KEY.pattern)

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


def save(database: Database, blobs: Blobs, folder: Path, tell: Tell = quietly) -> Saved:
    """Write everything to ``folder``. Into the same folder again only new files are copied; one that broke goes on.

    Raises BackupError, StorageError.
    """
    with _in_words(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_foreign(folder)
        rows = f"rows-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        (folder / rows).mkdir(mode=0o700)
        revision, tables, named = _save_rows(database, folder, rows, tell)
        kept = LocalBlobs(folder / "blobs")
        copied, missing = _save_blobs(blobs, kept, sorted(named), tell)
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


def check(folder: Path, tell: Tell = quietly) -> Manifest:
    """Read every byte of a backup. Raises BackupError that names the first file at fault."""
    with _in_words(folder):
        manifest = _read(folder)
        for part in (*manifest.tables.values(), manifest.blobs):
            path = folder / part.file
            if not path.is_file():
                raise BackupError(f"The backup lacks the file {part.file}.", where=part.file)
            if _sha(path) != part.sha256:
                raise BackupError(f"The file {part.file} of the backup is damaged.", where=part.file)
        kept = LocalBlobs(folder / "blobs")
        for number, key in enumerate(_lines(folder / manifest.blobs.file)):
            tell("looking through files", number / manifest.blobs.entries)
            _get(kept, key)
        return manifest


def load(folder: Path, database: Database, blobs: Blobs, tell: Tell = quietly) -> Saved:
    """Bring a backup back into an empty database: first the files, then all rows in one transaction.

    One that broke can be begun again. Raises BackupError for a damaged backup and for a database that is not empty.
    """
    refuse_filled(database)
    manifest = check(folder, tell)
    kept = LocalBlobs(folder / "blobs")
    copied = 0
    for number, key in enumerate(_lines(folder / manifest.blobs.file)):
        tell("copying files", number / manifest.blobs.entries)
        if not blobs.exists(key):
            blobs.put(_get(kept, key), key[67:])
            copied += 1
    _make_tables(database, manifest.revision)
    with database.engine.begin() as connection:
        tables = _tables(connection)
        for table in tables:
            if table.name in SEEDED:
                connection.execute(delete(table))
        for number, table in enumerate(tables):
            tell(f"writing {table.name}", number / len(manifest.tables))
            if table.name in manifest.tables:
                _load_table(connection, table, folder / manifest.tables[table.name].file)
    database.create_or_upgrade()
    return Saved(manifest, sum(part.entries for part in manifest.tables.values()), manifest.blobs.entries, copied)


def refuse_filled(database: Database) -> None:
    """Raises BackupError when the database holds anything: a restore mixes with nothing."""
    database.make_home()
    with database.engine.connect() as connection:
        for table in _tables(connection):
            number = connection.scalar(select(func.count()).select_from(table)) or 0
            if number > SEEDED.get(table.name, 0):
                raise BackupError(
                    f"The database is not empty: {table.name} has {number} rows.",
                    hint="Restore into a new database, and let the service use it afterwards.",
                    where="database_url",
                )


def _make_tables(database: Database, revision: str) -> None:
    """The tables as they were when the backup was made. Raises BackupError for what is of a later version."""
    try:
        database.create_or_upgrade(revision)
    except CommandError as error:
        hint = "Restore it with the version that made it, or a later one."
        raise BackupError(f"The tables of this backup ({revision}) are unknown here.", hint=hint) from error


def _save_rows(database: Database, folder: Path, rows: str, tell: Tell) -> tuple[str, dict[str, Part], dict[str, bool]]:
    """(revision, parts, names of files) of one moment; a name is True where the row is lost without its file."""
    parts: dict[str, Part] = {}
    named: dict[str, bool] = {}
    with _snapshot(database) as connection:
        if not inspected(connection).has_table("alembic_version"):
            raise BackupError("The database has no tables of ours.", hint="Check IMAGEGEN_DATABASE_URL.")
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        tables = _tables(connection)
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


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are, whatever this version would make them, those that others point at first."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name not in NOT_OURS | PASSING)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return list(found.sorted_tables)


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


def _load_table(connection: Connection, table: Table, path: Path) -> None:
    moments = [column.name for column in table.columns if isinstance(column.type, DateTime)]

    def read(line: str) -> dict[str, Any]:
        row: dict[str, Any] = json.loads(line)
        for name in moments:
            if row[name] is not None:
                row[name] = datetime.fromisoformat(row[name])
        return row

    batch: list[dict[str, Any]] = []
    for line in _lines(path):
        batch.append(read(line))
        if len(batch) == BATCH:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)
    _go_on_counting(connection, table)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL's own numbers go on after the largest that was brought back."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        if isinstance(column.type, Integer) and column.autoincrement and column.server_default is not None:
            statement = text("SELECT setval(pg_get_serial_sequence(:table, :column), :top)")
            top = connection.scalar(select(func.max(column)))
            if top:
                connection.execute(statement, {"table": table.name, "column": column.name, "top": top})


def _save_blobs(source: Blobs, kept: LocalBlobs, keys: list[str], tell: Tell) -> tuple[int, set[str]]:
    """(how many were copied, names that the store does not have)."""
    copied, missing = 0, set()
    for number, key in enumerate(keys):
        tell("copying files", number / len(keys))
        if kept.exists(key):
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
    return copied, missing


def _get(kept: LocalBlobs, key: str) -> bytes:
    """A file of a backup. Raises BackupError when it is not what its name says."""
    try:
        data = kept.get(key)
    except NotFoundError as error:
        raise BackupError(f"The backup lacks the file blobs/{key}.", where=key) from error
    if key_of(data, key[67:]) != key:
        hint = "While the service still has it: remove this file and run the backup again."
        raise BackupError(f"The file blobs/{key} of the backup is damaged.", hint=hint, where=key)
    return data


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
    return Part(name, _sha(folder / name), number)


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n")


def _sha(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(folder: Path) -> Manifest:
    """The manifest. Raises BackupError where there is none that can be read."""
    path = folder / MANIFEST
    if not path.is_file():
        raise BackupError(
            f"There is no finished backup in {folder}: {MANIFEST} is missing.",
            hint="A backup that broke is finished by running it again.",
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


def _refuse_foreign(folder: Path) -> None:
    """Raises BadRequestError where other things lie: a backup cleans up after itself."""
    others = [p.name for p in folder.iterdir() if not re.fullmatch(r"rows-.*|blobs|manifest\.json|\.part-.*", p.name)]
    if others:
        raise BadRequestError(f"{folder} holds other things ({others[0]}).", hint="Give a backup a folder of its own.")


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BackupError(f"The backup in {folder} stopped: {reason}.", hint="Run it again to go on.") from error
