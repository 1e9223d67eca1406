"""``imagegen bulk``: a whole catalog again, or only what changed."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.catalog import opened
from api.cli.console import emit, err, out, plain, progress_bar, table
from api.cli.exits import INTERRUPTED, NOT_ALL_WELL
from imagegen.lifecycle import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.deps import Context
    from workers.bulk import BulkItem, Progress

app = typer.Typer(no_args_is_help=True, help="A whole catalog again, or only what changed.")

LOOK_S = 0.5
MOST_ITEMS_SHOWN = 100


@app.callback()
def bulk() -> None:
    """A whole catalog again, or only what changed."""


@app.command("regenerate")
def regenerate(
    style: Annotated[
        str | None, typer.Option(help="In this style; without it, in the styles each product was made in.")
    ] = None,
    category: Annotated[str | None, typer.Option(help="Only products of this category.")] = None,
    changed_only: Annotated[
        bool, typer.Option("--changed-only", help="Only where photo, facts, style, engine or settings changed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be made and why; make nothing.")] = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Ask for the scenes and leave.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Make the catalog's scenes again, each as it was asked for last, and say why each is made or is not.

    Workers make them (imagegen serve or imagegen worker); the pictures wait on the review desk. When it is
    interrupted, the same command goes on where it was. Leaves with 0 when all were made, 1 when some failed.

    For example:

      imagegen bulk regenerate --changed-only --dry-run

      imagegen bulk regenerate --style scandinavian --category sofa
    """
    from workers import bulk  # noqa: PLC0415 - the stages' plans
    from workers.gpu import equipment  # noqa: PLC0415 - as above

    with opened() as context:
        items = bulk.plan(
            context.database,
            context.library,
            style=style,
            category=category,
            changed_only=changed_only,
            blobs=context.blobs,
            engine=context.settings.engine,
            equipment=equipment(context.settings),
        )
        if not as_json:
            _show(items)
        # What an interrupted run asked for is in progress now: it is waited for, not asked for again.
        if dry_run or not any(item.wanted or item.reason is bulk.Reason.IN_PROGRESS for item in items):
            if as_json:
                emit({"items": [_facts(item) for item in items]})
            return
        chosen = json.dumps({"style": style, "category": category, "changed_only": changed_only}, sort_keys=True)
        told = _ask(context, items, chosen, quiet=as_json)
        if not no_wait:
            told = _wait(context, told, quiet=as_json)
            bulk.close(context.database, told.run_id)
        if as_json:
            emit({"run": asdict(told), "items": [_facts(item) for item in items]})
        else:
            _summarise(context, told, waited=not no_wait)
    if told.states[State.FAILED] and not no_wait:
        raise typer.Exit(NOT_ALL_WELL)


def _facts(item: BulkItem) -> dict[str, Any]:
    return {
        "sku": item.sku,
        "style": item.style,
        "wanted": item.wanted,
        "reason": str(item.reason),
        "detail": item.detail,
        "request": item.request.model_dump(mode="json"),
    }


def _show(items: Sequence[BulkItem]) -> None:
    wanted = [item for item in items if item.wanted]
    shown = [(item.sku, item.style, str(item.reason), item.detail) for item in wanted[:MOST_ITEMS_SHOWN]]
    if shown:
        table(["sku", "style", "why", "detail"], shown, title="To be made")
    if len(wanted) > len(shown):
        out().print(plain(f"... and {len(wanted) - len(shown)} more; --json tells all."))
    left = Counter(str(item.reason) for item in items if not item.wanted)
    told = ", ".join(f"{number} {reason}" for reason, number in left.most_common())
    out().print(plain(f"{len(wanted)} to be made" + (f"; left as they are: {told}." if told else ".")))


def _ask(context: Context, items: Sequence[BulkItem], chosen: str, *, quiet: bool) -> Progress:
    from workers import bulk  # noqa: PLC0415 - as above

    wanted = sum(item.wanted for item in items)
    with progress_bar("Asking", quiet=quiet) as tell:
        for told in bulk.run(
            context.database, context.queue, items, selection=chosen, by="bulk", engine=context.settings.engine
        ):
            tell(f"{told.asked} of {wanted}", min(1.0, told.asked / max(1, wanted)))
    return told


def _wait(context: Context, told: Progress, *, quiet: bool) -> Progress:
    """Look at the rows until all of the run is over."""
    from workers import bulk  # noqa: PLC0415 - as above

    try:
        with progress_bar("Making", quiet=quiet) as tell:
            while told.over < told.asked:
                tell(f"{told.over} of {told.asked}", told.over / told.asked)
                time.sleep(LOOK_S)
                told = bulk.progress(context.database, told.run_id)
    except KeyboardInterrupt:
        err().print(plain(f"Interrupted at {told.over} of {told.asked}; the same command goes on where it was."))
        raise typer.Exit(INTERRUPTED) from None
    return told


def _summarise(context: Context, told: Progress, *, waited: bool) -> None:
    if not waited:
        out().print(plain(f"{told.asked} scenes are asked for; run {told.run_id}."))
        return
    states = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in told.states.items() if number)
    out().print(plain(f"{told.asked} scenes: {states}."))
    if told.states[State.FAILED]:
        table(["sku", "style", "what went wrong"], _failures(context, told.run_id))


def _failures(context: Context, run_id: str) -> list[tuple[str, str, str]]:
    from workers.records import scenes  # noqa: PLC0415 - the database's packages

    with context.database.reading() as session:
        failed = scenes.page(session, scenes.Filters(states=(State.FAILED,), bulk_id=run_id), limit=100)
        return [(scene.sku, scene.style, str((scene.error or {}).get("message", ""))) for scene in failed.items]
