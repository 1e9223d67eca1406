"""Whether the whole product is inside the picture."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from imagegen.checks.measure import grade, landed
from imagegen.protocols import Staged
from imagegen.types import Composed, Finding, Mount, Passes, Verdict


class InFrame:
    """Score: share of the product that falls outside the picture. A lamp's cord may leave it at the top."""

    name: ClassVar[str] = "in_frame"
    threshold: ClassVar[float] = 0.002

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold, fails above ten times as much."""
        seen, _ = landed(staged)
        total = float(np.nansum(seen.mass))
        if total <= 0:
            return Finding(self.name, Verdict.FAIL, 1.0, self.threshold, "The product is nowhere in the picture.")
        height, width = composed.alpha.shape
        x, y = seen.points[:, 0], seen.points[:, 1]
        sides = {"left": x < 0, "right": x > width, "bottom": y > height}
        if staged.product.mount is not Mount.CEILING:
            sides["top"] = y < 0
        lost = {name: float(seen.mass[out].sum() / total) for name, out in sides.items() if out.any()}
        score = float(sum(lost.values()))
        verdict = grade(score, self.threshold, 10 * self.threshold)
        message = "It is wholly inside the picture."
        if verdict is not Verdict.PASS:
            message = f"{score:.1%} of it lies beyond the picture's {' and '.join(lost)} edge."
        return Finding(self.name, verdict, score, self.threshold, message)
