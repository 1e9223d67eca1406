"""Round goods: yaw means nothing, so only the elevation, the distance and the scale are solved.

Two kinds of evidence speak of the elevation. The aspect: a round thing of height h and diameter d is seen
``h cos e + d sin e`` high. The rims: a circle seen at elevation e is an ellipse whose axes have the ratio sin e, at
the foot and at the top (where a tall thing may be seen from below). A rounded foot or a dome curves more than its
rim would, so the rims bind from one side only. All of it is weighed on a grid of elevations and distances, with what
a studio usually does as the prior; the spread of that distribution is the answer's sigma.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from imagegen.pose.fit import Fit
from imagegen.pose.legs import leg_tips
from imagegen.pose.orbit import usual_lens
from imagegen.pose.silhouette import Silhouette
from imagegen.pose.top import seen_from_above
from imagegen.types import Belief, CameraFacts, Cutout, Dimensions, Doubles, Habit, Spread

ASPECT_SIGMA = 0.03
USUAL_ELEVATION = (8.0, 7.0)
LEVEL = (2.0, 7.0)
"""Mean and sigma, degrees: hung goods are shot from about their own height."""
NO_RIM = 0.25
"""Misfit from which an end of the outline is no half ellipse."""
CLEAR_RIM, WRONG_SIDE = 0.15, 16.0
"""Misfit below which an end is a rim for certain, and the cost of seeing it from the side that the photo denies."""
ROUNDED = 0.025
"""How much rounder a foot's lower edge makes its ellipse, as a share of its half width."""
MOST_LEGS, EVEN, LEGS_SIGMA = 6, 0.45, 0.05
"""How many legs, how unevenly in their ring (correlation of their tips), and how well they then tell the sine."""
RING = np.linspace(0, 2 * np.pi, 48, endpoint=False)


@dataclass(frozen=True, slots=True)
class Rim:
    """An end of the silhouette taken for half an ellipse.

    ``ratio`` of its axes; ``share`` of the product's width that it spans; ``misfit`` of the curve (0: an ellipse).
    """

    ratio: float
    share: float
    misfit: float

    def cost(self, sine: Doubles) -> Doubles:
        """Of trial elevations, given as the sine (N,) at which this end is seen."""
        if self.misfit > NO_RIM:
            return np.zeros_like(sine)
        noise = 0.025 + self.misfit / 2
        return _one_sided(sine - self.ratio, noise + 0.4 * self.misfit, noise)


def solve_round(
    cutout: Cutout,
    silhouette: Silhouette,
    size: Dimensions,
    facts: CameraFacts,
    habit: Habit,
    usual: Belief = USUAL_ELEVATION,
) -> Fit:
    """The view of a round thing; ``facts`` are kept as they are. Yaw is 0 unless a fact says otherwise.

    ``usual``: the elevation that is believed in where the ``habit`` of the studio is not known.
    """
    widths = silhouette.row_widths()
    head, base = rim(widths), foot(silhouette, widths)
    elevations = np.arange(-25.0, 60.01, 0.25) if facts.elevation_deg is None else np.array([facts.elevation_deg])
    reach = np.linspace(math.log(1.1), math.log(14.0), 28)
    e, q = (a.ravel() for a in np.meshgrid(elevations, reach, indexing="ij"))
    distance = np.exp(q) * max(size.width, size.depth, size.height)
    widest = 1.0 - float(widths.argmax()) / len(widths)
    body = _drum(size, (base.share, 1.0, head.share), widest)
    box = _project(size, np.radians(e), distance, body)
    seen = replace(silhouette, bottom=base.row)
    focal, aspect = _scale(box, seen)
    film = (
        silhouette.photo[0]
        if facts.focal_mm
        else max(*silhouette.photo, 1.2 * max(silhouette.width, silhouette.height))
    )
    lens = (math.log(facts.focal_mm), 0.03) if facts.focal_mm else habit.lens or usual_lens(size)
    cost = (np.log(aspect) / ASPECT_SIGMA) ** 2 + ((np.log(focal / film * 36.0) - lens[0]) / lens[1]) ** 2
    level, slack = habit.elevation or usual
    cost += ((e - level) / slack) ** 2
    camera_height = size.height / 2 + distance * np.sin(np.radians(e))
    ground = distance * np.cos(np.radians(e))
    cost += base.cost(np.sin(np.arctan2(camera_height, ground)))
    over = np.sin(np.arctan2(camera_height - size.height, ground))
    cost += head.cost(np.abs(over))
    above = seen_from_above(cutout, silhouette, head.ratio, head.share) if head.misfit < CLEAR_RIM else None
    if above is not None:
        cost += WRONG_SIDE * ((over > 0) != above)
    return _conclude(seen, facts, e, q, distance, focal, aspect, box, cost, body, base)


