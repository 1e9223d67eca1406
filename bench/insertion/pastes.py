"""What many tools do: the product's pixels over a finished picture of a room, with or without a drop shadow."""

from __future__ import annotations

import math
import time

import numpy as np
from scipy import ndimage

from bench.insertion.runs import Shown
from bench.insertion.truth import Truth
from imagegen import composite, cutouts, images
from imagegen.placement.framing import Extent
from imagegen.tone import encode8
from imagegen.types import Cutout, Doubles, Floats

SHIFT, BLUR, OPACITY = 0.06, 0.10, 0.6
"""The drop shadow: how far down and how soft as shares of the product's size, and how dark."""


def cut(photo: bytes) -> Cutout:
    """The packshot's cutout by this pipeline's own cutter. Raises ImagegenError when it refuses."""
    decoded = images.decode(photo)
    return cutouts.choose(decoded, None, None).cut(decoded)


def pasted(truth: Truth, cutout: Cutout, *, shadow: bool) -> Shown:
    """The photo's own pixels over the empty room, stretched to the true bounding box; with a drop shadow if wanted.

    A gift: the room is rendered from the true camera and the box is the true product's own.
    """
    began = time.perf_counter()
    height, width = truth.mask.shape
    source, alpha = composite.lay(cutout, stretched(cutout, truth.mask), width, height)
    ground = images.srgb_to_linear(truth.without.astype(np.float32) / 255)
    if shadow:
        ground = ground * (1 - drop_shadow(alpha))[..., None]
    over = alpha[..., None]
    picture = encode8(ground * (1 - over) + source * over)
    return Shown(picture, truth.without, alpha, {"seconds": {"all": time.perf_counter() - began}})


def stretched(cutout: Cutout, mask: Floats) -> Doubles:
    """The map (3, 3) that takes the cutout's bounding box to that of ``mask``, each side by itself."""
    here = Extent.of(cutout)
    there = Extent.of(Cutout(np.zeros((*mask.shape, 3), np.float32), mask, "mask"))
    across, down = there.width / here.width, there.height / here.height
    return np.array([[across, 0, there.left - across * here.left], [0, down, there.top - down * here.top], [0, 0, 1.0]])


def drop_shadow(alpha: Floats) -> Floats:
    """How much a product's blurred, shifted silhouette takes from what lies behind it (H, W), 0..1."""
    size = math.sqrt(float(np.count_nonzero(alpha > 0.5)))
    moved = ndimage.shift(alpha, (SHIFT * size, 0), order=1)
    return np.asarray(OPACITY * ndimage.gaussian_filter(moved, BLUR * size), np.float32)
