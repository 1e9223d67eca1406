"""``imagegen serve``, ``api``, ``worker``, ``sweep``: what runs until it is told to stop; ``migrate`` before it."""

from __future__ import annotations

import gc
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.console import err, out, plain
from imagegen.errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Callable

    from workers.settings import Settings

HOST = Annotated[str, typer.Option(help="Address to listen on; 127.0.0.1 is this machine only.")]
LEAVE_S = 10
"""How long requests under way may take once the API is told to stop; event streams would never end by themselves."""

PORT = Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)]


def register(app: typer.Typer) -> None:
    """Hang the commands on the root."""
    for command in (serve, api, worker, sweep, migrate):
        app.command(command.__name__)(command)


def serve(
    host: HOST = "127.0.0.1",
    port: PORT = 8000,
    workers: Annotated[int, typer.Option(help="Worker processes; each makes one scene at a time.", min=0, max=64)] = 1,
) -> None:
    """Run API, review desk and workers together on this machine. Ctrl-C stops all of it.

    Needs no other service: records go to var/imagegen.db, messages to a folder. A scene that is under way when it
    stops is handed back and made when it is started again.

    For example:

      imagegen serve

      imagegen serve --port 8080 --workers 2
    """
    from api.cli.crew import Crew  # noqa: PLC0415 - starts processes
    from workers import logs  # noqa: PLC0415 - structlog and Celery

    settings = _settings()
    logs.configure(settings)
    _check_host(settings, host)
    with _listen(host, port) as listening, Crew(settings, workers):
        _run_api(settings, listening, lambda: _announce(settings, listening, workers))


def api(host: HOST = "127.0.0.1", port: PORT = 8000) -> None:
    """Run the API and the review desk; scenes are made by workers that are started elsewhere.

    For example:

      imagegen api --host 0.0.0.0 --port 8000
    """
    from workers import logs  # noqa: PLC0415 - structlog and Celery

    settings = _settings()
    logs.configure(settings)
    _check_host(settings, host)
    with _listen(host, port) as listening:
        _run_api(settings, listening, lambda: _announce(settings, listening, None))


def worker(
    concurrency: Annotated[
        int, typer.Option(help="Processes; each makes one scene at a time, or IMAGEGEN_WORKER_THREADS.", min=1, max=64)
    ] = 1,
) -> None:
    """Make scenes that were asked for, until Ctrl-C or SIGTERM; what is under way is then handed back.

    For example:

      imagegen worker

      imagegen worker --concurrency 2
    """
    from workers.run import run_worker  # noqa: PLC0415 - Celery and the stages
    from workers.settings import get_settings  # noqa: PLC0415 - as above

    code = run_worker(get_settings(), concurrency)
    if code:
        raise typer.Exit(code)


def sweep() -> None:
    """Send again what lost its message or its worker, and write what is published but not out, until stopped.

    Every worker does this too; this is for where workers come and go. Any number may run.

    For example:

      imagegen sweep
    """
    from workers import reconcile  # noqa: PLC0415 - Celery and the database's packages

    reconcile.main()


def migrate() -> None:
    """Bring the database's tables up to date, and say from where to where they went. Every process does it, too.

    For example:

      imagegen migrate
    """
    from workers import logs  # noqa: PLC0415 - structlog and Celery
    from workers.records.session import Database  # noqa: PLC0415 - the database's packages
    from workers.settings import get_settings  # noqa: PLC0415 - as above

    settings = get_settings()
    logs.configure(settings)
    database = Database(settings.database_url)
    try:
        before = database.revision()
        database.create_or_upgrade()
        after = database.revision()
    finally:
        database.close()
    if before == after:
        out().print(plain(f"The tables are at {after}, as this version expects."))
    else:
        out().print(plain(f"The tables went from {before or 'nothing'} to {after}."))


