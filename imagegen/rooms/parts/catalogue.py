"""The register of parts: what a page may ask for by kind, and what a builder is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

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
class Form:
    """One way to build a kind. ``slots``: the materials it needs, in the order of a page."""

    name: str
    build: Builder
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of part. ``segment``: ADE20K class 1..150; ``forms`` it can take, its default first.

    ``flat``: products may stand on it; ``stays``: it never steps aside for a product (openings in walls).
    ``words``: what a product's category says when it is the same sort of thing, so that the part makes room for it;
    ``near``: metres within which it does, everywhere in the room by default.
    """

    name: str
    segment: int
    slots: tuple[str, ...]
    forms: dict[str, Form]
    flat: bool = False
    stays: bool = False
    words: tuple[str, ...] = ()
    near: float = inf

    def form(self, name: str) -> Form:
        """The form of that name, the kind's default for an empty one. Raises KeyError."""
        return self.forms[name] if name else next(iter(self.forms.values()))


KINDS: dict[str, Kind] = {}
_EARLY: dict[str, list[Form]] = {}  # forms whose module came before their kind's


def kind(
    name: str,
    segment: int,
    slots: tuple[str, ...],
    forms: tuple[str, ...] = ("",),
    *,
    flat: bool = False,
    stays: bool = False,
    words: tuple[str, ...] = (),
    near: float = inf,
) -> Callable[[Builder], Builder]:
    """Registers a kind with the builder of its first ``forms``; other files add more with ``form``."""

    def register(build: Builder) -> Builder:
        own = [Form(each, build, slots) for each in forms]
        early = [Form(each.name, each.build, each.slots or slots) for each in _EARLY.pop(name, [])]
        made = {each.name: each for each in [*own, *early]}
        KINDS[name] = Kind(name, segment, slots, made, flat, stays, words, near)
        return build

    return register


def form(kind_name: str, *names: str, slots: tuple[str, ...] = ()) -> Callable[[Builder], Builder]:
    """Registers further forms of a kind; ``slots`` when they need other materials than the kind's own."""

    def register(build: Builder) -> Builder:
        for name in names:
            if kind_name in KINDS:
                owner = KINDS[kind_name]
                owner.forms[name] = Form(name, build, slots or owner.slots)
            else:
                _EARLY.setdefault(kind_name, []).append(Form(name, build, slots))
        return build

    return register
