"""Whether the product is of glass, mirror or chrome: the studio is in its reflections, the room is not behind it."""

from __future__ import annotations

import re
from typing import ClassVar

from scipy import ndimage

from imagegen.protocols import Staged
from imagegen.types import Composed, Cutout, Finding, Passes, Product, Verdict

MIRRORS = r"\bmirror"
GLASS = r"\bglass\b|\bglas\b|crystal|acrylic|plexiglas|lucite|transparent|\bclear\b|perspex"
CHROME = r"chrom|polished|stainless|nickel|mirror glass"
SHARES = {"mirror": 0.7, "glass": 0.5, "chrome": 0.15}
"""Of the product that is taken to be so when its category or its only material says so."""
PARTIAL = (0.05, 0.95)  # alpha of what one sees through
RIM = 4  # pixels of the photo along the outline in which partial alpha is only softness


class SeeThrough:
    """Score: share of the product that is see-through or mirror-like, by its facts and its cutout: an estimate.

    The product's pixels are the photo's: its studio stays in its reflections and behind its glass. A lamp's glass or a
    chair's chromed legs are rarely noticed; a mirror or a clear vase is.
    """

    name: ClassVar[str] = "see_through"
    threshold: ClassVar[float] = 0.3

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold; never fails: what is approximated may still look right."""
        kind, told = _told(staged.product)
        seen = _partial(staged.cutout)
        score = max(told, seen)
        if score <= 0.01:
            return Finding(self.name, Verdict.PASS, score, self.threshold, "It is neither see-through nor mirror-like.")
        what = {
            "mirror": "It mirrors: what is seen in it is the photo's studio, not this room.",
            "chrome": "Its polished parts mirror the photo's studio, not this room.",
        }.get(kind, "What is seen through it is partly the photo's studio, and it throws the shadow of a solid thing.")
        verdict = Verdict.WARN if score > self.threshold else Verdict.PASS
        return Finding(self.name, verdict, float(score), self.threshold, what)


def _told(product: Product) -> tuple[str, float]:
    """What the catalog says it is (mirror, glass, chrome or nothing), and how much of it."""
    named = f"{product.category} {product.name} {' '.join(product.tags)}".lower()
    made = [part.strip() for part in re.split(r"[,;/+&]| and ", product.material.lower()) if part.strip()]
    if re.search(MIRRORS, product.category.lower()):
        return "mirror", SHARES["mirror"]
    for kind, words in (("glass", GLASS), ("chrome", CHROME)):
        share = sum(re.search(words, part) is not None for part in made) / max(len(made), 1)
        if not made and re.search(words, named):
            share = 1.0
        if share:
            return kind, share * SHARES[kind]
    return "", 0.0


def _partial(cutout: Cutout) -> float:
    """Share of the cutout's inside that is neither solid nor empty."""
    product = cutout.alpha > PARTIAL[0]
    inside = ndimage.binary_erosion(product, iterations=RIM)
    return float((inside & (cutout.alpha < PARTIAL[1])).sum() / max(int(product.sum()), 1))
