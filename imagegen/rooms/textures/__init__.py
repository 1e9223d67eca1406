"""Procedural surfaces in numpy: every pattern is a function of a seed, so that no image needs to be stored.

Every module in this folder registers its patterns.
"""

from importlib import import_module
from pkgutil import iter_modules

from imagegen.rooms.textures.tile import PATTERNS, USUAL, Order, Tile, paint_tile

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

__all__ = ["PATTERNS", "USUAL", "Order", "Tile", "paint_tile"]
