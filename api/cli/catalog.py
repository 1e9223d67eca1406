"""``imagegen catalog``: bring products in, look at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.console import emit, err, operator, out, plain, table
from api.cli.exits import BAD_INPUT, NOT_ALL_WELL

if TYPE_CHECKING:
    from api.deps import Context
    from workers.catalog import RowResult
    from workers.records.models import Product

app = typer.Typer(no_args_is_help=True, help="Products: import a catalog, list them, show one.")
JSON = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]

CHOSEN: ContextVar[str | None] = ContextVar("team", default=None)
"""What ``imagegen --team`` was told."""

MOST_FAULTS_SHOWN = 200
NUMBERS = ("width_cm", "depth_cm", "height_cm", "yaw_deg", "elevation_deg", "focal_mm")
FACTS = ("sku", "name", "category", "mount", "colour", "material", "tags", *NUMBERS, "habit")


@contextmanager
def opened() -> Iterator[Context]:
    """The records and the stores of this installation, their tables up to date, as the team that works here sees them.

    Raises NotFoundError where there is no such team.
    """
    from api.deps import open_context  # noqa: PLC0415 - the database's and the queue's packages
    from workers.records import teams  # noqa: PLC0415 - as above
    from workers.settings import get_settings  # noqa: PLC0415 - as above

    context = open_context(get_settings())
    context.database.create_or_upgrade()
    try:
        with context.database.reading() as session:
            team = teams.get(session, CHOSEN.get() or context.settings.team)
        yield replace(context, database=context.database.of(team.id))
    finally:
        context.database.close()


@app.command("import")
def import_products(
    path: Annotated[Path, typer.Argument(help="A .csv or .jsonl file; photos are paths beside it, or URLs.")],
    as_json: JSON = False,
) -> None:
    """Import products from CSV or JSONL. Good rows go in; bad ones are told with row, column and reason.

    Columns: sku, name, category, width_cm, depth_cm, height_cm, and where wanted mount, colour, material, tags,
    photos, alphas, yaw_deg, elevation_deg, focal_mm; several in one cell are parted by bars. The same file again
    changes nothing. Leaves with 0 when every row went in, 1 when some did not, 2 when none did.

    For example:

      imagegen catalog import demo/catalog.csv

      imagegen catalog import goods.jsonl --json > report.json
    """
    with opened() as context:
        results = list(_told(import_file(context, path), quiet=as_json))
    bad = [result for result in results if result.errors]
    if as_json:
        emit({"rows": [asdict(result) for result in results], "counts": _counts(results)})
    else:
        _show(results, bad)
    if bad or not results:
        raise typer.Exit(NOT_ALL_WELL if len(bad) < len(results) else BAD_INPUT)


def import_file(context: Context, path: Path) -> Iterator[RowResult]:
    """Import a file with this installation's limits, row by row."""
    from workers.catalog import Limits, import_catalog  # noqa: PLC0415 - Pillow behind it
    from workers.remote import RemotePhotos, is_public  # noqa: PLC0415 - httpx behind it

    kept = context.settings
    permit = (lambda _: True) if kept.allow_private_photo_hosts else is_public
    fetch = RemotePhotos(max_bytes=kept.max_upload_bytes, timeout_s=kept.photo_timeout_s, permit=permit)
    limits = Limits(kept.max_upload_bytes, kept.max_pixels, kept.max_photos)
    return import_catalog(path, None, context.database, context.blobs, fetch, limits=limits, by=operator())


def _told(results: Iterator[RowResult], *, quiet: bool) -> Iterator[RowResult]:
    """The same results, counted aloud while they come in (nobody knows how many there will be)."""
    console = err()
    if quiet or not console.is_terminal:
        yield from results
        return
    with console.status("Importing ...") as status:
        for number, result in enumerate(results, 1):
            status.update(f"Importing ... {number} rows")
            yield result


def _counts(results: list[RowResult]) -> dict[str, int]:
    counted = Counter(result.change or "refused" for result in results)
    return {name: counted[name] for name in ("created", "updated", "unchanged", "refused")}


