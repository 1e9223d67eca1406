"""Boxy goods: the camera whose view of the product's box has the silhouette's tangents.

A convex shape is told by its support function h(n), the farthest reach in each direction n. The support function
of a projected box is ``focal * g(n) + principal . n``, linear in the focal length and the principal point, so for
any viewing direction the true scale follows in closed form from the silhouette's tangents; only yaw, elevation
and distance are searched. A product lies *inside* its box and touches its six faces, so the comparison is
one-sided: reaching out of the box costs much, leaving a corner of it empty costs little, least of all above
(backs taper) and more below, where feet stand. The box is bent towards what furniture is by a few numbers with a
prior each (see ``Form``). Tips of legs, where there are any, are points on the floor near the footprint's corners.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from imagegen.pose.fit import Fit
from imagegen.pose.forms import (
    DISTANCE,
    ELEVATION,
    FRONT,
    HIGH,
    LOW,
    REAR,
    SHOULDER,
    SIDE,
    STEP,
    YAW,
    Form,
    vertices,
)
from imagegen.pose.legs import leg_tips
from imagegen.pose.lines import Edges, bounded, misalignment
from imagegen.pose.orbit import FILM_MM, usual_lens
from imagegen.pose.silhouette import Silhouette, directions
from imagegen.types import Belief, CameraFacts, Dimensions, Doubles, Habit, Spread

NORMALS = directions()
ON_AXIS = np.abs(NORMALS).max(axis=1) > 0.995
EMPTY = np.where(NORMALS[:, 1] > 0.1, 0.035, 0.09)
USUAL_YAW, USUAL_ELEVATION, ANY_DISTANCE = (0.0, 34.0), (8.0, 6.0), (0.0, 9.0)
"""What is believed of any studio: degrees, degrees, and the logarithm of the distance over the product's size."""
STARTS = 5
EDGE_TRUST = 1.0
"""How much the edges of one direction count."""
TIP_SIGMA = 0.012
"""One standard deviation of where a leg's tip stands, as a share of the product's span."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Everything a fit looks at.

    ``reach`` (K,): support function of the silhouette, pixels about its ``middle``; ``tips`` (T, 2) of legs likewise.
    """

    size: Dimensions
    reach: Doubles
    middle: Doubles
    span: float
    film: float
    mean: Doubles
    sigma: Doubles
    lens: Belief
    tips: Doubles
    form: Form
    edges: Edges

    @property
    def free(self) -> list[int]:
        """Indices of the parameters that may move."""
        return [int(i) for i in np.flatnonzero(self.sigma > 0)]


def solve_box(
    silhouette: Silhouette, size: Dimensions, facts: CameraFacts, form: Form, edges: Edges, habit: Habit
) -> Fit:
    """The view of a box of ``size`` that explains silhouette and edges best.

    ``facts`` are kept as they are; ``habit``: what is believed of the view before it is looked at.
    """
    task = _task(silhouette, size, facts, form, edges, habit)
    found = [_refine(task, start) for start in _starts(task, form)]
    found.sort(key=lambda f: f[1])
    return _conclude(task, found)


def _task(silhouette: Silhouette, size: Dimensions, facts: CameraFacts, form: Form, edges: Edges, habit: Habit) -> Task:
    middle = np.array([silhouette.left + silhouette.right, silhouette.top + silhouette.bottom]) / 2
    reach = ((silhouette.outline - middle) @ NORMALS.T).max(axis=0)
    span = max(silhouette.width, silhouette.height)
    # A tight crop says nothing of the lens: the film is taken to be a fifth wider than the product at least.
    film = float(silhouette.photo[0]) if facts.focal_mm else max(*silhouette.photo, 1.2 * span)
    lens = (math.log(facts.focal_mm), 0.004) if facts.focal_mm else habit.lens or usual_lens(size)
    shape = (form.side, form.front, form.rear, form.knee, form.shoulder, form.taper, form.lean, form.chamfer)
    beliefs = (habit.yaw or USUAL_YAW, habit.elevation or USUAL_ELEVATION, ANY_DISTANCE, *shape)
    mean, sigma = (np.array(column) for column in zip(*beliefs, strict=True))
    for index, fact in ((YAW, facts.yaw_deg), (ELEVATION, facts.elevation_deg)):
        if fact is not None:
            mean[index], sigma[index] = fact, 0.0
    edges = replace(edges, middle=edges.middle - middle)
    return Task(size, reach, middle, span, film, mean, sigma, lens, leg_tips(silhouette) - middle, form, edges)


def project(task: Task, trial: Doubles) -> Doubles:
    """Corners (N, 28, 2) of the bent boxes at focal length 1 about their principal points; ``trial`` (N, 11)."""
    points = vertices(task.size, trial)
    yaw, elevation = np.radians(trial[:, YAW]), np.radians(trial[:, ELEVATION])
    cy, sy, ce, se = (f(a)[:, None] for a in (yaw, elevation) for f in (np.cos, np.sin))
    right = points[..., 0] * cy + points[..., 1] * sy
    away = -points[..., 0] * sy + points[..., 1] * cy
    depth = np.maximum(_metres(task, trial)[:, None] + away * ce - points[..., 2] * se, 0.05)
    down = -(points[..., 2] * ce + away * se)
    return np.stack([right / depth, down / depth], axis=2)


