"""The command line: ``imagegen``. One file a group of commands; heavy things are imported inside the commands.

Commands are thin: they read arguments, call ``imagegen`` or ``workers``, and print. Whatever a script may want
goes to standard output (``--json``); everything meant for a person's eyes while waiting goes to standard error.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from api.cli import (
    audit,
    bulk,
    catalog,
    demo,
    doctor,
    keys,
    models,
    own_room,
    people,
    saving,
    scene,
    services,
    stylebook,
    stylemaking,
    teams,
    webhooks,
)
from api.cli.console import complain
from api.cli.exits import INTERRUPTED, explain

EXAMPLES = """
[bold]Start here[/bold]

  [cyan]imagegen doctor[/cyan]                      is this machine ready?
  [cyan]imagegen styles list[/cyan]                 which looks and rooms are there?
  [cyan]imagegen scene --help[/cyan]                one picture from one photo, no database, nothing else needed
  [cyan]imagegen catalog import catalog.csv[/cyan]  then [cyan]imagegen serve[/cyan] and open the review desk

[bold]Exit codes[/bold]
  0 done    1 done, but a check failed or a row was bad    2 bad input
  3 this machine could not make the picture    130 interrupted
"""

app = typer.Typer(
    name="imagegen",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXAMPLES,
    help="Catalog packshots, placed at true scale and by their own camera, into rooms of many styles.",
)
app.add_typer(catalog.app, name="catalog")
stylemaking.register(stylebook.app)
app.add_typer(stylebook.app, name="styles")
app.add_typer(bulk.app, name="bulk")
app.add_typer(keys.app, name="keys")
app.add_typer(models.app, name="models")
app.add_typer(people.app, name="people")
app.add_typer(teams.app, name="teams")
app.add_typer(webhooks.app, name="webhooks")
for module in (scene, own_room, services, doctor, demo, audit, saving):
    module.register(app)


def _join_lines(listing: typer.Typer) -> None:
    """Let each help text flow: the lines of a paragraph become one, indented lines (examples) stay as they are."""
    for command in listing.registered_commands:
        if command.callback and command.callback.__doc__:
            paragraphs = inspect.cleandoc(command.callback.__doc__).split("\n\n")
            command.help = "\n\n".join(p if p.startswith(" ") else p.replace("\n", " ") for p in paragraphs)
    for group in listing.registered_groups:
        if group.typer_instance:
            _join_lines(group.typer_instance)


_join_lines(app)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - only when asked

        try:
            typer.echo(f"imagegen {version('imagegen')}")
        except PackageNotFoundError:
            typer.echo("imagegen (run from a source tree that is not installed)")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version this is.")
    ] = False,
    traceback: Annotated[bool, typer.Option("--traceback", help="Show where an error came from.")] = False,
    team: Annotated[
        str | None, typer.Option(help="Whose products, scenes, keys and people this is about. [default: IMAGEGEN_TEAM]")
    ] = None,
) -> None:
    """Catalog packshots, placed at true scale and by their own camera, into rooms of many styles."""
    del version
    catalog.CHOSEN.set(team)
    ctx.obj = {"traceback": traceback}


def run(arguments: Sequence[str]) -> int:
    """Run one command line; gives its exit code. Errors are told in one or two lines on standard error."""
    try:
        app(list(arguments), prog_name="imagegen")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if "--traceback" in arguments:
            raise
        message, hint, code = explain(error)
        complain(message, hint)
        return code
    return 0


def main() -> None:
    """What the ``imagegen`` command runs."""
    sys.exit(run(sys.argv[1:]))
