"""Flat wall goods seen from aside: the front of a frame, a mirror or a clock is a rectangle or an ellipse.

Four corners of known distance give the plane's homography and with it the camera (Zhang 2000); the same is told here by
the tangents of the outline, which a rounded corner or a round frame has too. Nearly every studio shoots them from
straight in front, and a foreshortening of a few degrees can hardly be seen, so straight in front is what is believed
until the outline denies it. Which side of a thin disc is nearer hardly shows: the spread over both answers is its
uncertainty.
"""

from __future__ import annotations

import math

import numpy as np

from imagegen.pose.fit import Fit
from imagegen.pose.orbit import focal_mm, usual_lens
from imagegen.pose.silhouette import Silhouette, directions
from imagegen.types import CameraFacts, Dimensions, Doubles, Spread

NORMALS = directions()[::2]
RING = np.linspace(0, 2 * np.pi, 40, endpoint=False)
TANGENT_SIGMA = 0.004
"""One standard deviation of a tangent, as a share of the outline's span."""
FRONTAL_DEG, OBLIQUE_DEG, OBLIQUE_PRICE = 1.0, 18.0, 6.0
"""Spread of the two ways in which wall goods are shot, and how much dearer the second is (twice its log odds)."""
STEPS = ((4.0, 40.0), (1.0, 4.0), (0.25, 1.0))
"""Degrees between the trials of each round, and how far they reach round the best of the one before."""
ROUND_SHARE = (0.74, 0.82)
"""Share of its bounding box that an ellipse covers, give or take a rim."""


def solve_oblique(silhouette: Silhouette, size: Dimensions, facts: CameraFacts) -> Fit:
    """The view of a plate of ``size`` (its front and its back) that has the outline's tangents."""
    middle = np.array([silhouette.left + silhouette.right, silhouette.top + silhouette.bottom]) / 2
    reach = ((silhouette.outline - middle) @ NORMALS.T).max(axis=0)
    span = max(silhouette.width, silhouette.height)
    film = float(silhouette.photo[0]) if facts.focal_mm else max(*silhouette.photo, 1.2 * span)
    lens = (math.log(facts.focal_mm), 0.03) if facts.focal_mm else usual_lens(size)
    plate = _plate(silhouette, size)
    centre, trials = np.zeros(2), np.zeros((0, 3))
    for step, extent in STEPS:
        trials = _trials(centre, step, extent, facts, size)
        cost, focal, principal = _weigh(trials, plate, reach, span, film, lens)
        centre = trials[int(cost.argmin()), :2]
    best = int(cost.argmin())
    sigma = _spread(size, facts, plate, reach, span, film, lens)
    yaw, elevation, distance = (float(v) for v in trials[best])
    flat = _flat(trials[best : best + 1], plate)[0]
    tall, wide = np.ptp(flat[:, 1]), np.ptp(flat[:, 0])
    return Fit(
        yaw_deg=yaw,
        elevation_deg=elevation,
        distance=distance,
        focal=float(focal[best]),
        principal=(float(middle[0] + principal[best, 0]), float(middle[1] + principal[best, 1])),
        sigma_deg=math.hypot(sigma[0], sigma[1]),
        overlap=float(np.clip(1 - cost[best] * TANGENT_SIGMA**2, 0, 1)),
        mismatch=float((silhouette.height / silhouette.width) / (tall / wide) - 1),
        body=plate + np.array([0, 0, size.height / 2]),
        spread=Spread(sigma[0], sigma[1], 0.3, 0.3),
    )


def _plate(silhouette: Silhouette, size: Dimensions) -> Doubles:
    """Rims (N, 3) of front and back about the product's middle, metres: ellipses or rectangles, as the outline is."""
    filled = float(silhouette.mask.sum()) / (silhouette.width * silhouette.height)
    if ROUND_SHARE[0] < filled < ROUND_SHARE[1]:
        x, z = size.width / 2 * np.cos(RING), size.height / 2 * np.sin(RING)
    else:
        x, z = (size.width / 2 * np.array([-1, 1, 1, -1.0]), size.height / 2 * np.array([-1, -1, 1, 1.0]))
    sides = [np.column_stack([x, np.full_like(x, y), z]) for y in (-size.depth / 2, size.depth / 2)]
    return np.concatenate(sides)


