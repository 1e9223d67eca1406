"""What the catalog knows of a product, and of the studio that shot it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from imagegen.types.arrays import Doubles


class Mount(StrEnum):
    """What holds a product in a room."""

    FLOOR = "floor"
    WALL = "wall"
    CEILING = "ceiling"
    SURFACE = "surface"
    RUG = "rug"


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
