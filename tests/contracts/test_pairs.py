"""What every pair of style and room promises: free places, furniture that stands, believable measures."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from imagegen.rooms.build import block_of, pieces
from imagegen.rooms.parts import KINDS
from imagegen.rooms.shell import shell
from imagegen.rooms.view import Block
from styles.library import default_library
from styles.schema import Anchor, Room, Style
from tests.rooms.solid import closed, points, shared, shown, standing, top_under

LIBRARY = default_library()
PAIRS = [(style, room) for style in LIBRARY.styles() for room in LIBRARY.rooms(style.slug)]
NAMES = [f"{style.slug}-{room.slug}" for style, room in PAIRS]
pairs = pytest.mark.parametrize(("style", "room"), PAIRS, ids=NAMES, scope="module")  # all of a pair's in a row

HEIGHTS = {
    "dining-table": (0.72, 0.765), "desk": (0.72, 0.765), "counter": (0.88, 0.94), "nightstand": (0.43, 0.62),
    "door": (2.00, 2.10),
}  # fmt: skip
SEATS = {"sofa", "armchair", "dining-chair", "office-chair", "bench", "shoe-bench"}
SEAT = (0.43, 0.47)
SINKS = {"sofa": 0.01, "armchair": 0.01, "office-chair": 0.01}
"""By how much a cushion gives way to whoever sits on it: its height is measured with nobody there."""
ON_THE_SEAT = ("cushion", "throw")
SKIRTING = (0.07, 0.12)
THROUGH = {"window", "door", "niche", "arch", "fireplace", "pipe", "panelling", "beam", "ceiling-boards", "print"}
"""Kinds that lie in a wall, run through it, or (prints) hang beyond a wall for when it is taken out."""
CROSSES = {"rug", "panelling", "ceiling-boards", "beam", "tableware"}
"""Kinds that touch their neighbours by what they are: a covering, what runs along it, a chair's table."""
STRAY_CELLS = 40
"""Cells of 12 mm that two things may share: a leaf that touches a wall, a chair's back at the table's edge."""


@pairs
def test_furniture_has_a_carpenter_s_measures(style: Style, room: Room) -> None:
    for part in shown(style, room):
        if part.kind in HEIGHTS:
            low, high = HEIGHTS[part.kind]
            assert low <= part.size[2] <= high, part.id


@pairs
def test_seats_are_as_high_as_a_knee(style: Style, room: Room) -> None:
    for part in shown(style, room):
        if part.kind in SEATS:
            width, depth, _ = part.size
            bare = [p.shape for p in pieces(part, style) if not p.slot.startswith(ON_THE_SEAT)]
            middle = [(x * width, y * depth) for x in (-0.15, -0.05, 0.05, 0.15) for y in (-0.25, -0.15, -0.05)]
            height = np.median([top_under(bare, x, y) for x, y in middle])
            assert SEAT[0] <= height <= SEAT[1] + SINKS.get(part.kind, 0.0), part.id


@pairs
def test_doors_and_skirtings_are_built_as_high_as_they_are_made(style: Style, room: Room) -> None:
    for part in shown(style, room):
        if part.kind == "door":
            leaf = max(float(p.shape.vertices[:, 2].max()) for p in pieces(part, style) if p.slot == "main")
            assert HEIGHTS["door"][0] <= leaf <= HEIGHTS["door"][1], part.id
    role = style.role("skirting")
    boards = [s.shape.vertices[:, 2] for s in shell(room, closed(room), role) if s.role == "skirting"]
    assert bool(boards) == (role.settings.get("profile") != "none")
    for board in boards:
        assert board.min() == pytest.approx(0.0, abs=1e-6)
        assert SKIRTING[0] <= board.max() <= SKIRTING[1]


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
            under = standing(parts[part.on], style, without=ON_THE_SEAT)
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
            under = standing(parts[anchor.on], style, without=ON_THE_SEAT)
            tops = [top_under(under, x + dx, y + dy, z + 0.1) for dx in (0, 0.02) for dy in (0, 0.02)]
            assert max(tops) == pytest.approx(z, abs=0.012), anchor.id
        if mount in {"floor", "wall"}:
            box = free_box(anchor)
            assert not [bar.id for bar in bars if block_of(bar, style).grown(-0.02).touches(box)], anchor.id
