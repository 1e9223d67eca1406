"""What usually holds a product, told from the name of its category."""

from __future__ import annotations

import re

from imagegen.types import Mount

WORDS: tuple[tuple[Mount, str], ...] = (
    (Mount.CEILING, "pendant|chandelier|ceiling|hanging (lamp|light)|suspension"),
    (Mount.FLOOR, "(floor|standing|full length) (lamp|light|mirror|vase|clock)|wall unit|grandfather clock"),
    (Mount.RUG, "rug|carpet|runner|doormat"),
    (Mount.SURFACE, "(table|desk|bedside|mantel) (lamp|light|clock|mirror)|vase|candle|candle ?holder|bowl|tray|jug"),
    (Mount.WALL, "wall|clock|mirror|sconce|painting|picture|poster|print|frame|canvas|tapestry"),
)
"""The first line with a word of the category's speaks; whatever none of them knows stands on the floor."""


def plain_words(category: str) -> str:
    """One way to write a category, as the rooms' anchors do: "Dining_Chair" is "dining chair"."""
    return " ".join(re.split(r"[\s_-]+", category.strip().lower())).strip()


def usual_mount(category: str) -> Mount:
    """The mount that a category's name gives away: "Pendant_Lamp" hangs, "side table" stands."""
    words = plain_words(category)
    return next((mount for mount, said in WORDS if re.search(rf"\b({said})s?\b", words)), Mount.FLOOR)
