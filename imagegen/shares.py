"""How large a kind of product is shown in its picture: what framing aims at, and what a check asks of it.

One rule for goods of every shape: a product's **presence** is the share of the picture's width that it takes or, where
that is more (a lamp, a wardrobe: for tall goods height rules), 5/8 of its share of the height. Presence lies between a
quarter and six tenths; small goods on a wall or a table may go lower, because a picture of them is a picture of the
place where they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from imagegen.types import Mount, Product

WIDEST = 0.60
"""The largest share of the picture's width that a product may take."""
TALLEST = 0.80
"""The largest share of the picture's height that a product may take."""
HEIGHT_COUNTS = 0.625
"""What a share of the height is worth as presence: 40 % of the height are as much as 25 % of the width."""


@dataclass(frozen=True, slots=True)
class Share:
    """How large a kind of product is shown.

    ``width``, ``height``: the largest shares of the picture's, the tighter one rules. ``least``: the lowest presence.
    ``span``: metres of room that a picture of usual shape should show from left to right, where the product stands.
    """

    width: float
    height: float
    least: float = 0.25
    span: float = 3.2


SHARES: tuple[tuple[str, Share], ...] = (
    (r"sofa|couch|settee|sectional|bed\b", Share(0.52, 0.62)),
    (r"armchair|wing|lounge|recliner|loveseat", Share(0.36, 0.56)),
    (r"chair|stool|pouf", Share(0.30, 0.54)),
    (r"wardrobe|cupboard|bookcase|shel", Share(0.46, 0.74)),
    (r"sideboard|console|bench|\btv\b|cabinet|dresser|chest", Share(0.48, 0.55)),
    (r"side table|bedside|night ?stand|night table", Share(0.28, 0.42, least=0.22)),
    (r"table|desk", Share(0.50, 0.50)),
    (r"planter|\bpots?\b|basket|plant", Share(0.26, 0.46, least=0.20, span=2.6)),
    (r"(floor|standing|full length|leaning) mirror|screen|divider|(coat|hat|clothes) (rack|stand)", Share(0.36, 0.72)),
    (r"mirror|picture|frame|\bart\b|print|poster|painting", Share(0.30, 0.48, least=0.18, span=2.6)),
    (r"clock", Share(0.22, 0.36, least=0.15, span=2.1)),
)
BY_MOUNT = {
    Mount.FLOOR: Share(0.42, 0.70),
    Mount.WALL: Share(0.30, 0.45, least=0.16, span=2.4),
    Mount.CEILING: Share(0.26, 0.62, least=0.16, span=2.6),
    Mount.SURFACE: Share(0.18, 0.44, least=0.17, span=1.6),
    Mount.RUG: Share(0.60, 0.5, least=0.25),
}
TABLE_LAMP = Share(0.22, 0.50, least=0.22, span=1.8)
FLOOR_LAMP = Share(0.34, 0.72)


def share_of(product: Product) -> Share:
    """How large that product is shown."""
    category, name = (re.sub(r"[\s_-]+", " ", text.lower()) for text in (product.category, product.name))
    lamp = re.search(r"\b(lamp|light)s?\b", category)
    if product.mount is Mount.SURFACE:
        return TABLE_LAMP if lamp else BY_MOUNT[Mount.SURFACE]
    if product.mount in {Mount.CEILING, Mount.RUG}:
        return BY_MOUNT[product.mount]
    if lamp and product.mount is Mount.FLOOR:
        return FLOOR_LAMP
    for text in (category, name):
        for words, share in SHARES:
            if re.search(words, text):
                return share
    return BY_MOUNT[product.mount]


def presence(width: float, height: float) -> float:
    """How much of a picture something is that takes these shares of its width and height."""
    return max(width, HEIGHT_COUNTS * height)
