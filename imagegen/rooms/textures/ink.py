"""The print room: paper, inks with a grain, and the distances (Quilez 2008) that shapes on a sheet are cut from.

Sheet coordinates: x from -1 to 1 across the width, y upwards in the same unit; distances below zero lie inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from imagegen.rooms.shapes import curve
from imagegen.rooms.textures.tile import Field, Order, mix


class Press:
    """One sheet while it is printed, colour laid over colour. ``tall``: half the sheet's height in half widths."""

    def __init__(self, order: Order, tooth: float = 1.0) -> None:
        """A blank sheet of the first colour with the paper's fibre and clouding."""
        self.order = order
        self.rng = np.random.default_rng([order.seed, 71])
        x, y = order.grid()
        self.half = order.metres[0] / 2
        self.x = (x - self.half) / self.half
        self.y = (order.metres[1] / 2 - y) / self.half
        self.tall = order.metres[1] / order.metres[0]
        self.pixel = order.metres[0] / order.pixels[0] / self.half
        fibre = 0.018 * order.noise(0.004, 0.004, 1) + 0.012 * order.noise(0.08, 0.08, 2)
        self.sheet: Field = order.colour(0) * (1 + tooth * fibre)[..., None]
        self.blank = self.sheet.copy()
        self.part = (slice(None), slice(None))

    def window(self, x: float, y: float, reach: float) -> Press:
        """A square part of the sheet to print on, for small things that would not touch the rest of it."""
        rows, columns = self._near(np.array([[x, y]]), reach)
        part = copy(self)
        part.x, part.y, part.sheet = self.x[rows, columns], self.y[rows, columns], self.sheet[rows, columns]
        part.part = (rows, columns)
        return part

    def noise(self, size: float, salt: int) -> Field:
        """The order's noise on this part of the sheet."""
        return np.asarray(self.order.noise(size, size, salt)[self.part])

    def colour(self, index: int) -> Field:
        """An ink; indices past the last come round to the first ink, never to the paper."""
        inks = max(1, len(self.order.colours) - 1)
        return self.order.colour(1 + (index - 1) % inks) if index > 0 else self.order.colour(0)

    def ink(
        self, colour: int | Field, distance: Field, strength: float = 0.94, soft: float = 0.0, rough: float = 1.0
    ) -> None:
        """Lays an ink inside a distance; ``soft`` half-widths of blur at its edge, ``rough`` how dry the edge is."""
        dry, soft = rough * 0.0003 / self.half, max(1.2 * self.pixel, 0.0012 / self.half, soft)
        box = _box(distance < 0.5 * soft + 5 * dry)
        edge = distance[box] + dry * self.noise(0.012, 3)[box]
        cover = np.clip(0.5 - edge / soft, 0, 1)
        grain = 1 - 0.10 * np.clip(self.noise(0.003, 4)[box] - 0.6, 0, 1)
        self._lay(colour, cover * strength * grain, box)

    def wash(self, colour: int | Field, share: Field | float) -> None:
        """Mixes a colour in by a share (H, W) of 0..1."""
        part = np.broadcast_to(np.clip(np.asarray(share), 0, 1), self.x.shape)
        box = _box(part > 0)
        self._lay(colour, part[box], box)

    def _lay(self, colour: int | Field, share: Field, box: tuple[slice, slice]) -> None:
        """Mixes a colour into a box of the sheet by a share of 0..1 that is as large as the box."""
        paint = self.colour(colour) if isinstance(colour, int) else colour
        self.sheet[box] = mix(self.sheet[box], paint if paint.ndim == 1 else paint[box], share)

    def margin(self, share: float = 0.12) -> Field:
        """Distance to a rectangle that leaves ``share`` of the width free all round."""
        return np.asarray(np.maximum(np.abs(self.x) - (1 - share), np.abs(self.y) - (self.tall - share)))

    def line(self, points: Sequence[Sequence[float]], width: float | Sequence[float], steps: int = 60) -> Field:
        """Distance to a smooth brush line through points; its half width may change along it."""
        path = curve(points, steps)
        reach = np.interp(np.linspace(0, 1, steps), np.linspace(0, 1, np.size(width)), np.atleast_1d(width))
        best = np.full(self.x.shape, 9.0, np.float32)
        for (ax, ay), (bx, by), a, b in zip(
            path[:-1].tolist(), path[1:].tolist(), reach[:-1].tolist(), reach[1:].tolist(), strict=True
        ):
            part = self._near(np.array([[ax, ay], [bx, by]]), max(a, b) + 0.07)
            x, y, near = self.x[part], self.y[part], best[part]
            dx, dy = bx - ax, by - ay
            t = np.clip(((x - ax) * dx + (y - ay) * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
            np.minimum(near, np.hypot(x - ax - t * dx, y - ay - t * dy) - (a + (b - a) * t), out=near)
        return best

    def _near(self, path: Field, reach: float) -> tuple[slice, slice]:
        """Rows and columns of the sheet within ``reach`` of a path: nothing farther off is worth a distance."""
        low, high = path.min(axis=0) - reach, path.max(axis=0) + reach
        column, row = (
            (np.array([low[0], high[0]]) + 1) / self.pixel,
            (self.tall - np.array([high[1], low[1]])) / self.pixel,
        )
        return slice(max(0, int(row[0])), max(0, int(row[1]) + 1)), slice(
            max(0, int(column[0])), max(0, int(column[1]) + 1)
        )

    def blob(self, points: Sequence[Sequence[float]], steps: int = 72) -> Field:
        """Distance to a closed smooth outline through points."""
        ring = [*points[-2:], *points, *points[:3]]
        path = curve(ring, (len(ring) - 1) * max(3, steps // len(points)))
        per = (len(path) - 1) / (len(ring) - 1)
        path = path[round(2 * per) : round((len(points) + 2) * per) + 1]
        inside = self._near(path, 0.10)
        distance = np.full(self.x.shape, 9.0, np.float32)
        distance[inside] = polygon(self.x[inside], self.y[inside], path)
        return distance

    def stroke(
        self,
        points: Sequence[Sequence[float]],
        width: float | Sequence[float],
        ink: int,
        steps: int = 24,
        strength: float = 0.9,
    ) -> None:
        """Prints a thin brush line, touching only the part of the sheet that it runs over."""
        rows, columns = self._near(curve(points, steps), float(np.max(width)) + 0.02)
        distance = self.line(points, width, steps)[rows, columns]
        cover = np.clip(0.5 - distance / max(1.2 * self.pixel, 0.0012 / self.half), 0, 1) * strength
        self._lay(ink, cover, (rows, columns))

    def disc(self, x: float, y: float, radius: float) -> Field:
        """Distance to a disc."""
        return np.asarray(np.hypot(self.x - x, self.y - y) - radius)


def _box(marked: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The smallest rows and columns with everything marked in them."""
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if len(rows) == 0:
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def polygon(x: Field, y: Field, path: Field) -> Field:
    """Signed distance to a closed polygon of (N, 2) points."""
    best = np.full(x.shape, 81.0, np.float32)
    sign = np.ones(x.shape, np.float32)
    for (ax, ay), (bx, by) in zip(path.tolist(), np.roll(path, -1, axis=0).tolist(), strict=True):
        ex, ey = bx - ax, by - ay
        wx, wy = x - ax, y - ay
        t = np.clip((wx * ex + wy * ey) / max(ex * ex + ey * ey, 1e-12), 0, 1)
        best = np.minimum(best, (wx - ex * t) ** 2 + (wy - ey * t) ** 2)
        c0, c1, c2 = y >= ay, y < by, ex * wy > ey * wx
        sign = np.where((c0 & c1 & c2) | ~(c0 | c1 | c2), -sign, sign)
    return sign * np.sqrt(best)


def turned(x: Field, y: Field, degrees: float) -> tuple[Field, Field]:
    """Coordinates in a frame turned counter-clockwise."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return x * c + y * s, y * c - x * s


def ellipse(x: Field, y: Field, a: float, b: float) -> Field:
    """Nearly the distance to an ellipse about the origin."""
    return np.asarray((np.hypot(x / a, y / b) - 1) * min(a, b))


def ridge(x: Field, rng: np.random.Generator, rough: float, octaves: int = 7, first: float = 1.3) -> Field:
    """A skyline over x, about -1 to 1: waves of falling height whose crests are sharper than their valleys."""
    total = np.zeros_like(x)
    for index in range(octaves):
        wave = 1 - 2 * np.abs(np.sin(first * 1.9**index * x + rng.uniform(0, 6)))
        total = total + rough**index * wave
    return total / sum(rough**index for index in range(octaves))
