"""A product as previews need it: its cutout, small, with the photo's camera and a coarse depth of its hull."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np

from imagegen.types import Camera, Dimensions, Doubles, Floats, Labels, Mount

FORMAT = 2
"""Raised when the meaning of what is stored changes, or whenever sprites would come out otherwise."""
LONGEST = 768
"""Pixels of a sprite's longer side, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A product, cut out of its photo and scaled down.

    ``picture`` (H, W, 4) uint8: sRGB straight colour and alpha. ``near`` and ``far`` (R, C) metres along the camera's
    forward axis: front and back of the product's hull, over the whole picture, defined everywhere (beyond the outline
    the nearest value). ``camera``: the photo's, in the product's frame, in this picture's pixels. ``kind``: which
    solver found it. ``sigma_deg``: how surely. ``size``: of the product in metres.
    """

    picture: Labels
    near: Floats
    far: Floats
    camera: Camera
    kind: str
    sigma_deg: float
    size: Dimensions
    mount: Mount

    @property
    def looks_flat(self) -> bool:
        """Whether it is little more than a plane on a wall, true from wherever it is seen."""
        return self.mount is Mount.WALL and self.size.depth < 0.35 * min(self.size.width, self.size.height)


def packed(sprite: Sprite) -> bytes:
    """The sprite as the bytes of an npz file without pickles. Equal sprites give equal bytes."""
    told = {
        "format": FORMAT,
        "camera": camera_told(sprite.camera),
        "kind": sprite.kind,
        "sigma_deg": round(sprite.sigma_deg, 3),
        "size_m": sprite.size.as_array().tolist(),
        "mount": str(sprite.mount),
    }
    return archive(told, picture=sprite.picture, near=sprite.near, far=sprite.far)


def unpacked(data: bytes) -> Sprite:
    """The sprite of ``packed``'s bytes."""
    told, planes = opened(data)
    return Sprite(
        picture=planes["picture"],
        near=planes["near"],
        far=planes["far"],
        camera=camera_of(told["camera"]),
        kind=told["kind"],
        sigma_deg=told["sigma_deg"],
        size=Dimensions(*told["size_m"]),
        mount=Mount(told["mount"]),
    )


def archive(told: dict[str, Any], **planes: np.ndarray) -> bytes:
    """Arrays and JSON in one compressed npz."""
    out = BytesIO()
    words = np.frombuffer(json.dumps(told, sort_keys=True).encode(), np.uint8)
    np.savez_compressed(out, allow_pickle=False, told=words, **planes)
    return out.getvalue()


def opened(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """JSON and arrays of an ``archive``."""
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        planes = {name: stored[name] for name in stored.files}
    return json.loads(planes.pop("told").tobytes()), planes


def camera_told(camera: Camera) -> dict[str, Any]:
    """A camera as JSON."""
    return {
        "focal_px": camera.focal,
        "centre_px": [camera.cx, camera.cy],
        "rotation": np.asarray(camera.rotation, float).tolist(),
        "position_m": np.asarray(camera.position, float).tolist(),
        "size": [camera.width, camera.height],
    }


def camera_of(told: dict[str, Any]) -> Camera:
    """The camera of ``camera_told``'s JSON."""
    (cx, cy), (width, height) = told["centre_px"], told["size"]
    rotation: Doubles = np.array(told["rotation"], float)
    return Camera(told["focal_px"], cx, cy, rotation, np.array(told["position_m"], float), width, height)
