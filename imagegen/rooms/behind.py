"""What lies behind the camera: a room that is only told, for mirrors and polished things to show instead of bare sky.

The open side of a room lets in the light of an even sky. Seen in a mirror that would be a pale disc. Here the sky gets
the picture of the other half of the room, out of focus: ceiling, walls, a bright window, a doorway, dark furniture,
floor. As much light comes in as before, for the picture's mean is 1 as the open side sees it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy import ndimage

from imagegen.geometry import Light, Material, Sky, Texture
from imagegen.types import Bools, Doubles, Floats

ROWS, COLUMNS = 384, 768
EYE = 1.45
"""Metres above the floor from which the picture is painted."""
AWAY = 12.0
"""Metres from the camera by way of the mirror to the wall behind the camera."""
SOFT = 1.1
"""Pixels by which the picture is out of focus: half a degree."""
FALLS_OFF = 0.5
"""Share of the light of its windows that a wall farther inside is seen in."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])

Colour = tuple[float, float, float]
Rect = tuple[float, float, float, float]
"""On the far wall, metres: left, right, lower and upper edge."""

_WINDOWS: tuple[Rect, ...] = ((-3.5, -2.0, 0.6, 2.3), (1.15, 1.95, 0.9, 2.2))
_SIDE_WINDOWS: tuple[Rect, ...] = ((-9.5, -7.5, 0.4, 2.4), (-6.0, -4.0, 0.4, 2.4), (-2.5, -0.5, 0.4, 2.4))
"""The same along the walls at both sides, from the mirror outwards."""
_DOORWAY: Rect = (3.6, 4.5, 0.0, 2.06)
_DARK: tuple[Rect, ...] = ((-1.5, 0.1, 0.0, 0.85), (2.35, 3.2, 0.0, 2.0), (-4.6, -3.9, 0.0, 1.6))
"""A sideboard, a tall cupboard and an armchair, as they look from afar."""
_PICTURES: tuple[Rect, ...] = ((-1.2, -0.25, 1.3, 1.98), (0.25, 0.72, 1.35, 1.95))


def behind(lights: list[Light], wall: Material, ceiling: Material, floor: Material, height: float) -> list[Light]:
    """The lights with the sky that shows the other half of a room; its surfaces in the colours of this one's."""
    tints = tuple(_tint(surface) for surface in (wall, ceiling, floor))
    made: list[Light] = []
    for light in lights:
        if isinstance(light, Sky):
            level = max(float(_LUMINANCE @ light.zenith), 1e-6)
            hue = tuple(round(max(channel / level, 0.05), 3) for channel in light.zenith)
            made.append(replace(light, picture=_painted(*tints, hue, round(height, 2))))
        else:
            made.append(light)
    return made


def _tint(surface: Material) -> Colour:
    """The mean colour."""
    colour = surface.colour
    mean = np.broadcast_to(np.asarray(colour.pixels.mean(axis=(0, 1)) if isinstance(colour, Texture) else colour), 3)
    red, green, blue = (round(max(float(v), 0.02), 3) for v in mean)
    return red, green, blue


@lru_cache(maxsize=64)
def _painted(wall: Colour, ceiling: Colour, floor: Colour, sky: Colour, up: float) -> Floats:
    """``sky``: its hue, which indoors is not seen."""
    ways = directions()
    x, y, z = np.moveaxis(ways, -1, 0)
    half = 5.2
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.where(y < 0, -AWAY / y, np.inf)
        side = half / np.abs(x)
        level = np.where(z > 0, (up - EYE) / z, -EYE / z)
    near = np.minimum(np.minimum(far, side), level)
    at, height = x * near, EYE + z * near
    end = near == far
    # What light there is has been to wall and floor before: it is as warm as they are.
    bounced = np.asarray(wall) * floor
    indoors = FALLS_OFF * (bounced / (bounced @ _LUMINANCE)) ** 0.55
    painted: Doubles = np.where((near == side)[..., None], 0.8 * indoors * wall, indoors * wall)
    flat = near == level
    painted = np.where((flat & (z > 0))[..., None], 1.1 * indoors * ceiling, painted)
    painted = np.where((flat & (z <= 0))[..., None], 1.6 * indoors * floor, painted)
    for dark in _DARK:
        painted = np.where((end & _within(dark, at, height))[..., None], 0.22 * indoors * floor, painted)
    painted = np.where((end & _within(_DOORWAY, at, height))[..., None], 0.4 * indoors * wall, painted)
    for picture in _PICTURES:
        painted = np.where((end & _within(picture, at, height))[..., None], 0.5 * indoors * floor, painted)
    for window in _WINDOWS:
        painted = np.where((end & _pane(window, at, height))[..., None], 2.6, painted)
    for window in _SIDE_WINDOWS:
        painted = np.where(((near == side) & _pane(window, y * near, height))[..., None], 4.0, painted)
    soft = ndimage.gaussian_filter(painted, (SOFT, SOFT, 0), mode=("nearest", "wrap", "nearest"))
    return _evened(soft, ways, np.asarray(sky))


def _within(rect: Rect, at: Doubles, height: Doubles) -> Bools:
    left, right, low, high = rect
    return np.asarray((at > left) & (at < right) & (height > low) & (height < high))


def _pane(window: Rect, at: Doubles, height: Doubles) -> Bools:
    """What shines of a window: its cross of bars does not."""
    bars = (np.abs(at - (window[0] + window[1]) / 2) < 0.05) | (np.abs(height - 1.7) < 0.04)
    return np.asarray(_within(window, at, height) & ~bars)


def _evened(painted: Doubles, ways: Doubles, sky: Doubles) -> Floats:
    """Factors of the sky that show the picture, as bright in all as the sky was; 1 where no open side looks."""
    y, z = ways[..., 1], ways[..., 2]
    even = np.where(z > 0, 1.0, 0.5)  # below the horizon the sky is half as bright
    falls = np.maximum(-y, 0) * np.sqrt(1 - np.clip(z, -1, 1) ** 2)
    gain = (even * falls).sum() / ((painted @ _LUMINANCE) * falls).sum()
    out = gain * painted / (even[..., None] * sky)
    shown = np.clip((-y - 0.05) / 0.25, 0, 1)[..., None]
    result: Floats = (1 + (out - 1) * shown).astype(np.float32)
    result.setflags(write=False)
    return result


def directions() -> Doubles:
    """Unit directions (ROWS, COLUMNS, 3) of a sky's picture: from the zenith down, from +Y by way of +X around."""
    polar = (np.arange(ROWS) + 0.5)[:, None] / ROWS * np.pi
    turn = (np.arange(COLUMNS) + 0.5)[None, :] / COLUMNS * 2 * np.pi
    return np.stack(
        [np.sin(polar) * np.sin(turn), np.sin(polar) * np.cos(turn), np.cos(polar) * np.ones_like(turn)], axis=-1
    )
