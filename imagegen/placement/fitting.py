"""What a room and its places are for, and whether a body fits them: what is known before any picture."""

from __future__ import annotations

import re

import numpy as np

from imagegen.types import Doubles, Mount, Product
from styles.schema import Anchor, Room


def is_meant(anchor: Anchor, product: Product) -> bool:
    """Whether all words of one of the anchor's categories are said of the product."""
    return bool(_meant_for(anchor, product))


def _meant_for(anchor: Anchor, product: Product) -> list[set[str]]:
    """The words of each of the anchor's categories that the product's category and name say in full."""
    said = _words(f"{product.category} {product.name}")
    return [words for words in map(_words, anchor.categories) if words <= said]


def aptness(anchor: Anchor, product: Product) -> float:
    """How much of the product's own category the anchor names (0..1): a coffee table is not any table.

    Names say less surely than categories what a thing is, and count for nothing here.
    """
    own = _words(product.category)
    return max(len(words & own) for words in _meant_for(anchor, product)) / max(len(own), 1)


def _words(text: str) -> set[str]:
    """Words in the singular."""
    return {word.removesuffix("s") for word in re.findall(r"[a-z]+", text.lower())}


def window_side(room: Room) -> float:
    """-1 when the room's windows are on its left wall, +1 on its right, 0 when neither or both."""
    share = sum(
        {"left": -1.0, "right": 1.0}.get(p.wall or "", 0.0) * p.size[0] for p in room.parts if "window" in p.kind
    )
    return float(np.sign(share))


def inside(foot: Doubles, low: float, high: float, room: Room) -> bool:
    """Whether a body stands within the room's walls, floor and ceiling: its outline (N, 2), its ends in metres."""
    x, y = foot.T
    slack = 0.011
    within = abs(x).max() <= room.width / 2 + slack and y.max() <= slack and y.min() >= -room.depth - slack
    return bool(within and low >= -slack and high <= room.height + slack)


def needs(product: Product) -> tuple[float, float, float]:
    """Width, depth and height of the free box that the product asks for, metres."""
    size = product.dimensions
    return size.width, size.depth, 0.0 if product.mount is Mount.RUG else size.height
