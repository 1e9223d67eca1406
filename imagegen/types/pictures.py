"""Pictures on their way from the engine to the finished scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imagegen.types.arrays import Floats, Labels
from imagegen.types.findings import Finding, Verdict
from imagegen.types.goods import Product


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """All that will be laid over an engine's room: ``colour`` (H, W, 3) display light, straight; ``alpha`` (H, W).

    ``products``: which these are, the hero first, then those of ``Passes.others``.
    """

    colour: Floats
    alpha: Floats
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an engine hands back: the room around the product.

    ``picture`` (H, W, 3): display light 0..1 (linear, after the view transform), exposed: what a model paints was never
    scene light. ``notes``: how it was made, for the recipe (JSON); ``findings``: doubts the engine had.
    """

    picture: Floats
    engine: str
    notes: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A product as a picture will show it, whatever room is behind it.

    ``source`` (H, W, 3) linear: its own pixels at their place before the room's light; ``alpha`` (H, W): how much
    product each pixel holds, less what stands before it; ``gain`` (H, W, 3): the room's light on it; ``shown`` (H, W,
    3): source under that light, display light; ``lit``: the same as sRGB uint8.
    """

    source: Floats
    alpha: Floats
    gain: Floats
    shown: Floats
    lit: Labels


@dataclass(frozen=True, slots=True)
class Composed:
    """The picture with the product's own pixels in it, before its checks.

    ``picture`` (H, W, 3) uint8 sRGB; ``source`` (H, W, 3) linear: the product's own pixels at their place before
    the room's light; ``alpha`` (H, W): how much product each pixel holds; ``gain`` (H, W, 3): the room's light on
    the product (low frequency); ``lit`` = source * gain after the view transform, uint8, to compare with.
    """

    picture: Labels
    source: Floats
    alpha: Floats
    gain: Floats
    lit: Labels


@dataclass(frozen=True, slots=True)
class Scene:
    """A finished picture with its evidence: ``picture`` (H, W, 3) uint8 sRGB."""

    picture: Labels
    findings: tuple[Finding, ...]
    recipe: Mapping[str, Any]
    seconds: Mapping[str, float]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict among the findings."""
        order = [Verdict.PASS, Verdict.WARN, Verdict.FAIL]
        return max((f.verdict for f in self.findings), key=order.index, default=Verdict.PASS)
