"""``imagegen backup`` and ``imagegen restore``: everything into a folder, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.console import complain, err, operator, out, plain, progress_bar
from api.cli.exits import NOT_ALL_WELL

if TYPE_CHECKING:
    from api.deps import Context
    from workers.backup import Saved


def register(app: typer.Typer) -> None:
    """Hang the commands on the root."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    to: Annotated[
        Path, typer.Option(help="A folder of its own; used again, it gets only what is new.", file_okay=False)
    ],
    keep: Annotated[
        int | None, typer.Option(help="Make a new backup inside the folder, and keep so many of them.", min=1)
    ] = None,
) -> None:
    """Save every row, and every stored picture, photo and recipe that a row names, while the service goes on.

    Rows are those of one moment. A backup that broke is finished by running it again. It holds password hashes, webhook
    secrets and unpublished pictures: keep it as you keep those. Published files and settings are not part of it.

    With --keep each backup gets a folder of its own, named by its time; what they have in common lies there once.

    For example:

      imagegen backup --to /backups/imagegen

      imagegen backup --to /backups/nightly --keep 14
    """
    from workers import backup as backups  # noqa: PLC0415 - the database's packages

    with _opened() as context, progress_bar("backup") as tell:
        if keep is None:
            place, saved = to, backups.save(context.database, context.blobs, to, tell)
        else:
            place, saved = backups.save_beside(context.database, context.blobs, to, keep, tell)
        _note(context, saved, place)
    out().print(plain(f"{_told(saved)} in {place}, {saved.copied} files new."))
    if saved.manifest.missing:
        number, first = len(saved.manifest.missing), saved.manifest.missing[0]
        complain(f"{number} files that rows name are not in the store, {first} first.", "They were lost before this.")
        raise typer.Exit(NOT_ALL_WELL)


def _note(context: Context, saved: Saved, place: Path) -> None:
    """Let the log tell of the backup; tables of another version are left as they are."""
    from workers.records import backups  # noqa: PLC0415 - the database's packages
    from workers.records.session import newest_revision  # noqa: PLC0415 - Alembic

    if context.database.revision() != newest_revision():
        return
    with context.database.of_all().transaction() as session:
        lost = len(saved.manifest.missing)
        backups.note(session, operator(), place.resolve(), rows=saved.rows, files=saved.blobs, missing=lost)


def restore(
    from_: Annotated[Path, typer.Option("--from", help="The folder of a finished backup.", file_okay=False)],
    only_check: Annotated[
        bool, typer.Option("--check", help="Only read all of it and say whether it is whole.")
    ] = False,
) -> None:
    """Bring a backup back into an empty database and the store of files of the settings.

    Every byte is checked before anything is written, and the first file at fault is named. The database may be another
    kind than the one that was saved, and this version a later one. Stop the service that was saved first: two of the
    same would tell webhooks twice.

    For example:

      imagegen restore --from /backups/imagegen --check

      IMAGEGEN_DATABASE_URL=postgresql+psycopg://... imagegen restore --from /backups/imagegen
    """
    from workers import backup as backups  # noqa: PLC0415 - the database's packages

    if only_check:
        with progress_bar("check") as tell:
            manifest = backups.check(from_, tell)
        rows = sum(part.entries for part in manifest.tables.values())
        out().print(plain(f"The backup of {manifest.made_at} is whole: {rows} rows, {manifest.blobs.entries} files."))
        return
    with _opened() as context, progress_bar("restore") as tell:
        saved = backups.load(from_, context.database, context.blobs, tell)
    out().print(plain(f"{_told(saved)} of {saved.manifest.made_at} are back."))
    err().print(plain("imagegen doctor looks whether all is well."))


@contextmanager
def _opened() -> Iterator[Context]:
    """The records, as they are and of all teams, and the store."""
    from api.deps import open_context  # noqa: PLC0415 - the database's and the queue's packages
    from workers.settings import get_settings  # noqa: PLC0415 - as above

    context = open_context(get_settings())
    try:
        yield context
    finally:
        context.database.close()


def _told(saved: Saved) -> str:
    return f"{saved.rows} rows and {saved.blobs} files"
