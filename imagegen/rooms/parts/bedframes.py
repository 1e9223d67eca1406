"""What bed frames share: rails with their deck, posts."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.joinery import plank
from imagegen.rooms.shapes import Shape, slab
from imagegen.types import Doubles


def rails(width: float, foot: float, head: float, low: float, high: float, thick: float = 0.028) -> list[Shape]:
    """Two long sides and a foot board between two heights, and the slats' deck within."""
    w = width / 2
    return [
        plank((-w, foot, low), (-w + thick, head, high), 0.005),
        plank((w - thick, foot, low), (w, head, high), 0.005),
        plank((-w + thick, foot, low), (w - thick, foot + thick, high), 0.005),
        slab((-w + thick, foot + thick, (low + high) / 2 - 0.01), (w - thick, head, (low + high) / 2 + 0.01), 0.002),
    ]


def block(width: float, foot: float, head: float, low: float, high: float) -> tuple[Doubles, Doubles]:
    """Corners of what the duvet must not enter."""
    return np.array([-width / 2, foot, low]), np.array([width / 2, head, high])


def posts(width: float, foot: float, height: float, side: float = 0.05) -> list[Shape]:
    """Two square posts at the corners of one end."""
    h = side
    return [
        plank((s * (width / 2 - h / 2) - h / 2, foot, 0), (s * (width / 2 - h / 2) + h / 2, foot + h, height), 0.006)
        for s in (-1, 1)
    ]
