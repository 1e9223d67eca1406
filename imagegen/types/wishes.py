"""What whoever asks for a picture may choose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Quality(StrEnum):
    """How much time a picture may take: about 4 s, 20 s, 90 s on two cores."""

    DRAFT = "draft"
    STANDARD = "standard"
    FINAL = "final"


class Mode(StrEnum):
    """How much of a room an engine that paints may paint: all of it, all but its layout, only around the product."""

    PAINT = "paint"
    REFINE = "refine"
    HARMONISE = "harmonise"


@dataclass(frozen=True, slots=True)
class ExplicitPlacement:
    """Where a caller wants the product: metres in the room's frame, degrees about Z; overrides the anchor."""

    x: float
    y: float
    z: float = 0.0
    yaw_deg: float = 0.0
