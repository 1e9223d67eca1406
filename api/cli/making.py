"""Scenes made at once in this process and written into a folder, each with its recipe."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from api.cli.console import out, plain, progress_bar, table
from api.cli.folder import write_together
from imagegen import images, pipeline, provenance, recipe
from imagegen.errors import BadImageError
from imagegen.job import Companion, Job, Kit, planned
from imagegen.types import Product, Scene
from workers.kit import kit_of
from workers.scene_model import SceneRequest
from workers.settings import get_settings


def make_scenes(
    photos: Sequence[Path],
    product: Product,
    companions: Sequence[tuple[Path, Product]],
    request: SceneRequest,
    cutter: str | None,
    folder: Path,
    *,
    quiet: bool,
    space: str = "srgb",
) -> list[dict[str, Any]]:
    """Make, write and (unless ``quiet``) tell of each variant; gives what their JSON files hold, with their paths.

    ``space``: the pictures' colour space, a name of ``images.SPACES``. Raises BadRequestError for another before
    anything costs time.
    """
    images.checked_space(space)
    installed = get_settings()
    kit = kit_of(installed)
    engine = request.engine or installed.engine
    job = Job(
        product,
        tuple(read_photo(photo, installed.max_upload_bytes) for photo in photos),
        request.style,
        request.room,
        engine,
        request.settings(),
        request.explicit(),
        cutter or installed.cutter,
        request.photo,
        tuple(Companion(other, (read_photo(file, installed.max_upload_bytes),)) for file, other in companions),
    )
    planned(job, kit)  # an unknown style, room or engine is told before anything costs time
    return [
        _make(replace(job, settings=replace(job.settings, variant=number)), kit, folder, stem, space, quiet=quiet)
        for number, stem in enumerate(stems(request.variants))
    ]


def stems(count: int) -> list[str]:
    """What the files of so many variants are called, without their suffixes."""
    return ["scene"] if count == 1 else [f"scene-{number}" for number in range(1, count + 1)]


def _make(job: Job, kit: Kit, folder: Path, stem: str, space: str, *, quiet: bool) -> dict[str, Any]:
    with progress_bar(stem, quiet=quiet) as tell:
        made = pipeline.make_scene(job, tell, kit)
    told = told_of(made, f"{stem}.png")
    marks = provenance.xmp(made.recipe, made.recipe["engine"]["source_type"])
    picture = images.encode(made.picture, "png", xmp=marks, space=space)
    files = {f"{stem}.png": picture, f"{stem}.json": pretty(told)}
    write_together(folder, files)
    if not quiet:
        show(made, folder / f"{stem}.png")
    return told | {"path": str(folder / f"{stem}.png")}


def told_of(made: Scene, picture: str) -> dict[str, Any]:
    """What the JSON file beside a picture of that name holds."""
    return {
        "picture": picture,
        "identity": recipe.identity(made.recipe),
        "verdict": str(made.verdict),
        # A check may count in numpy's numbers, which JSON does not know.
        "findings": [asdict(f) | {"score": float(f.score), "threshold": float(f.threshold)} for f in made.findings],
        "seconds": {stage: round(seconds, 3) for stage, seconds in made.seconds.items()},
        "recipe": dict(made.recipe),
    }


def pretty(told: Mapping[str, Any]) -> bytes:
    """The same as a file for people too."""
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def show(made: Scene, picture: Path) -> None:
    """The findings as a table, the seconds, and where the picture lies."""
    rows = [(f.check, str(f.verdict), f"{f.score:.3g}", f"{f.threshold:.3g}", f.message) for f in made.findings]
    table(["check", "verdict", "score", "threshold", "what was found"], rows)
    spent = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in made.seconds.items() if seconds >= 0.05)
    console = out()
    console.print(plain(f"{sum(made.seconds.values()):.1f} s: {spent}", "dim"))
    bad = "  failed its checks, see above" if made.verdict == "fail" else ""
    console.print(plain(picture, "bold") + plain(bad, "bold red"))


def read_photo(photo: Path, most_bytes: int) -> bytes:
    """A file's bytes. Raises BadImageError when it cannot be read or is too large."""
    try:
        size = photo.stat().st_size
        if size <= most_bytes:
            return photo.read_bytes()
    except OSError as trouble:
        reason = trouble.strerror or trouble
        raise BadImageError(f"{photo} cannot be read: {reason}.", hint="Give the path of an image file.") from None
    raise BadImageError(f"{photo} has {size / 1e6:.0f} MB.", hint=f"Use a file of at most {most_bytes / 1e6:.0f} MB.")
