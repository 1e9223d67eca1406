"""The traced room stays as it is but for a band around the product and its shadow."""

from __future__ import annotations

import numpy as np

from imagegen.diffusion.keep import band
from imagegen.diffusion.modes.way import Way
from imagegen.protocols import Staged
from imagegen.types import Floats, Passes


def _nearby(staged: Staged, passes: Passes, alpha: Floats, size: tuple[int, int]) -> Floats:
    hull = np.asarray(staged.hull.vertices, float)
    return band(alpha, passes, staged.placement.camera, size, hull=hull)


HARMONISE = Way(strength=0.5, keep=_nearby)
