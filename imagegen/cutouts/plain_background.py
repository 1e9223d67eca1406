"""The cutter for packshots: a product before a plain background, with or without its studio shadow."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from imagegen.cutouts.background import border, steps
from imagegen.cutouts.doubts import judge_border, judge_result
from imagegen.cutouts.edge import matte
from imagegen.cutouts.regions import divide
from imagegen.images import linear_to_srgb
from imagegen.types import Cutout

if TYPE_CHECKING:
    from imagegen.types import Photo


class PlainBackgroundCutter:
    """Models the background from the photo's border, divides the photo by random walks, and mattes the edge."""

    name: ClassVar[str] = "plain_background"
    version: ClassVar[str] = "1"

    def accepts(self, photo: Photo) -> bool:
        """Any photo; what is not a packshot is refused by ``cut``, with what was seen."""
        return photo.colour.ndim == 3

    def cut(self, photo: Photo) -> Cutout:
        """The product freed of background and shadow. Raises NotAPackshotError rather than cut badly."""
        encoded = linear_to_srgb(photo.colour) * np.float32(255)
        sharp = steps(encoded)
        background = border(encoded, sharp)
        judge_border(background)
        regions = divide(encoded, sharp, background)
        alpha, colour = matte(photo.colour, regions.core, regions.outside, regions.guess)
        findings = judge_result(encoded, alpha, background)
        return Cutout(colour, alpha, f"{self.name} {self.version}", findings)
