"""The house default: how a retailer's studio shoots, learnt from the poses of its whole catalog.

A studio shoots all its sofas alike. Each photo's pose is a measurement with a known uncertainty; what is common to them
and how much they really differ follow from a random-effects model (DerSimonian and Laird 1986). The habit of a category
then is what is believed of its next photo before it is looked at, so a photo that says little is read as the others
were.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from imagegen.types import Doubles, Habit, Pose, Studio

FEWEST = 4
"""Photos of one category from which its own habit is told; with fewer the whole catalog's is."""
FLOORS = (3.0, 1.5, 0.06)
"""The least spread that is ever believed: yaw and elevation in degrees, and the logarithm of the focal length."""
OUTLIER = 3.5
"""Standard deviations from the median beyond which a measurement is another story (Iglewicz and Hoaglin 1993)."""
LEANING_KINDS = frozenset({"box", "round"})
"""Solvers whose answers tell of a studio: a frontal or a top view is a matter of the goods."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One photo's pose as a measurement: degrees, log of millimetres, each with its standard deviation."""

    values: tuple[float, float, float]
    sigmas: tuple[float, float, float]

    @classmethod
    def of(cls, pose: Pose) -> Sight:
        """What a solved pose says of the studio. A round thing's yaw says nothing."""
        spread = pose.spread
        yaw_sigma = math.inf if pose.kind == "round" else max(spread.yaw_deg, 0.3)
        lens_sigma = max(spread.focal, 0.02)
        return cls(
            (pose.yaw_deg, pose.elevation_deg, math.log(pose.focal_mm)),
            (yaw_sigma, max(spread.elevation_deg, 0.3), lens_sigma),
        )


def learn(poses: Iterable[tuple[str, Pose]]) -> Studio:
    """The studio's habits from (category, pose) of a catalog's photos; unchanged beliefs where nothing was learnt."""
    groups: dict[str, list[Sight]] = defaultdict(list)
    for category, pose in poses:
        if pose.kind in LEANING_KINDS:
            groups[Studio.key(category)].append(Sight.of(pose))
    everything = [sight for group in groups.values() for sight in group]
    if len(everything) < FEWEST:
        return Studio()
    habits = {name: _habit(group) for name, group in sorted(groups.items()) if len(group) >= FEWEST}
    return Studio(_habit(everything), habits)


def _habit(sights: list[Sight]) -> Habit:
    values = np.array([s.values for s in sights])
    sigmas = np.array([s.sigmas for s in sights])
    yaw, climb, lens = (pooled(values[:, i], sigmas[:, i], floor) for i, floor in enumerate(FLOORS))
    return Habit(yaw=yaw, elevation=climb, lens=lens, photos=len(sights))


def pooled(values: Doubles, sigmas: Doubles, floor: float) -> tuple[float, float] | None:
    """Mean and predictive standard deviation of what is measured next; None when nothing finite was measured.

    ``values`` (N,) with standard deviations ``sigmas`` (N,), which may be inf. Far outliers are left out.
    """
    known = np.isfinite(sigmas)
    if known.sum() < FEWEST:
        return None
    x, variance = values[known], sigmas[known] ** 2
    centre = np.median(x)
    scatter = max(1.4826 * float(np.median(np.abs(x - centre))), floor)
    near = np.abs(x - centre) <= OUTLIER * np.sqrt(scatter**2 + variance)
    x, variance = x[near], variance[near]
    weight = 1 / variance
    mean = (weight * x).sum() / weight.sum()
    excess = (weight * (x - mean) ** 2).sum() - (len(x) - 1)
    between = max(0.0, float(excess / (weight.sum() - (weight**2).sum() / weight.sum()))) if len(x) > 1 else 0.0
    weight = 1 / (variance + between)
    mean = float((weight * x).sum() / weight.sum())
    return mean, max(math.sqrt(between + 1 / float(weight.sum())), floor)
