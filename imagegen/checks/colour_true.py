"""Whether the product has kept its colour under the room's light."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from imagegen import glow
from imagegen.checks.measure import SAMPLES, grade, interior
from imagegen.colour import KEPT, shift
from imagegen.images import srgb_to_linear
from imagegen.protocols import Staged
from imagegen.types import Composed, Finding, Passes, Verdict


class ColourTrue:
    """Score: median CIEDE2000 between the product before and after the room's light, at equal luminance.

    A room may be darker than a studio; what must not change is hue and chroma. A lamp's shade that shines is left out:
    it is meant to look warm and white.
    """

    name: ClassVar[str] = "colour_true"
    threshold: ClassVar[float] = KEPT

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold, fails above twice as much."""
        whole = interior(composed)
        if not whole.any():
            return Finding(self.name, Verdict.FAIL, 100.0, self.threshold, "No pixel of the picture is wholly product.")
        shining = glow.glowing(staged) > glow.SHINING
        inside = np.flatnonzero(whole & ~shining)
        if inside.size == 0:
            return Finding(self.name, Verdict.PASS, 0.0, self.threshold, "All of it that is seen shines by itself.")
        picked = inside[:: max(1, inside.size // SAMPLES)]
        after = srgb_to_linear(composed.picture.reshape(-1, 3)[picked] / 255.0)
        score = shift(composed.source.reshape(-1, 3)[picked], after)
        message = f"The room's light changes its hue and chroma by {score:.1f} (CIEDE2000, at equal brightness)."
        if (whole & shining).any():
            message += " Its shade, which shines, is left out."
        return Finding(self.name, grade(score, self.threshold, 2 * self.threshold), score, self.threshold, message)
