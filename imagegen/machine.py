"""What this machine can do: which path tracer and why, its LLVM, its denoiser, versions and memory."""

from __future__ import annotations

import os
import platform
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from imagegen.renderer.backend import choose

PACKAGES = ("mitsuba", "drjit", "pyoidn", "numpy", "scipy", "pillow")
"""Libraries whose version may change a picture's pixels."""


def fingerprint() -> dict[str, str]:
    """What of this machine decides pixels, for a recipe: the variant, its LLVM, and the versions that matter."""
    choice = choose()
    llvm = {"llvm": Path(choice.llvm).name} if choice.llvm and choice.variant.startswith("llvm") else {}
    return {"renderer": choice.variant, "processor": platform.machine()} | llvm | versions()


def describe() -> dict[str, str]:
    """The fingerprint and what a person wants to know besides: reasons, memory, cores, what is missing."""
    choice = choose()
    return fingerprint() | {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": str(cores()),
        "memory": f"{memory_bytes() / 2**30:.1f} GiB" if memory_bytes() else "unknown",
        "renderer_why": choice.why,
        "denoiser": "Intel Open Image Denoise" if find_spec("pyoidn") else "missing: install the 'render' extra",
        "ready": "yes" if ready() else "no: install the 'render' extra (pip install 'imagegen[render]')",
    }


def ready() -> bool:
    """Whether the path tracer and the denoiser are installed (looked up, not imported)."""
    return find_spec("mitsuba") is not None and find_spec("pyoidn") is not None


def versions() -> dict[str, str]:
    """Versions of the installed libraries that may change pixels."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def memory_bytes() -> int:
    """The machine's memory, or 0 when the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return 0
