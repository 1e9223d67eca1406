"""A product's photo, the product cut out of it, and the camera that shot it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from imagegen.types.arrays import Doubles, Floats
from imagegen.types.findings import Finding


@dataclass(frozen=True, slots=True)
class Photo:
    """A decoded photo: ``colour`` (H, W, 3) linear, ``alpha`` (H, W) 0..1 or None, sha256 of the file's bytes."""

    colour: Floats
    alpha: Floats | None
    sha256: str

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.colour.shape[1], self.colour.shape[0]


@dataclass(frozen=True, slots=True)
class Cutout:
    """The product freed of its background, in the photo's own pixels (never scaled).

    ``colour`` (H, W, 3) linear straight foreground colour, defined wherever alpha > 0; ``alpha`` (H, W) 0..1;
    ``method``: name and version of the cutter; ``findings``: doubts the cutter had.
    """

    colour: Floats
    alpha: Floats
    method: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera with square pixels and no distortion.

    ``rotation`` (3, 3): rows are the camera's right, down and forward axes in the frame it stands in.
    A point P projects to u = focal * x / z + cx, v = focal * y / z + cy with (x, y, z) = rotation @ (P - position).
    ``focal``, ``cx``, ``cy`` and the size are in pixels, ``position`` in metres. The principal point may lie far
    from the picture's middle (a cropped photo, a shifted lens).
    """

    focal: float
    cx: float
    cy: float
    rotation: Doubles
    position: Doubles
    width: int
    height: int

    def project(self, points: Doubles) -> Doubles:
        """Pixels (N, 2) of points (N, 3); points behind the camera give nan."""
        local = (np.asarray(points, float) - self.position) @ self.rotation.T
        depth = np.where(local[:, 2:] > 1e-9, local[:, 2:], np.nan)
        pixels: Doubles = self.focal * local[:, :2] / depth + np.array([self.cx, self.cy])
        return pixels

    def rays(self, pixels: Doubles) -> Doubles:
        """Directions (N, 3) through pixels (N, 2), scaled to one metre of depth along the forward axis."""
        flat = (np.asarray(pixels, float) - np.array([self.cx, self.cy])) / self.focal
        return np.column_stack([flat, np.ones(len(flat))]) @ self.rotation


@dataclass(frozen=True, slots=True)
class Spread:
    """One standard deviation of each number of a pose: degrees, and shares of the distance and of the focal length."""

    yaw_deg: float = 0.0
    elevation_deg: float = 0.0
    distance: float = 0.0
    focal: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Contact:
    """A point where the product meets the floor.

    ``pixel`` (2,): in the photo; ``point`` (2,): in the product's frame, metres; ``sigma_m``: its standard deviation.
    """

    pixel: Doubles
    point: Doubles
    sigma_m: float


@dataclass(frozen=True, slots=True)
class Pose:
    """The photo's camera in the product's frame, and how far to trust it.

    ``camera`` looks at the product's frame in the photo's own pixels. ``kind``: which solver spoke (box, round,
    frontal, flat, given). ``sigma_deg``: one standard deviation of the viewing direction. ``overlap``: how well
    the projected box explains the silhouette (0..1). ``body`` (N, 3) metres: the convex body inside the product's box
    that the silhouette's tangents were matched with (rounded, tapered, on legs); its view has the product's extents.
    ``spread``: how uncertain each number is. ``footprint`` (N, 2) metres: the outline on the floor of what it stands
    on, in the product's frame, true to ``footprint_sigma_m``; empty for what hangs. ``contacts``: where its feet are
    seen to meet the floor.
    """

    camera: Camera
    kind: str
    yaw_deg: float
    elevation_deg: float
    distance_m: float
    focal_mm: float
    sigma_deg: float
    overlap: float
    findings: tuple[Finding, ...] = ()
    body: Doubles | None = None
    spread: Spread = Spread()
    footprint: Doubles = field(default_factory=lambda: np.zeros((0, 2)))
    footprint_sigma_m: float = 0.0
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A product as one of its photos shows it. ``photo``: the photo's number among the product's, from 0."""

    photo: int
    sha256: str
    cutout: Cutout
    pose: Pose
