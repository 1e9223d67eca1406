"""Every error's HTTP status, in one table, and the one shape in which errors leave: RFC 9457 problem details."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException

from imagegen import errors as making
from styles import errors as looks
from workers import errors as keeping

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
LONGEST_ECHO = 200

STATUS: dict[type[Exception], int] = {
    making.BadImageError: 422,
    making.NotAPackshotError: 422,
    making.BadProductError: 422,
    making.BadRequestError: 422,
    making.UnknownNameError: 422,
    making.DoesNotFitError: 422,
    making.RendererUnavailableError: 503,
    making.PainterUnavailableError: 503,
    making.MissingWeightsError: 503,
    making.BadWeightsError: 503,
    making.OutOfMemoryError: 503,
    making.CancelledError: 409,
    looks.StyleError: 500,
    looks.UnknownStyleError: 422,
    looks.UnknownRoomError: 422,
    looks.UnknownLightError: 422,
    keeping.SettingsError: 500,
    keeping.NotFoundError: 404,
    keeping.StateConflictError: 409,
    keeping.LeaseLostError: 409,
    keeping.KeyInUseError: 409,
    keeping.QuotaError: 429,
    keeping.RoomQuotaError: 413,
    keeping.KeyReusedError: 422,
    keeping.NotPreparedError: 503,
    keeping.StorageError: 503,
    keeping.RemotePhotoError: 422,
    keeping.CatalogError: 422,
    keeping.BackupError: 500,
}
"""Each leaf of the error trees and its status. A new error without a line here fails a test."""


class Refused(HTTPException):
    """A request that is turned away at the door, with a hint at what would open it."""

    def __init__(self, status: int, detail: str, *, hint: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, headers=headers)
        self.hint = hint


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(examples=["urn:imagegen:problem:does-not-fit"])
    title: str = Field(examples=["Does not fit"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["The wardrobe is 2.60 m tall; the room is 2.50 m high."])
    hint: str | None = Field(None, description="What would help.", examples=["Pick a room with a higher ceiling."])
    instance: str | None = Field(None, description="The path that was asked for.")
    where: str | None = Field(None, description="The field or file at fault.")
    errors: list[dict[str, Any]] | None = Field(None, description="One entry for each field at fault.")


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route's OpenAPI entry says of the errors it may answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {s: {"description": HTTPStatus(s).phrase, "content": {MEDIA_TYPE: {"schema": schema}}} for s in statuses}


def problem_response(
    status: int,
    detail: str,
    *,
    name: str = "",
    hint: str = "",
    where: str = "",
    instance: str = "",
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem as a response. ``name``: the error's kind in words; without one the status speaks for itself."""
    title = name or HTTPStatus(status).phrase
    body = {
        "type": f"urn:imagegen:problem:{name.lower().replace(' ', '-')}" if name else "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
        "hint": hint,
        "instance": instance,
        "where": where,
        "errors": list(errors),
    }
    content = {key: value for key, value in body.items() if value not in ("", [])}
    return JSONResponse(content, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def kind_of(error: type[Exception]) -> str:
    """An error class's name in words: DoesNotFitError -> "Does not fit"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", error.__name__.removesuffix("Error"))
    return words.capitalize()


def status_of(error: Exception) -> int:
    """The status of an error of ours; its nearest ancestor's when it has no line of its own."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def answer(request: Request, response: JSONResponse) -> Response:
    """The problem as it is, or as a page when a person in a browser meets it on the review desk."""
    page = getattr(request.app.state, "problem_page", None)
    wants_page = request.url.path.startswith("/review") and "text/html" in request.headers.get("accept", "")
    return page(request, response) if page is not None and wants_page else response


def _ours(request: Request, error: Exception) -> Response:
    message = getattr(error, "message", "") or str(error)
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error)
    response = problem_response(
        status,
        message,
        name=kind_of(type(error)),
        hint=getattr(error, "hint", ""),
        where=getattr(error, "where", ""),
        instance=request.url.path,
        headers=_retry_after(error, status),
    )
    return answer(request, response)


def _retry_after(error: Exception, status: int) -> dict[str, str] | None:
    """When the same may succeed: what is being worked on is soon done, what is away takes longer."""
    if isinstance(error, keeping.KeyInUseError):
        return {"Retry-After": "1"}
    if isinstance(error, keeping.QuotaError) and error.retry_after_s:
        return {"Retry-After": str(error.retry_after_s)}
    return {"Retry-After": "30"} if status == 503 else None


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.SEE_OTHER and error.headers:
        return RedirectResponse(error.headers["Location"], error.status_code)
    phrase = HTTPStatus(error.status_code).phrase
    detail = error.detail if error.detail and error.detail != phrase else _plain(error.status_code, request)
    response = problem_response(
        error.status_code,
        detail,
        hint=getattr(error, "hint", ""),
        instance=request.url.path,
        headers=error.headers,
    )
    return answer(request, response)


def _plain(status: int, request: Request) -> str:
    """A sentence for a status that comes without one."""
    if status == 404:
        return f"There is nothing at {request.url.path[:LONGEST_ECHO]}."
    if status == 405:
        return f"{request.method} is not allowed here."
    return f"{HTTPStatus(status).phrase}."


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    entries = [
        {
            "field": ".".join(str(part) for part in entry["loc"] if part != "body") or "body",
            "message": entry["msg"],
            "kind": entry["type"],
        }
        for entry in error.errors()
    ]
    first = entries[0]
    response = problem_response(
        422,
        f"{first['field']}: {first['message']}"[: 2 * LONGEST_ECHO],
        name="Invalid request",
        where=str(first["field"])[:LONGEST_ECHO],
        instance=request.url.path,
        errors=[{key: str(value)[:LONGEST_ECHO] for key, value in entry.items()} for entry in entries[:20]],
    )
    return answer(request, response)


def _unstorable(request: Request, error: Exception) -> Response:
    """PostgreSQL takes no NUL in a text; whoever sends one hears of it."""
    log.info("%s %s: %s", request.method, request.url.path, error)
    detail = "Something in the request cannot be stored, such as a NUL character."
    return answer(request, problem_response(422, detail, name="Invalid request", instance=request.url.path))


def _away(request: Request, error: Exception) -> Response:
    log.error("%s %s: the database does not answer: %s", request.method, request.url.path, error)
    response = problem_response(
        503, "The database does not answer.", instance=request.url.path, headers={"Retry-After": "5"}
    )
    return answer(request, response)


def unexpected(request: Request, error: Exception) -> Response:
    """A fault of ours: the log knows what happened, the caller gets no inside facts."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    named = getattr(request.state, "request_id", "")
    response = problem_response(
        500,
        "Something went wrong on our side.",
        hint=f"Whoever runs the service finds it in the log under the request {named}." if named else "",
        instance=request.url.path,
    )
    return answer(request, response)


def install(app: FastAPI) -> None:
    """Teaches an app to answer every error with problem details."""
    for kind in STATUS:
        app.add_exception_handler(kind, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(DataError, _unstorable)
    app.add_exception_handler(OperationalError, _away)
    app.add_exception_handler(InterfaceError, _away)
    app.add_exception_handler(Exception, unexpected)
