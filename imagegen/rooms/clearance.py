"""Which parts of a room step aside: for the product's box, for its kind, and for the camera's view of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from imagegen.rooms.parts import KINDS
from imagegen.rooms.shapes import rotation
from imagegen.rooms.view import Block, View
from imagegen.types import Doubles, Mount, Product
from styles.schema import Part

MARGIN = 0.03
"""Metres kept free round the product."""
FOREGROUND = 0.5
"""A part nearer to the camera than this share of the product's distance would fill the picture's foreground."""


def kin(category: str) -> frozenset[str]:
    """Kinds of parts that are the same sort of thing as a product of that category: those with the longest match."""
    text = category.lower().replace("_", " ").replace("-", " ")
    found = {kind.name: max((len(word) for word in kind.words if word in text), default=0) for kind in KINDS.values()}
    longest = max(found.values(), default=0)
    return frozenset(name for name, length in found.items() if longest and length == longest)


def leavers(
    parts: Sequence[Part], blocks: Mapping[str, Block], walls: Sequence[str], product: Product, view: View
) -> set[str]:
    """Ids of the parts that are left out; ``blocks`` holds the box of each part that has one."""
    same = kin(product.category)
    gone: set[str] = set()
    for part in parts:
        kind = KINDS[part.kind]
        if part.wall in {"left", "right", "ceiling"} and part.wall not in walls:
            gone.add(part.id)
        elif kind.stays or part.id not in blocks:
            continue
        elif _is_rival(part, same, blocks[part.id], view) or (
            not kind.flat and _is_in_the_way(blocks[part.id], product, view, fastened=part.wall is not None)
        ):
            gone.add(part.id)
    return _with_dependants(parts, gone)


def _is_rival(part: Part, same: frozenset[str], block: Block, view: View) -> bool:
    if part.kind not in same:
        return False
    return bool(np.linalg.norm(block.centre - view.product.centre) < KINDS[part.kind].near)


def _is_in_the_way(block: Block, product: Product, view: View, *, fastened: bool) -> bool:
    lies_flat = product.mount is Mount.RUG
    taken = view.product if lies_flat else _lifted(view.product)
    if not lies_flat and block.touches(taken):
        return True
    if block.grown(0.25).contains(view.eye):
        return True
    near = float(view.depth(block.corners()).min())
    if not fastened and near < FOREGROUND * float(view.depth(view.product.centre[None])[0]) and view.sees(block):
        return True
    return block.hides(view.eye, _targets(view.product))


def _lifted(product: Block) -> Block:
    """The product's box with its margin, but not below its feet: it may stand on something."""
    grown = product.grown(MARGIN)
    return Block(
        grown.centre + np.array([0.0, 0.0, MARGIN / 2 + 0.004]),
        grown.half - np.array([0.0, 0.0, MARGIN / 2 + 0.004]),
        grown.yaw_deg,
    )


def _targets(product: Block) -> Doubles:
    """Points all over the product's box, (N, 3)."""
    steps = np.linspace(-0.98, 0.98, 7)
    grid = np.array([(x, y, z) for x in steps for y in (-0.98, 0.0, 0.98) for z in steps])
    turned = Block(product.centre, product.half, product.yaw_deg)
    return np.asarray(grid * turned.half @ rotation(turned.yaw_deg).T + turned.centre)


def _with_dependants(parts: Sequence[Part], gone: set[str]) -> set[str]:
    """Adds whatever stood on what has left."""
    while True:
        more = {part.id for part in parts if part.on in gone and part.id not in gone}
        if not more:
            return gone
        gone |= more
