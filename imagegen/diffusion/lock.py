"""What a mirror's files were when they were pinned: ``lock.toml`` beside them tells commit, size and sha256 of each."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from imagegen.errors import BadWeightsError

NAME = "lock.toml"
CHUNK = 1 << 20

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Hearing = Callable[[int], None]
"""Called with the number of bytes that were just read."""


class _Page(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pin(_Page):
    """What a file is: ``sha256`` (hex) of its content and its size in bytes."""

    sha256: Sha256
    bytes: int = Field(ge=0)


class PinnedPart(_Page):
    """The files of a part, by their path in it, and the ``revision`` (commit) of the hub's repository they are of."""

    repo: str = ""
    revision: str = ""
    files: Mapping[str, Pin]


class Lock(_Page):
    """A mirrored family: its parts by the folder in which each lies."""

    family: str
    parts: Mapping[str, PinnedPart] = {}


def read(folder: Path) -> Lock | None:
    """The lock of a family's folder, None where there is none. Raises BadWeightsError for one that says nothing."""
    file = folder / NAME
    try:
        return Lock.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise BadWeightsError(
            f"{file} is no lock that can be read: {error}",
            hint="Bring it back from where it was kept, or pull the family anew with --trust-first.",
            where=str(file),
        ) from error


def write(folder: Path, lock: Lock) -> Path:
    """Put the lock beside the files, whole or not at all."""
    lines = [f"family = {json.dumps(lock.family)}"]
    for target, part in sorted(lock.parts.items()):
        lines += ["", f"[parts.{json.dumps(target)}]"]
        lines += [f"{key} = {json.dumps(value)}" for key in ("repo", "revision") if (value := getattr(part, key))]
        lines += [f"[parts.{json.dumps(target)}.files]"]
        for path, pin in sorted(part.files.items()):
            lines.append(f"{json.dumps(path)} = {{ sha256 = {json.dumps(pin.sha256)}, bytes = {pin.bytes} }}")
    aside = folder / f".{NAME}.{os.getpid()}"
    with aside.open("w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return aside.replace(folder / NAME)


def measure(file: Path, hear: Hearing = lambda _: None) -> Pin:
    """Size and sha256 of a file, read a megabyte at a time."""
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            hear(len(chunk))
    return Pin(sha256=digest.hexdigest(), bytes=size)


def pin_folder(family: str, folder: Path, targets: Mapping[str, tuple[str, ...]]) -> Lock:
    """The lock of files that were made here rather than pulled: ``targets`` names the files of each part."""
    parts = {
        target: PinnedPart(files={name: measure(folder / target / name) for name in names})
        for target, names in targets.items()
    }
    return Lock(family=family, parts=parts)
