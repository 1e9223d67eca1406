"""The room's light where a product stands, from the probes of its view: for its shadow and its own pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imagegen.types import Doubles, Floats
from imagegen.views.shelf import Probe

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
STRENGTH, TINT, BOUNDS, DIM = 0.6, 0.35, (0.6, 1.5), 0.45
"""How much of the light's pattern and hue reaches the product, as in the exact composite."""
LOWEST = 0.45
"""Sine of the lowest height from which shadows fall: a window's light comes from many heights, not from the horizon."""
MOST = 0.75
"""Share of the light on the floor that a shadow takes away, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """``towards`` (3,): unit, where most light comes from; ``share``: of what falls on the plane below the product."""

    towards: Doubles
    share: float
    probe: Probe


def light_at(probes: Sequence[Probe], position: Doubles, normal: Doubles) -> Light:
    """The light at a place, between the probes around it by their inverse squared distance (Shepard 1968).

    ``normal`` (3,): of the plane that takes the shadow. The dominant light is the directional one whose first bands fit
    the probe's best (Sloan, "Stupid spherical harmonics tricks", 2008).
    """
    weights = np.array([1.0 / (0.05 + float(np.sum((p.position - position) ** 2))) for p in probes])
    radiance = np.tensordot(weights / weights.sum(), np.stack([p.radiance for p in probes]), axes=1)
    probe = Probe("here", position, radiance.astype(np.float32))
    grey = radiance @ LUMINANCE
    first = np.array([grey[3], grey[1], grey[2]])
    length = float(np.linalg.norm(first))
    towards = first / length if length > 1e-9 else normal
    strength = length / 0.488603
    lifted = towards + normal * max(0.0, LOWEST - float(towards @ normal)) * 1.4
    lifted = lifted / np.linalg.norm(lifted)
    fallen = float(probe.irradiance(normal[None].astype(np.float32))[0] @ LUMINANCE)
    share = strength * max(float(lifted @ normal), LOWEST) / max(fallen, 1e-6)
    return Light(lifted, float(np.clip(share, 0.15, MOST)), probe)


def gain(light: Light, axes: Doubles, rows: int, cols: int) -> Floats:
    """The room's light on the product as a factor (rows, cols, 3) over its box in the picture, low in frequency.

    The body is taken for a bulging one: normals turn aside towards its edges. ``axes`` (3, 3): rows right, down,
    forward of the view's camera.
    """
    v, u = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9), indexing="ij")
    local = np.stack([0.75 * u, 0.6 * v, -np.sqrt(np.maximum(1 - 0.5 * u * u - 0.36 * v * v, 0.1))], axis=-1)
    normals = local @ axes
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    fallen = light.probe.irradiance(normals.astype(np.float32)) / np.pi
    level = np.maximum(fallen @ LUMINANCE, 1e-4)[..., None]
    median = max(float(np.median(level)), 1e-3)
    tint = (np.maximum(fallen, 1e-5) / level) ** TINT
    tint /= (tint @ LUMINANCE)[..., None]
    brightness = max((median / DIM) ** 0.5, 0.6) if median < DIM else 1.0
    coarse = np.clip((level / median) ** STRENGTH * brightness, *BOUNDS) * tint
    return stretched(coarse.astype(np.float32), rows, cols)


def stretched(coarse: Floats, rows: int, cols: int) -> Floats:
    """A small grid (r, c, ...) spread over (rows, cols, ...), linear between its nodes."""
    y, x = np.linspace(0, coarse.shape[0] - 1, rows), np.linspace(0, coarse.shape[1] - 1, cols)
    i, j = np.minimum(y.astype(int), coarse.shape[0] - 2), np.minimum(x.astype(int), coarse.shape[1] - 2)
    extra = (1,) * (coarse.ndim - 2)
    fy = (y - i).astype(np.float32).reshape(-1, *extra, 1) if extra else (y - i).astype(np.float32)[:, None]
    fx = (x - j).astype(np.float32).reshape(-1, *extra) if extra else (x - j).astype(np.float32)
    mixed = coarse[i] * (1 - fy) + coarse[i + 1] * fy
    return np.asarray(mixed[:, j] * (1 - fx) + mixed[:, j + 1] * fx, np.float32)
