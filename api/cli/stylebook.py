"""``imagegen styles``: which looks and rooms there are, and whether a page of one is sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.console import emit, out, plain, swatches, table
from api.cli.exits import BAD_INPUT

if TYPE_CHECKING:
    from imagegen.browse import Hit
    from styles.errors import StyleError
    from styles.library import Library
    from styles.schema import Style

app = typer.Typer(no_args_is_help=True, help="Looks and rooms: list them, read one, check one of your own.")
JSON = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


def _brief(library: Library, style: Style) -> dict[str, Any]:
    return {
        "slug": style.slug,
        "name": style.name,
        "tags": style.tags.model_dump(mode="json"),
        "rooms": list(style.rooms),
        "version": {room: library.version(style.slug, room) for room in style.rooms},
    }


@app.command("list")
def list_styles(
    text: Annotated[str, typer.Argument(help="Words anywhere in name, summary and tags.")] = "",
    theme: Annotated[str, typer.Option(help="A decor theme, such as coastal.")] = "",
    room: Annotated[str, typer.Option(help="A type of room, such as bedroom.")] = "",
    light: Annotated[str, typer.Option(help="A lighting tag, a light, or a time of day.")] = "",
    season: Annotated[str, typer.Option(help="A season.")] = "",
    colour: Annotated[str, typer.Option(help="#rrggbb or a CSS colour name: nearest palette first.")] = "",
    as_json: JSON = False,
) -> None:
    """List the styles, or those that answer, with their tags and rooms.

    For example:

      imagegen styles list

      imagegen styles list "warm wood" --room bedroom

      imagegen styles list --colour teal --json
    """
    from imagegen.browse import Wish, browse  # noqa: PLC0415 - read only when asked for

    library = _library()
    hits = browse(library, Wish(text, theme, room, light, season, colour))
    if as_json:
        emit([
            _brief(library, hit.style)
            | {"rooms": [each.slug for each in hit.rooms], "swatch": asdict(hit.swatch) if hit.swatch else None}
            for hit in hits
        ])  # fmt: skip
        return
    if not hits:
        out().print(plain("No style answers. Ask for less: imagegen styles list shows all of them."))
        return
    rows = [
        (hit.style.slug, hit.style.name, ", ".join(each.slug for each in hit.rooms), _tags(hit.style), *_near(hit))
        for hit in hits
    ]
    table(["style", "name", "rooms", "tags", *(["nearest colour"] if colour.strip() else [])], rows)


def _tags(style: Style) -> str:
    return ", ".join(word for words in style.tags.model_dump(mode="json").values() for word in words)


def _near(hit: Hit) -> tuple[str, ...]:
    swatch = hit.swatch
    return (f"{swatch.name} {swatch.hex} ({swatch.difference:g} away)",) if swatch else ()


@app.command("show")
def show_style(
    slug: Annotated[str, typer.Argument(help="A style's slug.")],
    views: Annotated[bool, typer.Option(help="Show its views, rendering those that are not there.")] = True,
    open_views: Annotated[bool, typer.Option("--open", help="Open the sheet of its views in a viewer.")] = False,
    as_json: JSON = False,
) -> None:
    """Show one style: tags, palette, lights, its rooms with their anchors, and its views on one sheet.

    Views that are not made yet are rendered; Ctrl-C stops that and keeps what is done.

    For example:

      imagegen styles show scandinavian --open

      imagegen styles show japandi --json
    """
    library = _library()
    style, rooms = library.style(slug), library.rooms(slug)
    if as_json:
        emit({**style.model_dump(mode="json"), "rooms": [room.model_dump(mode="json") for room in rooms]})
        return
    console = out()
    console.print(plain(f"{style.name}  ({style.slug})", "bold"))
    console.print(plain(style.summary))
    console.print(plain(_tags(style)))
    swatches(style.palette)
    table(["light", "time", "what it is"], [(name, each.time, each.name) for name, each in style.lights.items()])
    for room in rooms:
        size = f"{room.width:g} x {room.depth:g} x {room.height:g} m"
        anchors = [
            (a.id, ", ".join(a.mounts), ", ".join(a.categories) or "any", " x ".join(f"{m:g}" for m in a.free))
            for a in room.anchors
        ]
        table(["anchor", "mounts", "categories", "free metres"], anchors, title=f"{room.slug}: {size}")
    if not views:
        return
    from api.cli.viewing import sheet_of, views_of  # noqa: PLC0415 - the renderer

    sheet = sheet_of(style, views_of(library, [style]))
    console.print(plain(f"Views: {sheet}"))
    if open_views:
        typer.launch(str(sheet))


@app.command("build")
def build_views(
    slug: Annotated[str | None, typer.Argument(help="A style's slug; all of them when left out.")] = None,
    as_json: JSON = False,
) -> None:
    """Render each room's canonical views, with their passes and probes, and tell where they are. What is there is kept.

    They lie under the data folder, named after all that decides them, so a changed style is made anew by itself.

    For example:

      imagegen styles build

      imagegen styles build industrial --json
    """
    from api.cli.viewing import views_of  # noqa: PLC0415 - the renderer and SciPy

    library = _library()
    chosen = [library.style(slug)] if slug else list(library.styles())
    made = [
        {
            "style": view.decided["style"],
            "room": view.decided["room"],
            "yaw_deg": view.decided["yaw_deg"],
            "picture": str(view.picture),
        }
        for view in views_of(library, chosen, quiet=as_json)
    ]
    if as_json:
        emit(made)
        return
    table(
        ["style", "room", "yaw", "picture"], [(m["style"], m["room"], f"{m['yaw_deg']:+g}", m["picture"]) for m in made]
    )


@app.command("validate")
def validate_styles(
    path: Annotated[Path | None, typer.Argument(help="A style's or room's page (TOML), or a folder of them.")] = None,
    as_json: JSON = False,
) -> None:
    """Check pages of styles and rooms; without PATH, those that the installation uses.

    Tells file, line and key of each problem. Leaves with 2 when there is one.

    For example:

      imagegen styles validate

      imagegen styles validate my-looks/looks/lagoon.toml
    """
    problems = _problems(path)
    if as_json:
        emit([{"where": p.where, "problem": p.message, "hint": p.hint} for p in problems])
    elif problems:
        table(["where", "problem", "hint"], [(p.where, p.message, p.hint) for p in problems])
    else:
        out().print(plain("Every page is sound.", "green"))
    if problems:
        raise typer.Exit(BAD_INPUT)


def _problems(path: Path | None) -> list[StyleError]:
    from styles.errors import StyleError  # noqa: PLC0415 - read only when asked for
    from styles.library import Library  # noqa: PLC0415 - as above

    if path is None:
        return _faults(_library())
    try:
        files = sorted(path.rglob("*.toml")) if path.is_dir() else [path]
        found = [error for file in files for error in _trouble_of(partial(_read_page, file))]
    except (OSError, UnicodeDecodeError) as error:
        return [StyleError(f"This cannot be read: {error}.", where=str(path))]
    if not files:
        return [StyleError("There is no page in this folder.", hint="Pages end in .toml.", where=str(path))]
    folders = {file.parent.parent for file in files if file.parent.name in {"looks", "rooms"}}
    if found or not folders:
        return found
    ours = {file.stem for file in files if file.parent.name == "looks"}
    return _faults(Library(sorted(folders)), ours or None)


def _trouble_of(attempt: Callable[[], object]) -> list[StyleError]:
    from styles.errors import StyleError  # noqa: PLC0415 - read only when asked for

    try:
        attempt()
    except StyleError as error:
        return [error]
    return []


def _faults(library: Library, slugs: set[str] | None = None) -> list[StyleError]:
    """Of the whole library, or of some styles in it: first of their form, then of the names that they use."""
    from imagegen.rooms.proof import faults  # noqa: PLC0415 - the vocabulary of parts

    found = _trouble_of(library.validate)
    chosen = [] if found else [style for style in library.styles() if slugs is None or style.slug in slugs]
    return found + [error for style in chosen for error in faults(library, style)]


def _read_page(file: Path) -> None:
    """Raises StyleError. A page with anchors is a room's, any other a style's."""
    from styles.library import HERE, read_look, read_page  # noqa: PLC0415 - read only when asked for
    from styles.schema import Room  # noqa: PLC0415 - as above

    if "[[anchors]]" in file.read_text(encoding="utf-8") or file.parent.name == "rooms":
        read_page(file, Room)
        return
    beside = [*(HERE / "looks").glob("*.toml"), *file.parent.glob("*.toml")]
    read_look(file, {page.stem: page for page in beside})


def _library() -> Library:
    """The styles that this installation uses."""
    from styles.library import Library  # noqa: PLC0415 - read only when asked for
    from workers.settings import get_settings  # noqa: PLC0415 - as above

    return Library(get_settings().style_paths)
