"""What a way of painting is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from imagegen.types import Camera, Floats, Passes

Keep = Callable[[Floats, Passes, Camera, tuple[int, int]], Floats]
"""The mask (h, w) 0..1 at (width, height): of the products' alpha (H, W), the passes, and their camera."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of painting.

    ``strength``: share of the noise it begins with unless the style says otherwise, 1 is all; ``keep``: what is kept,
    as ``Request.keep`` tells; ``follows_style``: whether the style's own strength counts.
    """

    strength: float
    keep: Keep
    follows_style: bool = False
