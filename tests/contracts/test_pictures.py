"""What the picture of every pair of style and room promises: a class a pixel, its palette, the same every time."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache, lru_cache

import numpy as np
import pytest

from imagegen import renderer
from imagegen.colour import difference, lab
from imagegen.geometry import Geometry, Material, Mesh, Sky
from imagegen.renderer.scene import Loaded, load
from imagegen.renderer.trace import Points, Tracer, tracer
from imagegen.rooms.materials import linear
from imagegen.rooms.shapes import Shape, join, slab
from imagegen.rooms.shell import shell
from imagegen.types import Camera, Doubles
from imagegen.views.making import furnished
from imagegen.views.shelf import ANGLES_DEG, camera_of
from styles.library import default_library
from styles.schema import Room, Style
from tests.rooms.solid import closed

LIBRARY = default_library()
PAIRS = [(style, room) for style in LIBRARY.styles() for room in LIBRARY.rooms(style.slug)]
pairs = pytest.mark.parametrize(("style", "room"), PAIRS, ids=[f"{s.slug}-{r.slug}" for s, r in PAIRS])
styles = pytest.mark.parametrize("style", LIBRARY.styles(), ids=lambda style: style.slug)
ROOMS = {room.slug: room for _, room in PAIRS}

WIDTH = 240
CLUSTER = 25
"""Pixels of a picture WIDTH wide that show a colour: a cushion's worth of them."""
ALIKE = 10.0
"""CIEDE2000 within which a pixel shows a swatch: a pattern varies its colour, as oak does."""


def points(rays: Tracer, room: Room, angle: int, seed: int) -> Points:
    """What one ray through each pixel of a canonical view meets."""
    return rays.points(camera_of(room, ANGLES_DEG[angle], WIDTH), 1, seed, through=False)


@lru_cache(maxsize=1)
def loaded(style: str, room: str, angle: int) -> Loaded:
    """A pair as it is seen from one of its canonical sides."""
    page = LIBRARY.room(style, room)
    return load(furnished(LIBRARY.style(style), page, camera_of(page, ANGLES_DEG[angle], WIDTH)), ())


@cache
def colours(style: str, room: str, angle: int) -> Doubles:
    """CIELAB (N, 3) of what the pixels show, as it would look in white light."""
    met = points(tracer(loaded(style, room, angle)), LIBRARY.room(style, room), angle, 0)
    return lab(np.clip(met.albedo[:, 0], 0, 1))


@pairs
def test_every_pixel_has_a_class_and_the_same_seed_shows_the_same(style: Style, room: Room) -> None:
    scene = loaded(style.slug, room.slug, 0)
    rays = tracer(scene)
    one, two, other = (points(rays, room, 0, seed) for seed in (0, 0, 1))
    assert (one.shape >= 0).all()
    assert (scene.segments[one.shape] >= 1).all()
    assert (scene.segments[one.shape] <= 150).all()
    for field in fields(one):
        assert np.array_equal(getattr(one, field.name), getattr(two, field.name)), field.name
    assert not np.array_equal(one.position, other.position)
    colours(style.slug, room.slug, 0)  # kept for the palette, while the room is loaded


@styles
def test_a_room_built_anew_gives_the_same_picture(style: Style) -> None:
    """Once a style: a path tracer's first picture of a room costs seconds of compiling, its points do not."""
    room = LIBRARY.rooms(style.slug)[-1]
    camera = camera_of(room, ANGLES_DEG[0], 48)
    geometries = [furnished(style, room, camera) for _ in range(2)]
    one, two = (renderer.render(geometry, camera, None, samples=1, seed=3) for geometry in geometries)
    assert np.isfinite(one.picture).all()
    for field in fields(one):
        assert np.array_equal(getattr(one, field.name), getattr(two, field.name)), field.name


@styles
def test_every_colour_of_the_palette_is_seen_in_a_room(style: Style) -> None:
    """A swatch is seen when in one canonical view of one room CLUSTER pixels, in white light, are ALIKE to it."""
    rooms = [room.slug for room in LIBRARY.rooms(style.slug)]
    sides = [(room, angle) for angle in range(len(ANGLES_DEG)) for room in rooms]  # the fronts are traced already
    best: dict[str, int] = dict.fromkeys(style.palette, 0)
    for room, angle in sides:
        for swatch in [swatch for swatch, pixels in best.items() if pixels < CLUSTER]:
            away = difference(colours(style.slug, room, angle), lab(linear(style.palette[swatch])))
            best[swatch] = max(best[swatch], int((away <= ALIKE).sum()))
    assert not {swatch: pixels for swatch, pixels in best.items() if pixels < CLUSTER}


@pytest.mark.parametrize("room", ROOMS.values(), ids=ROOMS)
def test_closed_room_lets_no_light_in(room: Room) -> None:
    bounds = replace(closed(room), side_front=-room.depth - 0.3, ceiling_front=-room.depth - 0.3)
    bounds = replace(bounds, floor_front=-room.depth - 0.3)
    surfaces = [surface for surface in shell(room, bounds) if surface.role != "outside"]
    grey = Material(colour=(0.8, 0.8, 0.8))
    meshes = [_mesh(surface.shape, grey) for surface in surfaces]
    half = room.width / 2 + 0.3
    front = slab((-half, -room.depth - 0.25, -0.1), (half, -room.depth, room.height + 0.1), 0.002)
    covers = [slab((x - 0.02, -12.0, -0.1), (x + 0.02, 0.0, room.height), 0.002) for x in (-half + 0.05, half - 0.05)]
    back = slab((-half, 0.26, -0.1), (half, 0.3, room.height + 0.1), 0.002)
    meshes.append(_mesh(join([front, back, *covers]), grey))
    dark = Geometry(tuple(meshes), (Sky((1.0,) * 3, (1.0,) * 3),))
    rows = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])
    camera = Camera(40.0, 48.0, 32.0, rows, np.array([0.0, -room.depth + 0.3, 1.3]), 96, 64)
    assert renderer.render(dark, camera, None, samples=16, seed=0).picture.max() < 5e-4


def _mesh(shape: Shape, made_of: Material) -> Mesh:
    return Mesh(shape.vertices, shape.faces, made_of, shape.uv, shape.normals)
