"""Wall goods: photographed from straight in front, so the scale is plain and the distance is free.

A flat thing seen head-on looks the same from any distance at the same scale; the house's lens decides.
"""

from __future__ import annotations

from imagegen.pose.fit import Fit
from imagegen.pose.forms import corners
from imagegen.pose.silhouette import Silhouette
from imagegen.types import Dimensions, Spread

HOUSE_LENS_MM = 50.0
NEAREST = 2.2
FARTHEST = 4.5


def looks_frontal(silhouette: Silhouette, size: Dimensions) -> bool:
    """Whether the outline has the proportions of the product's front."""
    return abs(_mismatch(silhouette, size)) < 0.06


def solve_frontal(silhouette: Silhouette, size: Dimensions) -> Fit:
    """A camera at the height of the product's middle, straight in front of it."""
    seen = silhouette.width * silhouette.height / (size.width * size.height)
    per_metre = seen**0.5
    distance = min(max(4.0 * max(size.width, 0.75 * size.height) * HOUSE_LENS_MM / 36.0, NEAREST), FARTHEST)
    focal = per_metre * (distance - size.depth / 2)
    middle = ((silhouette.left + silhouette.right) / 2, (silhouette.top + silhouette.bottom) / 2)
    mismatch = _mismatch(silhouette, size)
    covered = float(silhouette.mask.sum()) / (silhouette.width * silhouette.height)
    sigma = 3.0 + 60.0 * max(0.0, abs(mismatch) - 0.03)
    spread = Spread(sigma / 2**0.5, sigma / 2**0.5, 0.4, 0.4)
    return Fit(0.0, 0.0, distance, focal, middle, sigma, min(1.0, covered / 0.785), mismatch, corners(size), spread)


def _mismatch(silhouette: Silhouette, size: Dimensions) -> float:
    return (silhouette.height / silhouette.width) / (size.height / size.width) - 1
