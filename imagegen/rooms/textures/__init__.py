"""Procedural surfaces in numpy: every pattern is a function of a seed, so that no image needs to be stored."""

from imagegen.rooms.textures import art, cloth, masonry, rugs, wood
from imagegen.rooms.textures.tile import PATTERNS, Order, Tile, paint_tile

__all__ = ["PATTERNS", "Order", "Tile", "art", "cloth", "masonry", "paint_tile", "rugs", "wood"]
