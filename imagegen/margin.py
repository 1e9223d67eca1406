"""What stands just outside a product's edge: more product that an engine painted there, or a halo.

Both are judged against the traced room, which is what should stand there: only what the engine added counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from imagegen.colour import difference, lab
from imagegen.gain import box_of
from imagegen.images import srgb_to_linear
from imagegen.types import Bools, Doubles, Floats, Labels

REACH = 0.25
"""How far outside the product is looked, as a share of its size in the picture."""
ALIKE = 9.0
"""CIEDE2000 up to which a pixel may be more of the product next to it."""
UNLIKE = 14.0
"""CIEDE2000 from which on the traced room there is surely not."""
EVIDENT = 0.35
"""Share of a patch's outer end that must be an edge: what goes on into the room is a wall of the same colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """A product's surroundings in a picture, cut out of it.

    ``solid`` (h, w): where the product is; ``distance`` (h, w): pixels to it; ``own``, ``painted``, ``traced`` (h, w,
    3): CIELAB of the product's nearest pixel, of the picture and of the traced room; ``reach``: pixels that are looked
    at.
    """

    solid: Bools
    distance: Floats
    own: Doubles
    painted: Doubles
    traced: Doubles
    reach: float


def margin(picture: Labels, traced: Labels, alpha: Floats) -> Margin | None:
    """The margin of the product in ``picture`` (H, W, 3) sRGB; ``traced``: the room alone; None without a product."""
    solid = alpha > 0.5
    if not solid.any() or solid.all():
        return None
    rows, cols = box_of(solid)
    size = float(np.sqrt(solid.sum()))
    reach = max(4.0, REACH * size)
    edge = int(reach * 2) + 2
    window = (
        slice(max(0, rows.start - edge), rows.stop + edge),
        slice(max(0, cols.start - edge), cols.stop + edge),
    )
    solid, clear = solid[window], alpha[window] > 0.98
    distance, nearest = ndimage.distance_transform_edt(~solid, return_indices=True)
    core = clear if clear.any() else solid
    inner = ndimage.distance_transform_edt(~core, return_distances=False, return_indices=True)
    shown = lab(srgb_to_linear(picture[window] / 255.0))
    own = shown[tuple(inner)][tuple(nearest)]
    room = lab(srgb_to_linear(traced[window] / 255.0))
    return Margin(solid, np.asarray(distance, np.float32), own, shown, room, reach)


def grown(around: Margin) -> Bools:
    """Pixels (h, w) outside the product that the engine made look like more of it.

    They are joined to it, look like its nearest pixel where the traced room does not, and end within reach at an edge.
    """
    ring = (around.distance > 0) & (around.distance <= around.reach)
    alike = ring & (difference(around.painted, around.own) < ALIKE) & (difference(around.traced, around.own) > UNLIKE)
    if not alike.any():
        return alike
    joined, _ = ndimage.label(alike | around.solid, np.ones((3, 3)))
    keep = np.unique(joined[around.solid])
    patches, count = ndimage.label(alike & np.isin(joined, keep), np.ones((3, 3)))
    if count == 0:
        return patches > 0
    numbers = np.arange(1, count + 1)
    area = ndimage.sum_labels(np.ones_like(patches), patches, numbers)
    # A patch that is still there where the look ends goes on into the room.
    far = ndimage.sum_labels(around.distance > around.reach - 1.5, patches, numbers)
    outer = ndimage.sum_labels(around.distance > 0.5 * around.reach, patches, numbers)
    ends = (far <= EVIDENT * np.sqrt(np.maximum(area, 1))) & (outer < 0.6 * area)
    return np.asarray(np.isin(patches, numbers[ends & (area >= 4)]))


def expansion(picture: Labels, traced: Labels, alpha: Floats) -> float:
    """Area of what was painted on to the product, as a share of the product's own: |m' or m| - |m| over |m|."""
    around = margin(picture, traced, alpha)
    return 0.0 if around is None else float(grown(around).sum() / around.solid.sum())


def expansion_by(mask: Floats, alpha: Floats) -> float:
    """The same from a segmenter's mask (H, W) 0..1 of the finished picture."""
    own = alpha > 0.5
    return float(((mask > 0.5) | own).sum() / max(1, own.sum()) - 1)


def halo(picture: Labels, traced: Labels, alpha: Floats) -> float:
    """A rim of light or dark along the product that the traced room does not have: steps of L*, the median of the rim.

    The first pixels outside are compared with those a little further off, in the picture and in the traced room.
    """
    around = margin(picture, traced, alpha)
    if around is None:
        return 0.0
    near = (around.distance > 1) & (around.distance <= 3)
    far = (around.distance > 5) & (around.distance <= 9)
    if near.sum() < 16 or far.sum() < 16:
        return 0.0
    steps = [_step(plane[..., 0], near, far) for plane in (around.painted, around.traced)]
    return float(abs(np.median((steps[0] - steps[1])[near])))


def _step(light: Doubles, near: Bools, far: Bools) -> Doubles:
    """Lightness of each near pixel over that of the far ones around it."""
    weight = ndimage.uniform_filter(far.astype(np.float32), 21)
    there = ndimage.uniform_filter(light * far, 21) / np.maximum(weight, 1e-6)
    return np.where(near & (weight > 1e-4), light - there, 0)
