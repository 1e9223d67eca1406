"""The doctor's look at a deployment: its database, its clock, its doors, its work. It changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import servers
from api.cli.diagnosis import Diagnosis

if TYPE_CHECKING:
    from workers.records.figures import Backlog, Figures
    from workers.records.session import Database
    from workers.settings import Settings

SKEW_S = 2.0
"""Clocks that differ by more make logs hard to read; by a third of a lease, workers lose what they hold."""
LATE_S = 900.0


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Every finding that the database can tell. The first says whether it can; the others come only if it does."""
    from workers.records.session import Database  # noqa: PLC0415 - the database's packages

    database = Database(settings.database_url).of_all()
    try:
        first = _tables(database)
        yield first
        if first.state == "missing" or not is_there(database) or database.revision() is None:
            return
        yield _clock(settings, database)
        yield from servers.postgres(database)
        if first.state == "ok":  # older tables lack what is asked below
            yield from _inside(settings, database)
    finally:
        database.close()


def _tables(database: Database) -> Diagnosis:
    """Whether it answers, and whether its tables are those that this version expects."""
    from api.cli.exits import explain  # noqa: PLC0415 - beside its only use
    from workers.records.session import newest_revision  # noqa: PLC0415 - Alembic

    place = database.url.render_as_string(hide_password=True)
    try:
        if not is_there(database):
            return Diagnosis("database", "ok", f"{place}: not there yet, made by whatever starts first")
        found, newest = database.revision(), newest_revision()
    except Exception as error:  # noqa: BLE001 - whatever it raises is the diagnosis
        message, _, _ = explain(error)
        hint = "Check IMAGEGEN_DATABASE_URL, and that the server runs."
        return Diagnosis("database", "missing", " ".join(message.split()), hint)
    if found == newest:
        return Diagnosis("database", "ok", f"{place}, tables at {found}")
    if found is None:
        return Diagnosis("database", "ok", f"{place}: empty, filled by whatever starts first")
    if found < newest:
        told = f"{place}: tables at {found}, this version expects {newest}"
        return Diagnosis("database", "odd", told, "Bring them up to date: imagegen migrate.")
    told = f"{place}: tables at {found}, of a later version than this one ({newest})"
    return Diagnosis("database", "missing", told, "Install the version that the other processes are of.")


def is_there(database: Database) -> bool:
    """Whether there is anything to look into: to connect to a file that is not there would make it."""
    file = database.url.database
    return not (database.is_sqlite and file) or Path(file).exists()


def _clock(settings: Settings, database: Database) -> Diagnosis:
    """Leases are judged by each process' own clock, so clocks must agree."""
    from sqlalchemy import text  # noqa: PLC0415 - the database's packages

    if database.is_sqlite:
        return Diagnosis("clock", "ok", "the database is a file of this machine")
    began = datetime.now(UTC)
    with database.reading() as session:
        theirs: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    ended = datetime.now(UTC)
    off = (theirs - (began + (ended - began) / 2)).total_seconds()
    told = f"{abs(off):.2f} s {'behind' if off > 0 else 'before'} the database's"
    hint = "Let both machines keep time (chrony, systemd-timesyncd)."
    if abs(off) > settings.lease_s / 3:
        return Diagnosis("clock", "missing", told, hint)
    return Diagnosis("clock", "odd", told, hint) if abs(off) > SKEW_S else Diagnosis("clock", "ok", told)


def _inside(settings: Settings, database: Database) -> Iterator[Diagnosis]:
    from workers.records.figures import figures  # noqa: PLC0415 - the database's packages

    with database.reading() as session:
        found = figures(session, settings.alive_for)
    yield _doors(settings, database)
    looks: tuple[Callable[[Figures], Diagnosis], ...] = (_queue, _outside)
    for look in looks:
        yield look(found)
    yield _sweeper(settings, database)
    yield _backup(settings, database)


