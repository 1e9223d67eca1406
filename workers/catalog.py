"""The catalog's way in: row by row, good rows stay, bad ones say where and why; the same file again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import ValidationError

from imagegen.errors import BadImageError
from workers import photos
from workers.catalog_model import Change, ProductIn
from workers.catalog_rows import Row, read_rows
from workers.errors import CatalogError, RemotePhotoError, RoomQuotaError
from workers.photos import Fetch
from workers.records import products
from workers.records.blobs import Blobs
from workers.records.products import StoredPhoto
from workers.records.session import Database

Format = Literal["csv", "jsonl"]
SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell of a row."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row: ``change`` when it went in, ``errors`` when it did not."""

    row: int
    sku: str
    change: Change | None = None
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one row may bring."""

    max_bytes: int = 25_000_000
    max_pixels: int = 40_000_000
    max_photos: int = 12


class _RowFaultError(Exception):
    """The row does not go in."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.error = RowError(column, reason)


def import_catalog(
    source: Path | BinaryIO,
    format: Format | None,  # noqa: A002 - the word that callers use
    database: Database,
    blobs: Blobs,
    fetch: Fetch,
    *,
    folder: Path | None = None,
    limits: Limits | None = None,
    by: str = "catalog",
) -> Iterator[RowResult]:
    """Import a file or a seekable binary stream, one result for each row, as it goes.

    ``format``: None tells by the file's name. ``folder``: where relative photo paths start and must stay (a file's
    own folder; a stream has none unless it is given). ``fetch``: brings photos from http(s) addresses. ``by``: who
    does it, for the log. Raises CatalogError when the file cannot be a catalog; a StorageError ends the import, and
    it may be run again.
    """
    kind = format or _format_of(source)
    if folder is None and isinstance(source, Path):
        folder = source.parent
    importer = _Importer(database, blobs, fetch, folder, limits or Limits(), by)
    with ExitStack() as stack:
        stream = stack.enter_context(_opened(source)) if isinstance(source, Path) else source
        for row in read_rows(stream, kind):
            yield importer.take(row)


@dataclass(slots=True)
class _Importer:
    database: Database
    blobs: Blobs
    fetch: Fetch
    folder: Path | None
    limits: Limits
    by: str
    seen: dict[str, int] = field(default_factory=dict)

    def take(self, row: Row) -> RowResult:
        sku = str(row.values.get("sku", ""))[:64]
        if row.fault:
            return RowResult(row.number, sku, errors=(RowError("", row.fault),))
        try:
            product = _product(row.values)
            self._once(product.sku, row.number)
            stored = self._photos(row.values)
            with self.database.transaction() as session:
                change = products.upsert(session, product, stored, by=self.by)
        except ValidationError as error:
            return RowResult(row.number, sku, errors=_in_words(error))
        except _RowFaultError as fault:
            return RowResult(row.number, sku, errors=(fault.error,))
        except RoomQuotaError as error:
            return RowResult(row.number, sku, errors=(RowError("photos", str(error)),))
        return RowResult(row.number, product.sku, change)

    def _once(self, sku: str, number: int) -> None:
        first = self.seen.setdefault(sku, number)
        if first != number:
            raise _RowFaultError("sku", f"{sku} is already in row {first}")

    def _photos(self, values: Mapping[str, Any]) -> list[StoredPhoto] | None:
        """The row's photos, stored; None (keep what is there) when the catalog has no such column."""
        if "photos" not in values:
            return None
        names, masks = _names(values, "photos"), _names(values, "alphas")
        if len(names) > self.limits.max_photos:
            raise _RowFaultError("photos", f"has {len(names)} photos; at most {self.limits.max_photos} are taken")
        if len(masks) > len(names):
            raise _RowFaultError("alphas", "has more alphas than photos")
        return [self._photo(name, mask) for name, mask in zip(names, masks + [""] * len(names), strict=False)]

    def _photo(self, name: str, mask: str) -> StoredPhoto:
        data = self._bytes("photos", name)
        alpha = self._bytes("alphas", mask) if mask else None
        try:
            return photos.store(
                self.database, self.blobs, data, alpha=alpha, source=name, max_pixels=self.limits.max_pixels
            )
        except BadImageError as error:
            raise _RowFaultError(error.where or "photos", f"{name}: {error}") from error

    def _bytes(self, column: str, name: str) -> bytes:
        if "://" in name:
            try:
                return self.fetch(name)
            except RemotePhotoError as error:
                raise _RowFaultError(column, f"{name[:200]}: {error}") from error
        path = self._inside(column, name)
        try:
            if path.stat().st_size > self.limits.max_bytes:
                raise _RowFaultError(column, f"{name} is larger than {self.limits.max_bytes / 1e6:.0f} MB")
            return path.read_bytes()
        except OSError as error:
            raise _RowFaultError(column, f"{name[:200]} cannot be read: {error.strerror}") from error

    def _inside(self, column: str, name: str) -> Path:
        """The file's path; it must stay in the catalog's folder, links followed."""
        if self.folder is None:
            raise _RowFaultError(column, f"{name[:200]} is a file name, but this catalog came without a folder")
        try:
            root = self.folder.resolve()
            path = (root / name).resolve()
        except (OSError, ValueError) as error:
            raise _RowFaultError(column, f"{name[:200]!r} is not a file name") from error
        if not path.is_relative_to(root):
            raise _RowFaultError(column, f"{name[:200]} lies outside the catalog's folder")
        if not path.is_file():
            raise _RowFaultError(column, f"there is no file {name[:200]}")
        return path


def _product(values: Mapping[str, Any]) -> ProductIn:
    """The facts of a row; cells left empty count as not given."""
    facts = {name: value for name, value in values.items() if name not in {"photos", "alphas"} and value != ""}
    return ProductIn.model_validate(facts)


def _names(values: Mapping[str, Any], column: str) -> list[str]:
    """One or more names in a cell, parted by bars, semicolons or line ends; a list stays as it is."""
    value = values.get(column) or []
    if isinstance(value, str):
        value = [part.strip() for part in value.replace(";", "|").replace("\n", "|").split("|")]
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _RowFaultError(column, "must be a text or a list of texts")
    return value if column == "alphas" else [name for name in value if name]


def _in_words(error: ValidationError) -> tuple[RowError, ...]:
    return tuple(
        RowError(
            str(fault["loc"][0]) if fault["loc"] else "",
            "is missing" if fault["type"] == "missing" else fault["msg"].removeprefix("Value error, "),
        )
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    )


def _format_of(source: Path | BinaryIO) -> Format:
    suffix = source.suffix.lower() if isinstance(source, Path) else ""
    if suffix not in SUFFIXES:
        raise CatalogError("Cannot tell what kind of catalog this is.", hint="Say csv or jsonl.", where="format")
    return SUFFIXES[suffix]


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise CatalogError(f"Cannot open {path}: {error.strerror}.", where=str(path)) from error
