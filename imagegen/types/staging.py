"""The product's place in a room, and what the renderer knows of that room."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from imagegen.types.arrays import Doubles, Floats, Labels
from imagegen.types.findings import Finding
from imagegen.types.photos import Camera


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the product stands and how its photo lies in the picture.

    ``position`` (3,) metres: where the product's frame sits in the room's frame; ``yaw_deg``: its turn about Z.
    ``mirrored``: the *room* is mirrored in x (never the product). ``camera``: the picture's camera in the
    (possibly mirrored) room's frame. ``warp`` (3, 3): homography from the photo's pixels to the picture's; a
    similarity for everything but rugs. ``anchor``: its id, or "explicit". ``reasons``: why this place was chosen.
    ``room``: slug of the room; ``photo``: number of the photo that is shown, from 0.
    """

    anchor: str
    position: Doubles
    yaw_deg: float
    mirrored: bool
    camera: Camera
    warp: Doubles
    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    room: str = ""
    photo: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """What the renderer knows of one product's hull: ``hull`` (H, W) and ``shading`` (H, W, 3) as ``Passes`` tells."""

    hull: Floats
    shading: Floats


@dataclass(frozen=True, slots=True)
class Passes:
    """What the renderer knows of a staged room; every array has the picture's height and width.

    ``picture`` (H, W, 3) linear scene light, exposed so that 1.0 is white; ``depth`` (H, W) metres along the
    forward axis, inf where nothing is; ``normals`` (H, W, 3) unit, room frame; ``albedo`` (H, W, 3) 0..1;
    ``segments`` (H, W) ADE20K class index, 0 unknown; ``shading`` (H, W, 3): light that falls on a white hull,
    1.0 is what a white surface in the room's key light would return, defined where ``hull`` > 0;
    ``hull`` (H, W) 0..1: how much of the pixel sees the product's hull (lower where the room stands before it);
    ``gain`` (3, 3): the linear map (exposure and white balance as settled for this picture) that took traced light to
    ``picture`` and ``shading``, by column vectors. ``others``: the same of the further products of a set; ``depth``,
    ``normals``, ``albedo`` and ``segments`` hold all hulls.
    """

    picture: Floats
    depth: Floats
    normals: Floats
    albedo: Floats
    segments: Labels
    shading: Floats
    hull: Floats
    gain: Floats = field(default_factory=lambda: np.eye(3, dtype=np.float32))
    others: tuple[Body, ...] = ()
