"""Whether the room hides a part of the product."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from imagegen.checks.measure import grade, landed
from imagegen.protocols import Staged
from imagegen.types import Composed, Finding, Passes, Verdict


class Visibility:
    """Score: share of the product that should be seen inside the picture and is not."""

    name: ClassVar[str] = "visibility"
    threshold: ClassVar[float] = 0.04

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold, fails above five times as much."""
        seen, each = landed(staged)
        height, width = composed.alpha.shape
        x, y = seen.points[:, 0], seen.points[:, 1]
        within = (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
        wanted = float(seen.mass[within].sum()) * each
        if wanted <= 0:
            return Finding(self.name, Verdict.FAIL, 1.0, self.threshold, "The product is nowhere in the picture.")
        score = float(np.clip(1 - float(composed.alpha.sum()) / wanted, 0, 1))
        verdict = grade(score, self.threshold, 5 * self.threshold)
        message = (
            "Nothing stands before it."
            if verdict is Verdict.PASS
            else f"{score:.0%} of it is hidden by what stands before it."
        )
        return Finding(self.name, verdict, score, self.threshold, message)
