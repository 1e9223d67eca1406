"""The whole service in a folder, and back: every row, and every stored file that a row names.

The rows are taken first, from one snapshot, then the files: files are only ever added, so whatever that snapshot names
is there. A backup is finished when its manifest lies in its place; it names each part with its sha256. Rows are JSON
lines, so a backup of SQLite can be restored to PostgreSQL and the other way round, also by a later version: the tables
are made as they were, filled, and only then upgraded. Published files are not part of it; nor are settings.

    manifest.json               what this is, and the sha256 of every part
    rows-<stamp>/<table>.jsonl.gz
    rows-<stamp>/blobs.txt.gz   the names of the stored files
    blobs/ab/<sha256>.png       the stored files, named by their own sha256

Several of them may lie beside each other (``save_beside``), each in a folder named by its time.
"""

from __future__ import annotations

from workers.backup.form import Manifest, Saved, Tell
from workers.backup.keeping import save_beside
from workers.backup.reading import check, load, refuse_filled
from workers.backup.writing import save

__all__ = ["Manifest", "Saved", "Tell", "check", "load", "refuse_filled", "save", "save_beside"]
