"""What stands where, in ADE20K's colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from imagegen.diffusion.conditions.ade20k import PALETTE, class_of
from imagegen.diffusion.conditions.sampling import SEEN, nearest
from imagegen.types import Labels, Passes


def segments(passes: Passes, size: tuple[int, int]) -> Labels:
    """The classes (h, w, 3) uint8 at (width, height) in the palette of ``ade20k``; black where the class is unknown.

    Colours are names here: they are taken, never mixed.
    """
    return PALETTE[nearest(passes.segments, size)]


def named(passes: Passes, categories: Sequence[str]) -> Passes:
    """The passes with the products' own classes in ``segments``, which a hull does not know.

    ``categories``: the hero's, then those of ``passes.others``. A category that is no class of ADE20K leaves its pixels
    unknown.
    """
    labels = passes.segments.copy()
    for hull, category in zip((passes.hull, *(body.hull for body in passes.others)), categories, strict=True):
        labels[(hull > SEEN) & (passes.segments == 0)] = class_of(category)
    return replace(passes, segments=np.asarray(labels, np.uint8))
