"""The desk's pages for whoever administers the service: what works, who is told outside, who did what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.auth import Administering
from api.deps import Here
from api.review.pages import page, toast
from api.review.schemas import age
from imagegen.lifecycle import State
from workers.records import audit, crew, scenes, webhooks
from workers.records.audit import Sought
from workers.records.figures import Backlog, Figures, figures
from workers.records.models import AuditEntry, Delivery, Worker

router = APIRouter(prefix="/review/admin", tags=["review"])

ROWS = 50
LATE_S = 600.0
"""From when on it looks odd that something waits."""
DID = {
    "replayed": "It is sent again within seconds",
    "enabled": "It is told again, first what it had not taken",
    "disabled": "It is told nothing until it is enabled",
    "tested": "A test is on its way",
}
KINDS = ("scene", "product", "person", "key", "webhook", "team")
SIGNING_IN = ("login", "failed login", "logout")
ACTIONS = (
    "approve",
    "reject",
    "reopen",
    "publish",
    "cancel",
    "retry",
    "update",
    "add",
    "role",
    "team",
    "disable",
    "enable",
    "password",
    "sign out",
    "limit",
    "issue",
    "revoke",
    "replay",
    *SIGNING_IN,
)

Cursor = Annotated[str, Query(max_length=500)]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number on the page. ``odd``: somebody should look at it."""

    words: str
    number: str
    more: str = ""
    odd: bool = False


@router.get("")
def work(context: Here, caller: Administering) -> Response:
    """What waits and who works, for all teams."""
    with context.database.reading() as session:
        waiting = scenes.in_review(session)
    with context.database.of_all().reading() as session:
        found = figures(session, context.settings.alive_for)
        live = {row.id for row in crew.living(session, context.settings.alive_for)}
        rows = crew.known(session)
    return page(
        "work.html",
        caller,
        here="admin",
        tab="work",
        waiting=waiting,
        figures=_numbers(found),
        workers=[_worker(row, live=row.id in live) for row in rows],
    )


@router.get("/webhooks")
def hooks(
    request: Request,
    context: Here,
    caller: Administering,
    webhook: Annotated[str, Query(max_length=40)] = "",
    cursor: Cursor = "",
) -> Response:
    """Who is told, and what became of the telling."""
    with context.database.reading() as session:
        found = webhooks.page(session, webhook or None, cursor or None, ROWS)
        listed = webhooks.listed(session)
        waiting = scenes.in_review(session)
    addresses = {hook.id: hook.url for hook in listed}
    chosen = webhook if webhook in addresses else ""
    following = urlencode(
        {name: value for name, value in (("webhook", chosen), ("cursor", found.next_cursor)) if value}
    )
    return page(
        "webhooks.html",
        caller,
        here="admin",
        tab="webhooks",
        toast=toast(request, DID),
        waiting=waiting,
        hooks=listed,
        chosen=chosen,
        deliveries=[_delivery(row) | {"to": addresses.get(row.webhook_id, "")} for row in found.items],
        older=f"/review/admin/webhooks?{following}" if found.next_cursor else "",
        age=age,
    )


@router.post("/webhooks/{webhook_id}/enable")
def enable(context: Here, caller: Administering, webhook_id: str) -> RedirectResponse:
    """Tell it again."""
    with context.database.transaction() as session:
        webhooks.enable(session, webhook_id, caller.name)
    return _back("enabled")


@router.post("/webhooks/{webhook_id}/disable")
def disable(context: Here, caller: Administering, webhook_id: str) -> RedirectResponse:
    """Tell it nothing."""
    with context.database.transaction() as session:
        webhooks.disable(session, webhook_id, caller.name, "by hand")
    return _back("disabled")


@router.post("/webhooks/{webhook_id}/test")
def test(context: Here, caller: Administering, webhook_id: str) -> RedirectResponse:
    """Send it a piece of news that means nothing."""
    with context.database.transaction() as session:
        webhooks.send_test(session, webhook_id, caller.name)
    return _back("tested")


@router.post("/deliveries/{delivery_id}/replay")
def replay(
    context: Here, caller: Administering, delivery_id: str, webhook: Annotated[str, Form(max_length=40)] = ""
) -> RedirectResponse:
    """Send it once more."""
    with context.database.transaction() as session:
        webhooks.replay(session, delivery_id, caller.name)
    return _back("replayed", webhook)


