"""Whether the product touches what carries it: the floor, a table, the ceiling."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy import ndimage

from imagegen.checks.measure import grade, landed
from imagegen.protocols import Staged
from imagegen.types import Composed, Doubles, Finding, Floats, Mount, Passes, Verdict

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
BRIGHT = 1.03
"""The ground beside a product's foot may be this much brighter than the ground further off before it looks afloat."""


class Contact:
    """Score: height of the gap between product and ground, as a share of the product's height.

    The lowest points of the silhouette are looked at along the picture's own rays: seen over the footprint, at
    what height above the ground do they pass?
    """

    name: ClassVar[str] = "contact"
    threshold: ClassVar[float] = 0.03

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:
        """Fails when the product floats or sinks; warns when the ground beside its feet is not shaded."""
        mount = staged.product.mount
        if mount in {Mount.WALL, Mount.RUG}:
            return Finding(self.name, Verdict.PASS, 0.0, self.threshold, "It lies flat on what carries it.")
        tip = _tip(staged, highest=mount is Mount.CEILING)
        if tip is None:
            return Finding(self.name, Verdict.FAIL, 1.0, self.threshold, "There is no product to touch the ground.")
        if mount is Mount.CEILING:
            return self._hang(staged, tip)
        gap = _gap(staged, tip, float(staged.placement.position[2]))
        score = abs(gap) / staged.product.dimensions.height
        verdict = grade(score, self.threshold, 2 * self.threshold)
        way = "above" if gap > 0 else "below"
        message = (
            f"Its lowest point is {abs(gap) * 100:.1f} cm {way} the ground."
            if abs(gap) > 1e-4
            else "It stands on the ground."
        )
        # A lamp that is lit lights the ground at its own foot.
        shade = None if staged.settings.lamp_on else _shade(passes, composed)
        if verdict is Verdict.PASS and shade is not None and shade > BRIGHT:
            verdict, message = (
                Verdict.WARN,
                f"The ground beside it is not shaded ({shade:.2f} of the ground further off).",
            )
        return Finding(self.name, verdict, float(score), self.threshold, message)

    def _hang(self, staged: Staged, tip: Doubles) -> Finding:
        """A lamp's cord must leave the picture or reach the ceiling."""
        if tip[1] <= 2:
            return Finding(
                self.name, Verdict.PASS, 0.0, self.threshold, "It hangs from beyond the picture's upper edge."
            )
        gap = abs(_gap(staged, tip, staged.room.height))
        score = gap / staged.room.height
        message = f"Its upper end is {gap * 100:.0f} cm from the ceiling."
        return Finding(
            self.name, grade(score, self.threshold, 2 * self.threshold), float(score), self.threshold, message
        )


def _tip(staged: Staged, *, highest: bool) -> Doubles | None:
    """The lowest (or highest) place of the silhouette in the picture (2,)."""
    seen, _ = landed(staged, 0.5)
    points = seen.points[np.isfinite(seen.points).all(axis=1)]
    if len(points) < 16:
        return None
    down = -points[:, 1] if highest else points[:, 1]
    return np.asarray(np.median(points[down >= np.quantile(down, 0.999)], axis=0), np.float64)


def _gap(staged: Staged, pixel: Doubles, ground: float) -> float:
    """Metres by which the ray through a pixel misses ``ground`` while over the footprint; positive is above.

    The lowest point of a thing is its part nearest to the camera: only the near quarter of the footprint counts
    (legs stand in a little), its near half for round goods, whose foot is in the middle.
    """
    camera, size = staged.placement.camera, staged.product.dimensions
    ray = camera.rays(pixel[None])[0]
    angle = -np.radians(staged.placement.yaw_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    start = turn @ (np.asarray(camera.position) - staged.placement.position)[:2]
    way = turn @ ray[:2]
    half = np.array([size.width, size.depth]) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        cross = np.sort(np.stack([(-half - start) / way, (half - start) / way]), axis=0)
    enter, leave = float(np.nanmax(cross[0])), float(np.nanmin(cross[1]))
    if leave < enter:
        # The ray passes beside the footprint: take it where it is nearest to the middle.
        enter = leave = float(-(start @ way) / max(way @ way, 1e-12))
    share = 0.5 if staged.pose.kind == "round" else 0.25
    leave = enter + share * (leave - enter)
    heights = camera.position[2] + np.array([enter, leave]) * ray[2] - ground
    if heights.min() <= 0 <= heights.max():
        return 0.0
    return float(heights[np.argmin(np.abs(heights))])


def _shade(passes: Passes, composed: Composed) -> float | None:
    """Light on the ground right beside the product's lower edge against the ground a little off; None if unseen."""
    product = composed.alpha > 0.5
    if not product.any():
        return None
    height = product.shape[0]
    rows = np.nonzero(product.any(axis=1))[0]
    feet = product.copy()
    feet[: rows.max() - max(4, (rows.max() - rows.min()) // 8)] = False
    ground = (passes.normals[..., 2] > 0.9) & (composed.alpha < 0.02) & (passes.albedo.mean(axis=2) > 0.02)
    distance = ndimage.distance_transform_edt(~feet) / height
    near, far = ground & (distance < 0.012), ground & (distance > 0.05) & (distance < 0.12)
    if near.sum() < 20 or far.sum() < 20:
        return None
    light: Floats = (passes.picture @ LUMINANCE) / np.maximum(passes.albedo @ LUMINANCE, 0.02)
    return float(np.median(light[near]) / max(float(np.median(light[far])), 1e-6))
