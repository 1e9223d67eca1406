"""What the solvers see of a product: its outline in the photo's pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagegen.errors import NotAPackshotError
from imagegen.types import Bools, Doubles, Floats

DIRECTIONS = 72
CELLS = 160
"""Cells along the longer side of the grid on which pieces are told apart."""
SPECK = 0.003
"""A piece smaller than this share of the product is dirt of the cutout and would spoil its extents."""


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
        mask = without_specks(alpha > 0.5)
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


def without_specks(mask: Bools) -> Bools:
    """The mask (H, W) without its tiny separate pieces; told apart on a coarse grid, so near pieces count as one."""
    step = max(1, -(-max(mask.shape) // CELLS))
    rows, columns = (-(-side // step) for side in mask.shape)
    padded = np.zeros((rows * step, columns * step), bool)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    count = padded.reshape(rows, step, columns, step).sum(axis=(1, 3))
    open_cells = {(int(i), int(j)) for i, j in np.argwhere(count)}
    dirt = np.zeros_like(count, dtype=bool)
    while open_cells:
        piece = _piece(open_cells)
        at = tuple(np.array(piece).T)
        dirt[at] = count[at].sum() < SPECK * count.sum()
    if not dirt.any():
        return mask
    return np.asarray(mask & ~np.kron(dirt, np.ones((step, step), bool))[: mask.shape[0], : mask.shape[1]])


def _piece(open_cells: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Takes one connected piece (eight neighbours) out of the set of cells."""
    piece = [open_cells.pop()]
    for i, j in piece:
        for neighbour in ((i + a, j + b) for a in (-1, 0, 1) for b in (-1, 0, 1)):
            if neighbour in open_cells:
                open_cells.remove(neighbour)
                piece.append(neighbour)
    return piece


def directions() -> Doubles:
    """Unit normals (72, 2) all round, in the picture's axes (v down)."""
    angle = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
    return np.column_stack([np.cos(angle), np.sin(angle)])
