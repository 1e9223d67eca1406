"""Pieces as plain arrays and back, in single precision: a tenth of a micrometre in a room."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagegen.rooms.parts.catalogue import Piece
from imagegen.rooms.shapes import Shape


def packed(pieces: Sequence[Piece]) -> dict[str, NDArray[Any]]:
    """The pieces' arrays by name, with all the rest as JSON in ``facts``."""
    facts = [{"slot": piece.slot, "segment": piece.segment, "sheet": piece.sheet} for piece in pieces]
    arrays: dict[str, NDArray[Any]] = {"facts": np.frombuffer(json.dumps(facts).encode(), np.uint8)}
    for number, piece in enumerate(pieces):
        shape = piece.shape
        arrays[f"vertices{number}"] = shape.vertices.astype(np.float32)
        arrays[f"normals{number}"] = shape.normals.astype(np.float32)
        arrays[f"uv{number}"] = shape.uv.astype(np.float32)
        arrays[f"faces{number}"] = shape.faces.astype(np.int32)
    return arrays


def unpacked(arrays: Mapping[str, NDArray[Any]]) -> list[Piece]:
    """The pieces that ``packed`` was given, as it rounded them."""
    pieces = []
    for number, fact in enumerate(json.loads(arrays["facts"].tobytes())):
        shape = Shape(
            arrays[f"vertices{number}"].astype(np.float64),
            arrays[f"faces{number}"].astype(np.int64),
            arrays[f"uv{number}"].astype(np.float64),
            arrays[f"normals{number}"].astype(np.float64),
        )
        sheet = fact["sheet"]
        pieces.append(Piece(fact["slot"], shape, fact["segment"], None if sheet is None else (sheet[0], sheet[1])))
    return pieces
