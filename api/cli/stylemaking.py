"""``imagegen styles new|preview|vocabulary``: pages of one's own, written while one looks at them."""

from __future__ import annotations

import re
import time
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.console import emit, err, out, plain, progress_bar, table
from api.cli.stylebook import JSON

if TYPE_CHECKING:
    from styles.library import Library

QUICK = {"width": 480, "samples": 3}


def register(app: typer.Typer) -> None:
    """Adds the commands to ``imagegen styles``."""
    app.command("new")(new_style)
    app.command("preview")(preview)
    app.command("vocabulary")(vocabulary)


def new_style(
    slug: Annotated[str, typer.Argument(help="A name in small letters, digits and hyphens, such as lagoon.")],
    folder: Annotated[Path, typer.Option(help="Where your own pages live.")] = Path("my-styles"),
    like: Annotated[str, typer.Option(help="The style that it starts from.")] = "scandinavian",
    room: Annotated[str, typer.Option(help="Also a room of your own, by this slug.")] = "",
) -> None:
    """Write the page of a new style that validates and renders, ready to be changed.

    It is like another style and says only what differs. Nothing that is there already is written over.

    For example:

      imagegen styles new lagoon --like coastal

      imagegen styles new cabin --like rustic --room cabin-attic
    """
    from api.cli.folder import write_together  # noqa: PLC0415 - read only when asked for
    from imagegen.errors import BadRequestError  # noqa: PLC0415 - as above
    from styles.library import HERE, Library  # noqa: PLC0415 - as above
    from workers.settings import get_settings  # noqa: PLC0415 - as above

    for name in filter(None, (slug, room)):
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name):
            raise BadRequestError(f"{name!r} is not a slug.", hint="Use small letters, digits and single hyphens.")
    library = Library([*get_settings().style_paths, *([folder] if folder.is_dir() else [])])
    base = library.style(like)
    pages = {folder / "looks" / f"{slug}.toml": "look.toml.template"}
    if room:
        pages[folder / "rooms" / f"{room}.toml"] = "room.toml.template"
    taken = [page for page in pages if page.exists()]
    if taken or slug in {style.slug for style in library.styles()}:
        said = f"{taken[0]} is there already." if taken else f"There is a style {slug!r} already."
        raise BadRequestError(said, hint="Choose another name.")
    rooms = ", ".join(f'"{each}"' for each in [*([room] if room else []), *base.rooms])
    look = folder / "looks" / f"{slug}.toml"
    words = {"slug": slug, "like": like, "rooms": rooms, "page": str(look)}
    for page, skeleton in pages.items():
        text = Template((HERE / "skeleton" / skeleton).read_text(encoding="utf-8"))
        name = page.stem.replace("-", " ").capitalize()
        write_together(page.parent, {page.name: text.substitute(words, name=name).encode()})
        out().print(plain(f"Wrote {page}", "green"))
    out().print(plain(f"Look at it:   imagegen styles preview {look} --watch"))
    out().print(plain(f"Check it:     imagegen styles validate {folder}"))
    out().print(plain(f"Use it:       IMAGEGEN_STYLE_PATHS={folder} imagegen serve"))


def preview(
    what: Annotated[str, typer.Argument(help="A style's slug, or its page (TOML).")],
    room: Annotated[str | None, typer.Option(help="One of its rooms; its usual one when left out.")] = None,
    yaw: Annotated[float, typer.Option(min=-50, max=50, help="Degrees from straight on.")] = 0.0,
    light: Annotated[str, typer.Option(help="One of its lights; its usual one when left out.")] = "",
    to: Annotated[Path, typer.Option("--to", help="The picture.")] = Path("preview.png"),
    width: Annotated[int, typer.Option(min=160, max=2048, help="Pixels.")] = QUICK["width"],
    samples: Annotated[int, typer.Option(min=1, max=64, help="Light paths a pixel.")] = QUICK["samples"],
    watch: Annotated[bool, typer.Option("--watch", help="Again whenever a page is saved, until Ctrl-C.")] = False,
    open_it: Annotated[bool, typer.Option("--open", help="Open the picture in a viewer.")] = False,
) -> None:
    """Render a draft of a room in seconds, and again with --watch whenever its page is saved.

    For example:

      imagegen styles preview japandi --room suite --yaw 20

      imagegen styles preview my-styles/looks/lagoon.toml --watch --open
    """
    from api.cli.viewing import draft  # noqa: PLC0415 - the renderer
    from styles.errors import StyleError  # noqa: PLC0415 - as above

    def once() -> None:
        library, slug = _found(what)
        start = time.monotonic()
        with progress_bar("drawing") as tell:
            tell(slug, 0.1)
            draft(library, slug, room, to, yaw_deg=yaw, light=light, width=width, samples=samples)
        err().print(plain(f"{time.monotonic() - start:.1f} s", "dim"))

    once()
    if open_it:
        typer.launch(str(to))
    if not watch:
        return
    from watchfiles import watch as changes  # noqa: PLC0415 - read only when asked for

    library, slug = _found(what)
    err().print(plain("Watching; Ctrl-C ends it."))
    for _ in changes(
        *{file.parent for file in library.files(slug)}, watch_filter=lambda _, path: path.endswith(".toml")
    ):
        try:
            once()
        except StyleError as error:  # half a line is typed: say so, and go on watching
            err().print(plain(str(error), "red"))


def _found(what: str) -> tuple[Library, str]:
    """The library with the page's folder in it, and the style's slug."""
    from styles.library import Library  # noqa: PLC0415 - read only when asked for
    from workers.settings import get_settings  # noqa: PLC0415 - as above

    page = Path(what)
    if page.suffix != ".toml":
        return Library(get_settings().style_paths), what
    return Library([*get_settings().style_paths, page.resolve().parents[1]]), page.stem


def vocabulary(as_json: JSON = False) -> None:
    """List what pages can ask for: every kind of part with its forms and slots, and every pattern of a surface.

    For example:

      imagegen styles vocabulary
    """
    from imagegen.rooms.parts import KINDS  # noqa: PLC0415 - read only when asked for
    from imagegen.rooms.textures import PATTERNS  # noqa: PLC0415 - as above

    kinds = [
        {"kind": name, "forms": [form for form in kind.forms if form], "slots": list(kind.slots)}
        for name, kind in sorted(KINDS.items())
    ]
    if as_json:
        emit({"kinds": kinds, "patterns": sorted(PATTERNS)})
        return
    table(["kind", "forms", "slots"], [(k["kind"], ", ".join(k["forms"]), ", ".join(k["slots"])) for k in kinds])
    out().print(plain("Patterns: " + ", ".join(sorted(PATTERNS))))
