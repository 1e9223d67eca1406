"""What every solver answers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from imagegen.types import Doubles, Spread


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A solved view: angles in degrees, ``distance`` in metres, ``focal`` and ``principal`` in pixels.

    ``overlap`` of the convex hulls of outline and box, 0..1; ``mismatch``: how much taller for its width the photo
    shows the product than its centimetres do (0: they agree). ``body`` (N, 3), ``spread``, ``footprint`` (N, 2) and
    ``footprint_sigma``: see ``Pose``. ``tips`` (T, 2): ends of legs, photo pixels.
    """

    yaw_deg: float
    elevation_deg: float
    distance: float
    focal: float
    principal: tuple[float, float]
    sigma_deg: float
    overlap: float
    mismatch: float
    body: Doubles
    spread: Spread
    footprint: Doubles = field(default_factory=lambda: np.zeros((0, 2)))
    footprint_sigma: float = 0.0
    tips: Doubles = field(default_factory=lambda: np.zeros((0, 2)))
