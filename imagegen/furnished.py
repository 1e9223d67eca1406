"""A room as a style furnishes it, as far as it concerns a product that comes in: what is there, and what never leaves.

Rooms give it and placements ask it; neither needs to know the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagegen.types import Bools, Doubles
from styles.schema import Room


@dataclass(frozen=True, slots=True, eq=False)
class Fixture:
    """The box of a part that stays where it is whatever product comes, in the frame of the room's page.

    ``centre`` and ``half`` sizes (3,) metres, ``yaw_deg`` about Z. ``flat``: a product may stand on it (a rug).
    """

    part: str
    centre: Doubles
    half: Doubles
    yaw_deg: float
    flat: bool

    def corners(self) -> Doubles:
        """Its footprint (4, 2)."""
        return rectangle(self.centre[:2], self.half[:2], self.yaw_deg)

    def covers(self, points: Doubles) -> Bools:
        """Which of ``points`` (N, 2) on the floor lie under it, (N,)."""
        local = (points - self.centre[:2]) @ turned(self.yaw_deg)
        return np.asarray((np.abs(local) <= self.half[:2]).all(axis=1))

    def depth(self, foot: Doubles, low: float, high: float) -> float:
        """Metres by which an upright body goes into it: the shortest way out; zero or less when it does not.

        ``foot`` (N, 2): the convex outline of the body's footprint; ``low`` and ``high``: its lowest and highest point.
        """
        return min(
            high - (float(self.centre[2]) - float(self.half[2])),
            float(self.centre[2]) + float(self.half[2]) - low,
            _shared(self.corners(), foot),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Furnished:
    """``room``: the page with only those parts that the style shows; ``fixtures``: its parts that never step aside."""

    room: Room
    fixtures: tuple[Fixture, ...]

    def mirrored(self) -> tuple[Fixture, ...]:
        """The fixtures in the room's mirror image."""
        return tuple(_mirrored(fixture) for fixture in self.fixtures)

    def furniture(self, *, mirrored: bool) -> tuple[Fixture, ...]:
        """The boxes of all parts that stand on the floor, as the page tells them: what may have to step aside."""
        told = tuple(
            Fixture(
                part.id,
                np.array([part.at[0], part.at[1], part.at[2] + part.size[2] / 2]),
                np.array(part.size) / 2,
                part.yaw,
                flat=part.kind == "rug",
            )
            for part in self.room.parts
            if part.wall is None
        )
        return tuple(_mirrored(each) for each in told) if mirrored else told


def _mirrored(fixture: Fixture) -> Fixture:
    centre = fixture.centre * np.array([-1.0, 1.0, 1.0])
    return Fixture(fixture.part, centre, fixture.half, -fixture.yaw_deg, fixture.flat)


def turned(yaw_deg: float) -> Doubles:
    """The rotation (2, 2) about Z, for column vectors."""
    c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    return np.array([[c, -s], [s, c]])


def rectangle(centre: Doubles, half: Doubles, yaw_deg: float) -> Doubles:
    """Corners (4, 2) of a turned rectangle: left front, right front, right back, left back."""
    signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]])
    return np.asarray(signs * half @ turned(yaw_deg).T + centre)


def _shared(one: Doubles, other: Doubles) -> float:
    """Metres by which two convex outlines overlap: the least over all their edges' normals (separating axes)."""
    least = np.inf
    for outline in (one, other):
        edges = np.roll(outline, -1, axis=0) - outline
        normals = np.column_stack([edges[:, 1], -edges[:, 0]])
        normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        a, b = one @ normals.T, other @ normals.T
        overlap = np.minimum(a.max(axis=0), b.max(axis=0)) - np.maximum(a.min(axis=0), b.min(axis=0))
        least = min(least, float(overlap.min()))
    return least