@dataclass(frozen=True, slots=True)
class Foot:
    """What a round thing stands on: its rim, or legs in a ring.

    ``share`` of the product's width that the model's lowest ring spans, and the photo's ``row`` at which it ends;
    ``ratio`` of the axes of the ellipse on the floor, with its standard deviations towards flatter and steeper views;
    ``reach``: the share of the product's width that it stands on; ``tips`` (T, 2) of legs, photo pixels.
    """

    share: float
    row: float
    ratio: float
    flatter: float
    steeper: float
    reach: float
    tips: Doubles

    def cost(self, sine: Doubles) -> Doubles:
        """Of trial elevations, given as the sine (N,) at which the floor is seen."""
        return _one_sided(sine - self.ratio, self.flatter, self.steeper)


NO_TIPS = np.zeros((0, 2))


def foot(silhouette: Silhouette, widths: Doubles) -> Foot:
    """The foot of a round thing, ``widths`` (N,) of its rows from the top.

    Three or more legs that stand evenly in a ring: their tips scatter as far in depth as across, foreshortened by the
    sine of the elevation, about a middle that lies on the axis. Otherwise the lower end as half an ellipse.
    """
    seen, tips = rim(widths[::-1]), leg_tips(silhouette)
    if seen.misfit > NO_RIM and 3 <= len(tips) <= MOST_LEGS:
        across, down = (tips - tips.mean(axis=0)).T
        spread, depth = float(np.sum(across**2)), float(np.sum(down**2))
        skew = abs(float(np.sum(across * down))) / max(math.sqrt(spread * depth), 1e-6)
        radius = math.sqrt(2 * spread / len(tips))
        if skew < EVEN and depth < spread and radius > 0.2 * silhouette.width:
            return Foot(
                0.0,
                float(tips[:, 1].mean()),
                math.sqrt(depth / spread),
                LEGS_SIGMA,
                LEGS_SIGMA,
                2 * radius / silhouette.width,
                tips,
            )
    if seen.misfit > NO_RIM:
        return Foot(seen.share, silhouette.bottom, 0.0, math.inf, math.inf, seen.share, NO_TIPS)
    noise = 0.025 + seen.misfit / 2
    # Its edge is rounded, so that it looks steeper than it is seen.
    return Foot(
        seen.share,
        silhouette.bottom,
        max(seen.ratio - ROUNDED, 0.0),
        noise + 0.4 * seen.misfit,
        noise,
        seen.share,
        NO_TIPS,
    )


def rim(widths: Doubles) -> Rim:
    """The end of a silhouette, ``widths`` (N,) of its rows from that end inwards, as half an ellipse."""
    full, best = float(widths.max()), Rim(0.0, 0.0, 1.0)
    for rows in range(2, max(3, int(min(0.6 * len(widths), 0.6 * full)))):
        half = widths[rows - 1 : rows + 1].mean() / 2
        if half < 0.04 * full:
            continue
        middle = np.arange(rows) + 0.5
        curve = 2 * half * np.sqrt(np.maximum(0.0, 1 - (1 - middle / rows) ** 2))
        misfit = float(np.sqrt(np.mean((widths[:rows] - curve) ** 2)) / half) + 0.5 / half
        if misfit < best.misfit:
            best = Rim(float(rows / half), float(2 * half / full), misfit)
    return best


