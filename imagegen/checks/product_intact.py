"""Whether every pixel inside the product is the product's own, changed by nothing but the light laid on it."""

from __future__ import annotations

from typing import ClassVar

from imagegen.checks.measure import interior
from imagegen.protocols import Staged
from imagegen.types import Composed, Finding, Passes, Verdict


class ProductIntact:
    """Score: share of interior pixels that equal the lit source to the bit."""

    name: ClassVar[str] = "product_intact"
    threshold: ClassVar[float] = 0.9999

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Fails below the threshold, and where there is no interior at all."""
        inside = interior(composed)
        if not inside.any():
            return Finding(self.name, Verdict.FAIL, 0.0, self.threshold, "No pixel of the picture is wholly product.")
        same = (composed.picture == composed.lit).all(axis=2)[inside]
        share = float(same.mean())
        verdict = Verdict.PASS if share >= self.threshold else Verdict.FAIL
        message = f"{share:.2%} of {len(same):,} interior pixels equal the lit product photo."
        return Finding(self.name, verdict, share, self.threshold, message)
