"""Which product goes into which room: the pairs that figures are reported of, and others, of other rooms, to tune with.

Every place is explicit (``pairs.csv``: metres in the room's frame), so that truth stands before the pipeline runs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.goods import Good, Split, good
from imagegen.protocols import Settings
from imagegen.quality import settings_for
from imagegen.types import ExplicitPlacement, Quality

LIST = Path(__file__).parent / "pairs.csv"
SIZE = (560, 384)
"""Pixels of every picture that is compared."""
PHOTO = 700
"""Pixels of a packshot's long side."""
FAMILIES = (
    ("sofa", r"sofa|loveseat"),
    ("armchair", r"armchair|(lounge|wing) chair"),
    ("chair", r"chair|stool"),
    ("table", r"table$|desk"),
    ("storage", r"sideboard|shelv|bookcase|wardrobe|dresser|chest"),
    ("lamp", r"(floor|table) lamp"),
    ("pendant", r"pendant"),
    ("wall", r"clock|mirror|picture|painting|wall"),
    ("rug", r"rug|runner"),
    ("decor", r""),
)
"""Categories of the report, by the first expression that a product's category has in it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One product in one room; ``seed`` draws the packshot's camera and lights."""

    split: Split
    sku: str
    seed: int
    style: str
    room: str
    place: ExplicitPlacement

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"{self.sku}-{self.style}-{self.room}"

    @property
    def good(self) -> Good:
        """The product."""
        return good(self.sku)

    @property
    def family(self) -> str:
        """The report's category."""
        return family(self.good.category)


def family(category: str) -> str:
    """The report's name for products of that category."""
    return next(name for name, words in FAMILIES if re.search(words, category))


def pairs(split: Split, count: int | None = None, only: Sequence[str] = ()) -> list[Pair]:
    """The pairs of a split in their order; ``count`` of them, evenly over the list."""
    with LIST.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split and (not only or row["sku"] in only)]
    if count is not None and count < len(rows):
        rows = [rows[k] for k in np.linspace(0, len(rows) - 1, count).round().astype(int)]
    return [_pair(row, split) for row in rows]


def _pair(row: dict[str, str], split: Split) -> Pair:
    place = ExplicitPlacement(*(float(row[name]) for name in ("x", "y", "z", "yaw_deg")))
    return Pair(split, row["sku"], int(row["seed"]), row["style"], row["room"], place)


def settings() -> Settings:
    """The quality at which all are made: a draft's paths, in a small picture."""
    return settings_for(Quality.DRAFT, SIZE, seed=11)
