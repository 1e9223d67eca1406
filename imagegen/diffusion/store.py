"""The local mirror: where a family lies, what of it is missing, whether it is what it was.

    <mirror>/<family>/lock.toml                  commit, size and sha256 of every file
                      unet/config.json, unet/diffusion_pytorch_model.safetensors
                      vae/ text_encoder/ tokenizer/ scheduler/ controls/<name>/
                      preview_vae/ image_encoder/ ip_adapter/ lora/<name>/   (optional)

Upstream has deleted models before; whoever owns a mirror has what the pictures were made with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from imagegen.diffusion import lock as locks
from imagegen.diffusion import weights
from imagegen.diffusion.families import HERE, File, ModelSpec
from imagegen.errors import BadWeightsError, MissingWeightsError

Hearing = Callable[[str, int], None]
"""Called with the file that is being read and how many of its bytes just were."""


def _deaf(_path: str, _read: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Gap:
    """A part whose files are not all there. ``files``: those that are missing; none are named when nobody knows."""

    target: str
    files: tuple[str, ...]
    optional: bool
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is not what it must be: its path below the family's folder, and what is wrong with it."""

    path: str
    told: str


def home(spec: ModelSpec, mirror: Path | None) -> Path:
    """The folder of a family: the mirror's, or the project's own where it comes with it and the mirror has none."""
    own = HERE / spec.slug
    if mirror is None:
        return own
    return own if spec.bundled and not (mirror / spec.slug).is_dir() else mirror / spec.slug


def names(spec: ModelSpec, folder: Path, target: str) -> tuple[str, ...]:
    """The files that a part consists of: those that its page names, else those that the lock does."""
    listed = tuple(spec.parts[target].files)
    if listed:
        return listed
    lock = locks.read(folder)
    part = lock.parts.get(target) if lock else None
    return tuple(part.files) if part else ()


def gaps(spec: ModelSpec, folder: Path) -> tuple[Gap, ...]:
    """The parts of which something is not there, required ones first."""
    found = []
    for target in (*spec.required, *spec.optional):
        wanted = names(spec, folder, target)
        absent = tuple(name for name in wanted if not (folder / target / name).is_file())
        if absent or not wanted:
            part = spec.parts[target]
            found.append(Gap(target, absent, part.optional, part.purpose))
    return tuple(found)


def lacks(spec: ModelSpec, folder: Path) -> tuple[Gap, ...]:
    """The required parts of which something is not there: none when the family can be loaded."""
    return tuple(gap for gap in gaps(spec, folder) if not gap.optional)


def present(spec: ModelSpec, folder: Path) -> tuple[str, ...]:
    """The parts that are there whole."""
    missing = {gap.target for gap in gaps(spec, folder)}
    return tuple(target for target in (*spec.required, *spec.optional) if target not in missing)


def require(spec: ModelSpec, folder: Path) -> locks.Lock:
    """The lock of a family that can be loaded.

    Raises MissingWeightsError, which says what is missing and how to get it, and BadWeightsError when no lock tells
    what the files are.
    """
    missing = lacks(spec, folder)
    if missing:
        told = ", ".join(f"{gap.target} ({', '.join(gap.files) or 'all of it'})" for gap in missing)
        raise MissingWeightsError(
            f"The model {spec.slug!r} is not whole on this machine; in {folder} there is no {told}.",
            hint=f"Get it: {how_to_get(spec)}",
            where=str(folder),
        )
    lock = locks.read(folder)
    if lock is None:
        raise BadWeightsError(
            f"Nothing in {folder} tells what the files of the model {spec.slug!r} are: it has no {locks.NAME}.",
            hint=f"To pin what is there: {how_to_get(spec)}",
            where=str(folder),
        )
    return lock


def how_to_get(spec: ModelSpec) -> str:
    """The command that brings a family here, or where it comes from."""
    if not any(part.repo for part in spec.parts.values()) and not spec.bundled:
        return f"put its files into the mirror and pin them: imagegen models pin {spec.slug}"
    if spec.bundled:
        return f"it comes with the project, in {HERE / spec.slug}; training/{spec.slug}/ trains it anew."
    first = any(not file.sha256 for target in spec.required for file in spec.parts[target].files.values())
    return f"imagegen models pull {spec.slug}{' --trust-first' if first else ''}"


