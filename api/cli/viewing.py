"""What the commands about styles render: canonical views, a sheet of them, and drafts of a page being written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from api.cli.console import err, plain, progress_bar
from imagegen import images, renderer, tone
from imagegen.views.making import furnished, view
from imagegen.views.shelf import ANGLES_DEG, View, camera_of
from styles.library import Library
from styles.schema import Style
from workers.settings import get_settings

GAP = 12
HEAD = 26


def views_of(library: Library, styles: Sequence[Style], *, quiet: bool = False) -> list[View]:
    """Every view of every room of some styles, made where it is missing; a bar tells how far it is."""
    folder = get_settings().data_dir / "views"
    wanted = [(style, room, angle) for style in styles for room in style.rooms for angle in range(len(ANGLES_DEG))]
    made = []
    with progress_bar(f"{len(wanted)} views", quiet=quiet) as tell:
        for number, (style, room, angle) in enumerate(wanted):
            where = f"{style.slug} {room} {ANGLES_DEG[angle]:+g} degrees"

            def told(_: str, share: float, where: str = where, number: int = number) -> None:
                tell(where, (number + share) / len(wanted))

            told("", 0.0)
            made.append(view(library, style.slug, room, folder, angle=angle, progress=told))
    return made


def sheet_of(style: Style, views: Iterable[View]) -> Path:
    """One PNG beside the views: a row for each room, frontal and from both sides."""
    rows: dict[str, list[View]] = {}
    for each in views:
        rows.setdefault(each.decided["room"], []).append(each)
    small = {each.folder: _preview(each) for row in rows.values() for each in row}
    width, height = next(iter(small.values())).size
    across = max(len(row) for row in rows.values())
    sheet = Image.new("RGB", (across * (width + GAP) + GAP, len(rows) * (height + GAP + HEAD) + GAP), (244, 243, 240))
    pen = ImageDraw.Draw(sheet)
    for number, (room, row) in enumerate(rows.items()):
        top = GAP + number * (height + GAP + HEAD)
        pen.text((GAP, top + 4), f"{style.name}, {room}", fill=(40, 40, 40), font_size=15)
        for column, each in enumerate(row):
            sheet.paste(small[each.folder], (GAP + column * (width + GAP), top + HEAD))
    folder = next(iter(small)).parents[1]
    file = folder / f"{style.slug}.png"
    sheet.save(file)
    return file


def _preview(view: View) -> Image.Image:
    with Image.open(view.preview) as opened:
        return opened.convert("RGB")


def draft(
    library: Library, slug: str, room: str | None, file: Path, *, yaw_deg: float, light: str, width: int, samples: int
) -> None:
    """A quick picture of a room as it stands in the pages now, written to ``file``."""
    page = library.room(slug, room)
    camera = camera_of(page, yaw_deg, width)
    geometry = furnished(library.style(slug), page, camera, light=light, samples=samples)
    passes = renderer.render(geometry, camera, None, samples=samples, seed=0)
    shown: np.ndarray = tone.view_transform(passes.picture)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(images.encode(shown, file.suffix.removeprefix(".").replace("jpg", "jpeg") or "png"))
    err().print(plain(f"{slug} {page.slug}: {file}", "dim"))
