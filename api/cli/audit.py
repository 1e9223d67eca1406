"""``imagegen audit``: who did what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.catalog import opened
from api.cli.console import emit, emit_csv, plain, table
from api.cli.console import out as console

if TYPE_CHECKING:
    from api.deps import Context
    from workers.records.audit import Sought

COLUMNS = ("id", "at", "by", "action", "kind", "subject", "detail")


def register(app: typer.Typer) -> None:
    """Hang the command on the root."""
    app.command("audit")(audit)


def audit(
    by: Annotated[str | None, typer.Option(help="Only what this one did.")] = None,
    action: Annotated[str | None, typer.Option(help="Only this: approve, reject, publish, update, ...")] = None,
    kind: Annotated[str | None, typer.Option(help="Only what was done to: scene, product or key.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only what was done to this scene, sku or key.")] = None,
    most: Annotated[int, typer.Option(help="How many lines at most; 0 for all.", min=0)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV on standard output, safe in a spreadsheet.")] = False,
) -> None:
    """Show who approved, rejected, published and changed what, the newest first. The log is only ever added to.

    For example:

      imagegen audit --action publish

      imagegen audit --subject SOFA-1 --json

      imagegen audit --most 0 --csv > audit.csv
    """
    from workers.records.audit import Sought  # noqa: PLC0415 - the database's packages

    with opened() as context:
        lines = _lines(context, Sought(by, action, kind, subject))
        rows = islice(lines, most or None)
        if as_csv:
            emit_csv(COLUMNS, ([*list(row.values())[:-1], json.dumps(row["detail"])] for row in rows))
        elif as_json:
            emit(list(rows))
        else:
            shown = [(f"{r['at']:%Y-%m-%d %H:%M:%S}", r["by"], r["action"], r["subject"], _told(r)) for r in rows]
            table(["at", "by", "did", "to", "detail"], shown)
            if not shown:
                console().print(plain("Nothing of that kind was done."))


def _lines(context: Context, sought: Sought) -> Iterator[dict[str, Any]]:
    """Every line that is sought, page after page."""
    from workers.records import audit  # noqa: PLC0415 - as above
    from workers.records.pages import LARGEST_PAGE  # noqa: PLC0415 - as above

    cursor = None
    while True:
        with context.database.reading() as session:
            page = audit.page(session, sought, cursor, LARGEST_PAGE)
        for line in page.items:
            yield {name: getattr(line, name) for name in COLUMNS}
        cursor = page.next_cursor
        if cursor is None:
            return


def _told(row: dict[str, Any]) -> str:
    """A line's detail in short: what was said, and which facts changed."""
    said = {name: value for name, value in row["detail"].items() if value not in (None, "", False)}
    return ", ".join(f"{name}: {_brief(value)}" for name, value in said.items())


def _brief(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{value[0]} -> {value[1]}"
    return str(value)
