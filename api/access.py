"""One line for each request: who asked for what, how it was answered, and how long that took.

Plain ASGI, around everything that answers. A request has an id, its caller's own (``X-Request-ID``) where that is sane;
it goes back with the answer and stands in every line that is logged on the way.
"""

from __future__ import annotations

import itertools
import logging
import re
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import unexpected
from workers import logs, traces

log = logging.getLogger(__name__)

SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")
UNSEEN = frozenset({"/healthz", "/readyz", "/metrics", "/static"})
"""Routes that are asked all day long by machines and style sheets: told only to whoever debugs."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
LONGEST_PATH = 200
OURS = secrets.token_hex(4)
"""Begins the ids that this process gives: no two processes' requests are taken for each other."""

_numbers = itertools.count(1)  # chance for each would let go of the interpreter for it, and wait to get it back


@dataclass(slots=True)
class Answered:
    """What became of a request. ``route``: the template, the same for every id; seconds until the answer began."""

    scope: Scope
    status: int = 0
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    @property
    def route(self) -> str:
        """Empty where nothing is at that address; a mounted application is one route."""
        return str(getattr(self.scope.get("route"), "path", "") or self.scope.get("root_path", ""))

    @property
    def method(self) -> str:
        """One of a few: a caller may invent words."""
        return self.scope["method"] if self.scope["method"] in METHODS else "OTHER"

    def start(self, status: int) -> None:
        """The answer begins."""
        self.status, self.seconds = status, time.monotonic() - self.began


class Access:
    """Knows each request by an id, tells how it was answered, and answers what nobody else could."""

    def __init__(self, app: ASGIApp, count: Callable[[Answered], None] = lambda _: None) -> None:
        self.app = app
        self.count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _id_of(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        answered = Answered(scope)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
                answered.start(message["status"])
            await send(message)

        with logs.bound_contextvars(request=request_id), self._span(answered) as note:
            try:
                await self.app(scope, receive, sending)
            except Exception as error:
                if answered.status:  # half an answer is out: whoever serves breaks the connection
                    raise
                await unexpected(Request(scope), error)(scope, receive, sending)
            finally:
                _tell(answered)
                self.count(answered)
                named = f"{answered.method} {answered.route or 'nowhere'}"
                failed = str(answered.status) if answered.status >= 500 else ""
                note(name=named, failed=failed, http__response__status_code=answered.status, request=request_id)

    @staticmethod
    def _span(answered: Answered) -> AbstractContextManager[traces.Note]:
        """A span of the trace that the caller is in, if any; none for what is asked all day long."""
        path = answered.scope["path"]
        if path in UNSEEN or path.startswith("/static/"):
            return nullcontext(lambda **_: None)
        parent = Headers(scope=answered.scope).get(traces.TRACEPARENT)
        return traces.span(answered.method, parent, http__request__method=answered.method)


def _tell(answered: Answered) -> None:
    scope = answered.scope
    caller = scope["state"].get("caller")
    log.log(
        logging.DEBUG if answered.route in UNSEEN else logging.INFO,
        "%s %s",
        answered.method,
        scope["path"][:LONGEST_PATH],  # never the query: addresses may carry what is nobody's business
        extra={
            "route": answered.route or None,
            "status": answered.status or None,
            "ms": round(1000 * (time.monotonic() - answered.began), 1),
            "principal": caller.id if caller else None,
        },
    )


def _id_of(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if SANE.fullmatch(given) else f"{OURS}{next(_numbers):08x}"
