"""What checks and unsure stages say of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a check concludes, mildest first."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check (or a stage that is unsure) says of a picture.

    ``score`` is compared with ``threshold`` in the sense that the message explains; ``where`` is an optional box
    (left, top, right, bottom) in the picture's pixels.
    """

    check: str
    verdict: Verdict
    score: float
    threshold: float
    message: str
    where: tuple[int, int, int, int] | None = None
