"""The cookie that holds a person's stay: only ever sent back to this host, over TLS, and out of reach of scripts."""

from __future__ import annotations

from fastapi import Request, Response

from api.places import is_here
from workers.records.signins import LENGTH
from workers.settings import Settings

COOKIE = "__Host-imagegen"
PLAIN_COOKIE = "imagegen-here"
"""Without TLS: only on a laptop, where browser and service are one machine."""


def name(request: Request, settings: Settings) -> str | None:
    """Which cookie holds a stay here; None where none may: plain http to another machine."""
    if settings.environment == "production" or request.url.scheme == "https":
        return COOKIE
    return PLAIN_COOKIE if is_here(request) else None


def token(request: Request, settings: Settings) -> str:
    """The token that the browser sent; empty where it has none."""
    held = name(request, settings)
    return request.cookies.get(held, "") if held else ""


def give(response: Response, held: str, value: str) -> None:
    """Let the browser hold a stay's token under that name."""
    response.set_cookie(
        held,
        value,
        max_age=int(LENGTH.total_seconds()),
        path="/",
        secure=held == COOKIE,
        httponly=True,
        samesite="lax",
    )


def take(response: Response, held: str) -> None:
    """Let the browser forget it."""
    response.delete_cookie(held, path="/", secure=held == COOKIE, httponly=True, samesite="lax")
