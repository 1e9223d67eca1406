"""Whether the product has kept its colour under the room's light."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from imagegen.checks.measure import SAMPLES, grade, interior
from imagegen.colour import difference, lab
from imagegen.images import srgb_to_linear
from imagegen.protocols import Staged
from imagegen.types import Composed, Finding, Passes, Verdict

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


class ColourTrue:
    """Score: median CIEDE2000 between the product before and after the room's light, at equal luminance.

    A room may be darker than a studio; what must not change is hue and chroma.
    """

    name: ClassVar[str] = "colour_true"
    threshold: ClassVar[float] = 3.0

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold, fails above twice as much."""
        inside = np.flatnonzero(interior(composed))
        if inside.size == 0:
            return Finding(self.name, Verdict.FAIL, 100.0, self.threshold, "No pixel of the picture is wholly product.")
        picked = inside[:: max(1, inside.size // SAMPLES)]
        before = composed.source.reshape(-1, 3)[picked].astype(np.float64)
        after = srgb_to_linear(composed.picture.reshape(-1, 3)[picked] / 255.0).astype(np.float64)
        light_before, light_after = before @ LUMINANCE, after @ LUMINANCE
        # Near black there is no hue to keep, and 8 bits would invent one.
        telling = (light_before > 0.004) & (light_after > 0.004)
        if not telling.any():
            return Finding(
                self.name, Verdict.PASS, 0.0, self.threshold, "The product is black; there is no hue to lose."
            )
        level = (light_before[telling] / light_after[telling])[:, None]
        score = float(np.median(difference(lab(before[telling]), lab(after[telling] * level))))
        message = f"The room's light changes its hue and chroma by {score:.1f} (CIEDE2000, at equal brightness)."
        return Finding(self.name, grade(score, self.threshold, 2 * self.threshold), score, self.threshold, message)
