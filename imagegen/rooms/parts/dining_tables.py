"""Tables to sit at."""

from __future__ import annotations

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.shapes import bar, box, join, slab


@kind("dining-table", 16, ("top", "legs"), ("legs", "trestle"), words=("dining table",))
def dining_table(spec: Spec) -> list[Piece]:
    """A table to sit at."""
    width, depth, height = spec.size
    top = box((width, depth, 0.032), 0.008).move(z=height - 0.032)
    legs = [
        bar(
            (sx * (width / 2 - 0.06), sy * (depth / 2 - 0.06), 0),
            (sx * (width / 2 - 0.12), sy * (depth / 2 - 0.11), height - 0.03),
            0.018,
            0.028,
        )
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    aprons = [
        slab((-width / 2 + 0.13, y - 0.01, height - 0.11), (width / 2 - 0.13, y + 0.01, height - 0.032))
        for y in (-depth / 2 + 0.1, depth / 2 - 0.1)
    ]
    return [Piece("top", top), Piece("legs", join(legs + aprons))]
