"""``Idempotency-Key``: a POST that arrives twice counts once.

The caller gives its request a key of its own. The first one to arrive does the work; while it does, others with that
key hear 409; afterwards they get the same answer, for a day. The same key with another body is a 422.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Annotated, Any

import anyio
from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from api.auth import person
from api.deps import Context
from imagegen.errors import BadRequestError
from workers.records import once
from workers.records.once import Answer, Hold

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("content-type", "location", "link")
KEY = re.compile(r"[\x21-\x7e]{1,255}")

PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A word of your own for this request, such as a UUID: sent again with it, the request counts once. "
    "For 24 hours the first answer is given again, marked Idempotency-Replayed; 409 while it is still being worked "
    "on; 422 when the key came with another body.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
"""What the OpenAPI page says of the header, at every POST."""


class OnceRoute(APIRoute):
    """A route whose POSTs heed ``Idempotency-Key``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's own handler, behind the key."""
        handle = super().get_route_handler()

        async def handle_once(request: Request) -> Response:
            if request.method != "POST" or HEADER not in request.headers:
                return await handle(request)
            claimed = await _claim(request)
            if isinstance(claimed, Answer):
                headers = {**claimed.headers, REPLAYED: "true"}
                return Response(claimed.body, claimed.status, headers)
            request.state.hold = claimed
            return await _answered(request, claimed, handle)

        return handle_once


async def held(request: Request) -> Hold | None:
    """The right to do this request's work, when it came with a key; what creates rows seals it."""
    found: Hold | None = getattr(request.state, "hold", None)
    return found


Once = Annotated[Hold | None, Depends(held)]


async def _claim(request: Request) -> Hold | Answer:
    """Whoever may not ask, or asks too often, gets no answer of an earlier request either."""
    asking = await person(request)
    key = request.headers[HEADER]
    if not KEY.fullmatch(key):
        raise BadRequestError(
            "The Idempotency-Key is not one.", hint="Use 1 to 255 visible ASCII characters.", where=HEADER
        )
    fingerprint = _fingerprint(request, asking.team, await request.body())
    context: Context = request.app.state.context

    def claim() -> Hold | Answer:
        with context.database.transaction() as session:
            return once.claim(session, asking.id, key, fingerprint)

    return await run_in_threadpool(claim)


async def _answered(
    request: Request, hold: Hold, handle: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Response:
    """The handler's answer, kept; a request that failed did nothing, and gives its key back."""
    context: Context = request.app.state.context

    def settle(answer: Answer | None) -> None:
        with context.database.transaction() as session:
            once.keep(session, hold, answer) if answer else once.release(session, hold)

    try:
        response = await handle(request)
    except BaseException:  # cancellation too: the key must not stay held by nobody; raised again below
        with anyio.CancelScope(shield=True), suppress(SQLAlchemyError):  # unsettled, its lease ends soon
            await run_in_threadpool(settle, None)
        raise
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    await run_in_threadpool(settle, Answer(response.status_code, headers, bytes(response.body).decode()))
    return response


def _fingerprint(request: Request, team: str, body: bytes) -> str:
    """What a request asks for. A form's boundary is drawn anew each time it is sent, so it does not count."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    boundary = re.search(r'boundary="?([^";]+)', parameters)
    if boundary:
        body = body.replace(boundary[1].encode("latin-1"), b"")
    told = f"{team} {request.method} {request.url.path}?{request.url.query} {kind.strip().lower()}\n"
    return hashlib.sha256(told.encode() + body).hexdigest()
