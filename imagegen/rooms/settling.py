"""What stands on furniture comes down, or up, to what is really under it.

A room's page knows no forms: a rattan tray has a lower floor than a wooden one, a table of blocks has two heights, and
a bowl on three books stands as high as the books that a style has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from imagegen.rooms.cast import cast
from imagegen.rooms.parts import Piece
from imagegen.rooms.shapes import Shape, join, rotation
from imagegen.types import Doubles
from styles.schema import Part

REACH = 0.14
"""Metres by which a thing is moved at most: what is farther away is another shelf."""
_FOOT = 0.01
_SOFT = ("cushion", "throw")


def settled(parts: Sequence[Part], pieces: Callable[[Part], Sequence[Piece]]) -> list[Part]:
    """The parts, each that names what it is ``on`` with its foot on that; ``pieces`` builds a part in its own frame."""
    named = {part.id: part for part in parts}
    done: dict[str, Part] = {}

    def place(part: Part) -> Part:
        if part.id not in done:
            below = named.get(part.on)
            done[part.id] = part if below is None else _settle(part, place(below), below, pieces)
        return done[part.id]

    return [place(part) for part in parts]


def _settle(part: Part, below: Part, planned: Part, pieces: Callable[[Part], Sequence[Piece]]) -> Part:
    """``planned``: what is below as the page has it; where it was moved, what stands on it goes along."""
    at = np.asarray(part.at) + np.asarray(below.at) - np.asarray(planned.at)
    foot = _foot(pieces(part)) @ rotation(part.yaw).T + at
    gap = _gap(foot, below, pieces(below))
    z = float(at[2]) if gap is None else float(at[2]) - gap
    return part.model_copy(update={"at": (float(at[0]), float(at[1]), z)})


def _foot(pieces: Sequence[Piece]) -> Doubles:
    """Five points of a part's lowest centimetre, (5, 3): its middle, and a little way from it to all sides."""
    cloud = np.concatenate([piece.shape.vertices for piece in pieces])
    low = cloud[:, 2].min()
    near = cloud[cloud[:, 2] < low + _FOOT]
    x, y = (near[:, :2].min(axis=0) + near[:, :2].max(axis=0)) / 2
    across, deep = np.ptp(near[:, :2], axis=0) * 0.3
    return np.array([(x + a * across, y + b * deep, low) for a, b in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))])


def _gap(foot: Doubles, below: Part, pieces: Sequence[Piece]) -> float | None:
    """Metres from the foot (5, 3) down to the highest that lies under it; None when nothing does."""
    local = (foot - np.asarray(below.at)) @ rotation(below.yaw)
    under = _within([p.shape for p in pieces if not p.slot.startswith(_SOFT)], local[:, :2])
    if not len(under.faces):
        return None
    down, above = np.array([[0.0, 0.0, -1.0]]), np.array([0.0, 0.0, REACH])
    gaps = [float(cast(point + above, down, [under]).distance[0]) - REACH for point in local]
    near = [gap for gap in gaps if abs(gap) <= REACH]
    return min(near) if near else None


def _within(shapes: Sequence[Shape], spots: Doubles) -> Shape:
    """Only those triangles that lie under or over the rectangle round ``spots`` (N, 2)."""
    low, high = spots.min(axis=0), spots.max(axis=0)
    kept = []
    for shape in shapes:
        corners = shape.vertices[:, :2][shape.faces]
        near = (corners.min(axis=1) <= high).all(axis=1) & (corners.max(axis=1) >= low).all(axis=1)
        kept.append(Shape(shape.vertices, shape.faces[near], shape.uv, shape.normals))
    return join(kept)
