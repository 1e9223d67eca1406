"""The values that travel down the pipeline: frozen, typed, with their units.

Conventions that hold everywhere:

* Arrays of colour are float32, linear light, Rec. 709 primaries, D65 white, straight (not premultiplied).
* Pixel (column, row) = (i, j) covers [i, i+1) x [j, j+1): its centre is (i + 0.5, j + 0.5); v grows downwards.
* Space is in metres, Z up, X right, Y away from the viewer. A **product's frame** has its origin in the
  middle of its footprint on the floor and its back towards +Y (its front looks at -Y). A **room's frame** has
  its origin at the foot of the back wall, in its middle: the back wall is the plane y = 0, the room lies at y < 0.
* A positive yaw turns counter-clockwise seen from above (from +X towards +Y).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Labels = NDArray[np.uint8]
Bools = NDArray[np.bool_]


class Mount(StrEnum):
    """What holds a product in a room."""

    FLOOR = "floor"
    WALL = "wall"
    CEILING = "ceiling"
    SURFACE = "surface"
    RUG = "rug"


class Verdict(StrEnum):
    """What a check concludes, mildest first."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    FAIL = "fail"


class Quality(StrEnum):
    """How much time a picture may take: about 4 s, 20 s, 90 s on two cores."""

    DRAFT = "draft"
    STANDARD = "standard"
    FINAL = "final"


class Mode(StrEnum):
    """How much of a room an engine that paints may paint: all of it, all but its layout, only around the product."""

    PAINT = "paint"
    REFINE = "refine"
    HARMONISE = "harmonise"


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Outer size of a product in metres: width along X, depth along Y, height along Z."""

    width: float
    depth: float
    height: float

    @classmethod
    def from_cm(cls, width: float, depth: float, height: float) -> Dimensions:
        """Dimensions from centimetres, the unit at every door."""
        return cls(width / 100.0, depth / 100.0, height / 100.0)

    def as_array(self) -> Doubles:
        """(width, depth, height), metres."""
        return np.array([self.width, self.depth, self.height])


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """What the catalog knows of the photo's camera; each may be unknown.

    ``yaw_deg``: how far the camera has walked round the product from straight in front of it; positive is
    counter-clockwise seen from above, so that the product's right side (+X) shows. ``elevation_deg``: how far
    the camera stands above the product's middle, as an angle. ``focal_mm``: 35 mm equivalent (36 mm of width).
    """

    yaw_deg: float | None = None
    elevation_deg: float | None = None
    focal_mm: float | None = None


Belief = tuple[float, float]
"""Mean and standard deviation of a number before it is measured."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How a studio usually shoots one kind of goods; None where nothing is known.

    ``yaw``, ``elevation`` in degrees; ``lens``: log of the 35 mm equivalent; ``photos``: how many taught it.
    """

    yaw: Belief | None = None
    elevation: Belief | None = None
    lens: Belief | None = None
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Studio:
    """A retailer's studio: its ``usual`` habit, and those of ``categories``, filed under ``key``."""

    usual: Habit = Habit()
    categories: Mapping[str, Habit] = field(default_factory=dict)

    @staticmethod
    def key(category: str) -> str:
        """A category as habits are filed under: small letters, single spaces, in the singular."""
        return " ".join(category.lower().replace("_", " ").replace("-", " ").split()).removesuffix("s")

    def habit(self, category: str) -> Habit:
        """The habit for goods of that category."""
        return self.categories.get(self.key(category), self.usual)


@dataclass(frozen=True, slots=True)
class Product:
    """The catalog's facts about one product.

    ``camera``: what is known of its photo's camera; ``habit``: how its studio usually shoots goods of its kind.
    """

    sku: str
    name: str
    category: str
    dimensions: Dimensions
    mount: Mount = Mount.FLOOR
    colour: str = ""
    material: str = ""
    tags: tuple[str, ...] = ()
    camera: CameraFacts = CameraFacts()
    habit: Habit = Habit()


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
class Finding:
    """What a check (or a stage that is unsure) says of a picture.

    ``score`` is compared with ``threshold`` in the sense that the message explains; ``where`` is an optional box
    (left, top, right, bottom) in the picture's pixels.
    """

    check: str
    verdict: Verdict
    score: float
    threshold: float
    message: str
    where: tuple[int, int, int, int] | None = None


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


@dataclass(frozen=True, slots=True)
class ExplicitPlacement:
    """Where a caller wants the product: metres in the room's frame, degrees about Z; overrides the anchor."""

    x: float
    y: float
    z: float = 0.0
    yaw_deg: float = 0.0


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


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """All that will be laid over an engine's room: ``colour`` (H, W, 3) display light, straight; ``alpha`` (H, W).

    ``products``: which these are, the hero first, then those of ``Passes.others``.
    """

    colour: Floats
    alpha: Floats
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an engine hands back: the room around the product.

    ``picture`` (H, W, 3): display light 0..1 (linear, after the view transform), exposed: what a model paints was never
    scene light. ``notes``: how it was made, for the recipe (JSON); ``findings``: doubts the engine had.
    """

    picture: Floats
    engine: str
    notes: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A product as a picture will show it, whatever room is behind it.

    ``source`` (H, W, 3) linear: its own pixels at their place before the room's light; ``alpha`` (H, W): how much
    product each pixel holds, less what stands before it; ``gain`` (H, W, 3): the room's light on it; ``shown`` (H, W,
    3): source under that light, display light; ``lit``: the same as sRGB uint8.
    """

    source: Floats
    alpha: Floats
    gain: Floats
    shown: Floats
    lit: Labels


@dataclass(frozen=True, slots=True)
class Composed:
    """The picture with the product's own pixels in it, before its checks.

    ``picture`` (H, W, 3) uint8 sRGB; ``source`` (H, W, 3) linear: the product's own pixels at their place before
    the room's light; ``alpha`` (H, W): how much product each pixel holds; ``gain`` (H, W, 3): the room's light on
    the product (low frequency); ``lit`` = source * gain after the view transform, uint8, to compare with.
    """

    picture: Labels
    source: Floats
    alpha: Floats
    gain: Floats
    lit: Labels


@dataclass(frozen=True, slots=True)
class Scene:
    """A finished picture with its evidence: ``picture`` (H, W, 3) uint8 sRGB."""

    picture: Labels
    findings: tuple[Finding, ...]
    recipe: Mapping[str, Any]
    seconds: Mapping[str, float]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict among the findings."""
        order = [Verdict.PASS, Verdict.WARN, Verdict.FAIL]
        return max((f.verdict for f in self.findings), key=order.index, default=Verdict.PASS)
