"""The whole room is painted, from its geometry and the words alone; of the traced picture nothing is left."""

from __future__ import annotations

from imagegen.diffusion.keep import keep
from imagegen.diffusion.modes.way import Way
from imagegen.protocols import Staged
from imagegen.types import Floats, Passes


def _around(staged: Staged, passes: Passes, alpha: Floats, size: tuple[int, int]) -> Floats:  # noqa: ARG001
    return keep(alpha, passes, size)


PAINT = Way(strength=1.0, keep=_around)
