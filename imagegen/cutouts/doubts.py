"""When a photo is no packshot, or its cutout is not to be trusted: say what was seen and what would help."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from imagegen.cutouts.background import Background
from imagegen.errors import NotAPackshotError
from imagegen.types import Bools, Finding, Floats, Verdict

PLAIN_SHARE = 0.80
"""Less of the border than this being plain means a room, a street, a hand: not a studio."""
_HELP = "Send a photo of the product alone on a plain background, or one with an alpha channel."


def judge_border(background: Background) -> None:
    """Raises NotAPackshotError when the photo's border is not plain."""
    share = float(background.plain.sum() / background.ring.sum())
    if share < PLAIN_SHARE:
        raise NotAPackshotError(
            f"Only {share:.0%} of the photo's border is plain background, so this looks like a photo of a place.",
            hint=_HELP,
        )


def judge_result(encoded: Floats, alpha: Floats, background: Background) -> tuple[Finding, ...]:
    """What is doubtful about a cutout; raises NotAPackshotError where it must not be used."""
    solid = alpha > 0.5
    share = float(solid.mean())
    if share < 0.003:
        raise NotAPackshotError("No product stands out from the background.", hint=_HELP)
    if share > 0.97:
        raise NotAPackshotError("The product fills the whole photo; no background is left.", hint=_HELP)
    _judge_parts(solid)
    return _judge_frame(solid)


def _judge_parts(solid: Bools) -> None:
    joined = ndimage.binary_dilation(solid, np.ones((3, 3)), iterations=max(1, round(0.006 * max(solid.shape))))
    label, count = ndimage.label(joined)
    if count < 2:
        return
    sizes = np.sort(ndimage.sum_labels(solid, label, np.arange(1, count + 1)))[::-1]
    if sizes[1] > 0.25 * sizes[0]:
        several = int((sizes > 0.25 * sizes[0]).sum())
        raise NotAPackshotError(
            f"The photo shows {several} separate things of similar size.", hint="Send one photo for each product."
        )


def _judge_frame(solid: Bools) -> tuple[Finding, ...]:
    sides = {"top": solid[0], "bottom": solid[-1], "left": solid[:, 0], "right": solid[:, -1]}
    for name, side in sides.items():
        share = float(side.mean())
        if share > 0.12:
            raise NotAPackshotError(
                f"The product is cut off by the photo's {name} edge (over {share:.0%} of it).",
                hint="Send a photo that shows the whole product with some background around it.",
            )
    touched = {name: float(side.mean()) for name, side in sides.items() if side.any()}
    if not touched:
        return ()
    name = max(touched, key=lambda key: touched[key])
    return (
        Finding(
            "cutout", Verdict.WARN, touched[name], 0.0, f"The product touches the photo's {' and '.join(touched)} edge."
        ),
    )
