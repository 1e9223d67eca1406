"""How a finished trace is shown: its exposure and its white, a photographer's choices, the same for the same picture.

The light on each surface is the picture over the surface's own colour. Where that light is full (not in the sun, not
in a corner) a white thing shall be shown white: this anchors the exposure. Within a band about it the style's key
decides, the log-average luminance that it likes (Reinhard et al., 2002): moody styles stay darker than airy ones.

White is settled by linear chromatic adaptation: the cone responses of Bradford (Lam, 1985) are scaled from the mean
colour of the light to daylight's, for a share of the way (as the degree of adaptation of CIECAT02, CIE 159:2004).
"""

from __future__ import annotations

import numpy as np

from imagegen.types import Bools, Doubles, Floats

FULL = 1.18
"""Scene light that a white thing in full light returns: a wall of albedo 0.85 is then shown as sRGB 240."""
BAND = (0.5, 1.15)
"""How far the style's key may take the full light from FULL, as factors."""
FULLY_LIT = 70.0
"""Percentile of the light on plain surfaces that is called full."""
PULL = 0.75
"""Share of the way, in stops, from the picture's key to the style's."""
BOUNDS = (0.25, 6.0)
SOURCE = 3.0
"""A place that gets this many times the light of the middle place lies in the sun or beside a lamp."""
PALE = 0.12
"""Albedo of each primary from which a surface tells the colour of its light."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_TO_CONES = _BRADFORD @ _TO_XYZ


def settled(picture: Floats, albedo: Floats, room: Bools, key: float, adapts: float = 0.0) -> Floats:
    """The linear map (3, 3) that brings a picture towards a key, and its light towards white; for column vectors.

    ``picture`` (H, W, 3) linear scene light; ``albedo`` (H, W, 3) 0..1; ``room`` (H, W): the pixels that count (those
    without the product, and that only return light); ``key``: the log-average luminance that the style likes;
    ``adapts``: share of the way to white. The exposure stays within BOUNDS. The identity when nothing is to be seen.
    """
    seen, own = picture[room].astype(np.float64), albedo[room].astype(np.float64)
    level = seen @ _LUMINANCE
    if not (level > 0).any():
        return np.eye(3, dtype=np.float32)
    light = level / np.maximum(own @ _LUMINANCE, 0.04)
    bright = SOURCE * np.median(light)
    plain = light <= bright
    tells = (own.min(axis=1) >= PALE) & (light > 0)
    share = np.minimum(1.0, bright / light[tells])[:, None]  # a patch of sun has a voice, not the whole say
    colour = (share * seen[tells] / own[tells]).mean(axis=0) if tells.any() else np.ones(3)
    exposure = _exposure(level, float(np.percentile(light[plain], FULLY_LIT)), key)
    return np.asarray(exposure * adaptation(colour, adapts), np.float32)


def developed(light: Floats, gain: Floats) -> Floats:
    """Scene light (..., 3) under the map that ``settled`` gave, never below zero."""
    return np.asarray(np.maximum(light @ gain.T, 0), np.float32)


def adaptation(colour: Doubles, share: float) -> Doubles:
    """The map (3, 3) of linear Rec. 709 that shows light of that colour (3,) as white, for a share (0..1) of the way.

    What is as bright as white under that light stays as bright.
    """
    white = _TO_CONES @ np.ones(3)
    cones = _TO_CONES @ (colour / float(colour @ _LUMINANCE))
    scale = share * white / np.maximum(cones, 0.05) + (1 - share)
    turned = np.linalg.inv(_TO_CONES) @ np.diag(scale) @ _TO_CONES
    return np.asarray(turned * float(colour @ _LUMINANCE) / float(_LUMINANCE @ turned @ colour))


def _exposure(level: Doubles, full: float, key: float) -> float:
    """The factor for a picture's luminances (N,) and the light that counts as full in it."""
    floor = 0.02 * key  # a black corner is black, however black
    average = float(np.exp(np.log(np.maximum(level, floor)).mean()))
    wanted = (key / average) ** PULL
    if full > 0:
        wanted = float(np.clip(wanted, BAND[0] * FULL / full, BAND[1] * FULL / full))
    return float(np.clip(wanted, *BOUNDS))