def _one_sided(excess: Doubles, below: float, above: float) -> Doubles:
    """Seen steeper than an end allows: hardly possible. Flatter: likely, where the end is rounded."""
    over, under = np.maximum(0.0, excess) / above, np.maximum(0.0, -excess) / below
    return np.asarray(over**2 + 4 * np.log1p(under**2 / 4))


def _drum(size: Dimensions, shares: tuple[float, float, float], level: float) -> Doubles:
    """The foot's, the widest and the head's ring (N, 3) in the product's frame; the widest at a share of the height."""
    rings = []
    for share, z in zip(shares, (0.0, level, 1.0), strict=True):
        x, y = share * size.width / 2 * np.cos(RING), share * size.depth / 2 * np.sin(RING)
        rings.append(np.column_stack([x, y, np.full_like(x, z * size.height)]))
    return np.concatenate(rings)


def _project(size: Dimensions, e: Doubles, distance: Doubles, body: Doubles) -> Doubles:
    """Extents (N, 4) left, top, right, bottom of the rings at focal length 1."""
    x, y, z = (body - np.array([0, 0, size.height / 2])).T
    c, s = np.cos(e)[:, None], np.sin(e)[:, None]
    depth = np.maximum(distance[:, None] + y * c - z * s, 0.02)
    u, v = x / depth, -(z * c + y * s) / depth
    return np.stack([u.min(axis=1), v.min(axis=1), u.max(axis=1), v.max(axis=1)], axis=1)


def _scale(box: Doubles, silhouette: Silhouette) -> tuple[Doubles, Doubles]:
    """Focal length that makes the sum of width and height right, and how much too slim (> 1) the photo then is."""
    width, height = box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]
    focal = (silhouette.width + silhouette.height) / (width + height)
    return focal, (silhouette.height / silhouette.width) / (height / width)


def _conclude(
    silhouette: Silhouette,
    facts: CameraFacts,
    e: Doubles,
    q: Doubles,
    distance: Doubles,
    focal: Doubles,
    aspect: Doubles,
    box: Doubles,
    cost: Doubles,
    body: Doubles,
    base: Foot,
) -> Fit:
    weight = np.exp(-(cost - cost.min()) / 2)
    weight /= weight.sum()
    mean = float((weight * e).sum())
    sigma = math.sqrt(float((weight * (e - mean) ** 2).sum()))
    at = int(np.argmin(cost + ((e - mean) / max(sigma, 0.5)) ** 2))
    f = float(focal[at])
    middle_u, middle_v = (box[at, 0] + box[at, 2]) / 2, (box[at, 1] + box[at, 3]) / 2
    principal = (
        (silhouette.left + silhouette.right) / 2 - f * float(middle_u),
        (silhouette.top + silhouette.bottom) / 2 - f * float(middle_v),
    )
    return Fit(
        yaw_deg=facts.yaw_deg or 0.0,
        elevation_deg=float(e[at]),
        distance=float(distance[at]),
        focal=f,
        principal=principal,
        sigma_deg=sigma,
        overlap=float(min(aspect[at], 1 / aspect[at])),
        mismatch=float(aspect[at]) - 1,
        body=body,
        spread=Spread(0.0, sigma, *[math.sqrt(float((weight * (q - (weight * q).sum()) ** 2).sum()))] * 2),
        footprint=max(base.reach, 0.05) * body[len(RING) : 2 * len(RING), :2],
        footprint_sigma=0.05 * base.reach * float(np.ptp(body[len(RING) : 2 * len(RING), 0])),
        tips=base.tips,
    )
