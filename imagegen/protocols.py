"""The sockets: what a cutter, an engine and a check must be. Each has one contract suite in tests/contracts/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from imagegen.geometry import Geometry, Mesh
from imagegen.types import Composed, Cutout, Draft, Finding, Front, Mode, Passes, Photo, Placement, Pose, Product
from styles.schema import Room, Style

Progress = Callable[[str, float], None]
"""Called with a stage's name and the share of the whole job that is done (0..1). It may raise CancelledError."""


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """How a scene is to be made: everything that the caller may choose and a recipe records.

    ``width``, ``height``: pixels of the picture. ``samples``: paths a pixel. ``exposure_ev``: brightness asked
    for by a designer, in stops. ``prompt``: a few words of the caller's for engines that read. ``light``: slug of one
    of the style's lights, its first when empty. ``lamp_on``: the product is a lamp, and shines. ``mode``: how an engine
    that paints goes about it, None for its style's own way.
    """

    width: int
    height: int
    samples: int
    seed: int = 0
    variant: int = 0
    exposure_ev: float = 0.0
    prompt: str = ""
    light: str = ""
    lamp_on: bool = False
    mode: Mode | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """A room with the product's place in it: all that the renderer and the engines need.

    ``hull``: the product's single-view visual hull in the room's frame.
    """

    product: Product
    style: Style
    room: Room
    cutout: Cutout
    pose: Pose
    placement: Placement
    geometry: Geometry
    hull: Mesh
    settings: Settings


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What the stages made of a job: the evidence behind a scene, for benchmarks and tests.

    ``others``: the companions of a set that found a place, in the order of ``passes.others``. ``notes``: the engine's.
    """

    staged: Staged
    passes: Passes
    composed: Composed
    findings: tuple[Finding, ...]
    others: tuple[Staged, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)


class Cutter(Protocol):
    """Frees a product from its background."""

    name: ClassVar[str]
    version: ClassVar[str]

    def accepts(self, photo: Photo) -> bool:
        """Whether this cutter is meant for such a photo (cheap; says nothing of success)."""
        ...

    def cut(self, photo: Photo) -> Cutout:
        """The product in the photo's own pixels. Raises NotAPackshotError rather than cut badly."""
        ...


class Engine(Protocol):
    """Finishes the picture of a staged room around the product."""

    name: ClassVar[str]
    version: ClassVar[str]
    source_type: ClassVar[str]
    """IPTC DigitalSourceType (the last word of its URI) that is true for this engine's pictures."""

    def decided(self, style: Style, settings: Settings) -> Mapping[str, Any]:
        """What besides its version decides its pictures (JSON): weights, mode, numbers. Cheap; it is part of the plan.

        Raises BadRequestError for settings that it cannot follow, MissingWeightsError.
        """
        ...

    def finish(self, staged: Staged, passes: Passes, front: Front, progress: Progress) -> Draft:
        """The room's picture, same size as the passes. ``front``, the products' own, is laid over it afterwards."""
        ...


class Check(Protocol):
    """Judges a composed picture against what is known of it."""

    name: ClassVar[str]

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:
        """One finding; never raises for a bad picture."""
        ...
