"""What the solvers see of a product: its outline in the photo's pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagegen.errors import NotAPackshotError
from imagegen.types import Bools, Doubles, Floats

DIRECTIONS = 72


@dataclass(frozen=True, slots=True, eq=False)
class Silhouette:
    """The outline of a cutout.

    ``mask`` (H, W): where alpha is above one half; ``outline`` (N, 2): pixel corners at both ends of every row;
    ``left``, ``top``, ``right``, ``bottom``: its extents in pixels (edges, not centres).
    """

    mask: Bools
    outline: Doubles
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, alpha: Floats) -> Silhouette:
        """Outline of ``alpha`` (H, W) 0..1. Raises NotAPackshotError when there is nothing to see."""
        mask = alpha > 0.5
        rows = np.flatnonzero(mask.any(axis=1))
        if len(rows) < 8:
            raise NotAPackshotError("The cutout is empty.", hint="Use a photo in which the product can be seen.")
        left = mask[rows].argmax(axis=1).astype(float)
        right = mask.shape[1] - mask[rows, ::-1].argmax(axis=1).astype(float)
        corners = [(left, rows), (left, rows + 1), (right, rows), (right, rows + 1)]
        outline = np.concatenate([np.column_stack([x, y]) for x, y in corners]).astype(float)
        low, high = outline.min(axis=0), outline.max(axis=0)
        return cls(mask, outline, float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def photo(self) -> tuple[int, int]:
        """(width, height) of the photo in pixels."""
        return self.mask.shape[1], self.mask.shape[0]

    def row_widths(self) -> Doubles:
        """Pixels from the leftmost to the rightmost product pixel of every row between top and bottom."""
        rows = self.mask[int(self.top) : int(self.bottom)]
        wide = rows.shape[1] - rows[:, ::-1].argmax(axis=1) - rows.argmax(axis=1)
        return np.where(rows.any(axis=1), wide, 0).astype(float)

    def lowest(self) -> tuple[Doubles, Doubles]:
        """Columns (N,) that hold product, and the lower edge (N,) of the lowest product pixel in each."""
        columns = np.flatnonzero(self.mask.any(axis=0))
        height = self.mask.shape[0]
        lowest = height - self.mask[::-1, columns].argmax(axis=0)
        return np.asarray(columns + 0.5), np.asarray(lowest, dtype=np.float64)

    def without_rows_above(self, row: int) -> Silhouette:
        """The part from ``row`` downwards."""
        alpha = self.mask.astype(np.float32)
        alpha[:row] = 0
        return Silhouette.of(alpha)


def directions() -> Doubles:
    """Unit normals (72, 2) all round, in the picture's axes (v down)."""
    angle = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
    return np.column_stack([np.cos(angle), np.sin(angle)])
