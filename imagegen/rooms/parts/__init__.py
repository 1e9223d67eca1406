"""The vocabulary of parts, by trade: every module in this folder registers its kinds and forms."""

from importlib import import_module
from pkgutil import iter_modules

from imagegen.rooms.parts.catalogue import KINDS, Form, Kind, Piece, Spec
from imagegen.rooms.parts.packing import packed, unpacked

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

__all__ = ["KINDS", "Form", "Kind", "Piece", "Spec", "packed", "unpacked"]
