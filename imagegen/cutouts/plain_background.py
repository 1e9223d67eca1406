"""The cutter for packshots: a product before a plain background, with or without its studio shadow."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from imagegen.cutouts.background import border, steps
from imagegen.cutouts.doubts import judge_border, judge_result
from imagegen.cutouts.edge import matte
from imagegen.cutouts.regions import cell, divide, find
from imagegen.images import linear_to_srgb
from imagegen.types import Bools, Cutout

if TYPE_CHECKING:
    from imagegen.types import Photo


MARGIN = 10
"""Cells of background left about the product when the rest of the photo is laid aside: enough to know its colour."""


class PlainBackgroundCutter:
    """Models the background from the photo's border, divides the photo by random walks, and mattes the edge."""

    name: ClassVar[str] = "plain_background"
    version: ClassVar[str] = "3"

    def accepts(self, photo: Photo) -> bool:
        """Any photo; what is not a packshot is refused by ``cut``, with what was seen."""
        return photo.colour.ndim == 3

    def cut(self, photo: Photo) -> Cutout:
        """The product freed of background and shadow. Raises NotAPackshotError rather than cut badly."""
        encoded = linear_to_srgb(photo.colour) * np.float32(255)
        sharp = steps(encoded)
        background = border(encoded, sharp)
        judge_border(background)
        inside = find(encoded, sharp, background)
        box = _around(inside, MARGIN * cell(sharp))
        near, part = background.within(box), (encoded[box], sharp[box])
        regions = divide(*part, near, inside[box], cell(sharp), sharp.size)
        alpha, colour = np.zeros_like(sharp), photo.colour.copy()
        alpha[box], colour[box] = matte(photo.colour[box], regions.core, regions.outside, regions.guess)
        findings = judge_result(encoded, alpha, background)
        return Cutout(colour, alpha, f"{self.name} {self.version}", findings)


def _around(inside: Bools, margin: int) -> tuple[slice, slice]:
    """The part of a photo (rows, columns) with everything ``inside`` (H, W) and a ``margin`` of background."""
    if not inside.any():
        return np.s_[:, :]
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    return (
        slice(max(0, int(rows[0]) - margin), int(rows[-1]) + 1 + margin),
        slice(max(0, int(columns[0]) - margin), int(columns[-1]) + 1 + margin),
    )
