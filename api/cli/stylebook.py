"""``imagegen styles``: which looks and rooms there are, and whether a page of one is sound."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.console import emit, out, plain, table
from api.cli.exits import BAD_INPUT

if TYPE_CHECKING:
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
def list_styles(as_json: JSON = False) -> None:
    """List the styles with their tags and rooms.

    For example:

      imagegen styles list

      imagegen styles list --json
    """
    library = _library()
    briefs = [_brief(library, style) for style in library.styles()]
    if as_json:
        emit(briefs)
        return
    rows = [(b["slug"], b["name"], ", ".join(b["rooms"]), _tags(b["tags"])) for b in briefs]
    table(["style", "name", "rooms", "tags"], rows)


def _tags(tags: dict[str, Any]) -> str:
    words: list[str] = []
    for value in tags.values():
        words += value if isinstance(value, list) else [str(value)]
    return ", ".join(words)


@app.command("show")
def show_style(slug: Annotated[str, typer.Argument(help="A style's slug.")], as_json: JSON = False) -> None:
    """Show one style: tags, palette, what each role is made of, its rooms and their anchors.

    For example:

      imagegen styles show scandinavian

      imagegen styles show japandi --json
    """
    library = _library()
    style = library.style(slug)
    rooms = library.rooms(slug)
    if as_json:
        emit({**style.model_dump(mode="json"), "rooms": [room.model_dump(mode="json") for room in rooms]})
        return
    console = out()
    console.print(plain(f"{style.name}  ({style.slug})", "bold"))
    console.print(plain(_tags(style.tags.model_dump(mode="json"))))
    for room in rooms:
        size = f"{room.width:g} x {room.depth:g} x {room.height:g} m"
        anchors = [
            (a.id, ", ".join(a.mounts), ", ".join(a.categories) or "any", " x ".join(f"{m:g}" for m in a.free))
            for a in room.anchors
        ]
        table(["anchor", "mounts", "categories", "free metres"], anchors, title=f"{room.slug}: {size}")


@app.command("build")
def build_views(
    slug: Annotated[str | None, typer.Argument(help="A style's slug; all of them when left out.")] = None,
    as_json: JSON = False,
) -> None:
    """Render each room's canonical views, with their passes, and tell where they are. What is there is kept.

    They lie under the data folder, named after all that decides them, so a changed style is made anew by itself.

    For example:

      imagegen styles build

      imagegen styles build industrial --json
    """
    from api.cli.console import progress_bar  # noqa: PLC0415 - only here
    from imagegen import views  # noqa: PLC0415 - the renderer and SciPy
    from workers.settings import get_settings  # noqa: PLC0415 - read only when asked for

    library, folder = _library(), get_settings().data_dir / "views"
    chosen = [library.style(slug)] if slug else list(library.styles())
    made = []
    for style, room, angle in ((s, r, a) for s in chosen for r in s.rooms for a in range(len(views.ANGLES_DEG))):
        with progress_bar(f"{style.slug} {room} {views.ANGLES_DEG[angle]:+g} degrees", quiet=as_json) as tell:
            view = views.view(library, style.slug, room, folder, angle=angle, progress=tell)
        made.append(
            {"style": style.slug, "room": room, "yaw_deg": views.ANGLES_DEG[angle], "picture": str(view.picture)}
        )
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

    def trouble_of(attempt: Callable[[], object]) -> list[StyleError]:
        try:
            attempt()
        except StyleError as error:
            return [error]
        except (OSError, UnicodeDecodeError) as error:
            return [StyleError(f"This cannot be read: {error}.", where=str(path))]
        return []

    if path is None:
        return trouble_of(_library().validate)
    files = sorted(path.rglob("*.toml")) if path.is_dir() else [path]
    if not files:
        return [StyleError("There is no page in this folder.", hint="Pages end in .toml.", where=str(path))]
    found = [error for file in files for error in trouble_of(partial(_read_page, file))]
    if found:
        return found
    folders = {file.parent.parent for file in files if file.parent.name in {"looks", "rooms"}}
    return trouble_of(Library(sorted(folders)).validate)


def _read_page(file: Path) -> None:
    """Raises StyleError. A page with anchors is a room's, any other a style's."""
    from styles.library import read_page  # noqa: PLC0415 - read only when asked for
    from styles.schema import Room, Style  # noqa: PLC0415 - as above

    is_room = "[[anchors]]" in file.read_text(encoding="utf-8") or file.parent.name == "rooms"
    read_page(file, Room if is_room else Style)


def _library() -> Library:
    """The styles that this installation uses."""
    from styles.library import Library  # noqa: PLC0415 - read only when asked for
    from workers.settings import get_settings  # noqa: PLC0415 - as above

    return Library(get_settings().style_paths)
