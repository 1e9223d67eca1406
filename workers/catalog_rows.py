"""Catalog files as rows: CSV (any usual delimiter, with or without a byte order mark) and JSON lines, streaming."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from workers.errors import CatalogError

LONGEST_LINE = 1_000_000
REQUIRED = ("sku", "name", "category", "width_cm", "depth_cm", "height_cm")

ALIASES = {
    "sku": "id item item_no article article_no product_id",
    "name": "title product_name product",
    "category": "product_type type",
    "width_cm": "width w",
    "depth_cm": "depth d",
    "height_cm": "height h",
    "mount": "mounting",
    "colour": "color",
    "material": "materials",
    "tags": "tag keywords",
    "photos": "photo image images picture pictures photo_url image_url image_link",
    "alphas": "alpha mask masks",
    "yaw_deg": "yaw camera_yaw_deg",
    "elevation_deg": "elevation camera_elevation_deg",
    "focal_mm": "focal focal_length focal_length_mm camera_focal_mm",
}
"""Our columns, and the other names that they are known by."""

COLUMNS = {alias: name for name, others in ALIASES.items() for alias in (name, *others.split())}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a catalog: our column names and what they hold, or why it cannot be read.

    ``number``: as a spreadsheet or an editor counts: the first line of the file is 1.
    """

    number: int
    values: Mapping[str, Any]
    fault: str = ""


def column_of(heading: str) -> str | None:
    """Our name for a heading, or None for one that we do not use: "Width (cm)" -> width_cm."""
    return COLUMNS.get(re.sub(r"[^a-z0-9]+", "_", heading.strip().lower()).strip("_"))


def read_rows(stream: BinaryIO, kind: str) -> Iterator[Row]:
    """The rows of a file; ``kind`` is csv or jsonl. Raises CatalogError when it cannot be a catalog at all."""
    text = io.TextIOWrapper(_Whole(stream), encoding=_encoding(stream), newline="")
    try:
        yield from (_csv_rows(text) if kind == "csv" else _json_rows(text))
    except UnicodeDecodeError as error:
        raise CatalogError("The file is not UTF-8 text.", hint="Save it as UTF-8 and import it again.") from error
    finally:
        text.detach()


class _Whole(io.BufferedReader):
    """Leaves the caller's stream open."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)

    def close(self) -> None:
        return


def _encoding(stream: BinaryIO) -> str:
    """By the byte order mark; without one it must be UTF-8."""
    start = stream.read(4)
    stream.seek(-len(start), io.SEEK_CUR)
    return "utf-16" if start[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"


def _csv_rows(text: io.TextIOWrapper) -> Iterator[Row]:
    head = text.readline(LONGEST_LINE)
    if "\x00" in head:
        raise CatalogError("The file is not a text file.", hint="Export the catalog as CSV.")
    delimiter = max(",;\t|", key=head.count)
    headings = next(csv.reader([head], delimiter=delimiter), [])
    columns = _columns(headings)
    reader = csv.reader(text, delimiter=delimiter)
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, {}, f"cannot be read: {error}")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(headings):
            yield Row(number, {}, f"has {len(cells)} cells, but the heading has {len(headings)}")
            continue
        yield Row(number, {name: cells[i].strip() for i, name in columns.items() if i < len(cells)})


def _columns(headings: list[str]) -> dict[int, str]:
    """Which cell holds which of our columns. Raises CatalogError when one is missing or named twice."""
    columns: dict[int, str] = {}
    for position, heading in enumerate(headings):
        name = column_of(heading)
        if name in columns.values():
            raise CatalogError(f"The column {name} is there twice (again as {heading[:60]!r}).", where=str(name))
        if name is not None:
            columns[position] = name
    missing = [name for name in REQUIRED if name not in columns.values()]
    if missing:
        few = "column" if len(missing) == 1 else "columns"
        found = ", ".join(heading.strip()[:40] for heading in headings[:20]) or "nothing"
        raise CatalogError(
            f"The catalog has no {few} {', '.join(missing)}.",
            hint=f"Its first line holds: {found}. Needed: {', '.join(REQUIRED)}.",
            where=missing[0],
        )
    return columns


def _json_rows(text: io.TextIOWrapper) -> Iterator[Row]:
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise CatalogError(f"Line {number} has more than {LONGEST_LINE} characters.")
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Row(number, {}, f"is not JSON: {error}")
            continue
        if not isinstance(value, dict):
            yield Row(number, {}, "is not a JSON object")
            continue
        yield Row(number, {name: v for key, v in value.items() if (name := column_of(key)) and v is not None})
