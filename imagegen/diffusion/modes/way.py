"""What a way of painting is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from imagegen.protocols import Staged
from imagegen.types import Floats, Passes

Keep = Callable[[Staged, Passes, Floats, tuple[int, int]], Floats]
"""The mask (h, w) 0..1 at (width, height), of the passes and of how much of all products each pixel shows (H, W)."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of painting.

    ``strength``: share of the noise it begins with unless the style says otherwise, 1 is all; ``keep``: what is kept,
    as ``Request.keep`` tells; ``follows_style``: whether the style's own strength counts.
    """

    strength: float
    keep: Keep
    follows_style: bool = False
