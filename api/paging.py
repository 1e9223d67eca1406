"""How a list says where it goes on."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request, Response


def lead_on(request: Request, response: Response, cursor: str | None) -> None:
    """``Link: rel="next"`` (RFC 8288) to the same list after ``cursor``; nothing at its end."""
    if cursor is None:
        return
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    response.headers["Link"] = f'<{request.url.path}?{urlencode([*query, ("cursor", cursor)])}>; rel="next"'
