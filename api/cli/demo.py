"""``imagegen demo``: the demo catalog through the real way in, and a sheet that shows what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.exits import NOT_ALL_WELL

CATALOG = Path(__file__).resolve().parents[2] / "demo" / "catalog.csv"


def register(app: typer.Typer) -> None:
    """Hang the command on the root."""
    app.command("demo")(demo)


def demo(
    catalog: Annotated[Path, typer.Option(help="The catalog to show.")] = CATALOG,
    workers: Annotated[int, typer.Option(help="Worker processes.", min=1, max=16)] = 2,
    most: Annotated[int, typer.Option("--scenes", help="How many scenes at most.", min=1, max=200)] = 12,
) -> None:
    """Import the demo catalog, have its scenes made by worker processes, and lay them out on one sheet.

    Leaves the sheet, the pictures and their recipes in var/demo; all of it is on the review desk too. What is there
    already is not made again, and what was interrupted goes on. Four to six minutes on two cores.

    For example:

      imagegen demo

      imagegen demo --scenes 4
    """
    from api.cli.showing import show  # noqa: PLC0415 - the records, the queue, the plans

    if not show(catalog, workers, most):
        raise typer.Exit(NOT_ALL_WELL)
