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

from imagegen.types.arrays import Bools, Doubles, Floats, Labels
from imagegen.types.findings import Finding, Verdict
from imagegen.types.goods import Belief, CameraFacts, Dimensions, Habit, Mount, Product, Studio
from imagegen.types.photos import Camera, Contact, Cutout, Photo, Pose, Seen, Spread
from imagegen.types.pictures import Composed, Draft, Front, Layer, Scene
from imagegen.types.staging import Body, Passes, Placement
from imagegen.types.wishes import ExplicitPlacement, Mode, Quality

__all__ = [
    "Belief",
    "Body",
    "Bools",
    "Camera",
    "CameraFacts",
    "Composed",
    "Contact",
    "Cutout",
    "Dimensions",
    "Doubles",
    "Draft",
    "ExplicitPlacement",
    "Finding",
    "Floats",
    "Front",
    "Habit",
    "Labels",
    "Layer",
    "Mode",
    "Mount",
    "Passes",
    "Photo",
    "Placement",
    "Pose",
    "Product",
    "Quality",
    "Scene",
    "Seen",
    "Spread",
    "Studio",
    "Verdict",
]
