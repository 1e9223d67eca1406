"""Whether the picture is well composed: how large the product is for its kind, headroom, margins, horizon, balance."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from imagegen.checks.measure import extent, grade, landed
from imagegen.protocols import Staged
from imagegen.shares import TALLEST, WIDEST, presence, share_of
from imagegen.types import Camera, Composed, Finding, Mount, Passes, Verdict

HEADROOM = 0.04
MARGIN = 0.02
CENTRE = (1 / 3 - 0.02, 2 / 3 + 0.02)
"""Between the thirds the middle of a product belongs."""


class Composition:
    """Score: by how much of the picture the rule that is missed most is missed; 0 when all hold.

    The rules: presence (``imagegen.shares``) at least the kind's own and at most six tenths of the width and eight of
    the height; some air above and on both sides; the horizon inside the picture; the product's middle between the
    thirds. A lamp may leave the picture at the top by its cord.
    """

    name: ClassVar[str] = "composition"
    threshold: ClassVar[float] = 0.03

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold, fails above ten times as much."""
        seen, _ = landed(staged, 0.5)
        points = seen.points[np.isfinite(seen.points).all(axis=1)]
        height, width = composed.alpha.shape
        if len(points) < 16:
            return Finding(self.name, Verdict.FAIL, 1.0, self.threshold, "The product is nowhere in the picture.")
        left, top, right, bottom = np.array(extent(points, 0.0005)) / [width, height, width, height]
        top_seen = max(top, 0.0) if staged.product.mount is Mount.CEILING else top
        wide, high = right - left, min(bottom, 1.0) - top_seen
        least = share_of(staged.product).least
        level = _horizon(staged.placement.camera) / height
        misses = {
            f"it is shown smaller than its kind's {least:.0%}": least - presence(wide, high),
            f"it takes more than {WIDEST:.0%} of the width": wide - WIDEST - 0.03,
            f"it takes more than {TALLEST:.0%} of the height": high - TALLEST - 0.03,
            "it nearly touches a side": MARGIN - min(left, 1 - right),
            "the horizon lies outside": max(-level, level - 1.0),
            "its middle lies outside the thirds": max(CENTRE[0] - (left + right) / 2, (left + right) / 2 - CENTRE[1]),
        }
        if staged.product.mount is not Mount.CEILING:
            misses["there is no air above it"] = HEADROOM - top
        worst = max(misses, key=lambda rule: misses[rule])
        score = float(min(max(misses[worst], 0.0), 1.0))
        verdict = grade(score, self.threshold, 10 * self.threshold)
        message = (
            f"It takes {wide:.0%} of the width and {high:.0%} of the height; {max(top, 0):.0%} is free above it, the "
            f"horizon is at {min(max(level, -9.0), 9.0):.0%} of the height."
        )
        return Finding(self.name, verdict, score, self.threshold, message if not score else f"{message} But {worst}.")


def _horizon(camera: Camera) -> float:
    """The pixel row of what is level with the camera; far away when it looks straight up or down."""
    forward = camera.rotation[2]
    level = math.hypot(float(forward[0]), float(forward[1]))
    down = float(camera.rotation[1] @ [forward[0], forward[1], 0.0])
    return camera.cy + camera.focal * down / max(level**2, 1e-9)
