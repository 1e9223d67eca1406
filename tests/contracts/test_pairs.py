"""What every pair of style and room promises: free places, furniture that stands, and a picture that is whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from imagegen import renderer
from imagegen.geometry import Geometry, Material, Mesh, Sky
from imagegen.rooms.build import block_of
from imagegen.rooms.parts import KINDS
from imagegen.rooms.shapes import Shape, join, slab
from imagegen.rooms.shell import shell
from imagegen.rooms.view import Block
from imagegen.types import Camera
from imagegen.views.making import furnished
from imagegen.views.shelf import camera_of
from styles.library import default_library
from styles.schema import Anchor, Room, Style
from tests.rooms.solid import closed, points, shared, shown, standing, top_under

LIBRARY = default_library()
PAIRS = [(style, room) for style in LIBRARY.styles() for room in LIBRARY.rooms(style.slug)]
pairs = pytest.mark.parametrize(("style", "room"), PAIRS, ids=[f"{s.slug}-{r.slug}" for s, r in PAIRS])

HEIGHTS = {
    "dining-table": (0.72, 0.765), "desk": (0.72, 0.765), "counter": (0.88, 0.94), "nightstand": (0.43, 0.62),
    "door": (1.98, 2.12),
}  # fmt: skip
THROUGH = {"window", "door", "niche", "arch", "fireplace", "pipe", "panelling", "beam", "ceiling-boards", "print"}
"""Kinds that lie in a wall, run through it, or (prints) hang beyond a wall for when it is taken out."""
CROSSES = {"rug", "panelling", "ceiling-boards", "beam", "pipe", "curtains", "blind", "shutters", "tableware"}
"""Kinds that touch their neighbours by what they are: a covering, what runs along it, cloth, a chair's table."""
STRAY_CELLS = 40
"""Cells of 12 mm that two things may share: a leaf that touches a wall, a chair's back at the table's edge."""


@pairs
def test_furniture_has_a_carpenter_s_measures(style: Style, room: Room) -> None:
    for part in shown(style, room):
        if part.kind in HEIGHTS:
            low, high = HEIGHTS[part.kind]
            assert low <= part.size[2] <= high, part.id


@pairs
def test_every_part_stands_in_the_room(style: Style, room: Room) -> None:
    for part in shown(style, room):
        if part.kind not in THROUGH and part.kind not in {"vase", "plant"}:
            cloud = points(part, style)
            assert np.abs(cloud[:, 0]).max() <= room.width / 2 + 0.02, part.id
            assert cloud[:, 1].max() <= 0.02, part.id
            assert -0.02 <= cloud[:, 2].min() < cloud[:, 2].max() <= room.height + 0.02, part.id


@pairs
def test_nothing_floats(style: Style, room: Room) -> None:
    parts = {part.id: part for part in shown(style, room)}
    for part in parts.values():
        cloud = points(part, style)
        base = float(cloud[:, 2].min())
        if part.on and not part.wall:
            x, y = cloud[cloud[:, 2] < base + 0.01][:, :2].mean(axis=0)
            under = standing(parts[part.on], style, without=("cushion", "throw"))
            tops = [top_under(under, x + dx, y + dy, base + 0.06) for dx in (-0.03, 0, 0.03) for dy in (-0.03, 0, 0.03)]
            assert max(tops) >= base - 0.004, part.id
        elif not part.wall:
            assert base <= 0.0125 or KINDS[part.kind].flat or part.kind == "sideboard", part.id
        elif part.wall != "ceiling" and not KINDS[part.kind].stays and base > 0.02:
            gap = {"back": -cloud[:, 1].max(), "left": cloud[:, 0].min() + room.width / 2}.get(
                part.wall, room.width / 2 - cloud[:, 0].max()
            )
            assert gap <= 0.06, part.id


@pairs
def test_no_thing_goes_through_another(style: Style, room: Room) -> None:
    parts = [part for part in shown(style, room) if part.kind not in CROSSES and not KINDS[part.kind].stays]
    blocks = {part.id: block_of(part, style).grown(-0.006) for part in parts}
    for one, two in combinations(parts, 2):
        if two.id != one.on and one.id != two.on and blocks[one.id].touches(blocks[two.id]):
            assert shared(standing(one, style), standing(two, style)) <= STRAY_CELLS, (one.id, two.id)


def free_box(anchor: Anchor) -> Block:
    width, depth, height = anchor.free
    turn = np.radians(anchor.yaw_deg)
    out = depth / 2 if anchor.against == "wall" else 0.0
    up = {"wall": 0.0, "ceiling": -height / 2}.get(anchor.mounts[0], height / 2 + 0.005)
    centre = np.add(anchor.at, (np.sin(turn) * out, -np.cos(turn) * out, up))
    return Block(centre, np.array([width, depth, height]) / 2 - 0.01, anchor.yaw_deg)


@pairs
def test_anchors_lie_on_what_bears_them_and_nothing_that_stays_is_in_their_free_space(style: Style, room: Room) -> None:
    parts = {part.id: part for part in shown(style, room)}
    bars = [part for part in parts.values() if KINDS[part.kind].stays and part.kind != "panelling"]
    for anchor in room.anchors:
        x, y, z = anchor.at
        mount = anchor.mounts[0]
        if mount in {"floor", "rug"}:
            assert 0 <= z <= 0.02, anchor.id
        elif mount == "wall":
            assert min(abs(y), room.width / 2 - abs(x)) <= 0.05, anchor.id
        elif mount == "ceiling":
            assert room.height - z <= 0.4, anchor.id
        elif anchor.on in parts:
            under = standing(parts[anchor.on], style, without=("cushion", "throw"))
            tops = [top_under(under, x + dx, y + dy, z + 0.1) for dx in (0, 0.02) for dy in (0, 0.02)]
            assert max(tops) == pytest.approx(z, abs=0.012), anchor.id
        if mount in {"floor", "wall"}:
            box = free_box(anchor)
            assert not [bar.id for bar in bars if block_of(bar, style).grown(-0.02).touches(box)], anchor.id


@pairs
def test_every_pixel_has_a_class_and_the_same_seed_gives_the_same_picture(style: Style, room: Room) -> None:
    camera = camera_of(room, 0.0, 96)
    geometry = furnished(style, room, camera, samples=1)
    one = renderer.render(geometry, camera, None, samples=1, seed=3)
    assert (one.segments > 0).all()
    two = renderer.render(geometry, camera, None, samples=1, seed=3)
    assert np.array_equal(one.picture, two.picture)
    assert np.array_equal(one.segments, two.segments)


@pytest.mark.parametrize("room", {room.slug: room for _, room in PAIRS}.values(), ids=lambda room: room.slug)
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
