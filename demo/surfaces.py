"""What the demo products are made of."""

from __future__ import annotations

from functools import lru_cache

from demo import textures
from demo.textures import linear
from imagegen.geometry import Material


@lru_cache
def cloth(colour: str, kind: str = "woven", seed: int = 1) -> Material:
    """Upholstery: ``woven``, ``boucle``; or ``linen``, finer, for shades."""
    if kind == "boucle":
        tint, height = textures.boucle(colour, seed=seed)
    else:
        fine = kind == "linen"
        tint, height = textures.woven(
            colour, seed=seed, thread=0.0012 if fine else 0.0024, contrast=0.05 if fine else 0.09
        )
    return Material(tint, roughness=0.92, specular=0.15, sheen=0.35, bump=height)


@lru_cache
def velvet(colour: str, seed: int = 1) -> Material:
    """Short pile that shines at grazing angles."""
    tint, height = textures.velvet(colour, seed=seed)
    return Material(tint, roughness=0.75, specular=0.12, sheen=1.0, bump=height)


@lru_cache
def leather(colour: str, seed: int = 1) -> Material:
    """Saddle leather, a little glossy."""
    tint, height = textures.leather(colour, seed=seed)
    return Material(tint, roughness=0.42, specular=0.45, bump=height)


@lru_cache
def timber(kind: str = "oak", seed: int = 1) -> Material:
    """Oiled wood: oak, ash, walnut, beech or black-stained ash."""
    light, dark, figure = {
        "oak": ("#d8b98c", "#a67c4e", 0.5),
        "ash": ("#e3cfae", "#bfa079", 0.5),
        "walnut": ("#8a5f40", "#4a2d1b", 0.65),
        "black": ("#2b2825", "#171513", 0.5),
    }[kind]
    tint, height = textures.wood(light, dark, seed=seed, figure=figure)
    return Material(tint, roughness=0.45, specular=0.35, bump=height)


@lru_cache
def paint(colour: str, roughness: float = 0.45, specular: float = 0.4) -> Material:
    """Lacquer or powder coat."""
    return Material(linear(colour), roughness=roughness, specular=specular)


CHROME = Material((0.78, 0.79, 0.80), roughness=0.05, metallic=1.0)
STEEL = Material((0.60, 0.60, 0.60), roughness=0.28, metallic=1.0)
BRASS = Material((0.76, 0.55, 0.27), roughness=0.22, metallic=1.0)
BLACK_METAL = paint("#222222", 0.42)


@lru_cache
def stone(colour: str, seed: int = 1) -> Material:
    """Polished marble with soft grey veins."""
    return Material(textures.marble(colour, seed=seed), roughness=0.22, specular=0.5)
