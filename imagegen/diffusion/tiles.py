"""A second pass of the model over an enlarged picture: tiles at the model's own size, blended into each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from imagegen.diffusion.request import Painting, Request
from imagegen.types import Doubles, Floats, Labels

Plane = TypeVar("Plane", bound=NDArray[Any])

TILED_STRENGTH = 0.25
"""Share of the noise that a tile is painted from: it gains texture, and its things stay where they are."""
OVERLAP = 0.25
"""Share of a tile that it shares with the next; at most a third."""
LEVELS = 4096  # of a tile's weight: so coarse that sums and products of them are exact


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Where the tiles of one axis begin, and how much each pixel (n, length) counts in each of them: sums are 1."""

    starts: tuple[int, ...]
    weights: Floats


def strip(length: int, tile: int, overlap: float = OVERLAP) -> Strip:
    """Tiles of ``tile`` pixels over ``length``, evenly spread, each blended into the next by a raised cosine.

    Between two tiles one rises where the other falls, in steps that floats hold exactly. ``overlap`` is a share of a
    tile, a third at most, so that never more than two tiles meet. ``length`` is at least a tile.
    """
    shared = round(tile * overlap)
    count = 1 if length <= tile else -(-(length - shared) // (tile - shared))
    starts = tuple(round(k * (length - tile) / max(count - 1, 1)) for k in range(count))
    pixels: Doubles = np.arange(length, dtype=float) + 0.5
    rises = [np.ones(length), *(_rise(pixels, a + tile, b, shared) for a, b in pairwise(starts))]
    falls = [*rises[1:], np.zeros(length)]
    return Strip(starts, np.asarray([up - down for up, down in zip(rises, falls, strict=True)], np.float32))


def _rise(pixels: Doubles, end: int, start: int, shared: int) -> Doubles:
    """From 0 to 1 over ``shared`` pixels in the middle of where one tile ends and the next has started."""
    way = np.clip((pixels - (end + start - shared) / 2) / shared, 0, 1)
    return np.rint((0.5 - 0.5 * np.cos(np.pi * way)) * LEVELS) / LEVELS


def refined(
    template: Request,
    picture: Labels,
    paint: Callable[[Sequence[Request]], Sequence[Painting]],
    *,
    keep: Floats | None = None,
    controls: Mapping[str, Labels] | None = None,
    strength: float = TILED_STRENGTH,
    overlap: float = OVERLAP,
) -> Labels:
    """An enlarged picture (H, W, 3) uint8 painted once more in tiles of the size of ``template``, at low strength.

    ``template`` says all that tiles share (words, sampling, windows) and by its size how large a tile is. ``keep``
    (H, W) and ``controls`` (H, W, C) are at the picture's size. ``paint`` is handed one row of tiles at a time, so that
    they can be one batch; only one row is held as floats. Each tile's seed is the template's plus its number. Tiles of
    which nothing is to be painted are passed over. Raises what ``paint`` does.
    """
    width, height = template.size
    rows, cols = picture.shape[:2]
    room = ((0, max(height - rows, 0)), (0, max(width - cols, 0)))
    sheets = {name: _grown(sheet, room) for name, sheet in (controls or {}).items()}
    kept = _grown(np.zeros((rows, cols), np.float32) if keep is None else keep, room)
    whole = _grown(picture, room)
    down, across = strip(whole.shape[0], height, overlap), strip(whole.shape[1], width, overlap)
    out, above = np.empty_like(whole), np.zeros((height, whole.shape[1], 3), np.float32)
    for row, top in enumerate(down.starts):
        slices = [(slice(top, top + height), slice(left, left + width)) for left in across.starts]
        asked = [
            replace(
                template,
                picture=whole[where],
                keep=kept[where],
                strength=strength,
                seed=template.seed + row * len(slices) + number,
                controls={name: sheet[where] for name, sheet in sheets.items()},
            )
            for number, where in enumerate(slices)
        ]
        above += _row(asked, slices, across, paint) * down.weights[row, top : top + height, None, None]
        until = down.starts[row + 1] if row + 1 < len(down.starts) else whole.shape[0]
        out[top:until] = np.rint(above[: until - top])
        above = np.concatenate([above[until - top :], np.zeros_like(above[: until - top])])
    return out[:rows, :cols]


def _row(
    asked: Sequence[Request],
    slices: Sequence[tuple[slice, slice]],
    across: Strip,
    paint: Callable[[Sequence[Request]], Sequence[Painting]],
) -> Floats:
    """One row of tiles, blended (h, W, 3), levels of 255."""
    open_ones = [request for request in asked if request.keep.min() < 1]
    made = iter(paint(open_ones) if open_ones else ())
    sheet = np.zeros((asked[0].size[1], across.weights.shape[1], 3), np.float32)
    for number, (request, (_, where)) in enumerate(zip(asked, slices, strict=True)):
        shown = next(made).picture if request.keep.min() < 1 else request.picture
        sheet[:, where] += shown * across.weights[number, where][None, :, None]
    return sheet


def _grown(plane: Plane, room: tuple[tuple[int, int], tuple[int, int]]) -> Plane:
    """The plane (h, w, ...), continued below and to the right so that it holds one tile at least."""
    wide: Any = np.pad(plane, (*room, *((0, 0),) * (plane.ndim - 2)), "edge")
    taken: Plane = wide
    return taken