@router.get("/audit")
def log(
    context: Here,
    caller: Administering,
    by: Annotated[str, Query(max_length=200)] = "",
    action: Annotated[str, Query(max_length=16)] = "",
    kind: Annotated[str, Query(max_length=16)] = "",
    subject: Annotated[str, Query(max_length=64)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    cursor: Cursor = "",
) -> Response:
    """Who did what, the newest first."""
    asked = {"by": by.strip(), "action": action.strip(), "kind": kind, "subject": subject.strip()}
    asked |= {"since": since, "until": until}
    said = {name: value for name, value in asked.items() if value}
    trouble, lines, following = "", list[AuditEntry](), None
    with context.database.reading() as session:
        try:
            sought = _sought(said)
        except (ValueError, OverflowError):  # no day, or the calendar's last
            trouble = "A day is written as 2026-11-28."
        else:
            found = audit.page(session, sought, cursor or None, ROWS)
            lines, following = found.items, found.next_cursor
        waiting = scenes.in_review(session)
    return page(
        "audit.html",
        caller,
        here="admin",
        tab="audit",
        waiting=waiting,
        sought=asked,
        narrowed=bool(said),
        trouble=trouble,
        kinds=KINDS,
        actions=ACTIONS,
        lines=[_line(line) for line in lines],
        older=f"/review/admin/audit?{urlencode(said | {'cursor': following})}" if following else "",
    )


def _sought(said: dict[str, str]) -> Sought:
    """Raises ValueError for what is no day."""
    day = timedelta(days=1)
    since, until = (_midnight(said[name]) if name in said else None for name in ("since", "until"))
    plain = {name: said[name] for name in ("by", "action", "kind", "subject") if name in said}
    return Sought(**plain, since=since, until=until + day if until else None)


def _midnight(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(), UTC)


def _back(did: str, webhook: str = "") -> RedirectResponse:
    query = urlencode({"did": did} | ({"webhook": webhook} if webhook else {}))
    return RedirectResponse(f"/review/admin/webhooks?{query}", 303)


def _numbers(found: Figures) -> list[Figure]:
    states = found.scenes
    free = sum(max(0, worker.threads - worker.busy) for worker in found.workers)
    return [
        _waits("Scenes waiting", found.waiting),
        Figure("Being made", str(states[State.RUNNING]), f"{free} could be taken up" if found.workers else ""),
        Figure("Lost by their worker", str(found.lapsed), "leases that lapsed", odd=found.lapsed > 0),
        Figure("Failed, of the last day", str(sum(found.failed.values())), _most(found.failed)),
        Figure("Made in the last hour", str(len(found.made)), _middle([sum(m.seconds.values()) for m in found.made])),
        _waits("Previews waiting", found.preparations),
        _waits("Effects that have not left", found.outbox),
        _waits("Deliveries not taken", found.deliveries),
    ]


def _waits(words: str, backlog: Backlog) -> Figure:
    more = f"the oldest for {_span(backlog.oldest_s)}" if backlog.number else ""
    return Figure(words, str(backlog.number), more, odd=backlog.oldest_s > LATE_S)


def _most(failed: dict[str, int]) -> str:
    kind = max(failed, key=lambda name: failed[name], default="")
    return f"most often {kind.removesuffix('Error')}" if kind else ""


def _middle(seconds: Sequence[float]) -> str:
    return f"half within {sorted(seconds)[len(seconds) // 2]:.1f} s" if seconds else ""


def _span(seconds: float) -> str:
    for length, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= length:
            return f"{int(seconds // length)} {name}"
    return f"{int(seconds)} s"


def _worker(row: Worker, *, live: bool) -> dict[str, Any]:
    state = "Live" if live else "Left" if row.left_at else "Not heard of"
    return {
        "name": row.name,
        "version": row.version,
        "threads": row.threads,
        "since": f"{row.started_at:%Y-%m-%d %H:%M}",
        "state": state,
        "tint": {"Live": "pass", "Left": ""}.get(state, "fail"),
        "heard": age(row.seen_at),
        "engines": sorted(row.engines.items()),
        "busy": [str(scene) for scene in row.busy] if live else [],
        "gpu": _gpu(row.gpu),
    }


def _gpu(told: dict[str, Any]) -> list[str]:
    """Its numbers in words, as far as there are any."""
    used, whole = told.get("vram_used"), told.get("vram_total")
    lines = [
        str(told.get("name") or ""),
        f"{(used or 0) / 1e9:.1f} of {whole / 1e9:.0f} GB held" if whole else "",
        f"{told['step_s'] * 1000:.0f} ms a step" if told.get("step_s") else "",
        f"{told['tflops']:.0f} TFLOP/s" if told.get("tflops") else "",
    ]
    return [line for line in lines if line]


def _delivery(row: Delivery) -> dict[str, Any]:
    body = json.loads(row.body)
    state = "Taken" if row.sent_at else "Given up" if row.given_up_at else "On its way"
    wait = (row.send_after - datetime.now(UTC)).total_seconds()
    return {
        "id": row.id,
        "type": body.get("type", ""),
        "scene": body.get("data", {}).get("scene", ""),
        "message_id": row.message_id,
        "age": age(row.at),
        "state": state,
        "tint": {"Taken": "pass", "Given up": "fail"}.get(state, "info"),
        "next": f"in {_span(wait)}" if state == "On its way" and row.tries and wait > 0 else "",
        "tries": row.tries,
        "status": row.status,
        "error": row.error,
    }


def _line(line: AuditEntry) -> dict[str, Any]:
    """A line of the log; what was said of nothing is left out."""
    told = [(name, _said(value)) for name, value in line.detail.items() if value not in (None, "", False)]
    facts = {name: getattr(line, name) for name in ("at", "by", "action", "kind", "subject")}
    return facts | {"told": told}


def _said(value: object) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{value[0]} → {value[1]}"  # a changed fact: before, after
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "yes" if value is True else str(value)
