"""The cutter for files that bring their own alpha: somebody has cut the product already, and that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from imagegen.errors import NotAPackshotError
from imagegen.types import Cutout, Finding, Floats, Verdict

if TYPE_CHECKING:
    from imagegen.types import Photo

LEAST_SHARE = 0.005
"""A product smaller than this share of the picture has too few pixels to be shown in a room."""


class AlphaCutter:
    """Takes alpha and colour exactly as the file gives them (straight, not premultiplied)."""

    name: ClassVar[str] = "alpha"
    version: ClassVar[str] = "1"

    def accepts(self, photo: Photo) -> bool:
        """Whether the file has an alpha that leaves a real part of the picture clear."""
        return photo.alpha is not None and float((photo.alpha < 0.05).mean()) > 0.01

    def cut(self, photo: Photo) -> Cutout:
        """The product as its file cuts it. Raises NotAPackshotError when there is nothing, or no alpha at all."""
        if photo.alpha is None:
            raise NotAPackshotError(
                "The photo has no alpha channel.", hint="Send a PNG or WebP with a clear background."
            )
        share = float(photo.alpha.mean())
        if share < LEAST_SHARE:
            raise NotAPackshotError(
                f"The photo's alpha leaves only {share:.2%} of the picture.",
                hint="Check the file's alpha channel, or crop the photo closer to the product.",
            )
        alpha = np.ascontiguousarray(photo.alpha, np.float32)
        return Cutout(photo.colour, alpha, f"{self.name} {self.version}", _doubts(alpha))


def _doubts(alpha: Floats) -> tuple[Finding, ...]:
    """A product that is cut by the frame over a long stretch will end in mid-air: say so."""
    sides = {"top": alpha[0], "bottom": alpha[-1], "left": alpha[:, 0], "right": alpha[:, -1]}
    name, share = max(((name, float((side > 0.5).mean())) for name, side in sides.items()), key=lambda pair: pair[1])
    threshold = 0.1
    if share <= threshold:
        return ()
    return (
        Finding(
            "cutout",
            Verdict.WARN,
            share,
            threshold,
            f"The product reaches the photo's {name} edge and may be cut off there.",
        ),
    )
