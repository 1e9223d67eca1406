# ruff: noqa: INP001 - a script beside the page that it writes, not a package
"""Writes docs/licences.md: what imagegen depends on and under which licences, from the packages' own metadata.

Run it in the environment that the constraints describe: ``python docs/make_licences.py``. With ``--check`` it
writes nothing and leaves with 1 when the page is out of date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).with_name("licences.md")
EXTRAS = ("render", "matting", "oidc", "gpu", "traces")
MARKERS = {
    "python_version": "3.12",
    "python_full_version": "3.12.0",
    "sys_platform": "linux",
    "platform_system": "Linux",
}

# What a licence file says where the metadata says nothing, or says it at length.
KNOWN = {
    "opencv-python-headless": "Apache-2.0 (its wheel bundles LGPL FFmpeg)",
    "pyoidn": "Apache-2.0 (bundles Intel Open Image Denoise, Apache-2.0)",
    "cuda-toolkit": "a list of the NVIDIA packages below, nothing of its own",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "scikit-image": "BSD-3-Clause (parts: MIT, BSD-2-Clause)",
}

# One name for what the metadata spells in many ways.
SPELLINGS = {
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "New BSD": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "The MIT License (MIT)": "MIT",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "LicenseRef-NVIDIA-Proprietary": "NVIDIA proprietary, redistributable",
    "NVIDIA Proprietary Software": "NVIDIA proprietary, redistributable",
}

HEAD = """# Licences of the dependencies

Written by `docs/make_licences.py` from the packages' own metadata; do not edit. imagegen itself is Apache-2.0
(see LICENSE). Vendored are htmx (0BSD), which the review desk serves, and Swagger UI (Apache-2.0), which shows the API.

Worth knowing:

* **psycopg** (PostgreSQL driver) is LGPL-3.0. It is used unmodified and can be exchanged, as its licence asks; it is
  never loaded where SQLite is used.
* **certifi**, **tqdm** (in part) and **Hypothesis** (tests only) are MPL-2.0: files of theirs that are changed must
  stay open; we change none.
* **torch**'s wheels bring NVIDIA's CUDA libraries, which are proprietary and free to redistribute under NVIDIA's EULA.
* **Model weights** are not dependencies: none is shipped or downloaded. Each has a licence of its own; read it before
  configuring one (some matting weights are for research only).
* Docker images: Valkey is BSD-3-Clause, PostgreSQL has its own permissive licence.
"""


def main() -> int:
    """Write or check the page; gives the exit code."""
    page = _page()
    if "--check" in sys.argv[1:]:
        return int(not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page)
    PAGE.write_text(page, encoding="utf-8")
    return 0


def _page() -> str:
    seen: set[str] = set()
    parts = [HEAD]
    for extra in ("", *EXTRAS):
        direct = _required(distribution("imagegen"), {extra} if extra else set(), only=extra)
        rows = [_row(name, direct) for name in sorted(_closure(direct)) if name not in seen]
        seen |= {name for name, _ in rows}
        title = f"Extra `{extra}`" if extra else "Always installed"
        parts.append(f"## {title}\n\n| package | licence |\n| --- | --- |\n" + "".join(line for _, line in rows))
    return "\n".join(parts)


def _row(name: str, direct: dict[str, set[str]]) -> tuple[str, str]:
    shown = f"**{name}**" if name in direct else name
    return name, f"| {shown} | {_licence(distribution(name))} |\n"


def _closure(direct: dict[str, set[str]]) -> dict[str, set[str]]:
    """Every package that ``direct`` (name to extras) brings along, itself included, as far as it is installed."""
    found: dict[str, set[str]] = {}
    waiting = list(direct.items())
    while waiting:
        name, extras = waiting.pop()
        if extras <= found.get(name, set()) and name in found:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = found.get(name, set()) | extras
        waiting += _required(package, found[name]).items()
    return found


def _required(package: Distribution, extras: set[str], only: str = "") -> dict[str, set[str]]:
    """Name to extras of what ``package`` requires; ``only``: just what that extra adds."""
    needed: dict[str, set[str]] = {}
    for text in package.requires or []:
        wanted = Requirement(text)
        plain = _holds(wanted, [""])
        if not (_holds(wanted, extras) and not plain if only else plain or _holds(wanted, extras)):
            continue
        name = canonicalize_name(wanted.name)
        needed[name] = needed.get(name, set()) | set(wanted.extras)
    return needed


def _holds(wanted: Requirement, extras: Iterable[str]) -> bool:
    return wanted.marker is None or any(wanted.marker.evaluate(MARKERS | {"extra": extra}) for extra in extras)


def _licence(package: Distribution) -> str:
    name = canonicalize_name(package.metadata["Name"])
    if name in KNOWN:
        return KNOWN[name]
    expression = package.metadata.get("License-Expression") or ""
    classifiers = package.metadata.get_all("Classifier") or []
    classified = [text.rpartition(" :: ")[2] for text in classifiers if text.startswith("License :: ")]
    classified = [text for text in classified if text != "OSI Approved"]
    said = (package.metadata.get("License") or "").strip().partition("\n")[0]
    words = expression or (said if 0 < len(said) <= 60 else "") or " and ".join(classified) or said
    words = re.sub(r"\s+", " ", words).replace("|", "/") or "see its licence file"
    return SPELLINGS.get(words, words)


if __name__ == "__main__":
    sys.exit(main())
