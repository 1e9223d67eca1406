"""A room as previews need it: a view's picture, its depth, its camera, and the light at the room's anchors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagegen.previews.sprite import archive, camera_of, camera_told, opened
from imagegen.types import Camera, Floats, Labels
from imagegen.views.shelf import Probe

FORMAT = 1
"""Raised when the meaning of what is stored changes, or whenever backdrops would come out otherwise."""
WIDTH = 768
"""Pixels of a preview's width."""


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """A view of a room with whatever makes way for a product left out.

    ``picture`` (H, W, 3) uint8 sRGB; ``depth`` (H, W) metres along the camera's forward axis, inf where nothing is.
    """

    picture: Labels
    depth: Floats
    camera: Camera
    probes: tuple[Probe, ...]


def packed(backdrop: Backdrop) -> bytes:
    """The backdrop as the bytes of an npz file without pickles."""
    told = {
        "format": FORMAT,
        "camera": camera_told(backdrop.camera),
        "probes": [
            {"anchor": p.anchor, "position_m": p.position.tolist(), "radiance": p.radiance.astype(float).tolist()}
            for p in backdrop.probes
        ],
    }
    return archive(told, picture=backdrop.picture, depth=backdrop.depth.astype(np.float32))


def unpacked(data: bytes) -> Backdrop:
    """The backdrop of ``packed``'s bytes."""
    told, planes = opened(data)
    return Backdrop(
        picture=planes["picture"],
        depth=planes["depth"],
        camera=camera_of(told["camera"]),
        probes=tuple(
            Probe(p["anchor"], np.array(p["position_m"]), np.array(p["radiance"], np.float32)) for p in told["probes"]
        ),
    )
