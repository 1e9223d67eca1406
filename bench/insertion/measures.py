"""How far a picture is from truth, in numbers: silhouettes, shadows, colours and whole pictures. Pure functions.

Pictures are (H, W, 3) sRGB uint8 of one size; masks and alphas (H, W) 0..1. A measure of nothing (no shadow in truth,
no product in sight) is nan, and nan is left out of every median.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from imagegen.images import srgb_to_linear
from imagegen.types import Bools, Floats, Labels

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
DARKER = 0.10
"""A place lies in the product's shadow where the product takes at least this share of its light."""
SMOOTH = 1.5
"""Pixels (one standard deviation) over which light is averaged before it is compared: a tracer's grain is finer."""
FLOOR = 0.01
"""Display light added to both sides of a ratio, so that black places do not speak."""
RIM = 3
"""Pixels about a product's edge that belong neither to it nor to the room."""
FEWEST = 40
"""Pixels; less than this is no region."""


def silhouette_iou(first: Floats | Bools, second: Floats | Bools) -> float:
    """Intersection over union, 0..1, of where two alphas are at least one half."""
    a, b = np.asarray(first) >= 0.5, np.asarray(second) >= 0.5
    either = np.count_nonzero(a | b)
    return np.count_nonzero(a & b) / either if either else float("nan")


def kept_light(picture: Labels, without: Labels) -> Floats:
    """The share of its light that each place keeps when the product comes (H, W): 1 untouched, 0.5 half as bright.

    A ratio image (Debevec 1998 composes by such differences): what both pictures share, the floor's boards, falls out,
    so shadows are compared and not the registration of textures. Linear display luminance, smoothed by ``SMOOTH``.
    """
    return np.asarray((_light(picture) + FLOOR) / (_light(without) + FLOOR), np.float32)


def _light(picture: Labels) -> Floats:
    level = srgb_to_linear(picture.astype(np.float32) / 255) @ LUMINANCE
    return np.asarray(ndimage.gaussian_filter(level, SMOOTH))


def room_pixels(*products: Floats) -> Bools:
    """Where no picture shows any of its product, with a rim (H, W)."""
    taken = np.any([np.asarray(product) > 0.02 for product in products], axis=0)
    return np.asarray(~ndimage.binary_dilation(taken, iterations=RIM))


def shadow_rmse(kept: Floats, true: Floats, room: Bools) -> float:
    """Root mean square difference of two ``kept_light`` images where truth is in shadow: a share of light, 0..1.

    The target's figure: the difference of what the product does to the light, whatever lies on the floor.
    """
    where = room & (true < 1 - DARKER)
    return _rms(kept - true, where)


def shadow_rmse_plain(picture: Labels, truth: Labels, true: Floats, room: Bools) -> float:
    """The same region, but of the pictures themselves: sRGB 0..1, all channels. Misplaced boards count in it."""
    where = room & (true < 1 - DARKER)
    apart = (picture.astype(np.float32) - truth.astype(np.float32)) / 255
    return _rms(np.sqrt((apart**2).mean(axis=-1)), where)


def _rms(apart: Floats, where: Bools) -> float:
    return float(np.sqrt((apart[where] ** 2).mean())) if np.count_nonzero(where) >= FEWEST else float("nan")


def balanced_error(kept: Floats, true: Floats, room: Bools) -> float:
    """Balanced error rate of the shadow mask, 0..1 (0.5: no better than chance; as in shadow detection, Vicente 2016).

    The mean of the share of truth's shadow that is missed and the share of truth's lit room that is darkened.
    """
    shadow, found = true < 1 - DARKER, kept < 1 - DARKER
    inside, outside = np.count_nonzero(room & shadow), np.count_nonzero(room & ~shadow)
    if inside < FEWEST or outside < FEWEST:
        return float("nan")
    missed = np.count_nonzero(room & shadow & ~found) / inside
    false = np.count_nonzero(room & ~shadow & found) / outside
    return (missed + false) / 2


def product_difference(picture: Labels, truth: Labels, alpha: Floats, mask: Floats) -> float:
    """Median CIEDE2000 (Sharma 2005) on what both pictures show as product; each smoothed by one pixel first."""
    from skimage.color import deltaE_ciede2000, rgb2lab  # noqa: PLC0415 - slow to import

    both = (np.asarray(alpha) > 0.99) & (np.asarray(mask) > 0.99)
    if np.count_nonzero(both) < FEWEST:
        return float("nan")
    labs = [rgb2lab(ndimage.gaussian_filter(each / 255.0, (1, 1, 0))) for each in (picture, truth)]
    return float(np.median(deltaE_ciede2000(*(lab[both] for lab in labs))))


def structural_similarity(picture: Labels, truth: Labels, known: Bools | None = None) -> float:
    """SSIM (Wang 2004) of the whole pictures (or of their ``known`` pixels), Gaussian windows, mean of the channels."""
    from skimage.metrics import structural_similarity as ssim  # noqa: PLC0415 - slow to import

    where = np.ones(truth.shape[:2], bool) if known is None else known
    shown = np.where(where[..., None], picture, truth)
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    _, each = ssim(shown, truth, channel_axis=2, full=True, **options)
    return float(each[where].mean())


def flip(picture: Labels, truth: Labels, known: Bools | None = None) -> tuple[float, Floats]:
    """FLIP (Andersson 2020) of the whole pictures (or of their ``known`` pixels): the mean and the map (H, W), 0..1.

    0 is equal; seen at 67 pixels a degree.
    """
    import flip_evaluator  # noqa: PLC0415 - an extra of the benchmarks

    where = np.ones(truth.shape[:2], bool) if known is None else known
    shown = np.where(where[..., None], picture, truth)
    reference, test = (each.astype(np.float32) / 255 for each in (truth, shown))
    error, _, _ = flip_evaluator.evaluate(reference, test, "LDR", applyMagma=False)
    flat = np.asarray(error, np.float32).reshape(truth.shape[:2])
    return float(flat[where].mean()), flat
