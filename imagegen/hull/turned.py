"""Round goods (lamps, vases, pots): bodies of rotation about the product's own axis."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from imagegen.hull.lattice import Lattice, Span
from imagegen.types import Bools

FOOT = 0.15  # share of the height in which legs must be seen apart, if it has any

MOST_LEGS = 6  # side by side; more are the staves of a drum


def turned(lattice: Lattice, box: Span) -> Span:
    """Each row of the silhouette is a circle seen edge on."""
    near, far = box
    axis = lattice.depth_of(np.zeros(3))
    sideways = np.cross([0.0, 0.0, 1.0], -lattice.eye)
    sideways /= max(float(np.linalg.norm(sideways)), 1e-9)
    across = lattice.at(axis) @ sideways
    half = np.zeros_like(axis)
    for row in range(lattice.solid.shape[0]):
        labels, count = ndimage.label(lattice.solid[row])
        for run in range(1, count + 1):
            inside = labels == run
            low, high = across[row][inside].min(), across[row][inside].max()
            radius, centre = (high - low) / 2, (high + low) / 2
            depth = np.sqrt(np.maximum(radius**2 - (across[row][inside] - centre) ** 2, (0.15 * radius) ** 2))
            half[row][inside] = depth
    reach = half / lattice.stretch()
    return np.clip(axis - reach, near, None), np.minimum(axis + reach, np.maximum(far, axis))


def on_legs(solid: Bools) -> Bools:
    """The nodes (R, C) of legs that round goods stand on: rows near the foot in which they are seen side by side."""
    padded = np.pad(solid, ((0, 0), (1, 0)))
    runs = (padded[:, 1:] & ~padded[:, :-1]).sum(axis=1)
    rows = np.flatnonzero(runs)
    legs = np.zeros_like(solid)
    if not rows.size:
        return legs
    # The nearest of three legs ends lowest, alone.
    apart = rows[(runs[rows] > 1) & (rows >= rows[-1] - FOOT * np.ptp(rows))]
    if apart.size and runs[apart].max() <= MOST_LEGS:
        top = apart[-1]
        while top > rows[0] and runs[top - 1] > 1:
            top -= 1
        legs[top:] = solid[top:]
    return legs
