"""What a pattern gives, the register of patterns, and the noises that they are made of.

All noise is periodic (drawn in the frequency domain), so every tile repeats without a seam.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from imagegen.types import Floats

Scalar = bool | int | float | str
Field = NDArray[np.floating[Any]]
"""Numbers of either precision: settings come in as doubles, pixels stay floats."""
Key = NDArray[np.integer[Any]]
"""Which unit (plank, tile, stone) each pixel belongs to: whole numbers from 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """``colour`` (H, W, 3) linear; ``height`` (H, W) 0..1 or None; ``gloss`` (H, W) added to the roughness or None.

    ``opacity`` (H, W) 0..1 or None: 0 in the holes of an open weave.
    """

    colour: Floats
    height: Floats | None = None
    gloss: Floats | None = None
    opacity: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What a pattern is asked for: linear ``colours`` (K, 3), the tile's ``metres``, pixels a side, seed, settings."""

    colours: Field
    metres: tuple[float, float]
    pixels: tuple[int, int]
    seed: int
    settings: Mapping[str, Scalar]

    def number(self, name: str, default: float) -> float:
        """A setting as a float."""
        return float(self.settings.get(name, default))

    def colour(self, index: int) -> Field:
        """The colour of that index; the last one when there are fewer."""
        return np.asarray(self.colours[min(index, len(self.colours) - 1)], np.float32)

    def grid(self) -> tuple[Field, Field]:
        """Metres (x to the right, y down) of each pixel's centre, each (H, W)."""
        width, height = self.pixels
        x = (np.arange(width) + 0.5) / width * self.metres[0]
        y = (np.arange(height) + 0.5) / height * self.metres[1]
        xx, yy = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
        return xx, yy

    def noise(self, size_x: float, size_y: float, salt: int = 0) -> Field:
        """Periodic gaussian noise with blobs of about (size_x, size_y) metres; mean 0, deviation 1."""
        width, height = self.pixels
        return noise(
            width, height, size_x / self.metres[0] * width, size_y / self.metres[1] * height, self.seed * 977 + salt
        )


Pattern = Callable[[Order], Tile]
PATTERNS: dict[str, Pattern] = {}


@dataclass(frozen=True, slots=True)
class Usual:
    """How large a pattern's tile is where a page does not say: ``metres`` (width, height), ``detail`` pixels a side."""

    metres: tuple[float, float]
    detail: int


USUAL: dict[str, Usual] = {}


def pattern(name: str, metres: tuple[float, float] = (1.0, 1.0), detail: int = 384) -> Callable[[Pattern], Pattern]:
    """Registers a pattern under the name that pages use; ``detail``: pixels a side of a square tile of that size."""

    def register(function: Pattern) -> Pattern:
        PATTERNS[name] = function
        USUAL[name] = Usual(metres, detail)
        return function

    return register


FADED = 1.7
"""Cycles a blob's size from which a noise's spectrum is as good as nothing (0.3 %): it need not be drawn."""


@lru_cache(maxsize=24)
def noise(width: int, height: int, size_x: float, size_y: float, seed: int) -> Field:
    """Periodic gaussian noise (height, width) low-passed to blobs of (size_x, size_y) pixels; mean 0, deviation 1.

    Drawn as the few waves that such blobs are made of, so that broad clouds cost next to nothing.
    """
    rng = np.random.default_rng(seed)
    columns = min((width - 1) // 2, int(FADED * width / size_x) + 1) + 1
    rows = min((height - 1) // 2, int(FADED * height / size_y) + 1)
    waves = rng.standard_normal((2 * rows + 1, columns, 2), dtype=np.float32).view(np.complex64)[..., 0]
    up = np.fft.ifftshift(np.arange(-rows, rows + 1))
    waves *= np.exp(-2.0 * (up / height * size_y) ** 2).astype(np.float32)[:, None]
    waves *= np.exp(-2.0 * (np.arange(columns) / width * size_x) ** 2).astype(np.float32)
    waves[0, 0] = 0.0
    waves[rows + 1 :, 0] = waves[1 : rows + 1, 0][::-1].conj()  # the field is real
    power = 2 * float(np.square(np.abs(waves[:, 1:])).sum()) + float(np.square(np.abs(waves[:, 0])).sum())
    waves *= width * height / max(power, 1e-18) ** 0.5
    tall = np.zeros((height, columns), np.complex64)
    tall[: rows + 1], tall[height - rows :] = waves[: rows + 1], waves[rows + 1 :]
    field = np.asarray(fft.irfft(fft.ifft(tall, axis=0, overwrite_x=True), n=width, axis=1), np.float32)
    field.setflags(write=False)
    return field


def wrap_sample(field: Field, x: Field, y: Field) -> Field:
    """Values of a periodic field (H, W) at the nearest pixels to (x, y)."""
    height, width = field.shape[:2]
    column = x.astype(np.int32) % width
    row = y.astype(np.int32) % height
    return np.asarray(field[row, column])


def mix(one: Field, other: Field, share: Field) -> Field:
    """``one`` where the share (H, W) is 0, ``other`` where it is 1."""
    part = np.clip(share, 0, 1).astype(np.float32, copy=False)
    mixed = np.empty((*part.shape, 3), np.float32)
    for channel in range(3):  # numpy is slow where the innermost axis is as short as a colour
        start = one[..., channel]
        np.add(start, (other[..., channel] - start) * part, out=mixed[..., channel])
    return mixed


def fraction(values: Field) -> Field:
    """What is left after the whole units, 0..1: ``values % 1.0``, which numpy takes ten times longer for."""
    return np.asarray(values - np.floor(values))


def count(length: float, pitch: float, multiple: int = 1) -> int:
    """How many units of about ``pitch`` metres fill a length: whole ones, so that the tile repeats."""
    return max(multiple, multiple * round(length / pitch / multiple))


def per_unit(order: Order, key: Key, spread: float, salt: int = 0) -> Field:
    """A factor about 1 for each unit of ``key`` (H, W, whole numbers): no two planks or tiles are alike."""
    rng = np.random.default_rng(order.seed * 131 + salt)
    return np.asarray((1 + spread * rng.standard_normal(int(key.max()) + 1)).astype(np.float32).take(key))


def pick(order: Order, key: Key, colours: Sequence[int], salt: int = 0) -> Field:
    """One of the order's colours (by index) for each unit of ``key``: (H, W, 3)."""
    rng = np.random.default_rng(order.seed * 173 + salt)
    shelf = np.stack([order.colour(index) for index in colours])
    return np.asarray(shelf[rng.integers(0, len(colours), int(key.max()) + 1)].take(key, axis=0))


def line(distance: Field, width: float, soft: float) -> Field:
    """1 within ``width / 2`` of where ``distance`` is 0, falling to 0 over ``soft``; all in one unit."""
    return np.asarray(np.clip((width / 2 - np.abs(distance)) / soft + 0.5, 0, 1))


def finish(colour: Field, height: Field | None = None, gloss: Field | None = None) -> Tile:
    """A tile of float32 within physical range."""
    return Tile(
        np.clip(colour, 0.003, 0.93).astype(np.float32, copy=False),
        None if height is None else np.clip(height, 0, 1).astype(np.float32, copy=False),
        None if gloss is None else gloss.astype(np.float32, copy=False),
    )


def paint_tile(name: str, order: Order) -> Tile:
    """The tile of a pattern. Raises KeyError for an unknown one."""
    return PATTERNS[name](order)
