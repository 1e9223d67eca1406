"""What a process of the front doors holds, and how a route gets at it.

A route is given it as ``Here``, together with whoever asks: there is no way to it without saying who. The few routes
that answer anybody take ``Process``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from celery import Celery
from fastapi import Depends, Request
from pydantic import SecretStr

from api.auth import Asking
from api.callers import NOBODY, Caller
from api.rates import Rates, open_rates
from api.scenes.newsroom import Newsroom
from styles.library import Library
from workers.app import make_app
from workers.messenger import Messenger
from workers.publishing import Place, open_place
from workers.records.blobs import Blobs, open_blobs
from workers.records.session import Database
from workers.settings import Settings
from workers.teams import Allowance

THREADS = 12
"""Requests of one process that are worked on at once, and connections to the database that it keeps: one waiting for
the disk leaves its turn to another, and more than these would only stand in each other's way."""


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """One process's settings, its ways to records, files, published place, looks and queue, and what it counts.

    ``caller``: whoever asks, where somebody does.
    """

    settings: Settings
    database: Database
    blobs: Blobs
    place: Place
    library: Library
    queue: Celery
    messenger: Messenger
    newsroom: Newsroom
    rates: Rates
    caller: Caller = NOBODY


def open_context(settings: Settings) -> Context:
    """A context for these settings; nothing is connected to yet."""
    database = Database(settings.database_url, pool_size=THREADS, allowance=_allowance(settings))
    queue = make_app(settings)
    return Context(
        settings=settings,
        database=database,
        blobs=open_blobs(settings.blobs_url, **_s3(settings, settings.blobs_url)),
        place=open_place(settings.publish_url, **_s3(settings, settings.publish_url)),
        library=Library(settings.style_paths),
        queue=queue,
        messenger=Messenger(database, queue),
        newsroom=Newsroom(database),
        rates=open_rates(settings),
    )


def _allowance(settings: Settings) -> Allowance:
    return Allowance(settings.team_photo_bytes, settings.team_scenes_a_day, settings.team_scenes_queued)


def _s3(settings: Settings, url: str) -> dict[str, str]:
    """What an object store needs to know; nothing for a folder."""
    if not url.startswith("s3://"):
        return {}
    given = {
        "endpoint": settings.s3_endpoint,
        "region": settings.s3_region,
        "access_key_id": _plain(settings.s3_access_key_id),
        "secret_access_key": _plain(settings.s3_secret_access_key),
    }
    return {name: value for name, value in given.items() if value}


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


async def process(request: Request) -> Context:
    """The context of the app that serves this request."""
    found: Context = request.app.state.context
    return found


Process = Annotated[Context, Depends(process)]


async def context(caller: Asking, whole: Process) -> Context:
    """The same, for whoever asks: its database shows their team's rows."""
    return replace(whole, caller=caller, database=whole.database.of(caller.team))


Here = Annotated[Context, Depends(context)]
