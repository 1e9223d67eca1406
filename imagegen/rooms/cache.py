"""What a machine has already drawn or built: arrays kept on its disk, so that a process need not make them again.

An entry's name is a hash of everything that decides its numbers: the arguments, the source text of the modules that
make it (those that they import from this package included), and numpy's version. It can therefore never be stale, only
unused; the whole folder may be deleted at any time.
"""

from __future__ import annotations

import ast
import hashlib
import logging
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
HERE = Path(__file__).parent
PACKAGE = "imagegen.rooms"
_log = logging.getLogger(__name__)


def folder() -> Path | None:
    """Where entries lie: IMAGEGEN_CACHE_DIR, else ``imagegen`` in the user's cache folder; None when there is none."""
    given = os.environ.get("IMAGEGEN_CACHE_DIR")
    if given:
        return Path(given)
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "imagegen"
    except RuntimeError:  # a user without a home
        return None


def kept(shelf: str, sources: Iterable[str], arguments: object, make: Callable[[], Arrays]) -> Arrays:
    """The arrays of ``make()``, from the disk when this machine has made them before.

    ``shelf``: subfolder. ``sources``: files and folders beside this one whose text decides the numbers.
    ``arguments``: whatever else does; its ``repr`` must tell equal from unequal. ``make`` returns the arrays in the
    precision that they are kept in, so that a first use equals every later one bit for bit. A file that cannot be
    read is made anew; a disk that cannot be written to is logged and otherwise ignored.
    """
    root = folder()
    if root is None:
        return make()
    name = hashlib.sha256(repr((shelf, _content(tuple(sources)), np.__version__, arguments)).encode()).hexdigest()
    file = root / shelf / f"{name}.npz"
    found = _read(file)
    if found is None:
        found = make()
        _write(file, found)
    return found


@cache
def sources_of(module: str) -> tuple[str, ...]:
    """Files beside this one whose text decides what a module makes: its own, and in turn what it imports from here."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        path = waiting.pop().removeprefix(PACKAGE).lstrip(".").replace(".", "/") + ".py"
        if path in found or not (HERE / path).is_file():
            continue
        found.add(path)
        tree = ast.walk(ast.parse((HERE / path).read_text(encoding="utf-8")))
        imports = [node.module or "" for node in tree if isinstance(node, ast.ImportFrom)]
        waiting += [name for name in imports if name.startswith(PACKAGE)]
    return tuple(sorted(found))


@cache
def _content(sources: tuple[str, ...]) -> str:
    """One hash of the text of some modules and packages."""
    named = [HERE / source for source in sources]
    files = [file for path in named for file in (sorted(path.glob("*.py")) if path.is_dir() else [path])]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _read(file: Path) -> Arrays | None:
    """The arrays of a file, or None when it is not there or damaged (a zip carries checksums)."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as entry:
            return {name: entry[name] for name in entry.files}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        _log.warning("a cached file is damaged and will be made anew: %s (%s)", file, error)
        return None


def _write(file: Path, arrays: Arrays) -> None:
    """Put the arrays in place at once, so that no other process ever reads half of them."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=file.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                np.savez(stream, allow_pickle=False, **arrays)
            os.replace(half, file)  # noqa: PTH105  # the atomic rename of the standard library
        except BaseException:
            Path(half).unlink(missing_ok=True)
            raise
    except OSError as error:
        _log.warning("nothing can be cached in %s: %s", file.parent, error)
