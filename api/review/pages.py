"""How the desk's pages are written: templates with everything escaped, static files addressed by their content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.callers import NOBODY, Caller

STATIC = Path(__file__).with_name("static")
YEAR_S = 31_536_000


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = static_address
    return environment


def page(name: str, caller: Caller, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template. It is never kept: what stands on it changes while people work, and is for ``caller``."""
    values = {"here": "", "toast": None, "waiting": 0, "caller": caller} | values
    html = _environment().get_template(name).render(values)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


def toast(request: Request, did: Mapping[str, str]) -> dict[str, str] | None:
    """What was done, told on the page that it led to. ``did``: the words for each ``did`` of an address."""
    words = did.get(request.query_params.get("did", ""))
    return {"text": words, "undo": "", "link": "", "link_text": ""} if words else None


def problem_page(request: Request, response: JSONResponse) -> HTMLResponse:
    """An error as a page: the same words as the problem details, and its status."""
    problem = {"title": "Something went wrong", "detail": "", "hint": ""} | json.loads(bytes(response.body))
    caller = getattr(request.state, "caller", NOBODY)
    answer = page("problem.html", caller, response.status_code, problem=problem)
    for name in ("www-authenticate", "retry-after"):
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    return answer


@cache
def static_address(name: str) -> str:
    """A static file's address, with its content's hash so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


class _KeptFiles(StaticFiles):
    """Static files; one that was asked for by its hash is kept for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        named = scope.get("query_string", b"").startswith(b"v=")
        response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if named else "no-cache"
        return response


def static_files() -> StaticFiles:
    """The application that serves them."""
    return _KeptFiles(directory=STATIC)
