"""Reading a backup: looking whether it is whole, and bringing it back into an empty place."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, DateTime, Integer, Table, delete, func, insert, select, text

from workers.backup.form import (
    BATCH,
    SEEDED,
    Manifest,
    Saved,
    Tell,
    in_words,
    lines_of,
    manifest_of,
    quietly,
    sha_of,
    tables_of,
)
from workers.errors import BackupError, NotFoundError
from workers.records.blobs import Blobs, LocalBlobs, key_of
from workers.records.session import Database


def check(folder: Path, tell: Tell = quietly) -> Manifest:
    """Read every byte of a backup. Raises BackupError that names the first file at fault."""
    with in_words(folder):
        manifest = manifest_of(folder)
        for part in (*manifest.tables.values(), manifest.blobs):
            path = folder / part.file
            if not path.is_file():
                raise BackupError(f"The backup lacks the file {part.file}.", where=part.file)
            if sha_of(path) != part.sha256:
                raise BackupError(f"The file {part.file} of the backup is damaged.", where=part.file)
        kept = LocalBlobs(folder / "blobs")
        for number, key in enumerate(lines_of(folder / manifest.blobs.file)):
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
    for number, key in enumerate(lines_of(folder / manifest.blobs.file)):
        tell("copying files", number / manifest.blobs.entries)
        if not blobs.exists(key):
            blobs.put(_get(kept, key), key[67:])
            copied += 1
    _make_tables(database, manifest.revision)
    with database.engine.begin() as connection:
        tables = tables_of(connection)
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
        for table in tables_of(connection):
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


def _load_table(connection: Connection, table: Table, path: Path) -> None:
    moments = [column.name for column in table.columns if isinstance(column.type, DateTime)]

    def read(line: str) -> dict[str, Any]:
        row: dict[str, Any] = json.loads(line)
        for name in moments:
            if row[name] is not None:
                row[name] = datetime.fromisoformat(row[name])
        return row

    batch: list[dict[str, Any]] = []
    for line in lines_of(path):
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
