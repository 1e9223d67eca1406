"""Depth as a ControlNet reads it: inverse depth, near is white."""

from __future__ import annotations

import numpy as np

from imagegen.diffusion.conditions.sampling import one_surface
from imagegen.types import Floats, Labels, Passes

OUTLIERS = 0.5
"""Percent at either end that may not decide the range: one chair leg before the lens must not darken a room."""
LEAST = 1e-6  # a range below this share of its own middle is one flat wall


def depth(passes: Passes, size: tuple[int, int]) -> Labels:
    """Inverse depth (h, w, 3) uint8 at (width, height): white is the nearest, black the farthest and where nothing is.

    The depth ControlNets were trained on MiDaS (Zhang et al. 2023), which predicts inverse depth up to scale and shift
    (Ranftl et al. 2022), and each picture was brought to 0..1 by its own least and greatest value. True metres go the
    same way, so that the scale which MiDaS does not know is never seen; only the ends are percentiles. One plane
    square to the camera, which has no range, is grey.
    """
    nearness = one_surface(inverse(passes.depth), size)
    seen = nearness > 0
    grey = np.zeros_like(nearness)
    if seen.any():
        far, near = np.percentile(nearness[seen], (OUTLIERS, 100 - OUTLIERS))
        flat = near - far <= LEAST * near
        grey = np.full_like(nearness, 0.5) if flat else np.clip((nearness - far) / (near - far), 0, 1)
        grey = np.where(seen, grey, 0)
    return np.repeat(np.rint(grey * 255).astype(np.uint8)[..., None], 3, axis=2)


def inverse(metres: Floats) -> Floats:
    """Inverse depth, 1/metres, of depth in metres; 0 where nothing is (inf)."""
    return np.asarray(1 / np.maximum(metres, 1e-3), np.float32)
