"""What kinds of furniture are built of: a table of words. What it does not know fills its box."""

from __future__ import annotations

import re
from collections.abc import Callable

from imagegen.hull.boards import shelf, table
from imagegen.hull.convex import Convex
from imagegen.hull.lattice import Lattice
from imagegen.hull.seats import bed, chair, lounge, wing_chair
from imagegen.types import Dimensions, Product

Form = Callable[[Lattice, Dimensions, float], tuple[Convex, ...]]
"""From the silhouette, the box and the metres of air under the body to its convex pieces."""

FORMS: tuple[tuple[str, Form | None], ...] = (
    (r"\blamp|\blight|lantern|vase|\bpot\b|planter|plant\b|basket|candle", None),
    (r"\bwing(ed|back)?\b", wing_chair),
    (r"armchair|lounge|recliner|sofa|couch|settee|loveseat|sectional", lounge),
    (r"\bbed\b|daybed", bed),
    (r"shel(f|v)|bookcase|\brack\b", shelf),
    (r"nightstand|bedside|dressing|sideboard|\btv\b|cabinet|dresser|chest|cupboard|credenza|wardrobe", None),
    (r"table|desk|console|trolley|cart|stool|bench", table),
    (r"chair", chair),
)
"""The first line with a piece of the category (else of the name) speaks; a form is one function and one line here."""

UPHOLSTERED: frozenset[Form | None] = frozenset({lounge, wing_chair, bed})
"""Forms whose cushions swell beyond their pieces."""

ROUND = r"\blamp|\blight\b|lantern|pendant|vase|\bpot\b|planter|bowl|carafe|jug|bottle|candle|pouf|\bround\b|\bstool\b"
EVEN = 0.05  # share by which width and depth of round goods may differ


def is_round(product: Product, kind: str) -> bool:
    """Whether the product is round about its axis: the pose says so, or its words do where the camera was told."""
    if kind != "given":
        return kind == "round"
    size = product.dimensions
    even = abs(size.width - size.depth) <= EVEN * max(size.width, size.depth)
    return even and re.search(ROUND, f"{product.category} {product.name}".lower()) is not None


def form_of(category: str, name: str = "") -> Form | None:
    """What a thing of that category is built of."""
    kind, call = (_first(re.sub(r"[\s_-]+", " ", text.lower())) for text in (category, name))
    # A name may tell more of a seat than its category does, but "Table" may be a lamp's name.
    narrower = call is not None and call[1] is wing_chair and kind is not None and kind[1] in {lounge, chair}
    found = call if narrower or kind is None else kind
    return found[1] if found else None


def _first(text: str) -> tuple[str, Form | None] | None:
    return next((line for line in FORMS if re.search(line[0], text)), None)
