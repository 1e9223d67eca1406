"""What every request passes before a route sees it: size, origin, and the headers that keep a browser careful.

Plain ASGI, so that streams and uploads are never held in memory by a guard.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem_response

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

UPLOAD_LIMIT = 26_000_000
TEXT_LIMIT = 64_000
"""Bytes of a whole request: with files in it, and without."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class _TooLargeError(Exception):
    """The body went past its limit while it was read."""


class BodyLimit:
    """Refuses bodies above their limit with 413, by their announced length or, failing that, while they arrive."""

    def __init__(self, app: ASGIApp, *, text: int = TEXT_LIMIT, upload: int = UPLOAD_LIMIT) -> None:
        self.app = app
        self.text = text
        self.upload = upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        multipart = headers.get("content-type", "").lower().startswith("multipart/")
        limit = self.upload if multipart else self.text
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > limit:
            await self._refuse(scope, receive, send, limit)
            return
        await self._count(scope, receive, send, limit)

    async def _count(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        seen, started, over = 0, False, False

        async def counted() -> Message:
            nonlocal seen, over
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                over = over or seen > limit
                if over:
                    raise _TooLargeError
            return message

        async def guarded(message: Message) -> None:
            nonlocal started
            if over and not started:  # whatever the route makes of the broken read, the answer is 413
                raise _TooLargeError
            started = True
            await send(message)

        try:
            await self.app(scope, counted, guarded)
        except Exception:
            if not over or started:
                raise
            await self._refuse(scope, receive, send, limit)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        """The answer to a body that is too large; the connection is closed, as the rest of the body was not read."""
        response = problem_response(
            413,
            "The request is too large.",
            hint=f"Send at most {limit // 1000} kB; photos go as multipart/form-data, up to {self.upload // 1000} kB.",
            instance=scope.get("path", ""),
            headers={"Connection": "close"},
        )
        await response(scope, receive, send)


class SameOrigin:
    """Refuses unsafe requests that a browser sends on behalf of another site (cross-site request forgery).

    Browsers say where a request comes from in Sec-Fetch-Site; older ones at least send Origin. Programs send
    neither and pass: they hold no ambient credentials that a foreign page could borrow.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and not _own(Headers(scope=scope)):
            response = problem_response(
                403,
                "This request comes from another site.",
                hint="Send it from the review desk itself, or from a program.",
                instance=scope.get("path", ""),
            )
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _own(headers: Headers) -> bool:
    """Whether a request comes from our own pages or from no page at all."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


class CarefulHeaders:
    """Adds the headers that keep a browser careful, unless a route has set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
