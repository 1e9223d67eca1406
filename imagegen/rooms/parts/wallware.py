"""What hangs on walls: rails round an opening, panes of any outline. The wall is y = 0, the body before it."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.shapes import Shape, join, sheet, slab
from imagegen.types import Doubles

HANGS = ("mirror", "clock", "print", "picture", "painting", "frame", "poster", "wall art")
"""Words of products that take the place of whatever hangs on a wall."""


def frame(width: float, height: float, bar_width: float, depth: float) -> Shape:
    """Four rails round an opening; back at y = 0, front at -depth, centred on the origin."""
    w, h, b = width / 2, height / 2, bar_width
    return join(
        [
            slab((-w, -depth, h - b), (w, 0, h), 0.0015).grain(False),
            slab((-w, -depth, -h), (w, 0, -h + b), 0.0015).grain(False),
            slab((-w, -depth, -h + b), (-w + b, 0, h - b), 0.0015).grain(),
            slab((w - b, -depth, -h + b), (w, 0, h - b), 0.0015).grain(),
        ]
    )


def pane(outline: Doubles, y: float) -> Shape:
    """A flat pane facing -Y within a closed outline of (N, 2) points (x, z), counter-clockwise from the front."""
    n = len(outline)
    centre = outline.mean(axis=0)
    points = np.vstack([np.column_stack([outline[:, 0], np.full(n, y), outline[:, 1]]), [[centre[0], y, centre[1]]]])
    fan = np.column_stack([np.full(n, n), np.arange(n), (np.arange(n) + 1) % n])
    return Shape(points, fan, points[:, [0, 2]], np.repeat([[0.0, -1.0, 0.0]], n + 1, axis=0))


def moulded(outline: Doubles, profile: Doubles) -> Shape:
    """A profile of (inwards, forwards) points swept round a closed outline of (N, 2) points (x, z)."""
    ahead = np.roll(outline, -1, axis=0) - np.roll(outline, 1, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    inward = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    ring = np.concatenate([outline, outline[:1]]), np.concatenate([inward, inward[:1]])
    grid = np.stack(
        [
            np.column_stack(
                [ring[0][:, 0] + a * ring[1][:, 0], np.full(len(ring[0]), -b), ring[0][:, 1] + a * ring[1][:, 1]]
            )
            for a, b in profile
        ]
    )
    return sheet(grid).grain()


def arched(width: float, height: float, radius: float | None = None, steps: int = 14) -> Doubles:
    """A rectangle with rounded corners (``radius``), or one with a round head: (N, 2), centred."""
    w, h = width / 2, height / 2
    if radius is None:
        turn = np.linspace(0, np.pi, 41)
        side = np.linspace(-h, h - w, 12)[:-1]
        right = np.column_stack([np.full(11, w), side])
        head = np.column_stack([w * np.cos(turn), h - w + w * np.sin(turn)])
        left = np.column_stack([np.full(11, -w), side[::-1]])
        return np.concatenate([right, head, left])
    radius = min(radius, w, h)
    corners = []
    for index, (x, z) in enumerate(((w, h), (-w, h), (-w, -h), (w, -h))):
        turn = np.linspace(0, np.pi / 2, steps) + index * np.pi / 2
        corners.append(
            np.column_stack(
                [x - np.sign(x) * radius + radius * np.cos(turn), z - np.sign(z) * radius + radius * np.sin(turn)]
            )
        )
    joined = np.concatenate(corners)
    return np.asarray(joined[np.linalg.norm(joined - np.roll(joined, 1, axis=0), axis=1) > 1e-6])
