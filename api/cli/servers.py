"""The doctor's look at the servers that are not ours: the broker, and PostgreSQL as a keeper of what was promised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from api.cli.diagnosis import Diagnosis

if TYPE_CHECKING:
    from workers.records.session import Database
    from workers.settings import Settings

FULL = 0.8
"""The share of memory, or of connections, from which on there is little left."""
OLDEST_POSTGRES = 14
OLDEST_REDIS = (6, 2)
"""Older ones get no more repairs from those who make them, and are not what this was tested with."""
TOLD = ("server_version_num", "server_encoding", "fsync", "full_page_writes", "synchronous_commit", "max_connections")


def broker(settings: Settings) -> Diagnosis:
    """Whether it answers, and whether it keeps what it is given. Raises whatever its client raises."""
    from kombu.utils.url import maybe_sanitize_url  # noqa: PLC0415 - Celery's packages

    from workers.app import make_app  # noqa: PLC0415 - as above

    with make_app(settings).connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=4)
    if settings.broker_url.startswith("filesystem"):
        return Diagnosis("broker", "ok", f"files in {settings.broker_dir}, no server needed")
    place = str(maybe_sanitize_url(settings.broker_url))
    if not settings.broker_url.startswith(("redis://", "rediss://")):
        return Diagnosis("broker", "ok", place)
    return _judged(place, _redis(settings.broker_url))


def _redis(url: str) -> dict[str, Any]:
    """What a Redis or Valkey tells of itself; managed ones tell this, too."""
    import redis  # noqa: PLC0415 - only where it is the broker

    with redis.Redis.from_url(url, socket_timeout=4) as client:
        told: dict[str, Any] = client.info()
    return told


def _judged(place: str, told: dict[str, Any]) -> Diagnosis:
    name, version = ("Valkey", told["valkey_version"]) if "valkey_version" in told else ("Redis", told["redis_version"])
    policy, most = str(told.get("maxmemory_policy", "unknown")), int(told.get("maxmemory", 0))
    used = int(told.get("used_memory", 0))
    what = f"{place}: {name} {version}, {policy}, {used / 1e6:.0f} MB"
    if told.get("role") == "slave":
        hint = "IMAGEGEN_BROKER_URL must name the server that can be written to."
        return Diagnosis("broker", "missing", f"{what}; it is a copy that can only be read", hint)
    if most and policy not in {"noeviction", "unknown"}:
        lost = f"{what}; when it is full it removes what it likes, and messages with it"
        return Diagnosis("broker", "missing", lost, "Set maxmemory-policy noeviction.")
    if most and used > FULL * most:
        hint = "Raise maxmemory: a full one refuses messages, and what is asked for waits until it is sent again."
        return Diagnosis("broker", "odd", f"{what} of {most / 1e6:.0f} MB", hint)
    if name == "Redis" and _parts(version) < OLDEST_REDIS:
        wanted = ".".join(map(str, OLDEST_REDIS))
        return Diagnosis("broker", "odd", f"{what}; it gets no more repairs", f"Redis {wanted} or later, or Valkey.")
    return Diagnosis("broker", "ok", what)


def _parts(version: object) -> tuple[int, ...]:
    """(major, minor) of a version; (0, 0) where that is not to be seen."""
    parts = str(version).split(".")[:2]
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else (0, 0)


def postgres(database: Database) -> Iterator[Diagnosis]:
    """Whether a commit that was answered survives a power cut, and how near its limits the server is."""
    from sqlalchemy import text  # noqa: PLC0415 - the database's packages

    if database.is_sqlite:
        return
    with database.reading() as session:
        rows = session.execute(
            text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)"), {"names": [*TOLD]}
        )
        told = {name: str(setting) for name, setting in rows}
        standby = session.scalar(text("SELECT pg_is_in_recovery()"))
        used = session.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")) or 0
    yield _server(told, bool(standby))
    yield _keeps(told)
    yield _room(used, int(told["max_connections"]))


def _server(told: dict[str, str], standby: bool) -> Diagnosis:
    major = int(told["server_version_num"]) // 10_000
    what = f"PostgreSQL {major}, {told['server_encoding']}"
    if standby:
        hint = "IMAGEGEN_DATABASE_URL must name the server that can be written to."
        return Diagnosis("postgres", "missing", f"{what}; it is a standby that can only be read", hint)
    if told["server_encoding"] != "UTF8":
        hint = "Make the database with ENCODING 'UTF8', and restore a backup into it."
        return Diagnosis("postgres", "missing", f"{what}; names in other scripts do not fit into it", hint)
    if major < OLDEST_POSTGRES:
        hint = f"PostgreSQL {OLDEST_POSTGRES} or later."
        return Diagnosis("postgres", "odd", f"{what}; it gets no more repairs", hint)
    return Diagnosis("postgres", "ok", what)


def _keeps(told: dict[str, str]) -> Diagnosis:
    """What is true after a power cut."""
    what = ", ".join(f"{name} {told[name]}" for name in ("fsync", "full_page_writes", "synchronous_commit"))
    broken = [name for name in ("fsync", "full_page_writes") if told[name] == "off"]
    if broken:
        lost = f"{what}: a power cut may leave a database that cannot be read"
        return Diagnosis("commits", "missing", lost, f"Set {' and '.join(broken)} to on.")
    if told["synchronous_commit"] == "off":
        lost = f"{what}: a crash may take back verdicts that were answered"
        return Diagnosis("commits", "odd", lost, "Set synchronous_commit to on, for this user at least.")
    return Diagnosis("commits", "ok", what)


def _room(used: int, most: int) -> Diagnosis:
    what = f"{used} of {most} are open"
    if used > FULL * most:
        hint = "Raise max_connections, or put a pooler before the database: each worker and each API opens some."
        return Diagnosis("connections", "odd", what, hint)
    return Diagnosis("connections", "ok", what)
