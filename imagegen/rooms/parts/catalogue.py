"""The register of parts: what a page may ask for by kind, and what a builder is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from imagegen.rooms.shapes import Shape

Scalar = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Spec:
    """One part to be built in its own frame: ``size`` (width, depth, height) metres, its form, settings and seed."""

    size: tuple[float, float, float]
    form: str
    settings: Mapping[str, Scalar]
    seed: int

    def number(self, name: str, default: float) -> float:
        """A setting as a float."""
        return float(self.settings.get(name, default))

    def rng(self, salt: int = 0) -> np.random.Generator:
        """Chance that is the same every time."""
        return np.random.default_rng([self.seed, salt])


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A shape of one material: ``slot`` is what a role's ``materials`` names; ``segment`` overrides the part's class.

    ``sheet``: metres of a picture that is not repeated (prints, rugs).
    """

    slot: str
    shape: Shape
    segment: int | None = None
    sheet: tuple[float, float] | None = None


Builder = Callable[[Spec], list[Piece]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of part. ``segment``: ADE20K class 1..150; ``slots`` the materials it needs; ``forms`` it can take.

    ``flat``: products may stand on it; ``stays``: it never steps aside for a product (openings in walls).
    """

    name: str
    segment: int
    slots: tuple[str, ...]
    forms: tuple[str, ...]
    build: Builder
    flat: bool = False
    stays: bool = False


KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    segment: int,
    slots: tuple[str, ...],
    forms: tuple[str, ...] = (),
    *,
    flat: bool = False,
    stays: bool = False,
) -> Callable[[Builder], Builder]:
    """Registers a builder."""

    def register(build: Builder) -> Builder:
        KINDS[name] = Kind(name, segment, slots, forms, build, flat, stays)
        return build

    return register
