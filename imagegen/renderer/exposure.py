"""How bright a finished trace is shown: a photographer's last half stop, the same for the same picture.

The key of a picture is its log-average luminance (Reinhard et al., 2002). A style says which key is its own; a camera
that happens to look at a dark corner or along a white wall is drawn towards it, never all the way.
"""

from __future__ import annotations

import numpy as np

from imagegen.types import Bools, Floats

BOUNDS = (0.75, 1.9)
PULL = 0.75
"""Share of the way, in stops, from the picture's key to the style's."""
WHITE = 1.6
"""Scene light that the view transform shows as 95 % of white: brighter than this nothing is pushed."""
SOURCE = 3.0
"""A place that returns this many times the light of the middle place is a window, a lamp or lies in the sun."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


def settled(picture: Floats, albedo: Floats, room: Bools, key: float) -> float:
    """The factor within BOUNDS that brings a picture towards a key.

    ``picture`` (H, W, 3) linear scene light; ``albedo`` (H, W, 3) 0..1; ``room`` (H, W): the pixels that count (those
    without the product); ``key``: the log-average luminance that the style likes. Brightening stops where the 99th
    percentile of what is neither a light nor in the sun would pass WHITE. One when there is nothing to measure.
    """
    level = (picture @ _LUMINANCE)[room]
    lit = level > 0
    if not lit.any():
        return 1.0
    floor = np.float32(0.02 * key)  # a black corner is black, however black
    average = float(np.exp(np.log(np.maximum(level, floor), dtype=np.float64).mean()))
    wanted = float(np.clip((key / average) ** PULL, *BOUNDS))
    light = level / np.maximum((albedo @ _LUMINANCE)[room], 0.04)
    plain = light <= SOURCE * np.median(light)
    high = float(np.percentile(level[plain], 99))
    return min(wanted, max(1.0, WHITE / high)) if high > 0 else wanted
