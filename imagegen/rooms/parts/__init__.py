"""The vocabulary of parts, by trade."""

from imagegen.rooms.parts import cloth, fixtures, lamps, plants, seating, storage, tables, wallware, wares
from imagegen.rooms.parts.catalogue import KINDS, Kind, Piece, Spec

__all__ = [
    "KINDS", "Kind", "Piece", "Spec",
    "cloth", "fixtures", "lamps", "plants", "seating", "storage", "tables", "wallware", "wares",
]  # fmt: skip
