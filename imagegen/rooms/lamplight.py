"""What shines in a room by itself: its lamps and fires as a light's page burns them, and daylight in views and sheers.

A lamp's shade glows for the eye; the light that it sheds comes from an unseen ball inside it, to which a shade that
glows is half open. So a pool of light on the wall and the table has its falloff and its shadows, at a few paths a
pixel: light is aimed from one ball a lamp, not from each of its ten thousand triangles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from imagegen.geometry import Bulb, Material, Mesh, Texture
from imagegen.rooms.materials import GLOW, linear
from imagegen.types import Doubles
from styles.schema import LightPage

BURNING = {"bulb": 1.0, "shade": 0.0, "fire": 1.4, "flame": 0.0, "candle": 0.0}
"""The slots that burn, and how much of a lamp's light comes from each: a candle's is too little to be aimed from."""
BRIGHTEST = 2.9
"""Radiance that a lamp shows at most: white in any picture, and below what the tracer would aim light from."""
INTENSITY = 0.26
"""Irradiance at one metre from a lamp's bulb, for each unit that the page's ``lamps`` goes beyond 1."""
TRANSLUCENCE = 0.55
"""Share of a bulb's light that leaves through a shade that glows."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def lit(material: Material, slot: str, page: LightPage) -> Material:
    """The material as it shines under that light; one without a glow stays what it is."""
    if material.emission is None:
        return material
    if slot in BURNING:
        return _burning(material, page.lamps, page.lamp_colour)
    return _daylit(material, page.outside, page.sky_colour)


def bulbs(placed: Sequence[tuple[str, Mesh]], page: LightPage) -> list[Bulb]:
    """The unseen sources of a part's light, from its meshes by slot: none while its lamps only glow."""
    glowing = [(slot, mesh) for slot, mesh in placed if slot in BURNING and mesh.material.emission is not None]
    shades = [mesh for slot, mesh in glowing if slot == "shade"]
    made = []
    for slot, mesh in glowing if page.lamps > 1 else ():
        if BURNING[slot]:
            held = shades[0] if shades and slot == "bulb" else mesh
            low, high = held.vertices.min(axis=0), held.vertices.max(axis=0)
            strength = INTENSITY * BURNING[slot] * (page.lamps - 1) * GLOW
            tint = linear(page.lamp_colour) * (_hue(shades[0].material) if shades else 1.0)
            radius = max(0.02, 0.4 * float((high - low).min()) / 2)
            made.append(Bulb(_triple((low + high) / 2), radius, _triple(tint * strength)))
    return made


@lru_cache(maxsize=256)  # a material is the same object every time: so is its tile, which the tracer loads once
def _burning(material: Material, lamps: float, colour: str) -> Material:
    tint = linear(colour)
    peak = _peak(material) * lamps * float(tint.max())
    strength = lamps * min(1.0, BRIGHTEST / peak) if peak else 0.0
    return replace(_scaled(material, tint * strength), translucence=TRANSLUCENCE if lamps else 0.0)


@lru_cache(maxsize=256)
def _daylit(material: Material, outside: float, colour: str) -> Material:
    tint = linear(colour)
    return _scaled(material, outside * tint / max(float(tint @ _LUMINANCE), 1e-3))


def _scaled(material: Material, factor: Doubles) -> Material:
    emission = material.emission
    if not factor.any():
        return replace(material, emission=None)
    if isinstance(emission, Texture):
        pixels = (emission.pixels * factor).astype(np.float32)
        return replace(material, emission=replace(emission, pixels=pixels))
    return replace(material, emission=None if emission is None else _triple(np.asarray(emission) * factor))


def _peak(material: Material) -> float:
    emission = material.emission
    return float(emission.pixels.max() if isinstance(emission, Texture) else max(emission or (0.0,)))


def _hue(material: Material) -> Doubles:
    """A shade's colour without its darkness."""
    colour = material.colour
    mean = np.asarray(colour.pixels.mean(axis=(0, 1)) if isinstance(colour, Texture) else colour, float)
    return mean / max(float(mean @ _LUMINANCE), 1e-3)


def _triple(values: Doubles) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
