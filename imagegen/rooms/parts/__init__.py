"""The vocabulary of parts, by trade."""

from imagegen.rooms.parts import cloth, fixtures, lamps, plants, seating, storage, tables, wallware, wares
from imagegen.rooms.parts.catalogue import KINDS, Kind, Piece, Spec
from imagegen.rooms.parts.packing import packed, unpacked

__all__ = [
    "KINDS", "Kind", "Piece", "Spec",
    "cloth", "fixtures", "lamps", "packed", "plants", "seating", "storage", "tables", "unpacked", "wallware", "wares",
]  # fmt: skip
