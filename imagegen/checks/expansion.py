"""Whether an engine painted on at the product: longer arms, a wider top, a second leg."""

from __future__ import annotations

from typing import ClassVar

from imagegen.checks.measure import grade
from imagegen.margin import expansion
from imagegen.protocols import Staged
from imagegen.tone import view_transform
from imagegen.types import Composed, Finding, Passes


class Expansion:
    """Score: area that looks like more of the product outside its own outline, as a share of the product's.

    Object expansion is what inpainting does worst around a kept object (Eshratifar et al. 2024, "Salient object-aware
    background generation"). Told by colour and edges alone; the traced room says what should stand there.
    """

    name: ClassVar[str] = "expansion"
    threshold: ClassVar[float] = 0.02

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold, fails above three times it."""
        score = expansion(composed.picture, view_transform(passes.picture), composed.alpha)
        verdict = grade(score, self.threshold, 3 * self.threshold)
        message = (
            f"Beside it {score:.1%} of its area looks like more of it."
            if score > self.threshold / 4
            else "Nothing was painted on at its outline."
        )
        return Finding(self.name, verdict, score, self.threshold, message)