def _doors(settings: Settings, database: Database) -> Diagnosis:
    """Who can come in, and whether somebody watches."""
    from sqlalchemy import func, select  # noqa: PLC0415 - the database's packages

    from workers.records import keys  # noqa: PLC0415 - as above
    from workers.records.models import Person  # noqa: PLC0415 - as above

    with database.reading() as session:
        people = session.scalar(select(func.count()).select_from(Person).where(Person.disabled_at.is_(None))) or 0
        live = sum(keys.is_live(key, database.clock()) for key in keys.listed(session))
    tokens = len(settings.api_tokens)
    watched = "a token for metrics" if settings.metrics_token.get_secret_value() else "no token for metrics"
    told = f"{people} people, {live} live keys, {tokens} tokens of the settings, {watched}"
    if people or live or tokens:
        return Diagnosis("doors", "ok", told)
    if settings.environment == "production":
        return Diagnosis("doors", "missing", f"nobody could come in: {told}", "imagegen people add, or keys new.")
    return Diagnosis("doors", "ok", f"{told}: open to this machine only")


def _queue(found: Figures) -> Diagnosis:
    """Whether what waits is being taken."""
    waiting = found.waiting
    told = f"{waiting.number} scenes wait, the oldest for {waiting.oldest_s:.0f} s; {len(found.workers)} workers live"
    if waiting.number and not found.workers:
        return Diagnosis("queue", "missing", told, "Start workers: imagegen worker.")
    if found.lapsed:
        told = f"{told}; {found.lapsed} were lost by their worker"
        return Diagnosis("queue", "odd", told, "A reconciler brings them back: imagegen sweep, or any worker.")
    if waiting.oldest_s > LATE_S:
        return Diagnosis("queue", "odd", told, "More workers, or look at what the slowest stage does.")
    return Diagnosis("queue", "ok", told)


def _outside(found: Figures) -> Diagnosis:
    """Whether effects leave: what is published, who is told."""
    effects, disabled = found.outbox, found.webhooks["disabled"]
    told = f"{_backlog(effects)} effects have not left, {_backlog(found.deliveries)} deliveries are not taken"
    if effects.oldest_s > LATE_S:
        hint = "A reconciler sends them: imagegen sweep, or any worker. Can it write to IMAGEGEN_PUBLISH_URL?"
        return Diagnosis("outbox", "missing", told, hint)
    if disabled:
        hint = "imagegen webhooks list says why; imagegen webhooks enable ID."
        return Diagnosis("outbox", "odd", f"{told}; {disabled} webhooks are disabled", hint)
    return Diagnosis("outbox", "ok", told)


def _backlog(found: Backlog) -> str:
    """How many, and since when where there are any."""
    return f"{found.number} (the oldest for {found.oldest_s:.0f} s)" if found.number else "0"


def _sweeper(settings: Settings, database: Database) -> Diagnosis:
    """Whether somebody looks for lost work, publishes and tells."""
    from workers.reconcile import DUTY  # noqa: PLC0415 - Celery's packages
    from workers.records.models import Leader  # noqa: PLC0415 - the database's packages

    with database.reading() as session:
        leader = session.get(Leader, DUTY)
    if leader and leader.until > database.clock():
        return Diagnosis("reconciler", "ok", f"{leader.holder} leads")
    told = f"nobody leads{f' since {leader.until:%Y-%m-%d %H:%M:%S} UTC' if leader else ''}"
    if settings.environment != "production":
        return Diagnosis("reconciler", "ok", f"{told}; whatever works next will")
    told = f"{told}: lost work stays lost, nothing is published and nobody told"
    return Diagnosis("reconciler", "missing", told, "Start one: imagegen sweep, or a worker that sweeps.")


def _backup(settings: Settings, database: Database) -> Diagnosis:
    """How old the last backup is."""
    from workers.records import backups  # noqa: PLC0415 - the database's packages

    if not settings.backup_hours:
        return Diagnosis("backup", "ok", "not asked about: made by other means")
    with database.reading() as session:
        line = backups.last(session)
    odd = "odd" if settings.environment == "production" else "ok"
    hint = "Each night: imagegen backup --to FOLDER --keep 14. IMAGEGEN_BACKUP_HOURS=0 where another tool does it."
    if line is None:
        return Diagnosis("backup", odd, "none was ever made", hint)
    hours = (database.clock() - line.at).total_seconds() / 3600
    told = f"the last one is {hours:.0f} hours old, in {line.detail['place']}"
    if lost := line.detail["missing"]:
        hint = "imagegen backup names them; bring them back from an earlier one."
        return Diagnosis("backup", "odd", f"{told}; it lacks {lost} files that rows name", hint)
    return Diagnosis("backup", odd, told, hint) if hours > settings.backup_hours else Diagnosis("backup", "ok", told)
