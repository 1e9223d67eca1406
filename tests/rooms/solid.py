"""Parts as they stand in a room: measured and asked whether they share space."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.build import arranged, pieces
from imagegen.rooms.cast import cast
from imagegen.rooms.shapes import Shape
from imagegen.rooms.shell import Extent
from styles.schema import Part, Room, Style

CELL = 0.012


def closed(room: Room) -> Extent:
    """The room with every wall that its page has, and no longer than that."""
    half = room.width / 2
    return Extent(("back", "left", "right", "ceiling"), -half, half, -room.depth, -room.depth, -room.depth)


def shown(style: Style, room: Room) -> list[Part]:
    return arranged(style, room, closed(room))


def standing(part: Part, style: Style, without: tuple[str, ...] = ()) -> list[Shape]:
    return [p.shape.turn(part.yaw).move(*part.at) for p in pieces(part, style) if not p.slot.startswith(without or "?")]


def points(part: Part, style: Style) -> np.ndarray:
    return np.concatenate([shape.vertices for shape in standing(part, style)])


def top_under(shapes: list[Shape], x: float, y: float, ceiling: float = 9.0) -> float:
    """Height of what a plumb line from ``ceiling`` meets; -inf when it meets nothing."""
    met = cast(np.array([x, y, ceiling]), np.array([[0.0, 0.0, -1.0]]), shapes)
    return ceiling - float(met.distance[0])


def cells(shapes: list[Shape]) -> np.ndarray:
    """Cells of space through which surfaces go: sampled densely, as sorted keys."""
    rng = np.random.default_rng(0)
    found = []
    for shape in shapes:
        a, b, c = (shape.vertices[shape.faces[:, i]] for i in range(3))
        area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
        face = np.repeat(np.arange(len(area)), np.ceil(area / (0.6 * CELL) ** 2).astype(int))
        u, v = rng.random(len(face)), rng.random(len(face))
        over = u + v > 1
        u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
        found.append(a[face] + u[:, None] * (b - a)[face] + v[:, None] * (c - a)[face])
    grid = np.floor(np.concatenate(found) / CELL).astype(np.int64) + 4096
    return np.unique(grid[:, 0] << 40 | grid[:, 1] << 20 | grid[:, 2])


def shared(one: list[Shape], two: list[Shape]) -> int:
    """Cells that surfaces of both go through."""
    return len(np.intersect1d(cells(one), cells(two), assume_unique=True))
