"""What a ControlNet is told of the room: pictures of the geometry, one file for each kind.

The products stand in all of them as their hulls: ``passes`` hold them already. A new condition is a file here and its
line in ``CONDITIONS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from imagegen.diffusion.conditions.canny import canny
from imagegen.diffusion.conditions.depth import depth
from imagegen.diffusion.conditions.edges import edges
from imagegen.diffusion.conditions.segments import segments
from imagegen.errors import UnknownNameError
from imagegen.types import Labels, Passes


class Condition(Protocol):
    """One way to show a room's geometry."""

    def __call__(self, passes: Passes, size: tuple[int, int]) -> Labels:
        """A picture (h, w, 3) uint8 of the passes at (width, height)."""
        ...


CONDITIONS: dict[str, Condition] = {"depth": depth, "segments": segments, "edges": edges, "canny": canny}
"""By the name that a family's ControlNet asks for."""


def read(names: Sequence[str], passes: Passes, size: tuple[int, int]) -> Labels:
    """What a ControlNet that reads these conditions sees (h, w, 3 * len(names)) uint8: one after another in channels.

    Raises UnknownNameError.
    """
    unknown = [name for name in names if name not in CONDITIONS]
    if unknown:
        raise UnknownNameError(f"There is no condition {unknown[0]!r}.", hint=f"There are: {', '.join(CONDITIONS)}.")
    return np.concatenate([CONDITIONS[name](passes, size) for name in names], axis=2)
