"""Which of a product's photos suits a place: how surely its camera is known, how sharp it will be, how it is seen."""

from __future__ import annotations

from imagegen.placement.sites import Site
from imagegen.types import Mount, Product, Seen, Verdict

UNSURE = 0.03
"""The cost of each degree by which the viewing direction is uncertain."""
DOUBTFUL = 0.4
"""The cost of a pose or a cutout that its own stage warns of."""
BLURRED = 0.6
"""The cost of showing a photo at twice its own size."""
SQUARE_ON = 0.25
"""The cost of seeing a thing that has a front straight from before: a room seen askew has depth."""
ASKEW_DEG = 12.0
FRONT_DEG = 60.0
"""From farther round than this a thing shows its side, and the camera would stand in a wall's plane."""


def suits(view: Seen, site: Site, scale: float, product: Product) -> tuple[float, tuple[str, ...]]:
    """How ill a photo suits a place, and why it suits. ``scale``: the picture's pixels for one of the photo's."""
    pose = view.pose
    cost = UNSURE * min(pose.sigma_deg, 30.0)
    reasons = []
    if any(finding.verdict is not Verdict.PASS for finding in (*view.cutout.findings, *pose.findings)):
        cost += DOUBTFUL
    else:
        reasons.append(f"its photo {view.photo + 1} is surely understood (± {pose.sigma_deg:.0f} degrees)")
    if product.mount is not Mount.RUG:
        cost += BLURRED * max(0.0, scale - 1.0)
        if scale <= 1.0:
            reasons.append("that photo is large enough to be sharp")
    turn = abs(pose.yaw_deg)
    if pose.kind == "box" and site.anchor is not None:
        cost += SQUARE_ON * max(0.0, 1.0 - turn / ASKEW_DEG) + 0.02 * max(0.0, turn - FRONT_DEG)
        if ASKEW_DEG <= turn <= FRONT_DEG:
            reasons.append(f"it shows the product from {turn:.0f} degrees beside its front, which gives the room depth")
    return cost, tuple(reasons)
