"""What the benchmark has made before: arrays on the disk, named after all that decides them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bench.packshots import ROOT, written_whole

KEPT = ROOT / "var/bench/insertion"
READ = {".py", ".toml", ".csv", ".template"}


def kept(shelf: str, key: str, make: Callable[[], Mapping[str, np.ndarray]]) -> Mapping[str, np.ndarray]:
    """The arrays of ``make()``, from the disk when they were made before under that key."""
    file = KEPT / shelf / f"{key}.npz"
    if not file.exists():
        content = io.BytesIO()
        np.savez_compressed(content, **make())
        written_whole(file, content.getvalue())
    with np.load(file, allow_pickle=False) as planes:
        return {name: planes[name] for name in planes.files}


def noted(shelf: str, key: str, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON object of ``make()``, from the disk when it was made before under that key."""
    file = KEPT / shelf / f"{key}.json"
    if not file.exists():
        written_whole(file, json.dumps(dict(make())).encode())
    return dict(json.loads(file.read_text()))


def content_of(sources: Iterable[Path]) -> str:
    """One hash of the text of files and folders."""
    return _content(tuple(sources))


@cache
def _content(sources: tuple[Path, ...]) -> str:
    told = hashlib.sha256()
    for path in sources:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in READ and file.is_file():
                told.update(file.read_bytes())
    return told.hexdigest()
