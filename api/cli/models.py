"""``imagegen models``: which models there are, what of them is here, and bringing them here."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.console import emit, err, out, plain, progress_bar, table
from api.cli.exits import NOT_ALL_WELL

if TYPE_CHECKING:
    from imagegen.diffusion.families import ModelSpec
    from workers.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Models of the diffusion engine: list, pull, verify, pin, path.")
JSON = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
MODEL = Annotated[str, typer.Argument(metavar="MODEL", help="The model's slug, as imagegen models list shows it.")]


@app.command("list")
def list_models(as_json: JSON = False) -> None:
    """List every model that is known: what it is for, its licence, and what of it is on this machine.

    For example:

      imagegen models list

      imagegen models list --json
    """
    from imagegen.diffusion.families import known  # noqa: PLC0415 - reads the pages

    settings = _settings()
    found = [_facts(spec, settings) for spec in known(settings.models_dir).values()]
    if as_json:
        emit(found)
        return
    table(
        ["model", "name", "state", "here", "licence"],
        [(_marked(f), f["name"], f["state"], _size(f["bytes"]), f["licence"]) for f in found],
    )
    for facts in found:
        if facts["hint"]:
            out().print(plain(f"{facts['slug']}: ", "bold") + plain(facts["hint"]))


@app.command("pull")
def pull_model(
    model: MODEL,
    extra: Annotated[
        list[str] | None,
        typer.Option("--with", help="An optional part too, e.g. preview_vae or lora/lcm; may be given several times."),
    ] = None,
    everything: Annotated[bool, typer.Option("--with-all", help="All optional parts too.")] = False,
    trust_first: Annotated[
        bool,
        typer.Option(
            "--trust-first", help="Where no hash is known yet, believe the hub this once and write its hashes down."
        ),
    ] = False,
    as_json: JSON = False,
) -> None:
    """Bring a model into the local mirror; what broke off goes on where it was, what is here stays.

    Every file is checked against the hash that the model's page or the mirror's lock knows of it.

    For example:

      imagegen models pull sd15 --trust-first

      imagegen models pull sdxl --with preview_vae --with lora/lcm --trust-first
    """
    from imagegen.diffusion import families, store  # noqa: PLC0415 - reads the pages
    from imagegen.diffusion.hub import Hub  # noqa: PLC0415 - the web's packages
    from imagegen.diffusion.pulling import pull  # noqa: PLC0415 - as above

    settings = _settings()
    spec = families.family(model, settings.models_dir)
    extras = spec.optional if everything else tuple(extra or ())
    with progress_bar(f"Pulling {spec.slug}", quiet=as_json) as show, Hub(settings.models_url) as hub:
        fetched = pull(
            spec, settings.models_dir, hub, extras=extras, trust_first=trust_first,
            hear=lambda path, here, size: show(path, here / size if size else 0.0),
        )  # fmt: skip
    folder = store.home(spec, settings.models_dir)
    sha = store.weights_sha(spec, folder)
    if as_json:
        emit({"model": spec.slug, "folder": str(folder), "fetched": fetched, "weights_sha": sha})
        return
    err().print(plain(f"{len(fetched)} files came; {spec.slug} is whole in {folder}."))
    err().print(plain(f"Its licence is {spec.licence}: {spec.licence_url}"))
    out().print(plain(sha))


@app.command("verify")
def verify_models(
    models: Annotated[
        list[str] | None, typer.Argument(metavar="[MODEL]...", help="Which models; without one, all that are here.")
    ] = None,
    finite: Annotated[bool, typer.Option("--finite", help="Look for weights that are no finite numbers, too.")] = False,
    as_json: JSON = False,
) -> None:
    """Read every byte of the models that are here and compare it with what was pinned.

    Leaves with 1 when a file is not what it was; with 3 when a model that was named is not here.

    For example:

      imagegen models verify

      imagegen models verify sd15 --finite --json
    """
    from imagegen.diffusion import families, store  # noqa: PLC0415 - reads the pages

    settings = _settings()
    asked = [families.family(slug, settings.models_dir) for slug in models] if models else _here(settings)
    told: list[dict[str, Any]] = []
    with progress_bar("Reading", quiet=as_json) as show:
        for spec in asked:
            folder = store.home(spec, settings.models_dir)
            whole = store.total_bytes(spec, folder, store.present(spec, folder)) or 1
            read = [0]

            def hear(path: str, count: int, read: list[int] = read, whole: int = whole) -> None:
                read[0] += count
                show(path, read[0] / whole)

            faults = [asdict(fault) for fault in store.faults(spec, folder, hear=hear, finite=finite)]
            told.append({"model": spec.slug, "weights_sha": store.weights_sha(spec, folder), "faults": faults})
    if as_json:
        emit(told)
    else:
        rows = [(t["model"], f["path"], f["told"]) for t in told for f in t["faults"]]
        well = [(t["model"], "-", "ok") for t in told if not t["faults"]]
        table(["model", "file", "what was found"], [*well, *rows])
    if any(t["faults"] for t in told):
        raise typer.Exit(NOT_ALL_WELL)


@app.command("pin")
def pin_model(model: MODEL) -> None:
    """Pin weights of your own: write down what the files are that lie in a model's folder and come from no hub.

    From then on only these files are loaded. Prints the name of the weights.

    For example:

      imagegen models pin mini
    """
    from imagegen.diffusion import families, store  # noqa: PLC0415 - reads the pages

    mirror = _settings().models_dir
    spec = families.family(model, mirror)
    folder = store.home(spec, mirror)
    store.pin(spec, folder)
    out().print(plain(store.weights_sha(spec, folder)))


@app.command("path")
def path_of(
    model: Annotated[str, typer.Argument(metavar="[MODEL]", help="A model's slug; without one, the mirror.")] = "",
) -> None:
    """Print the folder in which a model lies or would lie, or the mirror's.

    For example:

      imagegen models path

      rsync -a "$(imagegen models path sdxl)" gpu1:/srv/models/
    """
    from imagegen.diffusion import families, store  # noqa: PLC0415 - reads the pages

    mirror = _settings().models_dir
    out().print(plain(store.home(families.family(model, mirror), mirror) if model else mirror))


def _settings() -> Settings:
    from workers.settings import get_settings  # noqa: PLC0415 - pydantic's settings

    return get_settings()


def _here(settings: Settings) -> list[ModelSpec]:
    """The families that are whole on this machine."""
    from imagegen.diffusion import families, store  # noqa: PLC0415 - reads the pages

    return [
        s
        for s in families.known(settings.models_dir).values()
        if not store.lacks(s, store.home(s, settings.models_dir))
    ]


def _facts(spec: ModelSpec, settings: Settings) -> dict[str, Any]:
    from imagegen.diffusion import store  # noqa: PLC0415 - reads the pages

    folder = store.home(spec, settings.models_dir)
    lacking = [gap.target for gap in store.lacks(spec, folder)]
    some = any((folder / target).is_dir() for target in spec.parts)
    state = "ok" if not lacking else "odd" if some else "missing"
    return {
        "slug": spec.slug,
        "name": spec.name,
        "summary": spec.summary,
        "licence": spec.licence,
        "licence_url": spec.licence_url,
        "demonstration": spec.demonstration,
        "configured": spec.slug == settings.model,
        "state": state,
        "missing": lacking,
        "extras": {target: target in store.present(spec, folder) for target in spec.optional},
        "folder": str(folder),
        "bytes": store.total_bytes(spec, folder, spec.parts),
        "buckets": [f"{width}x{height}" for width, height in spec.buckets],
        "hint": store.how_to_get(spec) if lacking else "",
    }


def _marked(facts: dict[str, Any]) -> str:
    return f"{facts['slug']} (configured)" if facts["configured"] else str(facts["slug"])


def _size(count: int) -> str:
    if not count:
        return "-"
    return f"{count / 1e9:.1f} GB" if count >= 100_000_000 else f"{count / 1e6:.1f} MB"
