"""Whether the product is as large in the picture as its centimetres say, at the place where it stands."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from imagegen.checks.measure import body, extent, grade, landed
from imagegen.protocols import Staged
from imagegen.types import Composed, Doubles, Finding, Mount, Passes, Verdict

LEAST_ALPHA = 0.5
FROM_ABOVE_DEG = 80.0


class Scale:
    """Score: how far the silhouette's size is off the projected body's (0.05 is 5 % too large or too small).

    The size is the geometric mean of width and height: a different ratio of the two is a matter of the pose or of
    wrong centimetres, and is told as a warning. A ceiling lamp counts by its width, for its cord has no set length.
    """

    name: ClassVar[str] = "scale"
    threshold: ClassVar[float] = 0.05
    shape_threshold: ClassVar[float] = 0.12

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Fails beyond the threshold."""
        seen, _ = landed(staged, LEAST_ALPHA)
        projected = staged.placement.camera.project(body(staged, round_goods=staged.pose.kind == "round"))
        if len(seen.points) < 16 or not np.isfinite(projected).all() or not np.isfinite(seen.points).all():
            return Finding(
                self.name, Verdict.FAIL, 1.0, self.threshold, "The product's size in the picture cannot be told."
            )
        # The box of a photo from above is the rug itself; seen in perspective its corners are empty.
        laid = staged.product.mount is Mount.RUG and staged.pose.elevation_deg > FROM_ABOVE_DEG
        outline = _corners(staged) if laid else seen.points
        left, top, right, bottom = extent(outline, 0.0 if laid else 0.0005)
        want_left, want_top, want_right, want_bottom = extent(projected)
        wide = (right - left) / max(want_right - want_left, 1e-6)
        high = (bottom - top) / max(want_bottom - want_top, 1e-6)
        ceiling = staged.product.mount is Mount.CEILING
        ratio = wide if ceiling else float(np.sqrt(wide * high))
        score = abs(ratio - 1)
        verdict = grade(score, self.threshold, self.threshold)
        message = f"Shown at {ratio:.1%} of the size that its centimetres give at this place."
        if verdict is Verdict.PASS and not ceiling and abs(np.log(wide / high)) > self.shape_threshold:
            verdict = Verdict.WARN
            message += f" But it is {wide:.0%} as wide and {high:.0%} as high: check the centimetres."
        return Finding(self.name, verdict, float(score), self.threshold, message)


def _corners(staged: Staged) -> Doubles:
    """A rug's corners (4, 2) in the picture, by its extent in the photo.

    Its box in the picture is told by the tips of its corners, which are lost where strays are left out there.
    """
    ys, xs = np.nonzero(staged.cutout.alpha > LEAST_ALPHA)
    left, top, right, bottom = extent(np.column_stack([xs, ys]).astype(float) + 0.5, 0.0005)
    tips = np.array([[x, y, 1.0] for x in (left - 0.5, right + 0.5) for y in (top - 0.5, bottom + 0.5)])
    flat = tips @ np.asarray(staged.placement.warp, float).T
    return np.asarray(flat[:, :2] / flat[:, 2:])