def _trials(centre: Doubles, step: float, extent: float, facts: CameraFacts, size: Dimensions) -> Doubles:
    """Yaws, elevations (degrees) and distances (metres) to be tried (N, 3)."""
    around = np.arange(-extent, extent + step / 2, step)
    yaws = centre[0] + around if facts.yaw_deg is None else np.array([facts.yaw_deg])
    climbs = centre[1] + around * 0.6 if facts.elevation_deg is None else np.array([facts.elevation_deg])
    reach = np.exp(np.linspace(math.log(1.1), math.log(9.0), 6)) * max(size.width, size.height)
    grid = np.stack(np.meshgrid(yaws, climbs, reach, indexing="ij"), axis=-1)
    return np.asarray(grid.reshape(-1, 3))


def _flat(trials: Doubles, plate: Doubles) -> Doubles:
    """The plate (N, V, 2) at focal length 1 about each trial camera's principal point."""
    yaw, climb = np.radians(trials[:, 0]), np.radians(trials[:, 1])
    cy, sy, ce, se = (f(a)[:, None] for a in (yaw, climb) for f in (np.cos, np.sin))
    right, away = plate[:, 0] * cy + plate[:, 1] * sy, -plate[:, 0] * sy + plate[:, 1] * cy
    depth = np.maximum(trials[:, 2, None] + away * ce - plate[:, 2] * se, 0.02)
    return np.stack([right / depth, -(plate[:, 2] * ce + away * se) / depth], axis=2)


def _weigh(
    trials: Doubles, plate: Doubles, reach: Doubles, span: float, film: float, lens: tuple[float, float]
) -> tuple[Doubles, Doubles, Doubles]:
    """Cost (N,), focal length (N,) and principal point (N, 2) about the outline's middle, by least squares."""
    model = (_flat(trials, plate) @ NORMALS.T).max(axis=1)
    columns = np.concatenate([model[..., None], np.broadcast_to(NORMALS, (*model.shape, 2))], axis=2)
    turned = np.swapaxes(columns, 1, 2)
    answer = np.linalg.solve(turned @ columns, turned @ reach[:, None])
    residual = (reach - (columns @ answer)[..., 0]) / span
    focal = np.maximum(answer[:, 0, 0], 1e-6)
    turn = np.hypot(trials[:, 0], trials[:, 1])
    prior = np.minimum((turn / FRONTAL_DEG) ** 2, OBLIQUE_PRICE + (turn / OBLIQUE_DEG) ** 2)
    cost = ((residual / TANGENT_SIGMA) ** 2).mean(axis=1) * 12  # tangents next to each other err together
    cost += prior + ((np.log(focal_mm(1.0, 1) * focal / film) - lens[0]) / lens[1]) ** 2
    return cost, focal, answer[:, 1:, 0]


def _spread(
    size: Dimensions,
    facts: CameraFacts,
    plate: Doubles,
    reach: Doubles,
    span: float,
    film: float,
    lens: tuple[float, float],
) -> tuple[float, float]:
    """One standard deviation of yaw and elevation, degrees, over all that could be."""
    trials = _trials(np.zeros(2), 2.5, 40.0, facts, size)
    cost, _, _ = _weigh(trials, plate, reach, span, film, lens)
    weight = np.exp(-(cost - cost.min()) / 2)
    weight /= weight.sum()
    best = trials[int(cost.argmin()), :2]
    yaw, climb = np.sqrt((weight[:, None] * (trials[:, :2] - best) ** 2).sum(axis=0))
    return max(float(yaw), 0.5), max(float(climb), 0.5)
