"""Whether the photo has enough pixels for the size at which it is shown."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from imagegen.checks.measure import grade, landed
from imagegen.protocols import Staged
from imagegen.types import Composed, Finding, Passes, Verdict


class Resolution:
    """Score: pixels of the picture for each pixel of the photo, along a side (above 1 the photo is enlarged)."""

    name: ClassVar[str] = "resolution"
    threshold: ClassVar[float] = 1.3

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold, fails above three times as much."""
        seen, _ = landed(staged, 0.5)
        growth = seen.growth[np.isfinite(seen.growth)]
        if growth.size == 0:
            return Finding(self.name, Verdict.FAIL, 100.0, self.threshold, "The product is nowhere in the picture.")
        score = float(np.sqrt(np.median(growth)))
        verdict = grade(score, self.threshold, 3 * self.threshold)
        message = f"The photo is shown at {score:.0%} of its own size."
        if verdict is not Verdict.PASS:
            message += " A larger photo, or a smaller picture, would look sharper."
        return Finding(self.name, verdict, score, self.threshold, message)
