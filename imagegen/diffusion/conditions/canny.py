"""Edges of a picture's light, by the detector that the Canny ControlNets were trained with."""

from __future__ import annotations

import numpy as np
from PIL import Image

from imagegen.diffusion.conditions.detectors import detector
from imagegen.diffusion.conditions.edges import edges
from imagegen.diffusion.conditions.sampling import SEEN, nearest
from imagegen.tone import view_transform
from imagegen.types import Labels, Passes

LOW, HIGH = 100, 200
"""Thresholds in the middle of those that the ControlNet was trained with (Zhang et al. 2023)."""
STEP = 64  # the detector works at sizes that are multiples of this


def canny(passes: Passes, size: tuple[int, int]) -> Labels:
    """White lines on black (h, w, 3) uint8 at (width, height): those of the traced picture, and of the hulls' geometry.

    The camera of ``passes.picture`` looks through the hulls: what it sees behind them is taken away, and they stand
    there with the lines of their shape.
    """
    traced = Image.fromarray(view_transform(passes.picture))
    found = canny_of(np.asarray(traced.resize(size, Image.Resampling.BOX)))
    hulls = np.max([passes.hull, *(body.hull for body in passes.others)], axis=0)
    inside = nearest(hulls, size) > SEEN
    return np.where(inside[..., None], edges(passes, size), found)


def canny_of(picture: Labels, low: int = LOW, high: int = HIGH) -> Labels:
    """White lines on black (H, W, 3) of a picture (H, W, 3) uint8 sRGB (Canny 1986), at the picture's own size.

    Raises MissingWeightsError when controlnet-aux is not installed.
    """
    height, width = picture.shape[:2]
    padded = np.pad(picture, ((0, -height % STEP), (0, -width % STEP), (0, 0)), "edge")
    side = min(padded.shape[:2])
    found = detector("canny", "CannyDetector")()(
        padded, low_threshold=low, high_threshold=high, detect_resolution=side, image_resolution=side, output_type="np"
    )
    return np.asarray(found[:height, :width], np.uint8)
