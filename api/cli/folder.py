"""Files that belong together appear together in a folder, whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files`` (name to content) into ``folder``, made when it is missing.

    Every file is complete on the disk under a temporary name before the first takes its own; whatever goes
    wrong, no temporary file stays behind, nor a folder that this call made. Raises OSError.
    """
    made = _make_folder(folder)
    ready: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
            ready.append((Path(temporary), folder / name))
            with os.fdopen(handle, "wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            Path(temporary).chmod(0o644)
        for temporary_path, final in ready:
            temporary_path.replace(final)
    except BaseException:
        for temporary_path, _ in ready:
            temporary_path.unlink(missing_ok=True)
        for empty in made:
            if not any(empty.iterdir()):
                empty.rmdir()
        raise


def _make_folder(folder: Path) -> list[Path]:
    """Make ``folder`` and its parents; gives those that were missing, innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing
