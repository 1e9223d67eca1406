"""Pictures laid over truth pixel by pixel: how a product is framed is taste, and no error.

Two releases may frame one photo differently, and so may a rule that looks at the solved camera. A photo is only scaled
and shifted into its picture, so one similarity takes any method's picture to truth's frame.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image

from bench.insertion.geometry import mapped
from bench.insertion.runs import Shown
from bench.insertion.truth import Truth
from imagegen.placement.framing import warped
from imagegen.types import Bools, Doubles, Floats, Labels, Mount

STAYS = 1.0
"""Pixels that a corner may lie aside before a picture is resampled: less is the silhouette's own uncertainty."""


def reframed(truth: Truth, shown: Shown) -> tuple[Shown, Bools]:
    """The method's picture in truth's frame, and which of truth's pixels it has something for (H, W).

    Rugs are laid into a view of the room's own and stay as they are.
    """
    height, width = truth.mask.shape
    everything = np.ones((height, width), bool)
    if shown.warp is None or shown.camera is None or truth.pair.good.mount is Mount.RUG:
        return shown, everything
    move = truth.place.warp @ np.linalg.inv(shown.warp)
    corners = np.array([[0.0, 0], [width, 0], [0, height], [width, height]])
    if np.abs(mapped(move, corners) - corners).max() <= STAYS:
        return shown, everything
    known = _moved(everything.astype(np.float32), move, edge=False) > 0.999
    made = replace(
        shown,
        picture=_picture(shown.picture, move),
        without=_picture(shown.without, move),
        alpha=_moved(shown.alpha.astype(np.float32), move, edge=False),
        camera=warped(shown.camera, move, width, height),
        warp=move @ shown.warp,
    )
    return made, np.asarray(known)


def _picture(picture: Labels, move: Doubles) -> Labels:
    planes = [_moved(picture[..., channel].astype(np.float32), move, edge=True) for channel in range(3)]
    return np.clip(np.rint(np.stack(planes, axis=-1)), 0, 255).astype(np.uint8)


def _moved(plane: Floats, move: Doubles, *, edge: bool) -> Floats:
    """A plane (H, W) scaled and shifted (``move``: (3, 3)) in a frame of its own size, by Lanczos."""
    height, width = plane.shape
    scale, shift = move[[0, 1], [0, 1]], move[:2, 2]
    low, high = -shift / scale, (np.array([width, height]) - shift) / scale
    margin = np.ceil(np.maximum(0, np.maximum(-low, high - np.array([width, height])))).astype(int) + 1
    padded = np.pad(plane, ((margin[1],) * 2, (margin[0],) * 2), mode="edge" if edge else "constant")
    box = (*(low + margin), *(high + margin))
    return np.asarray(Image.fromarray(padded).resize((width, height), Image.Resampling.LANCZOS, box=box), np.float32)