def pin(spec: ModelSpec, folder: Path) -> locks.Lock:
    """Write down what the files of one's own parts are, those that come from no hub, as they lie there now.

    Raises MissingWeightsError when such a part is not there, BadWeightsError when a file of it may not be.
    """
    weights.refuse_strangers(folder)
    own = {}
    for target, part in spec.parts.items():
        paths = sorted(path for path in (folder / target).glob("*") if path.is_file())
        if part.repo or (part.optional and not paths):
            continue
        if not paths:
            raise MissingWeightsError(
                f"There is nothing in {folder / target} to be pinned.", where=str(folder / target)
            )
        for path in paths:
            weights.refuse_bad(path)
        own[target] = locks.PinnedPart(files={path.name: locks.measure(path) for path in paths})
    before = locks.read(folder)
    lock = locks.Lock(family=spec.slug, parts={**(before.parts if before else {}), **own})
    locks.write(folder, lock)
    return lock


def weights_sha(spec: ModelSpec, folder: Path) -> str:
    """What a recipe calls these weights: sha256 over path and sha256 of the required parts' files, from the lock.

    Nothing is hashed anew, so it costs nothing; ``faults`` is what compares the files. Raises as ``require``.
    """
    lock = require(spec, folder)
    lines = sorted(
        f"{target}/{name} {pin.sha256}\n" for target in spec.required for name, pin in _pins(lock, target).items()
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def total_bytes(spec: ModelSpec, folder: Path, targets: Collection[str]) -> int:
    """Of the files of these parts that are there."""
    paths = (folder / target / name for target in targets for name in names(spec, folder, target))
    return sum(path.stat().st_size for path in paths if path.is_file())


def faults(
    spec: ModelSpec,
    folder: Path,
    targets: Collection[str] | None = None,
    hear: Hearing = _deaf,
    *,
    finite: bool = False,
) -> Iterator[Fault]:
    """Each file of these parts (all that are there) that differs from the page or the lock, or is no safe format.

    Every byte is read; ``finite`` also looks for weights that are no finite numbers. Raises as ``require`` when the
    family is not whole, BadWeightsError for a pickle, a program or a link out of the folder anywhere in it.
    """
    lock = require(spec, folder)
    weights.refuse_strangers(folder)
    for target in targets if targets is not None else present(spec, folder):
        pins = _pins(lock, target)
        for name in names(spec, folder, target):
            path = f"{target}/{name}"
            page = spec.parts[target].files.get(name, File())
            told = _differs(folder / path, page, pins.get(name), partial(hear, path))
            told = told or _unsafe(folder / path, finite=finite)
            if told:
                yield Fault(path, told)


def refuse_faults(spec: ModelSpec, folder: Path, targets: Collection[str] | None = None, hear: Hearing = _deaf) -> None:
    """Raise BadWeightsError for the first file that is not what it must be."""
    for fault in faults(spec, folder, targets, hear):
        raise BadWeightsError(
            f"The model {spec.slug!r} is not what it was: {fault.path} {fault.told}.",
            hint=f"imagegen models verify {spec.slug} lists every such file; {how_to_get(spec)} gets it anew.",
            where=str(folder / fault.path),
        )


def _pins(lock: locks.Lock, target: str) -> dict[str, locks.Pin]:
    part = lock.parts.get(target)
    return dict(part.files) if part else {}


def _differs(path: Path, page: File, pin: locks.Pin | None, hear: locks.Hearing) -> str:
    """How a file differs from what its page and its pin say; empty when it does not."""
    if pin is None:
        return "is not in the lock"
    if page.sha256 and page.sha256 != pin.sha256:
        return f"is pinned as {pin.sha256[:12]}, and the family's page says {page.sha256[:12]}"
    size = path.stat().st_size
    if size != pin.bytes:
        return f"has {size} bytes instead of {pin.bytes}"
    found = locks.measure(path, hear)
    return "" if found == pin else f"has the sha256 {found.sha256[:12]} instead of {pin.sha256[:12]}"


def _unsafe(path: Path, *, finite: bool) -> str:
    """What is wrong with a file's format; empty when nothing is."""
    try:
        weights.refuse_bad(path)
        if finite and path.suffix == ".safetensors":
            weights.refuse_infinite(path)
    except BadWeightsError as error:
        return error.message.removeprefix(f"{path} ").rstrip(".")
    return ""
