"""A style's material pages as materials of the renderer; made once a process."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.fft import next_fast_len

from imagegen.geometry import Material, Texture
from imagegen.rooms.cache import Arrays, kept, sources_of
from imagegen.rooms.textures import PATTERNS, USUAL, Order, Tile, paint_tile
from imagegen.types import Doubles
from styles.schema import MaterialPage, Style

GLOW = 0.85
"""Radiance of a white wall in the picture: the unit of a page's ``glow``."""


def linear(colour: str) -> Doubles:
    """Linear RGB (3,) of an sRGB hex (IEC 61966-2-1)."""
    encoded = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0
    return np.asarray(np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4))


def material(style: Style, name: str, sheet: tuple[float, float] | None = None) -> Material:
    """The style's material of that name; ``sheet``: metres of the whole picture for prints, rugs and views."""
    page = style.materials[name]
    return from_page(page, tuple(style.colour(colour) for colour in page.colours), sheet)


def from_page(page: MaterialPage, colours: tuple[str, ...], sheet: tuple[float, float] | None = None) -> Material:
    """A page with its colours already turned to hex."""
    settings = tuple(sorted(page.settings.items()))
    core = page.model_dump_json(exclude={"settings", "colours"})
    return _made(core, colours, settings, None if sheet is None else (round(sheet[0], 3), round(sheet[1], 3)))


@lru_cache(maxsize=256)
def _made(
    core: str, colours: tuple[str, ...], settings: tuple[tuple[str, object], ...], sheet: tuple[float, float] | None
) -> Material:
    page = MaterialPage.model_validate_json(core[:-1] + ',"colours":[]}')
    paint = np.array([linear(colour) for colour in colours])
    colour: tuple[float, float, float] | Texture = _rgb(paint[0])
    roughness: float | Texture = page.roughness
    opacity: float | Texture = page.opacity
    bump = None
    if page.pattern != "plain":
        metres = sheet or page.tile or USUAL[page.pattern].metres
        tile = _painted(page.pattern, Order(paint, metres, _pixels(page.pattern, metres), page.seed, dict(settings)))  # type: ignore[arg-type]  # the cache's key is a tuple of the page's scalars
        colour = Texture(tile.colour, metres)
        if tile.gloss is not None:
            roughness = Texture(np.clip(page.roughness + tile.gloss, 0.05, 1.0).astype(np.float32), metres)
        if tile.opacity is not None:
            opacity = Texture((tile.opacity * page.opacity).astype(np.float32), metres)
        if tile.height is not None and page.relief:
            bump = Texture((tile.height * page.relief).astype(np.float32), metres)
    emission: tuple[float, float, float] | Texture | None = None
    if page.glow:
        emission = (
            Texture((colour.pixels * page.glow * GLOW).astype(np.float32), colour.metres)
            if isinstance(colour, Texture)
            else _rgb(paint[0] * page.glow * GLOW)
        )
    return Material(
        colour=colour, roughness=roughness, specular=page.specular, metallic=page.metallic, sheen=page.sheen,
        transmission=page.transmission, opacity=opacity, bump=bump, emission=emission,
    )  # fmt: skip


def _painted(pattern: str, order: Order) -> Tile:
    """The tile, painted once a machine; half floats are finer than what a screen shows."""

    def make() -> Arrays:
        tile = paint_tile(pattern, order)
        planes = {"colour": tile.colour, "height": tile.height, "gloss": tile.gloss, "opacity": tile.opacity}
        return {name: plane.astype(np.float16) for name, plane in planes.items() if plane is not None}

    asked = (pattern, order.colours.tolist(), order.metres, order.pixels, order.seed, sorted(order.settings.items()))
    planes = kept("textures", sources_of(PATTERNS[pattern].__module__), asked, make)
    full = {name: plane.astype(np.float32) for name, plane in planes.items()}
    return Tile(full["colour"], full.get("height"), full.get("gloss"), full.get("opacity"))


def _pixels(pattern: str, metres: tuple[float, float]) -> tuple[int, int]:
    """The pattern's number of pixels in the tile's own proportions, quick to transform; small tiles need fewer."""
    side = min(USUAL[pattern].detail, max(128, 2 * round(max(metres) / 0.0008 / 2)))
    ratio = (metres[0] / metres[1]) ** 0.5
    return 2 * next_fast_len(round(side * ratio / 2)), 2 * next_fast_len(round(side / ratio / 2))


def _rgb(values: Doubles) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
