"""Measures that several checks take: where the cutout's pixels land, where the product's box is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagegen.protocols import Staged
from imagegen.types import Composed, Doubles, Verdict

SAMPLES = 40_000
INTERIOR = 0.999
"""Alpha from which on a pixel of the picture is wholly product."""


@dataclass(frozen=True, slots=True, eq=False)
class Landed:
    """The cutout's pixels in the picture: ``points`` (N, 2), the alpha of each, and how much its area grows."""

    points: Doubles
    alpha: Doubles
    growth: Doubles

    @property
    def mass(self) -> Doubles:
        """Pixels of the picture that each sample should fill, in proportion."""
        return self.alpha * self.growth


def landed(staged: Staged, least: float = 0.02) -> tuple[Landed, float]:
    """A regular sample of the cutout's pixels with alpha above ``least``, and how many pixels each stands for."""
    alpha = staged.cutout.alpha
    step = max(1, int(np.sqrt(alpha.size / SAMPLES)))
    ys, xs = np.nonzero(alpha[::step, ::step] > least)
    pixels = np.column_stack([xs, ys]) * step + 0.5
    warp = np.asarray(staged.placement.warp, float)
    lifted = np.column_stack([pixels, np.ones(len(pixels))]) @ warp.T
    w = np.where(np.abs(lifted[:, 2:]) > 1e-12, lifted[:, 2:], np.nan)
    growth = np.abs(np.linalg.det(warp)) / np.abs(w[:, 0]) ** 3
    return Landed(lifted[:, :2] / w, alpha[::step, ::step][ys, xs].astype(float), growth), float(step * step)


def extent(points: Doubles, margin: float = 0.0) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of points (N, 2); ``margin`` leaves out that share of them on each side."""
    low, high = np.nanquantile(points, [margin, 1 - margin], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def body(staged: Staged, *, round_goods: bool) -> Doubles:
    """Points (N, 3) on the outline of the product's body in the room.

    The body that the pose was solved with where there is one (a rounded sofa does not fill its box's corners); else
    the product's box, or the upright ellipse-based drum inside it. A photo from straight in front shows the face alone.
    """
    if staged.pose.body is not None:
        own = staged.pose.body
        return to_room(staged, own[own[:, 1] < 0] if staged.pose.kind == "frontal" else own)
    size = staged.product.dimensions
    turn = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    if round_goods:
        base = np.column_stack([np.cos(turn) * size.width / 2, np.sin(turn) * size.depth / 2])
    else:
        base = np.array([[x, y] for x in (-0.5, 0.5) for y in (-0.5, 0.5)]) * [size.width, size.depth]
    flat = to_room(staged, np.column_stack([base, np.zeros(len(base))]))
    return np.vstack([flat, flat + np.array([0.0, 0.0, size.height])])


def to_room(staged: Staged, points: Doubles) -> Doubles:
    """Points (N, 3) of the product's frame in the room's frame."""
    angle = np.radians(staged.placement.yaw_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    return np.asarray(points @ turn.T + np.asarray(staged.placement.position, float))


def interior(composed: Composed) -> np.ndarray:
    """Pixels (H, W) of the picture that are wholly product."""
    return composed.alpha >= INTERIOR


def grade(score: float, passes: float, warns: float) -> Verdict:
    """A verdict for a score of which less is better: pass up to ``passes``, warn up to ``warns``, else fail."""
    if score <= passes:
        return Verdict.PASS
    return Verdict.WARN if score <= warns else Verdict.FAIL
