"""From scene light to a screen: Khronos PBR Neutral (Khronos Group, 2024), made to keep base colours true, then sRGB.

A room's light goes through the whole transform. A product's own pixels are *already* what a screen should show
(a studio finished them), so they never pass through it: ``relight`` changes them in display space, and with a
gain of one gives back exactly what came in.
"""

from __future__ import annotations

import numpy as np

from imagegen.images import linear_to_srgb
from imagegen.types import Floats, Labels

COMPRESSION_START = 0.8 - 0.04
DESATURATION = 0.15
FRESNEL = 0.04


def view_transform(linear: Floats) -> Labels:
    """Scene light (..., 3), 1.0 is white, to sRGB uint8."""
    return encode8(display(linear))


def display(linear: Floats) -> Floats:
    """Scene light (..., 3) to display light 0..1 by Khronos PBR Neutral (still linear, Rec. 709)."""
    light = np.maximum(np.nan_to_num(linear, nan=0.0, posinf=1e6), 0).astype(np.float32)
    least = light.min(axis=-1, keepdims=True)
    light = light - np.where(least < 2 * FRESNEL, least - least * least / (4 * FRESNEL), FRESNEL)
    peak = light.max(axis=-1, keepdims=True)
    room = 1 - COMPRESSION_START
    lowered = 1 - room * room / (np.maximum(peak, COMPRESSION_START) + room - COMPRESSION_START)
    bright = light * (lowered / np.maximum(peak, 1e-6))
    grey = 1 - 1 / (DESATURATION * (peak - lowered) + 1)
    shown = np.where(peak < COMPRESSION_START, light, bright + (lowered - bright) * grey)
    return np.clip(shown, 0, 1).astype(np.float32)


def relight(source: Floats, gain: Floats) -> Floats:
    """Display light (..., 3) of a thing under ``gain`` (..., 3) times its own light, never beyond white.

    Exactly ``source`` where the gain is one; darker in proportion below one; above one the brightest channel
    approaches white as 1 - (1 - peak) ** gain, which keeps highlights apart, and the others keep their ratio to it.
    """
    level = gain.max(axis=-1, keepdims=True)
    peak = np.clip(source.max(axis=-1, keepdims=True), 0, 1)
    raised = 1 - (1 - peak) ** np.maximum(level, 1)
    factor = np.where(level > 1, raised / np.maximum(peak, 1e-6), level)
    factor = np.where(peak > 1e-6, factor, level)
    tinted = source * factor * (gain / np.maximum(level, 1e-6))
    return np.where(gain == 1, source, np.clip(tinted, 0, 1)).astype(np.float32)


def encode8(shown: Floats) -> Labels:
    """Display light 0..1 to sRGB uint8, rounded, without dither."""
    return np.rint(linear_to_srgb(np.clip(shown, 0, 1)) * 255).astype(np.uint8)
