"""Whether a round thing's top is seen from above or from below: the outline shows the same half ellipse either way.

From above the top's near rim is an edge inside the outline, the mirror image of the far rim that is its end; from below
the near rim is the end itself, and what lies beneath it is plain.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from imagegen.colour import LUMINANCE
from imagegen.pose.silhouette import Silhouette
from imagegen.types import Cutout, Doubles

SPAN = 480.0
"""Steps along the product's longer side at which its brightness is looked at: edges are told apart at one scale."""
EDGE, PLAIN = 0.02, 0.004
"""Steps of brightness (square root of luminance) from which there is an edge, and up to which there is none."""
GRAIN = 0.0012
"""Steps of brightness from one place to the next from which a surface is known to be well exposed."""
SHALLOWEST = 4.0
"""Steps of the ellipse's shorter half axis below which its near half cannot be told from its far half."""


def seen_from_above(cutout: Cutout, silhouette: Silhouette, ratio: float, share: float) -> bool | None:
    """Whether the near half of the top's rim shows as an edge; None where that cannot be told.

    ``ratio`` of the rim's axes, ``share`` of the product's width that it spans (see ``circular.Rim``).
    """
    step = max(silhouette.width, silhouette.height) / SPAN
    across = share * float(silhouette.row_widths().max()) / 2
    down = ratio * across
    if down < SHALLOWEST * step:
        return None
    profile = _across_rim(_brightness(cutout, step), silhouette, across, down, step)
    rises = np.diff(profile, axis=0)
    together = np.abs(np.median(rises, axis=1))
    middle = len(together) // 2
    found = float(together[max(0, middle - 3) : middle + 4].max())
    if found > EDGE:
        return True
    # Where a surface shows no grain either, it may be too bright for its edges to show.
    grain = float(np.median(np.abs(rises)))
    return False if found < PLAIN and grain > max(GRAIN, found) else None


def _brightness(cutout: Cutout, step: float) -> Doubles:
    light = np.sqrt(np.clip(cutout.colour @ LUMINANCE, 0, 1))
    return np.asarray(ndimage.gaussian_filter(light, step))


def _across_rim(light: Doubles, silhouette: Silhouette, across: float, down: float, step: float) -> Doubles:
    """Brightness (offsets, points) along normals of the ellipse's near half, from above it to below it."""
    x = np.linspace(-0.8, 0.8, 81) * across
    arc = np.sqrt(1 - (x / across) ** 2)
    slope = -down * x / (across**2 * arc)
    normal = np.stack([-slope, np.ones_like(x)]) / np.hypot(1, slope)
    offsets = np.arange(-0.6 * down, 0.6 * down + step, step)[:, None]
    u = (silhouette.left + silhouette.right) / 2 + x + normal[0] * offsets
    v = silhouette.top + down + down * arc + normal[1] * offsets
    return np.asarray(ndimage.map_coordinates(light, [v - 0.5, u - 0.5], order=1, mode="nearest"))
