"""The whole room is painted, from its geometry and the words alone; of the traced picture nothing is left."""

from __future__ import annotations

from imagegen.diffusion.keep import keep
from imagegen.diffusion.modes.way import Way
from imagegen.types import Camera, Floats, Passes


def _around(alpha: Floats, passes: Passes, camera: Camera, size: tuple[int, int]) -> Floats:  # noqa: ARG001
    return keep(alpha, passes, size)


PAINT = Way(strength=1.0, keep=_around)
