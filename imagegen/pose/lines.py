"""Straight edges inside the product: seams, door gaps, arm rests and boards run along its box's axes.

Parallel edges of a thing meet in a vanishing point; a box has three (Caprile and Torre 1990). Which edge runs along
which axis is not known, and many run along none, so each is compared with the nearest axis and counts for little when
it is far from all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagegen.colour import LUMINANCE
from imagegen.pose.silhouette import Silhouette
from imagegen.types import Cutout, Doubles

SPAN = 720.0
"""Pixels of the product's longer side at which edges are looked for."""
SHORTEST = 0.02
"""An edge shorter than this share of the product's span says nothing."""
MOST = 160
ALIKE_DEG = 4.0
"""Edges this close in direction say nearly the same."""
LEVEL_DEG = 1.0
"""One standard deviation of how far an edge that is meant to be level and square is off its axis."""
BOUND = 9.0
"""The square of the deviation, in standard deviations, at which an edge ceases to count."""


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Straight edges of a photo.

    ``middle`` (S, 2) pixels; ``along`` (S, 2) unit; ``noise`` (S,) radians by which the direction is uncertain;
    ``weight`` (S,): how much each has to say: short ones less, and those of one direction share it.
    """

    middle: Doubles
    along: Doubles
    noise: Doubles
    weight: Doubles

    @classmethod
    def none(cls) -> Edges:
        """Nothing straight."""
        return cls(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), np.zeros(0))


def straight_edges(cutout: Cutout, silhouette: Silhouette) -> Edges:
    """The longest straight edges of the product, by the line segment detector (Grompone von Gioi et al. 2012)."""
    import cv2  # noqa: PLC0415  # large, and only here

    left, top, right, bottom = (int(v) for v in (silhouette.left, silhouette.top, silhouette.right, silhouette.bottom))
    box = (slice(max(top - 4, 0), bottom + 4), slice(max(left - 4, 0), right + 4))
    alpha = cutout.alpha[box].astype(float)
    light = np.sqrt(np.clip(cutout.colour[box] @ LUMINANCE, 0, 1))
    behind = 0.0 if np.median(light[alpha > 0.5]) > 0.5 else 1.0
    picture = np.rint(255 * (alpha * light + (1 - alpha) * behind)).astype(np.uint8)
    scale = min(1.0, SPAN / max(silhouette.width, silhouette.height))
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = cv2.createLineSegmentDetector().detect(picture)[0]
    if found is None:
        return Edges.none()
    ends = np.asarray(found, float).reshape(-1, 2, 2) / scale + [box[1].start, box[0].start]
    length = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
    span = max(silhouette.width, silhouette.height)
    longest = [i for i in np.argsort(-length)[:MOST] if length[i] > SHORTEST * span]
    ends, length = ends[longest], length[longest]
    # The detector places an end within about a pixel.
    along = (ends[:, 1] - ends[:, 0]) / length[:, None]
    own = np.sqrt(length / span)
    sine = along[:, None, 0] * along[None, :, 1] - along[:, None, 1] * along[None, :, 0]
    alike = np.exp(-0.5 * (sine / np.sin(np.radians(ALIKE_DEG))) ** 2) @ own
    return Edges(ends.mean(axis=1), along, 1 / (length * scale), own / alike)


def bounded(squared: Doubles) -> Doubles:
    """Squared deviations in standard deviations, levelled off at ``BOUND`` (Geman and McClure 1987)."""
    return np.asarray(BOUND - BOUND**2 / (BOUND + squared))


def misalignment(edges: Edges, axes: Doubles, focal: Doubles, principal: Doubles, plumb_deg: float) -> Doubles:
    """How far (N, S) each edge is off the nearest of three axes, as seen at the edge's middle, in standard deviations.

    ``axes`` (N, 3, 3): rows are the axes in the camera's frame (right, down, forward); ``focal`` (N,) and ``principal``
    (N, 2) in pixels, of N trial cameras. ``plumb_deg``: how far this kind of furniture's uprights lean and taper.
    """
    offset = principal[:, None, :] - edges.middle[None]  # (N, S, 2)
    way = focal[:, None, None, None] * axes[:, :, None, :2] + offset[:, None] * axes[:, :, None, 2:]  # (N, 3, S, 2)
    cross = way[..., 0] * edges.along[:, 1] - way[..., 1] * edges.along[:, 0]
    sine = np.abs(cross) / np.maximum(np.linalg.norm(way, axis=-1), 1e-9)
    own = np.radians([LEVEL_DEG, LEVEL_DEG, plumb_deg])
    return np.asarray((sine / np.hypot(own[:, None], edges.noise)).min(axis=1))
