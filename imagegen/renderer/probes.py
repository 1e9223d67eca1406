"""The light at a point of a room, as nine numbers a colour: enough to shade whatever will stand there.

The radiance that arrives from all sides is projected on the real spherical harmonics of bands 0 to 2 (Ramamoorthi and
Hanrahan, "An efficient representation for irradiance environment maps", 2001), traced through the six faces of a cube.
"""

from __future__ import annotations

import numpy as np

from imagegen.geometry import Geometry
from imagegen.harmonics import harmonics
from imagegen.renderer.scene import load
from imagegen.renderer.trace import tracer
from imagegen.renderer.turns import turn
from imagegen.types import Camera, Doubles, Floats

SIDE = 10  # pixels of a cube's face: 600 directions
SAMPLES = 16


def probe(geometry: Geometry, points: Doubles, *, gain: Floats, seed: int) -> Floats:
    """Radiance (N, 9, 3) in spherical harmonics at ``points`` (N, 3) metres, in the units of the picture.

    ``gain`` (3, 3): the linear map from traced light to the picture, as ``Passes.gain`` has it.
    """
    rotations = _faces()
    cameras = [
        Camera(SIDE / 2, SIDE / 2, SIDE / 2, rotation, np.asarray(point, float), SIDE, SIDE)
        for point in points
        for rotation in rotations
    ]
    with turn():
        light = tracer(load(geometry, ())).lights(cameras, SAMPLES, seed).astype(float)
    pixels = np.stack(np.meshgrid(np.arange(SIDE) + 0.5, np.arange(SIDE) + 0.5), axis=-1).reshape(-1, 2)
    found = np.zeros((len(points), 9, 3))
    for number, camera in enumerate(cameras):
        ways = camera.rays(pixels)
        ways = ways / np.linalg.norm(ways, axis=1, keepdims=True)
        # A pixel's share of the sphere: (2 / SIDE)^2 of the face, foreshortened.
        solid = (2 / SIDE) ** 2 * (ways @ camera.rotation[2]) ** 3
        found[number // len(rotations)] += harmonics(ways).T @ (light[number] * solid[:, None])
    return np.asarray(found * geometry.exposure @ np.asarray(gain, float).T, np.float32)


def _faces() -> list[Doubles]:
    """Rows right, down, forward of six cameras that see the whole sphere."""
    made = []
    for axis in range(3):
        for sign in (1.0, -1.0):
            forward, up = np.zeros(3), np.zeros(3)
            forward[axis], up[(axis + 1) % 3] = sign, 1.0
            right = np.cross(forward, up)
            made.append(np.array([right, np.cross(forward, right), forward]))
    return made
