"""Real spherical harmonics of the first three bands: light from all sides in nine numbers."""

from __future__ import annotations

import numpy as np

from imagegen.types import Doubles, Floats


def harmonics(directions: Doubles | Floats) -> Doubles:
    """The nine real spherical harmonics of bands 0 to 2 at unit directions (..., 3): (..., 9)."""
    x, y, z = (np.asarray(directions, float)[..., i] for i in range(3))
    planes = [
        0.282095 * np.ones_like(x), 0.488603 * y, 0.488603 * z, 0.488603 * x,
        1.092548 * x * y, 1.092548 * y * z, 0.315392 * (3 * z * z - 1), 1.092548 * x * z, 0.546274 * (x * x - y * y),
    ]  # fmt: skip
    return np.stack(planes, axis=-1)
