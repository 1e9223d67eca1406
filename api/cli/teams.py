"""``imagegen teams``: the brands of the house, and what each may use."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.catalog import opened
from api.cli.console import emit, operator, out, plain, table

if TYPE_CHECKING:
    from api.people.teams import Standing

app = typer.Typer(no_args_is_help=True, help="Teams (brands), which do not see each other's products and scenes.")
JSON = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
TEAM = Annotated[str, typer.Argument(metavar="TEAM", help="The team's word: small letters, digits and dashes.")]

FACTS = ("id", "name", "created_at")


@app.command("add")
def add(team: TEAM, name: Annotated[str, typer.Option(help="As people read it.")] = "") -> None:
    """Add a team. ``imagegen --team TEAM ...`` works in its name; so does whoever is added with it.

    For example:

      imagegen teams add outdoor --name "Outdoor & Garden"
    """
    from workers.records import teams  # noqa: PLC0415 - the database's packages

    with opened() as context, context.database.of_all().transaction() as session:
        made = teams.add(session, team, operator(), name=name)
        told = f"{made.name} ({made.id}) is a team."
    out().print(plain(told))


@app.command("list")
def list_teams(as_json: JSON = False) -> None:
    """List all teams, with what each uses and may use.

    For example:

      imagegen teams list --json
    """
    from api.people.teams import standing  # noqa: PLC0415 - as above
    from workers.records import teams  # noqa: PLC0415 - as above

    with opened() as context:
        with context.database.reading() as session:
            every = teams.listed(session)
        found = [_facts(standing(context, team)) for team in every]
    if as_json:
        emit(found)
        return
    table(
        ["team", "name", "MB of photos", "scenes in 24 hours", "scenes waiting"],
        [(f["id"], f["name"], *(_of(f, name) for name in f["used"])) for f in found],
    )


@app.command("limit")
def limit(
    team: TEAM,
    photo_bytes: Annotated[int | None, typer.Option(help="Bytes of stored photos.", min=0)] = None,
    scenes_a_day: Annotated[int | None, typer.Option(help="Scenes asked for in any 24 hours.", min=0)] = None,
    scenes_queued: Annotated[int | None, typer.Option(help="Scenes that wait at once.", min=0)] = None,
    usual: Annotated[bool, typer.Option("--usual", help="Whatever is not given is as the settings say.")] = False,
) -> None:
    """Say what a team may use; 0 for as much as it likes. What is not given stays as it was.

    For example:

      imagegen teams limit outdoor --scenes-a-day 500 --photo-bytes 20000000000

      imagegen teams limit outdoor --usual
    """
    from workers.records import teams  # noqa: PLC0415 - as above

    given = {"photo_bytes": photo_bytes, "scenes_a_day": scenes_a_day, "scenes_queued": scenes_queued}
    limits = {name: value for name, value in given.items() if usual or value is not None}
    if not limits:
        raise typer.BadParameter("say what is limited, or --usual")
    with opened() as context, context.database.of_all().transaction() as session:
        teams.limit(session, team, operator(), limits)
    out().print(plain(f"{team} has new limits."))


def _facts(found: Standing) -> dict[str, Any]:
    told = {"used": asdict(found.used), "allowed": asdict(found.allowed)}
    return {name: getattr(found.team, name) for name in FACTS} | told


def _of(facts: dict[str, Any], name: str) -> str:
    """``used / allowed``; photos in megabytes."""
    used, most = facts["used"][name], facts["allowed"][name]
    if name == "photo_bytes":
        used, most = round(used / 1e6), round(most / 1e6)
    return f"{used} / {most}" if most else str(used)
