"""What is asked of a painter and what it gives back: plain values on the CPU, so that any thread may make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from imagegen.types import Floats, Labels


@dataclass(frozen=True, slots=True)
class Window:
    """How strongly a ControlNet speaks, and during which share of the steps (0 is the first, 1 the last)."""

    weight: float = 1.0
    start: float = 0.0
    end: float = 1.0

    def at(self, share: float) -> float:
        """Its weight at a share of the way: zero outside, so that the network need not run at all."""
        return self.weight if self.start <= share < self.end else 0.0


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the noise is taken away.

    ``steps`` of the whole way; ``sampler``: name in ``imagegen.diffusion.samplers``; ``guidance``: classifier-free
    guidance scale, 1 is none; ``guided``: share of the steps (start, end) in which it is applied (Kynkaanniemi et al.
    2024); ``reuse``: every so many steps the whole UNet runs, between them only its outermost blocks (DeepCache, Ma
    et al. 2023), 1 is always.
    """

    steps: int = 30
    sampler: str = "unipc"
    guidance: float = 5.0
    guided: tuple[float, float] = (0.0, 1.0)
    reuse: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One picture to be painted, at a size of the model's own.

    ``family``: slug of the model. ``words``, ``unwanted``: the prompt and the negative one, already within the token
    budget. ``picture`` (H, W, 3) uint8 sRGB: the room as it was traced with the products in it; what is kept shows
    it, and it is what refining starts from. ``keep`` (H, W) 0..1: 1 is kept, 0 is painted; between, a pixel is kept
    for that share of the steps and painted in the others, so that the edge is soft (differential diffusion, Levin and
    Fried 2023). ``strength`` 0..1: the share of the noise it starts from, 1 remembers nothing of ``picture`` where it
    is painted. ``controls``: a condition picture (H, W, C) uint8 for each of the family's ControlNets that is to speak,
    by its name; ``windows``: when and how strongly, by the same names. ``style``: name of the adapter (LoRA) of a
    style, or empty. ``reference`` (h, w, 3) uint8 sRGB: a picture whose look is to be taken on (IP-Adapter), with its
    ``reference_weight``.
    """

    family: str
    words: str
    unwanted: str
    seed: int
    picture: Labels
    keep: Floats
    strength: float = 1.0
    sampling: Sampling = Sampling()
    controls: Mapping[str, Labels] = field(default_factory=dict)
    windows: Mapping[str, Window] = field(default_factory=dict)
    style: str = ""
    reference: Labels | None = None
    reference_weight: float = 0.6

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.picture.shape[1], self.picture.shape[0]

    @property
    def key(self) -> tuple[Any, ...]:
        """What must be equal for requests to share a batch; everything else of them is a tensor of its own."""
        windows = tuple(sorted((name, w.start, w.end) for name, w in self.windows.items()))
        look = None if self.reference is None else self.reference_weight
        return self.family, self.style, self.size, self.sampling, self.strength, windows, look


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """A painted picture (H, W, 3) uint8 sRGB at the request's size, and how it was made (JSON)."""

    picture: Labels
    notes: Mapping[str, Any] = field(default_factory=dict)


Tell = Callable[[int, int], None]
"""Called between steps with (steps done, steps in all); whatever it raises ends the whole batch and leaves no memory
behind."""


class Paints(Protocol):
    """Paints requests whose keys are equal, all at once."""

    def paint(self, requests: Sequence[Request], tell: Tell) -> list[Painting]:
        """One painting for each request, the same whichever others it was batched with.

        Raises OutOfMemoryError (retryable) when they do not fit together, MissingWeightsError, and what ``tell``
        raises.
        """
        ...
