"""``imagegen doctor``: whether this machine is ready, and what would help where it is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import checkup, servers
from api.cli.console import emit, out, plain, table
from api.cli.diagnosis import Diagnosis
from api.cli.exits import NOT_ALL_WELL

if TYPE_CHECKING:
    from workers.settings import Settings

NEEDED_BYTES = 2_000_000_000
"""Free disk below which a catalog's pictures will not fit for long."""


HINTS = {
    "broker": "Check IMAGEGEN_BROKER_URL, and that the server runs.",
    "store": "Check IMAGEGEN_BLOBS_URL, and who may write there.",
}


def register(app: typer.Typer) -> None:
    """Hang the command on the root."""
    app.command("doctor")(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False) -> None:
    """Look at all that is needed: path tracer, denoiser, styles, store, broker, database, doors, work, backups, disks.

    Says which variant of the path tracer was chosen and why, and what would help where something is wrong. Leaves
    with 1 when something that is needed is missing.

    For example:

      imagegen doctor

      imagegen doctor --json
    """
    found = list(_examine())
    if as_json:
        emit([asdict(diagnosis) for diagnosis in found])
    else:
        table(["what", "state", "what was found"], [(d.what, d.state, d.told) for d in found])
        for diagnosis in found:
            if diagnosis.hint:
                out().print(plain(f"{diagnosis.what}: ", "bold") + plain(diagnosis.hint))
    if any(diagnosis.state == "missing" for diagnosis in found):
        raise typer.Exit(NOT_ALL_WELL)


def _examine() -> Iterator[Diagnosis]:
    from imagegen import machine  # noqa: PLC0415 - looks for LLVM and GPUs

    told = machine.describe()
    yield Diagnosis("machine", "ok", f"{told['cores']} cores, {told['memory']}, Python {told['python']}")
    settings = _settings()
    yield from _makers(settings, told["renderer"])
    yield settings if isinstance(settings, Diagnosis) else Diagnosis("settings", "ok", settings.environment)
    if isinstance(settings, Diagnosis):
        return
    looks = {
        "cutter weights": _weights,
        "model": _model,
        "styles": _styles,
        "store": _store,
    }
    for what, look in looks.items():
        yield _tried(what, partial(look, settings))
    yield _judged("broker", partial(servers.broker, settings))
    yield from checkup.examine(settings)
    yield _workers(settings)
    yield from _disks(settings)


def _makers(settings: Settings | Diagnosis, renderer: str) -> Iterator[Diagnosis]:
    """What makes pictures. A service's front doors come without it: their workers are elsewhere."""
    production = not isinstance(settings, Diagnosis) and settings.environment == "production"
    if production and find_spec("mitsuba") is None:
        yield Diagnosis("path tracer", "ok", "not installed here: this process makes no pictures, workers do")
        return
    tracer = _tried("path tracer", _path_tracer)
    if tracer.state == "ok" and renderer.startswith("scalar"):
        tracer = replace(tracer, state="slow", hint="Install LLVM (Debian, Ubuntu: apt-get install libllvm19).")
    yield tracer
    yield _tried("denoiser", _denoiser)


def _path_tracer() -> str:
    from imagegen.renderer.backend import choose, mitsuba  # noqa: PLC0415 - as above

    mitsuba()
    choice = choose()
    return f"{choice.variant}: {choice.why}"


def _denoiser() -> str:
    import pyoidn  # noqa: PLC0415 - heavy, and only looked for here

    return f"Intel Open Image Denoise, through {pyoidn.__name__}"


def _settings() -> Settings | Diagnosis:
    """The settings, or what is wrong with them."""
    from api.auth import check_settings  # noqa: PLC0415 - FastAPI
    from workers.settings import get_settings  # noqa: PLC0415 - bad settings are a finding, too

    found: list[Settings] = []

    def read() -> str:
        settings = get_settings()
        check_settings(settings)
        found.append(settings)
        return ""

    told = _tried("settings", read)
    return found[0] if found else told


def _tried(what: str, look: Callable[[], str]) -> Diagnosis:
    """What ``look`` tells, which is well, or what went wrong with it."""
    return _judged(what, lambda: Diagnosis(what, "ok", look()))