def support(flat: Doubles) -> Doubles:
    """Support functions (N, K) of point sets (N, V, 2)."""
    return np.asarray((flat @ NORMALS.T).max(axis=1))


def _metres(task: Task, trial: Doubles) -> Doubles:
    size = task.size
    largest = max(math.hypot(size.width, size.depth), size.height)
    return np.asarray(largest * np.exp(trial[:, DISTANCE]))


def tolerance(residual: Doubles) -> Doubles:
    """One standard deviation (as a share of the product's span) of each tangent, given the side it errs to."""
    return np.asarray(np.where((residual > 0) | ON_AXIS, 0.02, EMPTY))


def _scale(task: Task, model: Doubles) -> tuple[Doubles, Doubles]:
    """Least squares over all tangents: (N, 3) focal, principal x, y, and residuals (N, K) as shares of the span."""
    columns = np.concatenate([model[..., None], np.broadcast_to(NORMALS, (*model.shape, 2))], axis=2)
    weight = np.ones_like(model)
    for _ in range(3):
        weighted = columns * weight[..., None]
        normal = np.swapaxes(weighted, 1, 2) @ columns
        answer = np.linalg.solve(normal, np.swapaxes(weighted, 1, 2) @ task.reach[:, None])
        residual = (task.reach - (columns @ answer)[..., 0]) / task.span
        weight = 1 / tolerance(residual) ** 2
    return answer[..., 0], residual


def _residuals(task: Task, trial: Doubles) -> Doubles:
    """Standardised residuals (N, M) of tangents, lens, priors and leg tips."""
    flat = project(task, trial)
    answer, residual = _scale(task, support(flat))
    focal = np.maximum(answer[:, 0], 1e-6)
    lens = (np.log(focal / task.film * FILM_MM) - task.lens[0]) / task.lens[1]
    free = task.free
    prior = (trial[:, free] - task.mean[free]) / task.sigma[free]
    parts = [residual / (task.form.slack * tolerance(residual)), lens[:, None], prior]
    if len(task.tips):
        feet = flat[:, :4] * focal[:, None, None] + answer[:, None, 1:]
        gaps = np.linalg.norm(task.tips[None, :, None] - feet[:, None], axis=3).min(axis=2)
        # Robust (Cauchy): a tip may be a castor, a knob or a leg in the middle.
        parts.append(np.sqrt(2 * np.log1p((gaps / task.span / TIP_SIGMA) ** 2 / 2)))
    if len(task.edges.weight):
        parts.append(_askew(task, trial, focal, answer[:, 1:]))
    return np.concatenate(parts, axis=1)


def _askew(task: Task, trial: Doubles, focal: Doubles, principal: Doubles) -> Doubles:
    """Standardised residuals (N, S) of straight edges."""
    off = misalignment(task.edges, _seen_axes(trial), focal, principal, task.form.plumb)
    return np.asarray(np.sqrt(EDGE_TRUST * task.edges.weight * bounded(off**2)))


def _seen_axes(trial: Doubles) -> Doubles:
    """The product's three axes (N, 3, 3) as the camera's right, down and forward coordinates."""
    yaw, elevation = np.radians(trial[:, YAW]), np.radians(trial[:, ELEVATION])
    cy, sy, ce, se = np.cos(yaw), np.sin(yaw), np.cos(elevation), np.sin(elevation)
    rows = [[cy, sy * se, -sy * ce], [sy, -cy * se, cy * ce], [np.zeros_like(cy), -ce, -se]]
    return np.asarray(np.stack([np.stack(row, axis=-1) for row in rows], axis=1))


def _cost(task: Task, trial: Doubles) -> Doubles:
    return np.asarray((_residuals(task, trial) ** 2).sum(axis=1))


def _starts(task: Task, form: Form) -> list[Doubles]:
    """The best cells of a coarse grid, no two of them alike."""
    yaws = np.arange(-76.0, 77.0, 4.0) if YAW in task.free else task.mean[[YAW]]
    climbs = np.array([-4.0, 1, 5, 9, 13, 18, 24, 32]) if ELEVATION in task.free else task.mean[[ELEVATION]]
    grid = np.stack(np.meshgrid(yaws, climbs, np.log([1.3, 2.0, 3.2, 5.5]), form.shoulders, indexing="ij"), axis=-1)
    grid = grid.reshape(-1, 4)
    trial = np.tile(task.mean, (len(grid), 1))
    trial[:, [YAW, ELEVATION, DISTANCE, SHOULDER]] = grid
    cost = _cost(task, trial)
    chosen: list[Doubles] = []
    for index in np.argsort(cost):
        far = [abs(trial[index, YAW] - c[YAW]) > 9 or abs(trial[index, ELEVATION] - c[ELEVATION]) > 11 for c in chosen]
        if all(far):
            chosen.append(trial[index])
        if len(chosen) == STARTS:
            break
    return chosen


