"""Whether the product can be told from the room behind it."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy import ndimage

from imagegen.colour import difference, lab
from imagegen.images import srgb_to_linear
from imagegen.protocols import Staged
from imagegen.types import Composed, Finding, Passes, Verdict

REACH = 0.012
"""How far to either side of the contour the colours are compared, as a share of the picture's height."""


class StandsOut:
    """Score: median CIEDE2000 across the product's contour, between the product's side and the room's."""

    name: ClassVar[str] = "stands_out"
    threshold: ClassVar[float] = 6.0

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns below the threshold: such a picture is dull, not wrong."""
        product = composed.alpha > 0.5
        if not product.any() or product.all():
            return Finding(self.name, Verdict.FAIL, 0.0, self.threshold, "There is no contour in the picture.")
        reach = max(2, round(REACH * product.shape[0]))
        picture = srgb_to_linear(composed.picture / 255.0)
        inner = _mean(picture, composed.alpha > 0.98, reach)
        outer = _mean(picture, composed.alpha < 0.02, reach)
        contour = product & ~ndimage.binary_erosion(product, border_value=1)
        score = float(np.median(difference(lab(inner[contour]), lab(outer[contour]))))
        verdict = Verdict.PASS if score >= self.threshold else Verdict.WARN
        message = f"It differs from what is behind it by {score:.0f} (CIEDE2000, half of the contour more)."
        return Finding(self.name, verdict, score, self.threshold, message)


def _mean(picture: np.ndarray, where: np.ndarray, reach: int) -> np.ndarray:
    """Mean colour (H, W, 3) of the pixels ``where`` within ``reach``."""
    weight = ndimage.uniform_filter(where.astype(np.float32), 2 * reach + 1)
    total = [ndimage.uniform_filter(picture[..., k] * where, 2 * reach + 1) for k in range(3)]
    return np.stack(total, axis=2) / np.maximum(weight, 1e-6)[..., None]
