"""The rooms' pages as a set designer would check a plan: ways, heights, and a place for every sort of goods."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import styles
from imagegen.rooms.parts import KINDS
from imagegen.rooms.shapes import rotation
from imagegen.rooms.shell import walled_off
from imagegen.rooms.view import Block
from styles.library import read_page
from styles.schema import Anchor, Part, Room
from tests.rooms.solid import closed

PAGES = [read_page(file, Room) for file in sorted((Path(styles.__file__).parent / "rooms").glob("*.toml"))]
pages = pytest.mark.parametrize("room", PAGES, ids=[room.slug for room in PAGES])

LIES_FLAT = {"rug", "tray", "books", "tableware"}
REACHES_UNDER = {"dining-chair", "office-chair", "basket", "stool"}
GROWS = {"plant"}


def footprint(part: Part) -> Block:
    shrunk = 0.86 if part.kind in GROWS else 0.98  # leaves and round things leave the corners of their box free
    half = np.array([part.size[0] / 2, part.size[1] / 2, part.size[2] / 2]) * [shrunk, shrunk, 0.98]
    return Block(np.add(part.at, (0.0, 0.0, part.size[2] / 2)), half, part.yaw)


def free_box(anchor: Anchor) -> Block:
    width, depth, height = anchor.free
    forward = rotation(anchor.yaw_deg) @ [0.0, -1.0, 0.0]
    centre = np.add(anchor.at, (0.0, 0.0, height / 2))
    if anchor.against == "wall":
        centre = centre + forward * depth / 2
    return Block(centre, np.array([width, depth, height]) / 2, anchor.yaw_deg)


def on_the_floor(room: Room) -> list[Part]:
    return [
        part
        for part in room.parts
        if part.at[2] < 0.02 and not part.on and part.kind not in LIES_FLAT and not KINDS[part.kind].stays
        and part.kind not in {"curtains", "radiator", "shutters"} and not walled_off(part, room, closed(room))
    ]  # fmt: skip


@pages
def test_no_two_pieces_of_furniture_share_the_floor(room: Room) -> None:
    for one, two in combinations(on_the_floor(room), 2):
        if not {one.kind, two.kind} & REACHES_UNDER:
            assert not footprint(one).touches(footprint(two)), (one.id, two.id)


@pages
def test_furniture_stands_inside_the_room(room: Room) -> None:
    for part in on_the_floor(room):
        corners = footprint(part).corners()
        assert np.abs(corners[:, 0]).max() <= room.width / 2 + 0.02, part.id
        assert -room.depth <= corners[:, 1].min() < corners[:, 1].max() <= 0.02, part.id


@pages
def test_what_stands_on_furniture_does_not_hang_over_its_edge(room: Room) -> None:
    for part in room.parts:
        if part.on:
            below = room.part(part.on)
            forward = below.size[1] / 2 if below.kind == "wall-shelf" else 0.0
            where = np.abs(np.subtract(part.at, below.at) @ rotation(below.yaw) + [0.0, forward, 0.0])
            assert where[0] + min(part.size[:2]) / 2 <= below.size[0] / 2 + 0.02, part.id
            assert where[1] + min(part.size[:2]) / 2 <= below.size[1] / 2 + 0.035, part.id


@pages
def test_free_places_on_the_floor_lie_inside_the_room_and_before_no_opening(room: Room) -> None:
    openings = [footprint(part) for part in room.parts if part.kind in {"window", "door"}]
    for anchor in room.anchors:
        if "floor" in anchor.mounts:
            box = free_box(anchor)
            corners = box.corners()
            assert np.abs(corners[:, 0]).max() <= room.width / 2, anchor.id
            assert -room.depth <= corners[:, 1].min() < corners[:, 1].max() <= 1e-6, anchor.id
            assert not any(box.touches(hole) for hole in openings), anchor.id


@pages
def test_pictures_hang_at_the_height_of_eyes_and_curtains_reach_the_floor(room: Room) -> None:
    for part in room.parts:
        if part.kind in {"print", "mirror", "pinboard"} and part.wall in {"back", "left", "right"}:
            assert 1.45 <= part.at[2] <= 1.75, part.id
        if part.kind == "curtains":
            assert part.at[2] == 0.0, part.id


@pages
def test_a_lamp_hangs_at_a_hand_and_a_half_over_its_table_and_no_lamp_in_the_way(room: Room) -> None:
    tables = [part for part in room.parts if part.kind == "dining-table"]
    for lamp in (part for part in room.parts if part.kind == "pendant"):
        low = lamp.at[2] - lamp.size[2]
        under = [t for t in tables if np.abs(np.subtract(t.at, lamp.at))[:2].max() < 0.3]
        assert all(0.65 <= low - t.at[2] - t.size[2] <= 0.85 for t in under), lamp.id
        assert under or low >= 1.75, lamp.id


@pages
def test_every_room_has_a_place_for_every_sort_of_goods(room: Room) -> None:
    mounts = {mount for anchor in room.anchors for mount in anchor.mounts}
    assert mounts == {"floor", "wall", "ceiling", "surface", "rug"}
    named = {category for anchor in room.anchors for category in anchor.categories}
    assert {"sofa", "wardrobe", "armchair", "floor lamp", "planter"} <= named
    assert any("floor" in anchor.mounts and not anchor.categories for anchor in room.anchors)


@pages
def test_no_wall_is_bare(room: Room) -> None:
    for wall in ("back", "left", "right"):
        assert sum(part.wall == wall and not part.optional for part in room.parts) >= 2, wall


def test_all_rooms_differ_in_plan() -> None:
    plans = {(room.width, room.depth, room.height) for room in PAGES}
    assert len(plans) == len(PAGES)
