"""Whether the picture is neither murky nor burnt out."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from imagegen.protocols import Staged
from imagegen.types import Composed, Finding, Passes, Verdict

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
GOOD = (34.0, 84.0)
BEARABLE = (22.0, 92.0)
"""Mean levels of the picture in per cent of white, sRGB-encoded."""


class Exposure:
    """Score: share of the room's pixels that are burnt out (white) or drowned (black); the mean level is told too."""

    name: ClassVar[str] = "exposure"
    threshold: ClassVar[float] = 0.12

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold or outside the good range of mean levels; fails far beyond either."""
        room = composed.picture[composed.alpha < 0.02]
        room = room if len(room) else composed.picture.reshape(-1, 3)
        lost = float(((room.min(axis=1) >= 254) | (room.max(axis=1) <= 3)).mean())
        level = float((composed.picture @ LUMINANCE).mean() / 2.55)
        verdict = Verdict.PASS
        if lost > self.threshold or not GOOD[0] <= level <= GOOD[1]:
            verdict = Verdict.WARN
        if lost > 3 * self.threshold or not BEARABLE[0] <= level <= BEARABLE[1]:
            verdict = Verdict.FAIL
        tone = "too dark" if level < GOOD[0] else "too bright" if level > GOOD[1] else "well lit"
        message = f"The picture is {tone} (mean level {level:.0f} %); {lost:.1%} of the room is burnt out or black."
        return Finding(self.name, verdict, lost, self.threshold, message)
