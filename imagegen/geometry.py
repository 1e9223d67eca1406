"""What the room builder hands to the renderer: meshes with materials, and lights. Metres, linear light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagegen.types import Doubles, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """A tile of an image repeated over a surface.

    ``pixels`` (H, W, 3) or (H, W) float32, linear; ``metres``: (width, height) of one tile.
    """

    pixels: Floats
    metres: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """A surface, in the terms of the principled BSDF (Burley 2012).

    ``colour``: linear RGB or a Texture. ``roughness`` 0..1 or a grey Texture. ``bump``: grey Texture in metres of
    height. ``opacity`` below 1 lets the background through (a sheer curtain; a grey Texture: an open weave).
    ``transmission`` 1 is glass (``thin``: a body of two walls through which one sees the ``colour``; clear when pale).
    ``emission``: linear RGB radiance (or a Texture of it) where the surface itself
    shines. ``sheen``: cloth. ``translucence``: share of the light that goes on through what cannot be seen through (a
    paper shade round its bulb): only light that is aimed at a place, and light that has been scattered before.
    ``bounce``: linear RGB that stands for its colour in light that has been scattered before; its mean colour if None.
    """

    colour: tuple[float, float, float] | Texture = (0.5, 0.5, 0.5)
    roughness: float | Texture = 0.6
    specular: float = 0.5
    metallic: float = 0.0
    sheen: float = 0.0
    transmission: float = 0.0
    thin: bool = True
    opacity: float | Texture = 1.0
    bump: Texture | None = None
    emission: tuple[float, float, float] | Texture | None = None
    translucence: float = 0.0
    bounce: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles of one material.

    ``vertices`` (N, 3) metres; ``faces`` (M, 3); ``uv`` (N, 2) in *metres* along the surface (textures tile by
    their own size) or None for an untextured mesh; ``normals`` (N, 3) for smooth shading or None for flat faces.
    ``segment``: ADE20K class index (1..150, 0 unknown). ``part``: id of the room's part it came from.
    """

    vertices: Doubles
    faces: np.ndarray
    material: Material
    uv: Doubles | None = None
    normals: Doubles | None = None
    segment: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Sun:
    """Parallel light.

    ``direction`` it travels in (unit), ``irradiance`` linear RGB, ``angle_deg`` its apparent diameter (soft edges).
    """

    direction: tuple[float, float, float]
    irradiance: tuple[float, float, float]
    angle_deg: float = 0.53


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """Light from everywhere outside: linear RGB radiance of the zenith and of the horizon.

    ``picture``: factors (H, W, 3) of that radiance by direction, or None; rows from the zenith down, columns from +Y by
    way of +X around.
    """

    zenith: tuple[float, float, float]
    horizon: tuple[float, float, float]
    picture: Floats | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A one-sided rectangle that shines (a soft box, the glow of a window): invisible to the camera, and to mirrors.

    ``centre``; ``normal`` it shines along; ``size`` (width, height) metres; ``radiance`` linear RGB.
    """

    centre: tuple[float, float, float]
    normal: tuple[float, float, float]
    size: tuple[float, float]
    radiance: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Bulb:
    """A ball that shines to all sides: invisible to the camera, and to mirrors.

    ``centre`` and ``radius`` metres; ``intensity`` linear RGB: the irradiance that it gives at one metre, whatever its
    radius, which only makes its shadows softer.
    """

    centre: tuple[float, float, float]
    radius: float
    intensity: tuple[float, float, float]


Light = Sun | Sky | Panel | Bulb


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """A furnished room (or a studio), ready to be rendered: ``exposure`` multiplies radiance so that 1.0 is white.

    ``key``: log-average luminance that the finished picture is drawn towards; None leaves it as it was traced.
    ``adapts``: share (0..1) of the way by which the colour of the light is drawn to white.
    """

    meshes: tuple[Mesh, ...]
    lights: tuple[Light, ...]
    exposure: float = 1.0
    key: float | None = None
    adapts: float = 0.0
