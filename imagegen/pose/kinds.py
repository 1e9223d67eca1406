"""Which solver a product calls for: a table of words, then what the centimetres and the outline say."""

from __future__ import annotations

import re

import numpy as np

from imagegen.pose.forms import Form
from imagegen.pose.silhouette import Silhouette
from imagegen.types import Dimensions

SEATING = Form(
    side=(0.12, 0.08),
    front=(0.12, 0.08),
    rear=(0.15, 0.1),
    knee=(0.15, 0),
    shoulder=(0.75, 0.14),
    taper=(0.05, 0.08),
    lean=(0.03, 0.04),
    chamfer=(0.3, 0.1),
    shoulders=(0.6, 0.8, 1.0),
)
ARMCHAIR = Form(
    side=(0.15, 0.08),
    front=(0.15, 0.1),
    rear=(0.2, 0.12),
    knee=(0.15, 0),
    shoulder=(0.65, 0.1),
    taper=(0.15, 0.1),
    lean=(0.05, 0.05),
    chamfer=(0.3, 0.1),
    shoulders=(0.6, 0.75),
)
CHAIR = Form(
    side=(0.05, 0.05),
    front=(0.07, 0.06),
    rear=(0.07, 0.07),
    knee=(0.5, 0),
    shoulder=(0.58, 0.08),
    taper=(0.06, 0.08),
    lean=(0.04, 0.05),
    chamfer=(0.3, 0.1),
    shoulders=(0.6,),
)
BED = Form(slack=0.8, knee=(0.1, 0), shoulder=(0.5, 0.12), chamfer=(0.04, 0.04), shoulders=(0.4, 0.6))
LEGGED = Form(
    plumb=2.0, slack=0.7, side=(0.08, 0.12), front=(0.08, 0.12), rear=(0.08, 0.12), knee=(0.8, 0), chamfer=(0.02, 0.03)
)
SIDEBOARD = Form(plumb=1.0, slack=0.6, side=(0.1, 0.12), front=(0.1, 0.12), rear=(0.1, 0.12), knee=(0.2, 0))
POT = Form(slack=0.7, side=(0.1, 0.12), front=(0.1, 0.12), rear=(0.1, 0.12), knee=(1.0, 0), chamfer=(0.05, 0.05))
SOLID = Form(
    plumb=0.7, slack=0.5, side=(0.03, 0.05), front=(0.03, 0.05), rear=(0.03, 0.05), knee=(0.05, 0), chamfer=(0.01, 0.01)
)

FORMS: tuple[tuple[str, Form], ...] = (
    (r"armchair|\bwing|lounge|recliner", ARMCHAIR),
    ("sofa|couch|settee|loveseat|sectional", SEATING),
    (r"\bbed\b|daybed", BED),
    (r"sideboard|\btv\b|cabinet|dresser|chest|cupboard|credenza", SIDEBOARD),
    ("table|desk|console|trolley|cart|stool|bench|nightstand|ottoman", LEGGED),
    ("chair", CHAIR),
    (r"\bpot\b|planter|basket|trough", POT),
)
"""The first line with a piece of the category (else of the name) speaks; what none knows is solid, as wardrobes are."""

ROUND = (
    r"\b(lamp|light|vase|pot|planter|pouff?e?|stool|bowl|basket|candle|plant|pendant|lantern|bin|carafe|jug|bottle"
    r"|globe|chandelier)s?\b|\b(round|circular)\b|flowerpot"
)
"""Categories that are round more often than not; the outline has to agree."""
SIDED = "square|rectang|cube|trough|chair|sofa|couch|bed|cabinet|wardrobe|shel"


def form_of(category: str, name: str = "") -> Form:
    """How a thing of that category departs from its box."""
    for text in (_words(category), _words(name)):
        for words, form in FORMS:
            if re.search(words, text):
                return form
    return SOLID


def is_round(category: str, name: str, size: Dimensions, silhouette: Silhouette) -> bool:
    """Whether yaw means nothing: about as wide as deep, the same on both sides, and not said to have corners."""
    slack = abs(size.width - size.depth) / max(size.width, size.depth)
    text = _words(category)
    if slack > 0.3 or re.search(SIDED, f"{text} {_words(name)}"):
        return False
    if re.search(ROUND, text) or re.search(r"\bround\b", _words(name)):
        return lopsidedness(silhouette) < 0.04
    return slack < 0.04 and lopsidedness(silhouette) < 0.01


def lopsidedness(silhouette: Silhouette) -> float:
    """How far the middles of the rows wander from one vertical line, as a share of the width.

    The top and the bottom are asked and the better one counts: legs and leaves stand as they like, but a round
    seat, shade or pot is alike on both sides.
    """
    tall = silhouette.height
    return min(
        _wander(silhouette, silhouette.top, silhouette.top + max(6.0, 0.05 * tall)),
        _wander(silhouette, silhouette.top, silhouette.top + max(6.0, 0.12 * tall)),
        _wander(silhouette, silhouette.bottom - max(6.0, 0.3 * tall), silhouette.bottom),
    )


def _wander(silhouette: Silhouette, top: float, bottom: float) -> float:
    rows = silhouette.mask[int(top) : int(bottom)]
    rows = rows[rows.any(axis=1)]
    middles = (rows.argmax(axis=1) + rows.shape[1] - rows[:, ::-1].argmax(axis=1)) / 2
    return float(np.abs(middles - np.median(middles)).mean() / silhouette.width)


def _words(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.lower())