def _refine(task: Task, start: Doubles) -> tuple[Doubles, float, Doubles]:
    """Levenberg-Marquardt from ``start``: parameters (11,), cost, covariance of the free ones."""
    free = task.free
    step, low, high = STEP[free], LOW[free], HIGH[free]
    here, damping = start.copy(), 1e-2
    here[free] = np.clip(here[free], low, high)
    best = float(_cost(task, here[None])[0])
    information = np.eye(len(free))
    for _ in range(20):
        around = np.tile(here, (2 * len(free) + 1, 1))
        around[1 : len(free) + 1, free] += np.diag(step)
        around[len(free) + 1 :, free] -= np.diag(step)
        value = _residuals(task, around)
        slope = ((value[1 : len(free) + 1] - value[len(free) + 1 :]) / (2 * step[:, None])).T
        information = slope.T @ slope
        gradient = slope.T @ value[0]
        trials = np.tile(here, (5, 1))
        dampings = damping * np.array([0.01, 0.1, 1, 10, 100])
        for row, extra in enumerate(dampings):
            move = np.linalg.solve(information + extra * np.diag(np.diag(information) + 1e-9), gradient)
            trials[row, free] = np.clip(here[free] - move, low, high)
        costs = _cost(task, trials)
        winner = int(costs.argmin())
        if costs[winner] > best - 1e-4:
            break
        here, best, damping = trials[winner], float(costs[winner]), float(np.clip(dampings[winner], 1e-6, 1e3))
    covariance = np.linalg.inv(information + 1e-9 * np.eye(len(free)))
    return here, best, np.asarray(covariance)


def _conclude(task: Task, found: list[tuple[Doubles, float, Doubles]]) -> Fit:
    best = found[0][0]
    model = support(project(task, best[None]))
    answer, _ = _scale(task, model)
    focal, shift = float(answer[0, 0]), answer[0, 1:]
    predicted = focal * model[0] + NORMALS @ shift
    extent = [i for i in range(len(NORMALS)) if np.abs(NORMALS[i]).max() > 0.9999]
    right, bottom, left, top = (float(task.reach[i] / 1.0) for i in extent)
    model_right, model_bottom, model_left, model_top = (float(predicted[i]) for i in extent)
    mismatch = ((bottom + top) / (model_bottom + model_top)) / ((right + left) / (model_right + model_left)) - 1
    principal = task.middle + shift
    sigma = _spread(task, found)
    body = vertices(task.size, best[None])[0] + np.array([0, 0, task.size.height / 2])
    half = min(task.size.width, task.size.depth) / 2
    return Fit(
        yaw_deg=float(best[YAW]),
        elevation_deg=float(best[ELEVATION]),
        distance=float(_metres(task, best[None])[0]),
        focal=focal,
        principal=(float(principal[0]), float(principal[1])),
        sigma_deg=math.hypot(sigma[YAW], sigma[ELEVATION]),
        overlap=_overlap(task, _box_only(task, best, focal, shift)),
        mismatch=mismatch,
        body=body,
        # At a known scale the focal length is in proportion to the distance.
        spread=Spread(*(float(sigma[i]) for i in (YAW, ELEVATION, DISTANCE, DISTANCE))),
        footprint=body[:4, :2],
        footprint_sigma=float(np.linalg.norm(sigma[[SIDE, FRONT, REAR]]) / math.sqrt(3)) * half,
        tips=task.tips + task.middle,
    )


def _box_only(task: Task, best: Doubles, focal: float, shift: Doubles) -> Doubles:
    plain = best.copy()
    plain[SIDE:] = (0, 0, 0, 0, 1, 0, 0, 0)
    return np.asarray(focal * support(project(task, plain[None]))[0] + NORMALS @ shift)


def _spread(task: Task, found: list[tuple[Doubles, float, Doubles]]) -> Doubles:
    """One standard deviation (11,) of each number of a trial over all near-optimal solutions."""
    weights = np.array([math.exp(-(f[1] - found[0][1]) / 2) for f in found])
    weights /= weights.sum()
    best, free = found[0][0], task.free
    total = np.zeros(len(best))
    for (solution, _, covariance), weight in zip(found, weights, strict=True):
        total[free] += weight * (np.diag(covariance) + (solution - best)[free] ** 2)
    return np.asarray(np.sqrt(total))


def _overlap(task: Task, predicted: Doubles) -> float:
    """Intersection over union of two convex shapes given by their support functions."""
    side = np.linspace(-0.75, 0.75, 128) * task.span
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2) @ NORMALS.T
    inside_a, inside_b = (points <= task.reach).all(axis=1), (points <= predicted).all(axis=1)
    return float((inside_a & inside_b).sum() / max(1, (inside_a | inside_b).sum()))
