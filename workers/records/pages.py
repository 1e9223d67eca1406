"""Keyset pages: a cursor says where the last page ended, so that pages stay right while rows come in."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Generic, TypeVar

from imagegen.errors import BadRequestError

T = TypeVar("T")

LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the cursor of the page after them (None at the end)."""

    items: list[T]
    next_cursor: str | None


def limited(limit: int) -> int:
    """``limit`` when it makes sense. Raises BadRequestError."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise BadRequestError(f"A page of {limit} rows.", hint=f"Ask for 1 to {LARGEST_PAGE}.", where="limit")
    return limit


def write_cursor(*key: str) -> str:
    """An opaque word for the place after ``key``."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _is_text(part: object) -> bool:
    return isinstance(part, str) and part.isprintable()


def read_cursor(cursor: str, parts: int) -> list[str]:
    """The key that ``write_cursor`` was given. Raises BadRequestError for anything else."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        key = None
    if not isinstance(key, list) or len(key) != parts or not all(map(_is_text, key)):
        raise BadRequestError("The cursor is not one of ours.", hint="Use next_cursor as it came.", where="cursor")
    return key
