"""Lamps that are lit by choice: where a lamp's shade is, what light it sheds, which of its pixels shine.

The bulb is an unseen ball in the shade, to which the lamp's hull is half open, as the lamps of a room are; so its pool
of light on table and wall is traced like any other. The shade's own pixels are only brightened: they are the photo's. A
shade of metal stays as it is: its bulb shines out of the opening below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from imagegen.errors import BadRequestError
from imagegen.geometry import Bulb, Geometry, Mesh
from imagegen.protocols import Staged
from imagegen.types import Doubles, Floats, Mount, Product

LAMP = r"\b(lamp|light|lantern|pendant|chandelier|sconce|uplighter|downlight)s?\b"
OPAQUE = r"steel|iron|metal|brass|copper|alumini|enamel|chrome"
CLEAR = r"linen|cotton|silk|wool|fabric|textile|paper|parchment|glass|acrylic|plastic|rattan|bamboo|cane|opal|marble"
WARM = (1.0, 0.80, 0.55)
"""Colour of the bulb, linear: 2700 K as seen by an eye that is half adapted to it."""
INTENSITY = 1.3
"""Irradiance at one metre from the bare bulb, in units of a white wall's radiance by day: some 800 lumens."""
TRANSLUCENCE = 0.5
"""Share of the bulb's light that leaves through the hull."""
SHINING = 0.01  # share of the glow from which a pixel's colour is the lamp's, not the product's
BINS = 40
WIDE = 0.55  # of the shade's greatest width: what is narrower is stand, base or cord


@dataclass(frozen=True, slots=True)
class Shade:
    """Where the lamp shines, in the room's frame: its middle (x, y), ``radius``, ``low`` and ``high``, metres."""

    x: float
    y: float
    radius: float
    low: float
    high: float


def is_lamp(product: Product) -> bool:
    """Whether such a thing can be lit."""
    plain = re.sub(r"[_-]+", " ", f"{product.category} | {product.name}".lower())
    return re.search(LAMP, plain) is not None


def has_opaque_shade(product: Product) -> bool:
    """Whether all that the lamp is said to be made of keeps light in."""
    made = product.material.lower()
    return re.search(OPAQUE, made) is not None and re.search(CLEAR, made) is None


def require_lamp(product: Product) -> None:
    """Raises BadRequestError for what cannot be lit."""
    if not is_lamp(product):
        raise BadRequestError(
            f"{product.sku} is no lamp: it cannot be switched on.",
            hint="Leave lamp_on out, or say in the product's category that it is a lamp.",
            where="lamp_on",
        )


def shade_of(hull: Mesh, mount: Mount) -> Shade:
    """The widest part of the lamp in its upper half (of a hanging one: in its lower half), as far as it stays wide."""
    points = np.asarray(hull.vertices, float)
    low, high = float(points[:, 2].min()), float(points[:, 2].max())
    tall = max(high - low, 1e-3)
    bins = np.clip(((points[:, 2] - low) / tall * BINS).astype(int), 0, BINS - 1)
    filled = np.unique(bins)
    wide = np.interp(np.arange(BINS), filled, [np.ptp(points[bins == each, :2], axis=0).max() for each in filled])
    half = slice(0, BINS // 2) if mount is Mount.CEILING else slice(BINS // 2, BINS)
    first = last = int(np.argmax(wide[half])) + half.start
    while first > 0 and wide[first - 1] > WIDE * wide[last]:
        first -= 1
    widest = float(wide[first : last + 1].max())
    while last < BINS - 1 and wide[last + 1] > WIDE * widest:
        last += 1
    own = points[(bins >= first) & (bins <= last)]
    x, y = (own[:, :2].min(axis=0) + own[:, :2].max(axis=0)) / 2
    return Shade(float(x), float(y), widest / 2, low + first * tall / BINS, low + (last + 1) * tall / BINS)


def kindled(geometry: Geometry, hull: Mesh, product: Product, *, lamp_on: bool) -> tuple[Geometry, Mesh]:
    """The room with the lamp's light in it, and the lamp's hull half open to it; both as they are when it is off.

    Raises BadRequestError when what is to be lit is no lamp.
    """
    if not lamp_on:
        return geometry, hull
    require_lamp(product)
    shade = shade_of(hull, product.mount)
    radius = max(0.015, 0.3 * min(shade.radius, (shade.high - shade.low) / 2))
    height = (shade.low + shade.high) / 2
    if has_opaque_shade(product):
        height = shade.low - 1.1 * radius
    else:
        hull = replace(hull, material=replace(hull.material, translucence=TRANSLUCENCE))
    red, green, blue = (INTENSITY * part for part in WARM)
    bulb = Bulb((shade.x, shade.y, height), radius, (red, green, blue))
    return replace(geometry, lights=(*geometry.lights, bulb)), hull


def glowing(staged: Staged) -> Floats:
    """How much the product shines in each pixel of the picture (H, W), 0..1: one at the bulb's height, less off it.

    Zero everywhere for a lamp that is off, or keeps its light in; not bounded by the product's outline.
    """
    camera = staged.placement.camera
    height, width = camera.height, camera.width
    if not staged.settings.lamp_on or has_opaque_shade(staged.product):
        return np.zeros((height, width), np.float32)
    shade = shade_of(staged.hull, staged.product.mount)
    pixels = np.stack(np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5), axis=-1).reshape(-1, 2)
    # Heights in the upright plane through the lamp that faces the camera.
    rays: Doubles = camera.rays(pixels)
    facing = camera.rotation[2] * np.array([1, 1, 0])
    middle = np.array([shade.x, shade.y, 0.0])
    along = ((middle - camera.position) @ facing) / np.where(np.abs(rays @ facing) < 1e-6, 1e-6, rays @ facing)
    z = (camera.position[2] + rays[:, 2] * along).reshape(height, width)
    tall = max(shade.high - shade.low, 1e-3)
    edge = np.clip(np.minimum(z - shade.low, shade.high - z) / (0.05 * tall) + 0.5, 0, 1)
    from_bulb = (z - (shade.low + shade.high) / 2) / (0.5 * tall)
    return np.asarray(edge * (1 - 0.35 * np.clip(from_bulb, -1, 1) ** 2), np.float32)
