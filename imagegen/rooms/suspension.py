"""What holds a hung product: a rosette on the ceiling above it, and the cord between when its own ends too low."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.shapes import Shape, cylinder, lathe
from imagegen.rooms.view import View
from imagegen.types import Mount, Product

ROSETTE_RADIUS = 0.05
ROSETTE_HEIGHT = 0.025
CORD_RADIUS = 0.003
SEGMENT = 83
"""ADE20K's "light", as the rooms' own pendants."""


def suspension(product: Product, view: View, ceiling: float) -> dict[str, Shape]:
    """The shapes by slot ("canopy", "cord") in the page's frame; none when the product's own cord leaves the picture.

    ``ceiling``: metres from the floor. Both lie exactly on the product's upright axis.
    """
    if product.mount is not Mount.CEILING:
        return {}
    x, y, z = view.product.centre
    top = float(z + view.product.half[2])
    seen = view.camera.project(np.array([[-x if view.mirrored else x, y, min(top, ceiling)]]))[0]
    if not seen[1] > 0:
        return {}
    made = {"canopy": _rosette().move(x, y, ceiling)}
    gap = ceiling - ROSETTE_HEIGHT - top
    if gap > 0:
        made["cord"] = cylinder(CORD_RADIUS, gap + ROSETTE_HEIGHT / 2, 0.0005, 12).move(x, y, top)
    return made


def _rosette() -> Shape:
    """A disc with a rounded rim that hangs from z = 0."""
    radius, height, edge = ROSETTE_RADIUS, ROSETTE_HEIGHT, 0.012
    angles = np.linspace(0, np.pi / 2, 9)
    rim = zip(radius - edge * (1 - np.sin(angles)), edge * (1 - np.cos(angles)) - height, strict=True)
    return lathe([(0.0, -height), *((float(r), float(z)) for r, z in rim), (radius, 0.0), (0.0, 0.0)])
