"""Who works: each worker's process, what it can paint with, and what it has in hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.auth import Administering
from api.deps import Context, Here
from api.errors import responses
from workers.records import crew
from workers.records.models import Worker

router = APIRouter(prefix="/v1/workers", tags=["workers"])


class WorkerOut(BaseModel):
    """A worker's process, as it told of itself last."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(description="Machine and process; it stands beside the scenes that it made.")
    host: str
    pid: int
    version: str
    threads: int = Field(description="Scenes that it makes at once.")
    started_at: datetime
    seen_at: datetime = Field(description="When it was heard of last.")
    left_at: datetime | None = Field(description="When it ended as it should.")
    live: bool = Field(description="Whether it was heard of within the length of a lease, and has not left.")
    engines: dict[str, str] = Field(
        description="What it can paint with, or why not.",
        examples=[{"render": "ready", "diffusion": "missing weights: ..."}],
    )
    gpu: dict[str, Any] = Field(description="Its GPU and its resident model, in numbers.")
    busy: list[str] = Field(description="Ids of the scenes in its hands.")


class Crew(BaseModel):
    """Every worker that is remembered: those that live, and those that were heard of within a day."""

    items: list[WorkerOut]


@dataclass(frozen=True, slots=True)
class Seen:
    """What ``/readyz`` says of the workers, by check; ``enough``: whether anybody works, or nobody has to yet."""

    told: dict[str, str]
    enough: bool


@router.get("", operation_id="listWorkers", summary="Who works, and what each can paint with", responses=responses(403))
def list_workers(context: Here, _: Administering) -> Crew:
    """All workers that are remembered, whoever was heard of last first. They work for every team."""
    with context.database.reading() as session:
        live = {row.id for row in crew.living(session, context.settings.alive_for)}
        rows = crew.known(session)
    return Crew(items=[_shown(row, live=row.id in live) for row in rows])


def seen(context: Context) -> Seen:
    """The workers of now."""
    with context.database.reading() as session:
        live = crew.living(session, context.settings.alive_for)
        last = None if live else crew.last_seen(session)
    if live:
        return Seen({"workers": f"{len(live)} live"} | _engines(live), enough=True)
    if last is not None:
        return Seen({"workers": f"none seen since {last:%Y-%m-%d %H:%M:%S} UTC"}, enough=False)
    return Seen({"workers": "none seen yet"}, enough=context.settings.environment != "production")


def _engines(live: Sequence[Worker]) -> dict[str, str]:
    """How many can paint with each engine, and the first words of why the others cannot: no paths for strangers."""
    told = {}
    for name in sorted({name for row in live for name in row.engines}):
        said = Counter(_short(row.engines.get(name, "not there")) for row in live)
        able = said.pop("ready", 0)
        told[name] = ", ".join(
            [f"ready on {able} of {len(live)}", *(f"{why} on {n}" for why, n in sorted(said.items()))]
        )
    return told


def _short(said: str) -> str:
    """Without what stands in brackets or behind a colon: the model, the reason."""
    return said.partition(":")[0].partition(" (")[0]


def _shown(row: Worker, *, live: bool) -> WorkerOut:
    fields = {name: getattr(row, name) for name in WorkerOut.model_fields if name != "live"}
    return WorkerOut(live=live, **fields)
