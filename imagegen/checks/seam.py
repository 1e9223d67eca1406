"""Whether a rim of light or dark runs along the product."""

from __future__ import annotations

from typing import ClassVar

from imagegen.checks.measure import grade
from imagegen.margin import halo
from imagegen.protocols import Staged
from imagegen.tone import view_transform
from imagegen.types import Composed, Finding, Passes


class Seam:
    """Score: step of lightness (L*) between the first pixels outside the outline and those a little further off.

    Beyond what the traced room has there: a shadow at a foot is no seam.
    """

    name: ClassVar[str] = "seam"
    threshold: ClassVar[float] = 4.0

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold, fails above three times it."""
        score = halo(composed.picture, view_transform(passes.picture), composed.alpha)
        return Finding(
            self.name,
            grade(score, self.threshold, 3 * self.threshold),
            score,
            self.threshold,
            f"Along its outline the room steps by {score:.1f} L* more than its light does."
            if score > 0.5
            else "The room meets its outline without a rim.",
        )