def _judged(what: str, look: Callable[[], Diagnosis]) -> Diagnosis:
    """What ``look`` finds, or what went wrong with it."""
    from api.cli.exits import explain  # noqa: PLC0415 - beside its only use

    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever it raises is the diagnosis
        message, hint, _ = explain(error)
        return Diagnosis(what, "missing", " ".join(message.split()), hint or HINTS.get(what, ""))


def _weights(settings: Settings) -> str:
    from imagegen.errors import MissingWeightsError  # noqa: PLC0415 - beside its only use

    weights = settings.cutter_weights
    if weights is None:
        return "none configured: plain backgrounds and alpha are cut without"
    if not weights.is_file():
        raise MissingWeightsError(f"There is no file {weights}.", hint="Mend or unset IMAGEGEN_CUTTER_WEIGHTS.")
    return str(weights)


def _model(settings: Settings) -> str:
    from imagegen.diffusion import families, store  # noqa: PLC0415 - reads the pages

    spec = families.family(settings.model, settings.models_dir)
    folder = store.home(spec, settings.models_dir)
    if settings.engine == "diffusion":
        store.require(spec, folder)
    told = "a demonstration" if spec.demonstration else spec.name
    if lacking := store.lacks(spec, folder):
        parts = ", ".join(gap.target for gap in lacking)
        return f"{spec.slug} ({told}) is not here, and no engine that is configured needs it: no {parts}"
    return f"{spec.slug} ({told}) in {folder}"


def _styles(settings: Settings) -> str:
    from styles.library import Library  # noqa: PLC0415 - read only when asked for

    library = Library(settings.style_paths)
    library.validate()
    return ", ".join(style.slug for style in library.styles())


def _workers(settings: Settings) -> Diagnosis:
    """Who works now, and what each can paint with; nobody working is odd only where somebody ever did."""
    from workers.records import crew  # noqa: PLC0415 - the database's packages
    from workers.records.models import Worker  # noqa: PLC0415 - as above
    from workers.records.session import Database  # noqa: PLC0415 - as above

    database = Database(settings.database_url)
    try:
        live, last = list[Worker](), None
        if checkup.is_there(database):
            with database.reading() as session:
                live, last = crew.living(session, settings.alive_for), crew.last_seen(session)
    except Exception:  # noqa: BLE001 - what is wrong with the database is told in its own line
        return Diagnosis("workers", "odd", "unknown: the database does not answer")
    finally:
        database.close()
    told = "; ".join(
        f"{row.name}: {', '.join(f'{engine} {said}' for engine, said in sorted(row.engines.items()))}" for row in live
    )
    hint = "Start one: imagegen worker, or imagegen serve."
    if len(versions := sorted({row.version for row in live})) > 1:
        hint = "While an upgrade goes on all is well; else one was forgotten."
        return Diagnosis("workers", "odd", f"{told}; of several versions: {', '.join(versions)}", hint)
    if live:
        return Diagnosis("workers", "ok", told)
    if last is None:
        return Diagnosis("workers", "ok", "none was ever started here", hint)
    return Diagnosis("workers", "odd", f"none seen since {last:%Y-%m-%d %H:%M:%S} UTC", hint)


def _store(settings: Settings) -> str:
    from api.deps import open_context  # noqa: PLC0415 - the store's packages

    context = open_context(settings)
    try:
        context.blobs.get(context.blobs.put(b"imagegen doctor", ".probe"))
    finally:
        context.database.close()
    return settings.blobs_url


def _disks(settings: Settings) -> Iterator[Diagnosis]:
    """Each disk that the settings' folders lie on, once."""
    folders = [Path(url) for url in (settings.blobs_url, settings.publish_url) if not url.startswith("s3://")]
    seen: set[int] = set()
    for folder in (settings.data_dir, *folders):
        place = next(path for path in (folder, *folder.parents) if path.exists())
        if place.stat().st_dev in seen:
            continue
        what = f"disk of {folder}" if seen else "disk"
        seen.add(place.stat().st_dev)
        free = shutil.disk_usage(place).free
        told = f"{free / 1e9:.1f} GB free at {place}"
        if free < NEEDED_BYTES:
            yield Diagnosis(what, "odd", told, "Make room, or move IMAGEGEN_DATA_DIR.")
        else:
            yield Diagnosis(what, "ok", told)
