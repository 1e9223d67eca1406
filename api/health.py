"""Whether the process is alive, and whether the service can do its work.

A service without a worker accepts whatever it is asked and makes none of it, so ``/readyz`` says no then: once there
ever was a worker, and from the start in production. On a fresh laptop the first worker may still be starting, and
nothing is wrong. ``/healthz`` is for whoever only wants to know where to send requests.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from api.crew import Seen, seen
from api.deps import Context, Process
from api.errors import problem_response, responses
from imagegen.errors import ImagegenError
from workers.errors import StorageError

log = logging.getLogger(__name__)

router = APIRouter(tags=["health"])

PROBE = b"readiness"
"""Stored under its own hash, so that asking often leaves one small file."""


class Health(BaseModel):
    """How the service is."""

    status: str = Field(examples=["ready"])
    checks: dict[str, str] = Field(
        default_factory=dict,
        examples=[
            {"database": "ok", "broker": "ok", "blobs": "ok", "workers": "2 live", "diffusion": "ready on 1 of 2"}
        ],
    )


@router.get("/healthz", operation_id="healthz", summary="Is the process alive?")
def healthz() -> Health:
    """Answers as long as the process does; looks at nothing else."""
    return Health(status="alive")


@router.get(
    "/readyz",
    operation_id="readyz",
    summary="Can it do its work?",
    response_model=Health,
    responses=responses(503),
)
def readyz(request: Request, context: Process) -> Health | Response:
    """Asks the database, the broker and the store of files, and looks for workers; says which of them failed.

    What the workers can paint with is told besides; ``GET /v1/workers`` says why one cannot.
    """
    probes: dict[str, Callable[[Context], None]] = {"database": _database, "broker": _broker, "blobs": _blobs}
    told = {name: _ask(name, probe, context) for name, probe in probes.items()}
    failed = [name for name, said in told.items() if said != "ok"]
    if "database" not in failed:
        looked = _crew(context)
        told |= looked.told
        failed += [] if looked.enough else ["workers"]
    if not failed:
        return Health(status="ready", checks=told)
    return problem_response(
        503,
        f"Not ready: {', '.join(failed)}.",
        name="Not ready",
        instance=request.url.path,
        errors=[{"check": name, "message": told[name]} for name in failed],
        headers={"Retry-After": "5"},
    )


def _crew(context: Context) -> Seen:
    try:
        return seen(context)
    except SQLAlchemyError as error:
        log.warning("The workers cannot be told: %s", error)
        return Seen({"workers": f"the database does not tell ({type(error).__name__})"}, enough=False)


def _ask(name: str, probe: Callable[[Context], None], context: Context) -> str:
    try:
        probe(context)
    except Exception as error:  # noqa: BLE001 - whatever a probe raises is its answer
        log.warning("%s is not ready: %s", name, error)
        # Foreign errors may quote addresses and passwords.
        return error.message if isinstance(error, ImagegenError) else f"does not answer ({type(error).__name__})"
    return "ok"


def _database(context: Context) -> None:
    context.database.ping()


def _broker(context: Context) -> None:
    with context.queue.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=3)
        connection.default_channel.close()


def _blobs(context: Context) -> None:
    if not context.blobs.exists(context.blobs.put(PROBE, ".probe")):
        raise StorageError("What was stored is not there.", where="blobs_url")