def _show(results: list[RowResult], bad: list[RowResult]) -> None:
    faults = [(result.row, result.sku, e.column, e.reason) for result in bad for e in result.errors]
    if faults:
        table(["row", "sku", "column", "reason"], faults[:MOST_FAULTS_SHOWN])
    if len(faults) > MOST_FAULTS_SHOWN:
        out().print(plain(f"... and {len(faults) - MOST_FAULTS_SHOWN} more; --json tells all."))
    told = ", ".join(f"{number} {name}" for name, number in _counts(results).items() if number)
    out().print(plain(f"{len(results)} rows: {told}." if results else "The catalog has no rows."))


@app.command("list")
def list_products(
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    query: Annotated[str, typer.Option(help="Only with these letters in stock number or name.")] = "",
    as_json: JSON = False,
) -> None:
    """List the catalog's products, all of them or those of one category or name.

    For example:

      imagegen catalog list --category sofa

      imagegen catalog list --query oak --json
    """
    with opened() as context:
        found = [_facts(product) for product in _every_product(context, category, query)]
    if as_json:
        emit(found)
        return
    rows = [(f["sku"], f["name"], f["category"], _size(f), f["mount"], len(f["photos"])) for f in found]
    table(["sku", "name", "category", "width x depth x height, cm", "mount", "photos"], rows)
    out().print(plain(f"{len(found)} products."))


def _every_product(context: Context, category: str | None, query: str) -> Iterator[Product]:
    from workers.records import products  # noqa: PLC0415 - the database's packages

    cursor = None
    while True:
        with context.database.reading() as session:
            page = products.page(session, category=category, query=query, cursor=cursor, limit=200)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


@app.command("cameras")
def survey_cameras(
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    most: Annotated[int, typer.Option(min=1, help="Look at this many products of a category at most.")] = 25,
    keep: Annotated[bool, typer.Option("--keep", help="Make what is learnt the house default.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Forget the house default.")] = False,
    as_json: JSON = False,
) -> None:
    """Work out how the studio shoots: the camera of each product's first photo, and each category's habit.

    A studio shoots all its sofas alike. What is kept decides where a photo says little of its camera, and becomes part
    of every scene's recipe. Leaves with 1 when some photos could not be used.

    For example:

      imagegen catalog cameras

      imagegen catalog cameras --category sofa --keep
    """
    from api.cli.cameras import survey  # noqa: PLC0415 - the stages
    from workers.records import habits  # noqa: PLC0415 - the database's packages

    if forget and keep:
        raise typer.BadParameter("--keep and --forget exclude each other")
    with opened() as context:
        if forget:
            with context.database.transaction() as session:
                habits.forget(session, operator())
            out().print(plain("Forgotten: each photo speaks for itself."))
            return
        found = _every_product(context, category, "")
        rows = survey(context, found, most=most, keep=keep, only=category, as_json=as_json)
    if any("kind" not in row for row in rows):
        raise typer.Exit(NOT_ALL_WELL)


@app.command("show")
def show_product(sku: Annotated[str, typer.Argument(help="A stock number.")], as_json: JSON = False) -> None:
    """Show one product: its facts and its photos.

    For example:

      imagegen catalog show SOFA-210

      imagegen catalog show SOFA-210 --json
    """
    from workers.records import products  # noqa: PLC0415 - the database's packages

    with opened() as context, context.database.reading() as session:
        facts = _facts(products.get(session, sku))
    if as_json:
        emit(facts)
        return
    habit = facts["habit"]
    shown = facts | {"tags": ", ".join(facts["tags"]), "habit": habit and f"learnt from {habit['photos']} photos"}
    rows = [(name, value) for name, value in shown.items() if name != "photos" and value not in {None, ""}]
    table(["fact", "value"], rows)
    table(["photo", "pixels"], [(p["source"] or p["key"], f"{p['width']} x {p['height']}") for p in facts["photos"]])


def _facts(product: Product) -> dict[str, Any]:
    photos = [{"key": p.key, "source": p.source, "width": p.width, "height": p.height} for p in product.photos]
    return {name: getattr(product, name) for name in FACTS} | {"photos": photos}


def _size(facts: dict[str, Any]) -> str:
    return " x ".join(f"{facts[side]:g}" for side in ("width_cm", "depth_cm", "height_cm"))
