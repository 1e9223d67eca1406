"""Flat wall goods seen from aside: the front of a frame, a mirror or a clock is a rectangle or an ellipse.

Four corners of known distance give the plane's homography and with it the camera (Zhang 2000); the same is told here by
the tangents of the outline, which a rounded corner or a round frame has too. Nearly every studio shoots them from
straight in front, and a foreshortening of a few degrees can hardly be seen, so straight in front is what is believed
until the outline denies it. Which side of a thin disc is nearer hardly shows: the spread over both answers is its
uncertainty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imagegen.pose.fit import Fit
from imagegen.pose.orbit import focal_mm, usual_lens
from imagegen.pose.silhouette import Silhouette, directions
from imagegen.types import Belief, CameraFacts, Dimensions, Doubles, Spread

NORMALS = directions()[::2]
RING = np.linspace(0, 2 * np.pi, 40, endpoint=False)
TANGENT_SIGMA = 0.004
"""One standard deviation of a tangent, as a share of the outline's span."""
FRONTAL_DEG, OBLIQUE_DEG, CLIMB_DEG, OBLIQUE_PRICE = 1.0, 18.0, 4.0, 6.0
"""Spread of the two ways in which wall goods are shot (the second: of yaw and of elevation, for a camera is walked
aside rather than lifted), and how much dearer the second is (twice its log odds)."""
STEPS = ((4.0, 40.0), (1.0, 4.0), (0.25, 1.0))
"""Degrees between the trials of each round, and how far they reach round the best of the one before."""
NO_PLATE = 2.5
"""Misfit, in standard deviations of a tangent, from which an outline is neither a rectangle's nor an ellipse's."""
APART = 12.0
"""How many tangents err by themselves: those next to each other err together."""


def solve_oblique(silhouette: Silhouette, size: Dimensions, facts: CameraFacts) -> Fit | None:
    """The view of a plate of ``size`` (its front and its back) that has the outline's tangents.

    The plate is an ellipse or a rectangle, whichever explains the outline better; None when neither does.
    """
    middle = np.array([silhouette.left + silhouette.right, silhouette.top + silhouette.bottom]) / 2
    span = max(silhouette.width, silhouette.height)
    look = _Look(
        reach=((silhouette.outline - middle) @ NORMALS.T).max(axis=0),
        span=span,
        film=float(silhouette.photo[0]) if facts.focal_mm else max(*silhouette.photo, 1.2 * span),
        lens=(math.log(facts.focal_mm), 0.03) if facts.focal_mm else usual_lens(size),
        facts=facts,
        size=size,
    )
    found = [_best(look, plate) for plate in _plates(size)]
    best = min(found, key=lambda f: f.misfit)
    if best.misfit > NO_PLATE:
        return None
    sigma = _spread(look, best.plate)
    flat = _flat(best.trial[None], best.plate)[0]
    tall, wide = np.ptp(flat[:, 1]), np.ptp(flat[:, 0])
    yaw, elevation, distance = (float(v) for v in best.trial)
    return Fit(
        yaw_deg=yaw,
        elevation_deg=elevation,
        distance=distance,
        focal=best.focal,
        principal=(float(middle[0] + best.principal[0]), float(middle[1] + best.principal[1])),
        sigma_deg=math.hypot(sigma[0], sigma[1]),
        overlap=float(np.clip(1 - 4 * best.misfit * TANGENT_SIGMA, 0, 1)),
        mismatch=float((silhouette.height / silhouette.width) / (tall / wide) - 1),
        body=best.plate + np.array([0, 0, size.height / 2]),
        spread=Spread(sigma[0], sigma[1], 0.3, 0.3),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """What is looked at: tangents ``reach`` (K,) about the outline's middle, its ``span`` and the film in pixels."""

    reach: Doubles
    span: float
    film: float
    lens: Belief
    facts: CameraFacts
    size: Dimensions


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A plate's best view: ``trial`` (3,) yaw, elevation, distance; ``misfit`` in standard deviations of a tangent."""

    plate: Doubles
    trial: Doubles
    focal: float
    principal: Doubles
    misfit: float


def _best(look: _Look, plate: Doubles) -> _Found:
    centre = np.zeros(2)
    for step, extent in STEPS:
        trials = _trials(centre, step, extent, look.facts, look.size)
        cost, focal, principal, misfit = _weigh(trials, plate, look)
        at = int(cost.argmin())
        centre = trials[at, :2]
    return _Found(plate, trials[at], float(focal[at]), principal[at], float(misfit[at]))


def _plates(size: Dimensions) -> tuple[Doubles, Doubles]:
    """Rims (N, 3) of front and back about the product's middle, metres: an ellipse's and a rectangle's."""
    w, h = size.width / 2, size.height / 2
    fronts = (
        np.column_stack([w * np.cos(RING), h * np.sin(RING)]),
        np.column_stack([w * np.array([-1, 1, 1, -1.0]), h * np.array([-1, -1, 1, 1.0])]),
    )
    ellipse, rectangle = (
        np.concatenate([np.insert(front, 1, y, axis=1) for y in (-size.depth / 2, size.depth / 2)]) for front in fronts
    )
    return ellipse, rectangle


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


def _weigh(trials: Doubles, plate: Doubles, look: _Look) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Cost (N,), focal length (N,), principal point (N, 2) about the outline's middle, misfit (N,); least squares."""
    model = (_flat(trials, plate) @ NORMALS.T).max(axis=1)
    columns = np.concatenate([model[..., None], np.broadcast_to(NORMALS, (*model.shape, 2))], axis=2)
    turned = np.swapaxes(columns, 1, 2)
    answer = np.linalg.solve(turned @ columns, turned @ look.reach[:, None])
    residual = (look.reach - (columns @ answer)[..., 0]) / look.span
    focal = np.maximum(answer[:, 0, 0], 1e-6)
    yaw, climb = trials[:, 0], trials[:, 1]
    straight = (np.hypot(yaw, climb) / FRONTAL_DEG) ** 2
    prior = np.minimum(straight, OBLIQUE_PRICE + (yaw / OBLIQUE_DEG) ** 2 + (climb / CLIMB_DEG) ** 2)
    square = ((residual / TANGENT_SIGMA) ** 2).mean(axis=1)
    lens = ((np.log(focal_mm(1.0, 1) * focal / look.film) - look.lens[0]) / look.lens[1]) ** 2
    return APART * square + prior + lens, focal, answer[:, 1:, 0], np.sqrt(square)


def _spread(look: _Look, plate: Doubles) -> tuple[float, float]:
    """One standard deviation of yaw and elevation, degrees, over all that could be."""
    trials = _trials(np.zeros(2), 2.5, 40.0, look.facts, look.size)
    cost = _weigh(trials, plate, look)[0]
    weight = np.exp(-(cost - cost.min()) / 2)
    weight /= weight.sum()
    best = trials[int(cost.argmin()), :2]
    yaw, climb = np.sqrt((weight[:, None] * (trials[:, :2] - best) ** 2).sum(axis=0))
    return max(float(yaw), 0.5), max(float(climb), 0.5)
