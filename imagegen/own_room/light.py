"""The light that a photo of a room lets one guess at: how bright and of which tint, within bounds; not from where.

The level is that of the brightest large surfaces, the tint a grey world's that trusts bright things more ("shades of
grey", Finlayson and Trezzi 2004), both of the photo seen from afar. From where the light falls nobody has measured: it
is told, or it is ``GUESS``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from imagegen.colour import KEPT, shift
from imagegen.images import srgb_to_linear
from imagegen.previews.light import LOWEST, LUMINANCE, gain, light_at
from imagegen.previews.sprite import Sprite
from imagegen.types import Camera, Doubles, Floats
from imagegen.views.shelf import Probe

GUESS = (-55.0, 55.0)
"""Azimuth and elevation, degrees: from the left and beyond, so that shadows fall on the floor before the product."""
SHARE_GUESSED, SHARE_TOLD = 0.38, 0.5
"""Share of the light on the floor that comes from there: a soft shadow for a guess, a clearer one where it is known."""
AFAR = 24
"""Cells of the photo's longer side, seen from afar."""
BLOWN = 0.95
BRIGHTEST = 90
"""Percentile of the cells' luminance that is taken for a white surface's."""
NORM = 6
HUES = (0.75, 1.33)
"""Bounds of each channel of the tint, at luminance one."""
SURE = 0.8
"""Of what colours may change by, as in the exact composite: the rest is for eight bits."""
UPWARDS = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class RoomLight:
    """``probe``: for previews' compositor. ``level``: luminance of a white surface; ``hue`` (3,): tint as applied.

    ``shift``: CIEDE2000 at equal luminance that it changes the product's colours by, in the median.
    """

    probe: Probe
    level: float
    hue: Doubles
    shift: float


def towards(camera: Camera, azimuth_deg: float, elevation_deg: float) -> Doubles:
    """Unit direction (3,) to the light over the photo's floor.

    ``azimuth_deg``: 0 beyond what the photo looks at, 90 to the right, 180 behind the camera, -90 to the left.
    """
    ahead = np.array([*camera.rotation[2][:2], 0.0])
    ahead /= max(float(np.linalg.norm(ahead)), 1e-9)
    right = np.array([ahead[1], -ahead[0], 0.0])
    turn, height = math.radians(azimuth_deg), math.radians(elevation_deg)
    return np.asarray(math.cos(height) * (math.cos(turn) * ahead + math.sin(turn) * right) + math.sin(height) * UPWARDS)


def read(photo: Floats, sprite: Sprite, camera: Camera, way: Doubles, share: float) -> RoomLight:
    """The light of a photo (H, W, 3), linear, on a product. Its tint is weakened until colours stay true.

    ``way`` (3,): to the light; ``share``: of the light on the floor that comes from there.
    """
    level, hue = _seen_from_afar(photo)
    pixels = sprite.picture[:: max(1, sprite.picture.shape[0] // 96), :: max(1, sprite.picture.shape[1] // 96)]
    solid = pixels[..., 3] == 255
    own = srgb_to_linear(pixels[..., :3] / 255)[solid]

    def changed(strength: float) -> float:
        light = light_at([_probe(way, share, level, hue**strength)], np.zeros(3), UPWARDS)
        factor = gain(light, np.asarray(camera.rotation), *solid.shape)[solid]
        return shift(own, own * factor) if len(own) else 0.0

    strength = 1.0
    if changed(1.0) > SURE * KEPT:
        low, high = 0.0, 1.0
        for _ in range(8):
            strength = (low + high) / 2
            low, high = (strength, high) if changed(strength) <= SURE * KEPT else (low, strength)
        strength = low
    return RoomLight(_probe(way, share, level, hue**strength), level, hue**strength, changed(strength))


def _seen_from_afar(photo: Floats) -> tuple[float, Doubles]:
    """Level of a white surface, and the tint (3,) at luminance one."""
    height, width = photo.shape[:2]
    scale = AFAR / max(height, width)
    size = max(2, round(width * scale)), max(2, round(height * scale))
    planes = [Image.fromarray(np.ascontiguousarray(photo[..., k])).resize(size, Image.Resampling.BOX) for k in range(3)]
    cells = np.stack([np.asarray(plane, float) for plane in planes], axis=-1).reshape(-1, 3)
    kept = cells[cells.max(axis=1) < BLOWN]
    kept = kept if len(kept) >= len(cells) / 4 else cells  # a photo that is mostly blown tells little either way
    level = float(np.clip(np.percentile(kept @ LUMINANCE, BRIGHTEST), 0.02, 1.0))
    grey = np.maximum((np.maximum(kept, 1e-5) ** NORM).mean(axis=0), 1e-30) ** (1 / NORM)
    hue = np.clip(grey / float(grey @ LUMINANCE), *HUES)
    return level, hue / float(hue @ LUMINANCE)


def _probe(way: Doubles, share: float, level: float, hue: Doubles) -> Probe:
    """Even light of ``level`` from all sides, and from ``way`` as much as makes ``share`` of what the floor gets."""
    fallen = math.pi * share / (1 - share / 2) / max(float(way[2]), LOWEST)
    radiance = np.zeros((9, 3))
    radiance[0] = 1 / 0.282095
    radiance[[3, 1, 2]] = (0.488603 * fallen * way)[:, None]
    return Probe("photo", np.zeros(3), (radiance * level * hue).astype(np.float32))
