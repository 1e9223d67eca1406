"""Which solver a product calls for: a table of words, then what the centimetres and the outline say."""

from __future__ import annotations

import re

import numpy as np

from imagegen.pose.box import Form
from imagegen.pose.silhouette import Silhouette
from imagegen.types import Dimensions

SEATING = Form(
    inset=(0.05, 0.04), knee=(0.3, 0.0), shoulder=(0.72, 0.14), taper=(0.06, 0.08), shoulders=(0.6, 0.8, 1.0)
)
CHAIR = Form(inset=(0.05, 0.05), knee=(0.5, 0.0), shoulder=(0.6, 0.1), taper=(0.06, 0.08), shoulders=(0.55, 0.7))
LEGGED = Form(inset=(0.05, 0.05), knee=(0.8, 0.0))
SOLID = Form(inset=(0.01, 0.015), knee=(0.05, 0.0))

FORMS: tuple[tuple[str, Form], ...] = (
    ("armchair|wing|sofa|couch|settee|loveseat|recliner|lounge|bed|daybed|sectional", SEATING),
    ("chair|stool|bench", CHAIR),
    ("table|desk|console|trolley|cart", LEGGED),
)
ROUND = (
    "lamp|light|vase|pot|planter|pouf|pouffe|stool|bowl|basket|candle|plant|pendant|lantern|bin|carafe|jug|bottle|globe"
)
CORNERED = "square|rectang|box|cube|trough"


def form_of(category: str, name: str = "") -> Form:
    """How a thing of that category departs from its box."""
    for text in (category.lower(), name.lower()):
        for words, form in FORMS:
            if _has(text, words):
                return form
    return SOLID


def is_round(category: str, name: str, size: Dimensions, silhouette: Silhouette) -> bool:
    """Whether yaw means nothing: as wide as deep, the same on both sides, and not said to have corners."""
    slack = abs(size.width - size.depth) / max(size.width, size.depth)
    text = f"{category} {name}".lower()
    if _has(text, CORNERED) or slack > 0.3:
        return False
    alike = mirror_likeness(silhouette)
    if _has(text, ROUND):
        return alike > 0.8
    seat = _has(text, "chair|sofa|couch|bed|cabinet|wardrobe|shel")
    return not seat and slack < 0.04 and alike > 0.96


def mirror_likeness(silhouette: Silhouette) -> float:
    """Intersection over union of the outline with its own mirror image about its middle, 0..1."""
    crop = silhouette.mask[int(silhouette.top) : int(silhouette.bottom), int(silhouette.left) : int(silhouette.right)]
    other = crop[:, ::-1]
    return float(np.count_nonzero(crop & other) / max(1, np.count_nonzero(crop | other)))


def _has(text: str, words: str) -> bool:
    return re.search(words, text) is not None
