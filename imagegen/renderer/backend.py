"""Which path tracer this machine can run: a GPU's, LLVM's or the plain one; found without importing Mitsuba."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from imagegen.errors import RendererUnavailableError

OVERRIDE = "IMAGEGEN_RENDERER"
"""Environment variable that names a variant (cuda_ad_rgb, llvm_ad_rgb, scalar_rgb) instead of the choice."""

VARIANTS = ("cuda_ad_rgb", "llvm_ad_rgb", "scalar_rgb")
OLDEST_LLVM = 16  # older ones cannot select `fminimum` and abort the whole process
NEWEST_LLVM = 22  # the newest that Dr.Jit 1.5 is known to work with
LLVM_FOLDERS = (
    "/usr/lib/llvm-*/lib",
    "/usr/lib/*-linux-gnu",
    "/usr/lib64",
    "/usr/lib64/llvm*/lib*",
    "/usr/lib",
    "/usr/local/lib",
    "/opt/homebrew/opt/llvm*/lib",
    "/usr/local/opt/llvm*/lib",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A variant of Mitsuba, why it was chosen, and the LLVM it needs (if it does)."""

    variant: str
    why: str
    llvm: str | None = None


@cache
def choose() -> Choice:
    """The fastest variant that works here; the same on every call.

    Raises RendererUnavailableError when the override names no variant.
    """
    asked = os.environ.get(OVERRIDE, "").strip()
    if asked and asked not in VARIANTS:
        raise RendererUnavailableError(
            f"{OVERRIDE}={asked!r} is not a variant.", hint=f"Known are: {', '.join(VARIANTS)}."
        )
    llvm = find_llvm()
    if asked:
        return Choice(asked, f"asked for by {OVERRIDE}", llvm[0] if llvm else None)
    if nvidia_usable():
        return Choice("cuda_ad_rgb", "an NVIDIA driver with OptiX and a GPU answers")
    if llvm is not None:
        return Choice("llvm_ad_rgb", f"LLVM {llvm[1]} found at {llvm[0]}", llvm[0])
    return Choice(
        "scalar_rgb", f"no GPU and no LLVM {OLDEST_LLVM} to {NEWEST_LLVM}: about three times slower (Debian: libllvm19)"
    )


def find_llvm() -> tuple[str, int] | None:
    """Path and major version of the newest usable LLVM library, or None. A path set by the user wins when usable."""
    own = os.environ.get("DRJIT_LIBLLVM_PATH", "")
    if own and _usable(Path(own)):
        return own, _major(Path(own))
    found = {path.resolve() for folder in LLVM_FOLDERS for path in _glob(folder)}
    named = ctypes.util.find_library("LLVM")
    if named and Path(named).is_absolute():
        found.add(Path(named).resolve())
    usable = sorted((path for path in found if _usable(path)), key=lambda path: (_major(path), str(path)))
    return (str(usable[-1]), _major(usable[-1])) if usable else None


def nvidia_usable() -> bool:
    """Whether a CUDA driver starts, sees a GPU, and OptiX lies beside it."""
    if sys.platform != "linux":
        return False
    try:
        driver = ctypes.CDLL("libcuda.so.1")
        ctypes.CDLL("libnvoptix.so.1")
    except OSError:
        return False
    count = ctypes.c_int(0)
    return driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0 and count.value > 0


@cache
def mitsuba() -> Any:
    """The mitsuba module with the chosen variant set; imported on the first call.

    Raises RendererUnavailableError when it is not installed.
    """
    choice = choose()
    if choice.llvm:
        os.environ["DRJIT_LIBLLVM_PATH"] = choice.llvm
    try:
        import mitsuba as mi  # noqa: PLC0415  # heavy, and the LLVM must be chosen before
    except ImportError as error:
        raise RendererUnavailableError(
            "Mitsuba is not installed.", hint="Install the 'render' extra: pip install 'imagegen[render]'."
        ) from error
    mi.set_variant(choice.variant)
    mi.set_log_level(mi.LogLevel.Error)
    return mi


def _glob(folder: str) -> list[Path]:
    return [path for place in Path("/").glob(folder.lstrip("/")) for path in place.glob("libLLVM*") if path.is_file()]


def _usable(path: Path) -> bool:
    return path.is_file() and OLDEST_LLVM <= _major(path) <= NEWEST_LLVM


def _major(path: Path) -> int:
    """Major version told by a library's real name or its folder; 0 when neither tells."""
    real = path.resolve()
    name = re.search(r"libLLVM[-.](?:so\.|dylib\.)?(\d+)", real.name)
    home = re.search(r"llvm[-@]?(\d+)", str(real.parent))
    told = name or home
    return int(told.group(1)) if told else 0
