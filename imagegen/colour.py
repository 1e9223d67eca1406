"""How different two colours look: CIELAB (CIE 1976) and CIEDE2000 (CIE 142-2001; Sharma, Wu and Dalal 2005)."""

from __future__ import annotations

import numpy as np

from imagegen.types import Doubles, Floats

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
KEPT = 3.0
"""CIEDE2000 at equal luminance by which a room's light may change a product's colours, in the median."""
DARK = 0.004  # luminance, linear
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ.sum(axis=1)
_SEVENTH = 25.0**7


def lab(linear: Floats | Doubles) -> Doubles:
    """CIELAB (..., 3) under D65 of linear Rec. 709 colour (..., 3), 0..1."""
    ratio = np.asarray(linear, np.float64) @ _TO_XYZ.T / _WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def difference(first: Doubles, second: Doubles) -> Doubles:
    """CIEDE2000 (...) between CIELAB colours (..., 3): 1 is just seen, 3 is seen at a glance."""
    l1, c1, h1, l2, c2, h2 = _polar(np.asarray(first, float), np.asarray(second, float))
    grey = c1 * c2 == 0
    turn = (h2 - h1 + 180) % 360 - 180
    turn = np.where(turn == -180, np.where(h2 > h1, 180.0, -180.0), turn)
    turn = np.where(grey, 0.0, turn)
    d_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = np.where(np.abs(h1 - h2) <= 180, (h1 + h2) / 2, (h1 + h2 + np.where(h1 + h2 < 360, 360, -360)) / 2)
    hue = np.where(grey, h1 + h2, hue)
    weight = 1 - 0.17 * _cos(hue - 30) + 0.24 * _cos(2 * hue) + 0.32 * _cos(3 * hue + 6) - 0.20 * _cos(4 * hue - 63)
    s_light = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    blue = 30 * np.exp(-(((hue - 275) / 25) ** 2))
    cross = -2 * np.sqrt(chroma**7 / (chroma**7 + _SEVENTH)) * np.sin(np.radians(2 * blue))
    part_l, part_c, part_h = (l2 - l1) / s_light, (c2 - c1) / s_chroma, d_hue / s_hue
    return np.asarray(np.sqrt(np.maximum(part_l**2 + part_c**2 + part_h**2 + cross * part_c * part_h, 0)))


def _polar(first: Doubles, second: Doubles) -> tuple[Doubles, ...]:
    """Lightness, chroma and hue (degrees) of both, a* stretched near grey as the formula wants it."""
    mean = (np.hypot(first[..., 1], first[..., 2]) + np.hypot(second[..., 1], second[..., 2])) / 2
    stretch = 1 + 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + _SEVENTH)))
    parts: list[Doubles] = []
    for colour in (first, second):
        a, b = colour[..., 1] * stretch, colour[..., 2]
        parts += [colour[..., 0], np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360]
    return tuple(parts)


def _cos(degrees: Doubles) -> Doubles:
    return np.asarray(np.cos(np.radians(degrees)))


def shift(before: Floats | Doubles, after: Floats | Doubles) -> float:
    """Median CIEDE2000 between colours (N, 3), linear, at equal luminance: what a light does to hue and chroma.

    Near black there is no hue to keep, and 8 bits would invent one: such colours have no say. 0 where all are black.
    """
    first, second = np.asarray(before, np.float64), np.asarray(after, np.float64)
    level_before, level_after = first @ LUMINANCE, second @ LUMINANCE
    telling = (level_before > DARK) & (level_after > DARK)
    if not telling.any():
        return 0.0
    level = (level_before[telling] / level_after[telling])[:, None]
    return float(np.median(difference(lab(first[telling]), lab(second[telling] * level))))
