"""``imagegen keys``: which machines may ask, and for what."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.catalog import opened
from api.cli.console import emit, err, operator, out, plain, table
from workers.scopes import Scope

if TYPE_CHECKING:
    from workers.records.models import ApiKey

app = typer.Typer(no_args_is_help=True, help="API keys for machines: make, list, revoke.")
JSON = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]

FACTS = ("id", "name", "scopes", "created_at", "created_by", "expires_at", "revoked_at", "last_used_at")


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Whose key it is; stands beside whatever is done with it.")],
    scope: Annotated[
        list[Scope], typer.Option(help="What it may do; may be given several times. Each one may look as well.")
    ] = [Scope.READ],  # noqa: B006 - typer copies it
    days: Annotated[int, typer.Option(help="After so many days it is over; 0 for never.", min=0, max=3650)] = 365,
    as_json: JSON = False,
) -> None:
    """Make a key and show it once: it is kept nowhere, so whoever loses it needs a new one.

    Scopes: read (look), ask (for scenes), place (by hand), write (products, and both), review (approve, reject),
    publish, admin (everything).

    For example:

      imagegen keys new shop-import --scope write --days 90

      imagegen keys new desk --scope review --scope publish --json
    """
    from workers.records import keys  # noqa: PLC0415 - the database's packages

    with opened() as context, context.database.transaction() as session:
        key, text = keys.issue(session, name, scope, operator(), keys.end_after(session, days))
        facts = _facts(key)
    if as_json:
        emit(facts | {"key": text})
        return
    out().print(plain(text, "bold"))
    err().print(plain("Shown only now. Programs send it as: Authorization: Bearer KEY"))
    err().print(plain("In a browser it is the password; any name may stand beside it."))


@app.command("list")
def list_keys(as_json: JSON = False) -> None:
    """List all keys there ever were: what each may do, until when, and when it was used last.

    For example:

      imagegen keys list

      imagegen keys list --json
    """
    from workers.records import keys  # noqa: PLC0415 - as above

    with opened() as context, context.database.reading() as session:
        found = [_facts(key) | {"live": keys.is_live(key, context.database.clock())} for key in keys.listed(session)]
    if as_json:
        emit(found)
        return
    table(
        ["id", "name", "scopes", "until", "last used", "state"],
        [
            (f["id"], f["name"], ", ".join(f["scopes"]), _day(f["expires_at"]), _day(f["last_used_at"]), _state(f))
            for f in found
        ],
    )


@app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id: what stands before the _.")],
) -> None:
    """Revoke a key: from this moment it opens nothing. What was done with it stays in the log.

    For example:

      imagegen keys revoke 0123456789abcdef
    """
    from workers.records import keys  # noqa: PLC0415 - as above

    with opened() as context, context.database.transaction() as session:
        key = keys.revoke(session, key_id.partition("_")[0], operator())
        told = f"{key.name} ({key.id}) opens nothing any more."
    out().print(plain(told))


def _facts(key: ApiKey) -> dict[str, Any]:
    return {name: getattr(key, name) for name in FACTS}


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else "-"


def _state(facts: dict[str, Any]) -> str:
    if facts["revoked_at"]:
        return "revoked"
    return "live" if facts["live"] else "over"
