"""Whether a weight file is what it says, before anything loads it: safetensors only, and only whole ones.

A pickle runs what is written in it, so none is opened, whatever it is called. The format of safetensors: eight bytes
with the header's length, the header as JSON (name -> dtype, shape, offsets), then the numbers without a gap
(https://github.com/huggingface/safetensors, 2022).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from imagegen.errors import BadWeightsError

LONGEST_HEADER = 25_000_000
"""Bytes; that of SDXL's UNet has 200 thousand."""
LONGEST_WORDS = 20_000_000
"""Bytes of a json or txt file; the largest vocabulary has one million."""

PICKLES = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle", ".npz", ".npy", ".h5", ".msgpack"})
PROGRAMS = frozenset({".py", ".pyc", ".so", ".sh"})

BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "U16": 16, "I16": 16, "F16": 16, "BF16": 16,
    "U32": 32, "I32": 32, "F32": 32, "U64": 64, "I64": 64, "F64": 64,
}  # fmt: skip

EXPONENTS = {"F16": ("<u2", 0x7C00), "BF16": ("<u2", 0x7F80), "F32": ("<u4", 0x7F800000), "F64": ("<u8", 0x7FF << 52)}
"""Of each floating type: how its bits are read, and the exponent bits that are all set in what is not finite."""

AGAIN = "Pull it again: imagegen models pull."


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor lies in its file: bytes from ``start`` to ``end``, counted from the file's beginning."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


def refuse_strangers(folder: Path) -> None:
    """Raise BadWeightsError for a pickle, a program or a link that leads out, anywhere in a family's folder."""
    home = folder.resolve()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in PICKLES:
            raise _bad(path, "is a pickle or may hold one, and a pickle is a program", "Only safetensors are loaded.")
        if path.suffix.lower() in PROGRAMS:
            raise _bad(path, "is a program", "A model is numbers; nothing that comes with it is run.")
        if not path.resolve().is_relative_to(home):
            raise _bad(path, "is a link that leads out of the family's folder", "Put the file itself there.")


def refuse_bad(path: Path) -> None:
    """Raise BadWeightsError unless the file is a whole safetensors, or JSON or text of a sensible size."""
    suffix = path.suffix.lower()
    if suffix == ".safetensors":
        tensors(path)
        return
    if suffix not in {".json", ".txt"}:
        raise _bad(path, "is neither safetensors nor json nor txt", "Only safetensors are loaded.")
    if path.stat().st_size > LONGEST_WORDS:
        raise _bad(path, f"has {path.stat().st_size} bytes, far more than words about a model need")
    try:
        words = path.read_text(encoding="utf-8")
        if suffix == ".json":
            json.loads(words)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _bad(path, f"cannot be read: {error}") from error


def tensors(path: Path) -> tuple[Tensor, ...]:
    """The tensors of a safetensors file in the order in which they lie there.

    Raises BadWeightsError when the header is too long, no JSON or makes no sense, when tensors overlap, leave gaps or
    reach beyond the end, and when the file ends early.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if size < 8:
            raise _bad(path, f"is cut off: it has {size} bytes")
        if length > LONGEST_HEADER:
            raise _bad(path, f"is no safetensors file: its header would have {length} bytes")
        if 8 + length > size:
            raise _bad(path, f"is cut off in its header: it has {size} of {8 + length} bytes")
        header = _header(path, stream.read(length))
    found = sorted(
        (_tensor(path, name, told, 8 + length) for name, told in header.items()), key=lambda t: (t.start, t.end)
    )
    at = 8 + length
    for tensor in found:
        if tensor.start != at:
            raise _bad(path, f"says that the tensor {tensor.name!r} begins where another lies or nothing does")
        at = tensor.end
    if at > size:
        raise _bad(path, f"is cut off: it has {size} of {at} bytes")
    if at < size:
        raise _bad(path, f"has {size - at} bytes after its last tensor, of which its header knows nothing")
    return tuple(found)


def refuse_infinite(path: Path) -> None:
    """Raise BadWeightsError when a weight is not a number or infinite; reads the whole file, a few MB at a time."""
    for tensor, bits, exponent in _floats(path):
        if bool(((bits & exponent) == exponent).any()):
            raise _bad(path, f"holds weights in {tensor.name!r} that are no finite numbers")


def _floats(path: Path, step: int = 1 << 22) -> Iterator[tuple[Tensor, Any, Any]]:
    import numpy as np  # noqa: PLC0415 - whoever only reads headers needs none

    for tensor in tensors(path):
        if tensor.dtype not in EXPONENTS or tensor.start == tensor.end:
            continue
        kind, exponent = EXPONENTS[tensor.dtype]
        count = (tensor.end - tensor.start) // np.dtype(kind).itemsize
        held = np.memmap(path, kind, "r", tensor.start, (count,))
        for start in range(0, count, step):
            yield tensor, held[start : start + step], np.dtype(kind).type(exponent)


def _header(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        header = json.loads(raw.decode("utf-8"), object_pairs_hook=_once)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _bad(path, "is no safetensors file: its header is not JSON") from error
    if not isinstance(header, dict):
        raise _bad(path, "is no safetensors file: its header is not a table")
    header.pop("__metadata__", None)
    return header


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a name stands in the header twice")
    return table


def _tensor(path: Path, name: str, told: Any, base: int) -> Tensor:
    """A header's entry, with offsets from the file's beginning."""
    entry = told if isinstance(told, Mapping) else {}
    dtype, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if dtype not in BITS or not _counts(shape) or not _counts(offsets) or len(offsets) != 2:
        raise _bad(path, f"does not say what the tensor {name!r} is")
    start, end = offsets
    if (end - start) * 8 != math.prod(shape) * BITS[dtype]:
        raise _bad(path, f"gives the tensor {name!r} {end - start} bytes, which its shape {shape} does not fill")
    return Tensor(name, dtype, tuple(shape), base + start, base + end)


def _counts(value: Any) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(n) is int and 0 <= n < 1 << 48 for n in value)


def _bad(path: Path, told: str, hint: str = AGAIN) -> BadWeightsError:
    return BadWeightsError(f"{path} {told}.", hint=hint, where=str(path))