def _settings() -> Settings:
    """The settings. Raises SettingsError when doors may not be opened with them."""
    from api.auth import check_settings  # noqa: PLC0415 - FastAPI
    from workers.settings import get_settings  # noqa: PLC0415 - read only when it is needed

    settings = get_settings()
    check_settings(settings)
    return settings


def _check_host(settings: Settings, host: str) -> None:
    """Doors that others reach need a secret and an administrator. Raises SettingsError where one is missing."""
    from api.cli.catalog import opened  # noqa: PLC0415 - the database's packages
    from api.places import is_loopback  # noqa: PLC0415 - FastAPI
    from workers.errors import SettingsError  # noqa: PLC0415 - beside its only use
    from workers.records import keys, people  # noqa: PLC0415 - the database's packages
    from workers.settings import MIN_SECRET  # noqa: PLC0415 - pydantic

    if is_loopback(host) and settings.environment != "production":
        return
    if len(settings.secret.get_secret_value()) < MIN_SECRET:
        raise SettingsError(
            f"{host} is reached by others, and there is no secret.",
            hint=f'Set IMAGEGEN_SECRET to {MIN_SECRET} characters of chance: python -c "import secrets; '
            'print(secrets.token_urlsafe(32))"',
            where="secret",
        )
    if settings.api_tokens:
        return
    with opened() as context, context.database.of_all().reading() as session:
        if people.any_admin(session) or keys.any_admin(session):
            return
    raise SettingsError(
        f"Nobody could come in at {host}: there is no administrator, no administrator's key and no API token.",
        hint="Make one: imagegen people add LOGIN --role admin. Or a key: imagegen keys new NAME --scope admin.",
        where="api_tokens",
    )


def _listen(host: str, port: int) -> socket.socket:
    """A socket that is taken before anything is started. Raises BadRequestError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as trouble:
        reason = getattr(trouble, "strerror", None) or trouble
        raise BadRequestError(
            f"{host}:{port} cannot be listened on: {reason}.", hint="Another port may be free: --port 8080."
        ) from None


def _run_api(settings: Settings, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until a signal; ``ready`` is called once requests are answered."""
    import uvicorn  # noqa: PLC0415 - only what serves needs it

    from api.app import create_app  # noqa: PLC0415 - FastAPI and the database's packages
    from workers import traces  # noqa: PLC0415 - as above

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            # What was imported stays for good: the garbage collector, for which every request waits, need not look.
            gc.collect()
            gc.freeze()
            if not self.should_exit:
                ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.context.newsroom.close()
            await super().shutdown(sockets)

    app = create_app(settings)
    # Its log lines take the same form as ours; which request was answered how, the app says itself.
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=LEAVE_S,
    )
    server = Server(config)
    flush = traces.configure(settings, "imagegen-api")
    server.run(sockets=[listening])
    flush()
    if not server.started:
        raise typer.Exit(1)


def _announce(settings: Settings, listening: socket.socket, workers: int | None) -> None:
    from api.places import is_loopback  # noqa: PLC0415 - FastAPI

    address, port = listening.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    if address in {"0.0.0.0", "::"}:  # noqa: S104 - compared with, not bound to
        shown = socket.gethostname()
    console = out()
    console.print(plain(f"Review desk  http://{shown}:{port}/review", "bold"))
    console.print(plain(f"API          http://{shown}:{port}/docs"))
    if is_loopback(address):
        nobody_asked = not settings.api_tokens and not _anybody(settings)
        whom = ", without signing in" if nobody_asked else ""
        console.print(plain(f"Open to      this machine only{whom}"))
    if workers is not None:
        console.print(plain(f"Workers      {workers}"))
    err().print(plain("Ctrl-C stops."))


def _anybody(settings: Settings) -> bool:
    """Whether there are people who sign in."""
    from workers.records import people  # noqa: PLC0415 - the database's packages
    from workers.records.session import Database  # noqa: PLC0415 - as above

    database = Database(settings.database_url).of_all()
    try:
        with database.reading() as session:
            return people.anybody(session)
    finally:
        database.close()
