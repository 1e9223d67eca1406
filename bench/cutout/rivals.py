"""Other ways to cut a packshot, each given what a user has: the photo. One is given more, and its name says so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage

from bench.cutout.measures import unknown_band
from imagegen.images import linear_to_srgb, srgb_to_linear
from imagegen.types import Bools, Doubles, Floats, Photo

Rival = Callable[[Photo, Floats], tuple[Floats, Floats]]
"""(photo, true alpha) to alpha (H, W) and straight linear colour (H, W, 3). Only the oracle reads the truth."""

LEVELS = 24.0
"""Levels of 255 off the paper's colour that are product: the best mean of 8, 12, 16, 24, 32, 48 on the tuning set."""
INSET = 4
"""Pixels between the photo's frame and the rectangle in which GrabCut looks for the product."""
ROUNDS = 5


def threshold(photo: Photo, _truth: Floats) -> tuple[Floats, Floats]:
    """Product is what is further from the border's median colour than a fixed number of levels."""
    return _off_the_paper(photo).astype(np.float32), photo.colour


def _off_the_paper(photo: Photo) -> Bools:
    encoded = linear_to_srgb(photo.colour) * 255
    deep = max(3, round(0.012 * min(encoded.shape[:2])))
    ring = np.ones(encoded.shape[:2], bool)
    ring[deep:-deep, deep:-deep] = False
    return np.asarray(np.abs(encoded - np.median(encoded[ring], axis=0)).max(axis=2) > LEVELS, bool)


def grabcut(photo: Photo, _truth: Floats) -> tuple[Floats, Floats]:
    """Rother, Kolmogorov and Blake (2004), OpenCV's, from a rectangle just inside the frame."""
    import cv2  # noqa: PLC0415 - slow to load, and this rival's alone

    cv2.setRNGSeed(0)
    picture = np.ascontiguousarray((linear_to_srgb(photo.colour) * 255 + 0.5).astype(np.uint8)[..., ::-1])
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    box = (INSET, INSET, width - 2 * INSET, height - 2 * INSET)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(picture, mask, box, *models, ROUNDS, cv2.GC_INIT_WITH_RECT)
    return ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.float32), photo.colour


def closed_form(photo: Photo, _truth: Floats) -> tuple[Floats, Floats]:
    """Levin, Lischinski and Weiss (2008), pymatting's, on the trimap a user can make.

    It is thresholding's mask with a band about its edge, as wide as the unknown band of the measures.
    """
    mask = _off_the_paper(photo)
    return _by_trimap(photo, mask, unknown_band(mask.astype(np.float32)))


def closed_form_oracle(photo: Photo, truth: Floats) -> tuple[Floats, Floats]:
    """The same on a trimap of the true alpha: every pixel beyond the band is given right, which no user has."""
    return _by_trimap(photo, truth > 0.5, unknown_band(truth))


def _by_trimap(photo: Photo, mask: Bools, band: Bools) -> tuple[Floats, Floats]:
    import pymatting  # noqa: PLC0415 - the benchmark's own extra

    trimap = np.where(band, 0.5, mask.astype(np.float64))
    encoded = linear_to_srgb(photo.colour).astype(np.float64)
    if not ((trimap == 0).any() and (trimap == 1).any()):
        return mask.astype(np.float32), photo.colour
    alpha: Doubles = pymatting.estimate_alpha_cf(encoded, trimap)
    colour = pymatting.estimate_foreground_ml(encoded, alpha)
    return alpha.astype(np.float32), srgb_to_linear(np.clip(colour, 0, 1))


def warm_up() -> None:
    """Let pymatting compile itself, and OpenCV load, before anything is timed."""
    shade = ndimage.gaussian_filter(np.eye(64, dtype=np.float32), 6)
    photo = Photo(np.repeat((shade / shade.max())[..., None], 3, axis=2), None, "")
    truth = (photo.colour[..., 0] > 0.5).astype(np.float32)
    for rival in RIVALS.values():
        rival(photo, truth)


RIVALS: dict[str, Rival] = {
    "threshold": threshold,
    "grabcut": grabcut,
    "closed form": closed_form,
    "closed form, oracle trimap": closed_form_oracle,
}
