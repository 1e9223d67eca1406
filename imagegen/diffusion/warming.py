"""What a model is warmed with: an empty request for each size that it will be asked for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imagegen.diffusion.families import ModelSpec
from imagegen.diffusion.request import Request


def blanks(spec: ModelSpec) -> Iterator[Request]:
    """A request of each of the family's buckets, sampled as it wants to be, with all its ControlNets speaking."""
    for width, height in spec.buckets:
        yield Request(
            family=spec.slug,
            words="",
            unwanted="",
            seed=0,
            picture=np.zeros((height, width, 3), np.uint8),
            keep=np.zeros((height, width), np.float32),
            sampling=spec.sampling,
            controls={
                name: np.zeros((height, width, control.channels), np.uint8) for name, control in spec.controls.items()
            },
            windows={name: control.window for name, control in spec.controls.items()},
        )
