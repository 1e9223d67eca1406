"""Truth: the real model path-traced in the room from the photo's true camera, before anything was estimated."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy import ndimage

import styles
from bench.cameras import camera, faced, facts, moved, seen_from, studio_light
from bench.insertion.kept import content_of, kept
from bench.insertion.pairs import PHOTO, Pair, settings
from bench.packshots import jpeg, packshot
from demo.studio import coverage
from imagegen import images, placement, renderer, rooms
from imagegen.geometry import Geometry, Mesh
from imagegen.protocols import Settings
from imagegen.renderer.exposure import developed, settled
from imagegen.renderer.scene import load
from imagegen.renderer.trace import tracer
from imagegen.tone import view_transform
from imagegen.types import (
    Bools,
    Camera,
    CameraFacts,
    Cutout,
    Doubles,
    Floats,
    Labels,
    Passes,
    Placement,
    Pose,
    Product,
    Seen,
)
from styles.library import default_library

PRODUCT = 200
"""The class of the product's own surfaces in the passes; the room's classes end at 150."""
SAMPLES = 8
"""Paths a pixel of truth, twice a draft's: its own noise shall count little against anyone."""
IMAGEGEN = Path(rooms.__file__).parent.parent
SOURCES = (
    IMAGEGEN / "rooms",
    IMAGEGEN / "renderer",
    IMAGEGEN / "tone.py",
    Path(styles.__file__).parent,
    Path(__file__),
)
"""What decides truth's pixels, beside the packshot and the place."""


@dataclass(frozen=True, eq=False)
class Truth:
    """One pair before the pipeline runs.

    ``photo``: the packshot's file; ``alpha`` (h, w) its exact silhouette; ``meshes`` and ``seen``: the model and the
    photo's camera in the product's frame; ``place``: where both stand in the room, and the picture's true camera;
    ``picture``, ``without`` (H, W, 3) sRGB uint8: the room with and without the product, under one exposure;
    ``mask`` (H, W) 0..1: how much of each pixel shows the product.
    """

    pair: Pair
    photo: bytes
    alpha: Floats
    meshes: list[Mesh]
    seen: Camera
    place: Placement
    picture: Labels
    without: Labels
    mask: Floats
    key: str

    @cached_property
    def standing(self) -> list[Mesh]:
        """The model in the room's frame."""
        return stood(self.meshes, self.place.position, self.place.yaw_deg)

    @property
    def product(self) -> Product:
        """What the catalog says; nothing of the camera."""
        return self.pair.good.product()

    @property
    def told(self) -> CameraFacts:
        """The true camera as a catalog would tell it."""
        return facts(self.seen, self.pair.good)


def stood(meshes: list[Mesh], position: Doubles, yaw_deg: float) -> list[Mesh]:
    """Meshes of the product's frame in the room's."""
    c, s = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    return moved(meshes, np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]]), position, PRODUCT)


def truth_of(pair: Pair) -> Truth:
    """The pair's truth, from the disk when it was made before."""
    product = pair.good
    seen = camera(product, pair.seed, PHOTO)
    picture, alpha = packshot(product, seen, studio_light(pair.seed, pair.sku))
    photo = jpeg(picture)
    meshes, seen = faced(product, seen)
    place = true_place(pair, photo, alpha, seen)
    where = [place.position, place.camera.rotation, place.camera.position, place.camera.focal, place.camera.cx]
    numbers = [np.round(value, 9).tolist() for value in (*where, place.camera.cy)]
    told = repr((pair, settings(), SAMPLES, numbers, content_of(SOURCES))).encode()
    key = hashlib.sha256(told + photo).hexdigest()[:24]
    planes = kept("truth", key, lambda: _rendered(pair, meshes, place))
    shown = planes["picture"], planes["without"], planes["mask"]
    return Truth(pair, photo, alpha, meshes, seen, place, *shown, key)


def true_place(pair: Pair, photo: bytes, alpha: Floats, seen: Camera) -> Placement:
    """The pipeline's own rule of place and framing, given the true camera and the exact silhouette."""
    product = pair.good.product()
    yaw, elevation, away = seen_from(seen, pair.good)
    lens = seen.focal * 36 / seen.width
    pose = Pose(seen, "given", yaw, elevation, away, lens, sigma_deg=0.0, overlap=1.0)
    decoded, library = images.decode(photo), default_library()
    view = Seen(0, decoded.sha256, Cutout(decoded.colour, alpha, "exact"), pose)
    room = rooms.furnished(library.style(pair.style), library.room(pair.style, pair.room))
    return placement.place([view], product, [room], settings(), pair.place)


def _rendered(pair: Pair, meshes: list[Mesh], place: Placement) -> dict[str, np.ndarray]:
    """Two traces of one room, with and without the product; the first settles the exposure of both."""
    asked, library, product = settings(), default_library(), pair.good.product()
    built = rooms.build(library.style(pair.style), library.room(pair.style, pair.room), place, product, asked)
    empty = replace(built, key=None)
    model = stood(meshes, place.position, place.yaw_deg)
    full = replace(empty, meshes=(*empty.meshes, *model))
    passes = renderer.render(full, place.camera, None, samples=SAMPLES, seed=asked.seed)
    mine = passes.segments == PRODUCT
    gain = np.eye(3, dtype=np.float32)
    if built.key is not None:
        # As the pipeline settles it: by what the camera sees of the room, without the product and without what shines.
        counts = _only_returns_light(full, place.camera, asked) & ~ndimage.binary_dilation(mine)
        gain = settled(passes.picture, passes.albedo, counts, built.key, built.adapts)
    bare = renderer.render(empty, place.camera, None, samples=SAMPLES, seed=asked.seed)
    return {
        "picture": view_transform(developed(passes.picture, gain)),
        "without": view_transform(developed(bare.picture, gain)),
        "mask": coverage(model, place.camera) * ndimage.binary_dilation(mine, iterations=2),
    }


def bare_room(geometry: Geometry, passes: Passes, seen: Camera, asked: Settings) -> Labels:
    """The room that ``passes`` show, without the product and its shadow, under the same exposure: sRGB uint8."""
    empty = renderer.render(replace(geometry, key=None), seen, None, samples=asked.samples, seed=asked.seed)
    return view_transform(developed(empty.picture, passes.gain))


def _only_returns_light(geometry: Geometry, seen: Camera, asked: Settings) -> Bools:
    """Where the camera meets a thing that does not shine by itself (H, W)."""
    loaded = load(geometry, ())
    index = tracer(loaded).points(seen, 1, asked.seed, through=False, centred=True).shape[:, 0]
    lit = (index >= 0) & ~loaded.shines[np.maximum(index, 0)]
    return np.asarray(lit.reshape(seen.height, seen.width))
