"""``imagegen webhooks``: who is told of scenes outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.catalog import opened
from api.cli.console import emit, err, operator, out, plain, table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workers.records.models import Delivery, Webhook

app = typer.Typer(no_args_is_help=True, help="Webhooks: add, list, disable, enable, see deliveries, send one again.")
JSON = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
ID = Annotated[str, typer.Argument(metavar="ID", help="The webhook's id, as imagegen webhooks list shows it.")]

HOOK = ("id", "url", "created_at", "created_by", "last_taken_at", "disabled_at", "disabled_why")
DELIVERY = ("id", "webhook_id", "message_id", "at", "tries", "sent_at", "given_up_at", "send_after", "status", "error")


@contextmanager
def _session() -> Iterator[Session]:
    with opened() as context, context.database.transaction() as session:
        yield session


@app.command("add")
def add(url: Annotated[str, typer.Argument(help="Where news is posted to.")], as_json: JSON = False) -> None:
    """Tell this address of every scene that is made, judged, published, failed or cancelled. Shows its secret.

    News is signed after Standard Webhooks, tried for three days, and may come twice under the same webhook-id.

    For example:

      imagegen webhooks add https://shop.example/hooks/scenes
    """
    from workers.records import webhooks  # noqa: PLC0415 - the database's packages
    from workers.settings import get_settings  # noqa: PLC0415 - as above

    secure = get_settings().environment == "production"
    with _session() as session:
        hook = webhooks.add(session, url, operator(), secure=secure)
        facts, secret = _facts(hook), hook.secret
    if as_json:
        emit(facts | {"secret": secret})
        return
    out().print(plain(secret, "bold"))
    err().print(plain(f"Webhook {facts['id']}; the receiver checks signatures with this secret."))


@app.command("list")
def list_webhooks(as_json: JSON = False) -> None:
    """List the webhooks: when each took something last, and why it was disabled if it was.

    For example:

      imagegen webhooks list
    """
    from workers.records import webhooks  # noqa: PLC0415 - as above

    with _session() as session:
        found = [_facts(hook) for hook in webhooks.listed(session)]
    if as_json:
        emit(found)
        return
    rows = [
        (f["id"], f["url"], f["last_taken_at"] or "-", f"disabled: {f['disabled_why']}" if f["disabled_at"] else "live")
        for f in found
    ]
    table(["id", "address", "took something last", "state"], rows)


@app.command("disable")
def disable(webhook_id: ID) -> None:
    """Tell this address nothing until it is enabled again; what happens meanwhile it never hears.

    For example:

      imagegen webhooks disable 019a1b2c3d4e5f6071829304
    """
    from workers.records import webhooks  # noqa: PLC0415 - as above

    with _session() as session:
        hook = webhooks.disable(session, webhook_id, operator(), "by hand")
        told = f"{hook.url} hears nothing."
    out().print(plain(told))


@app.command("enable")
def enable(webhook_id: ID) -> None:
    """Tell this address again of what happens, first of what it had not taken.

    For example:

      imagegen webhooks enable 019a1b2c3d4e5f6071829304
    """
    from workers.records import webhooks  # noqa: PLC0415 - as above

    with _session() as session:
        told = f"{webhooks.enable(session, webhook_id, operator()).url} hears again."
    out().print(plain(told))


@app.command("test")
def send_test(webhook_id: ID) -> None:
    """Send this address a piece of news that means nothing, to see whether it takes it and the signature fits.

    For example:

      imagegen webhooks test 019a1b2c3d4e5f6071829304
    """
    from workers.records import webhooks  # noqa: PLC0415 - as above

    with _session() as session:
        told = webhooks.send_test(session, webhook_id, operator()).id
    out().print(plain(told))
    err().print(
        plain("It is sent within seconds, while workers run; imagegen webhooks deliveries tells what came of it.")
    )


@app.command("deliveries")
def deliveries(
    webhook_id: Annotated[str | None, typer.Argument(metavar="ID", help="Only this webhook's.")] = None,
    most: Annotated[int, typer.Option(help="How many at most.", min=1, max=200)] = 50,
    as_json: JSON = False,
) -> None:
    """List what was sent to webhooks or is on its way, the newest first, with what the receivers answered.

    For example:

      imagegen webhooks deliveries 019a1b2c3d4e5f6071829304 --most 20
    """
    from workers.records import webhooks  # noqa: PLC0415 - as above

    with _session() as session:
        found = [_delivery(row) for row in webhooks.page(session, webhook_id, limit=most).items]
    if as_json:
        emit(found)
        return
    rows = [(f["id"], f["message_id"], f["tries"], _state(f), f["status"] or "-", f["error"] or "") for f in found]
    table(["id", "news", "tries", "state", "answer", "what went wrong"], rows)


@app.command("replay")
def replay(delivery_id: Annotated[str, typer.Argument(metavar="DELIVERY", help="The delivery's id.")]) -> None:
    """Send a delivery once more, whether it was taken or given up. It keeps its webhook-id.

    For example:

      imagegen webhooks replay 019a1b2c3d4e5f6071829304
    """
    from workers.records import webhooks  # noqa: PLC0415 - as above

    with _session() as session:
        webhooks.replay(session, delivery_id, operator())
    out().print(plain("It is sent again within seconds, while workers run."))


def _facts(hook: Webhook) -> dict[str, Any]:
    return {name: getattr(hook, name) for name in HOOK}


def _delivery(row: Delivery) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DELIVERY}


def _state(facts: dict[str, Any]) -> str:
    if facts["sent_at"]:
        return "taken"
    return "given up" if facts["given_up_at"] else "on its way"
