"""The demo: a catalog through records, queue and worker processes, and the sheet of what came of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image

from api.cli.catalog import import_file, opened
from api.cli.console import out, plain, progress_bar, table
from api.cli.contact_sheet import Card, contact_sheet
from api.cli.crew import Crew
from api.cli.folder import write_together
from api.deps import Context
from imagegen import recipe
from imagegen.errors import EngineError
from imagegen.lifecycle import State
from workers import bulk
from workers.publishing import marked
from workers.records import scenes
from workers.records.models import Scene
from workers.settings import Settings

LOOK_S = 0.5
SIZE = (896, 612)
"""Pixels of a demo picture: large enough to be judged, small enough for a dozen in a few minutes on two cores."""

Wish = tuple[str, str]
"""A product's stock number and the style it is shown in."""


def show(catalog: Path, workers: int, most: int) -> bool:
    """Import, ask, wait, write, tell; whether every scene was made. May be run again, and goes on where it was."""
    began = time.monotonic()
    with opened() as context:
        wishes, run_id = _ask(context, _import(context, catalog)[:most])
        with Crew(_of_few_words(context.settings), workers) as crew:
            made = _wait(context, crew, wishes)
        bulk.close(context.database, run_id)
        folder = context.settings.data_dir / "demo"
        pictures = [scene for scene in made if scene.picture is not None]
        _write(context, pictures, folder)
    _tell(made, folder, time.monotonic() - began)
    return len(pictures) == len(made) > 0


def _of_few_words(settings: Settings) -> Settings:
    """The settings of workers beside somebody who sees what comes of it: they log faults alone, if not told more."""
    if "log_level" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"log_level": "error"})


def _import(context: Context, catalog: Path) -> list[str]:
    """The stock numbers of the catalog that are in the records afterwards."""
    results = list(import_file(context, catalog))
    faults = [(result.row, result.sku, e.column, e.reason) for result in results for e in result.errors]
    if faults:
        table(["row", "sku", "column", "reason"], faults, title="Rows that were left out")
    return [result.sku for result in results if not result.errors]


def _ask(context: Context, skus: Sequence[str]) -> tuple[list[Wish], str]:
    """Ask for each product in one style, the styles in turn, unless it is there or under way; the run's id too."""
    styles = [style.slug for style in context.library.styles()]
    wishes = [(sku, styles[number % len(styles)]) for number, sku in enumerate(skus)]
    wanted = []
    for style in styles:
        items = bulk.plan(context.database, context.library, style=style, changed_only=True, blobs=context.blobs)
        wanted += [item for item in items if (item.sku, style) in wishes and item.wanted]
    sized = [_with_size(item) for item in wanted]
    *_, told = bulk.run(context.database, context.queue, sized, selection="demo", by="demo")
    return wishes, told.run_id


def _with_size(item: bulk.BulkItem) -> bulk.BulkItem:
    return replace(item, request=item.request.model_copy(update={"size": SIZE}))


def _wait(context: Context, crew: Crew, wishes: Sequence[Wish]) -> list[Scene]:
    """Look at the rows until none of them waits or is worked on. Raises EngineError when no worker is left."""
    with progress_bar(f"Making {len(wishes)} scenes") as tell:
        while True:
            found = _latest(context, wishes)
            waiting = [scene for scene in found if scene.state in {State.QUEUED, State.RUNNING}]
            if not waiting:
                return found
            if not crew.alive:
                raise EngineError("The workers have ended.", hint="imagegen worker says why; imagegen doctor may help.")
            done = len(found) - len(waiting)
            tell(f"{done} of {len(found)}", (done + sum(scene.share for scene in waiting)) / len(found))
            time.sleep(LOOK_S)


def _latest(context: Context, wishes: Sequence[Wish]) -> list[Scene]:
    with context.database.reading() as session:
        found = [scenes.latest(session, sku, style) for sku, style in wishes]
    return [scene for scene in found if scene is not None]


def _write(context: Context, pictures: Sequence[Scene], folder: Path) -> None:
    """The sheet, each picture with its mark, and each recipe."""
    files: dict[str, bytes] = {}
    for scene in pictures:
        assert scene.recipe is not None
        files[f"{scene.sku}-{scene.style}.png"] = marked(scene, context.blobs, "png")
        files[f"{scene.sku}-{scene.style}.json"] = recipe.canonical(scene.recipe)
    if pictures:
        styles = {scene.style for scene in pictures}
        told = f"{len(pictures)} products, {len(styles)} styles. Each room is rendered for the camera of its packshot."
        sheet = BytesIO()
        contact_sheet([_card(context, scene) for scene in pictures], "From packshot to room", told).save(sheet, "PNG")
        files["contact-sheet.png"] = sheet.getvalue()
    write_together(folder, files)


def _card(context: Context, scene: Scene) -> Card:
    assert scene.picture is not None
    return Card(
        picture=Image.open(BytesIO(context.blobs.get(scene.picture)), formats=("PNG",)),
        packshot=Image.open(BytesIO(context.blobs.get(scene.product.photos[0].key)), formats=("PNG",)),
        name=scene.product.name,
        style=context.library.style(scene.style).name,
        seconds=sum(scene.seconds.values()),
        verdict=scene.verdict or "",
    )


def _tell(made: Sequence[Scene], folder: Path, seconds: float) -> None:
    failed = [(s.sku, s.style, str((s.error or {}).get("message", s.state))) for s in made if s.picture is None]
    if failed:
        table(["sku", "style", "what went wrong"], failed, title="Not made")
    out().print(plain(f"{len(made) - len(failed)} scenes in {seconds:.0f} s: {folder}/contact-sheet.png"))
    out().print(plain("Review desk: make serve (or imagegen serve), then open http://127.0.0.1:8000/review", "bold"))
