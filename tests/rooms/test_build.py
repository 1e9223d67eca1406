"""A room for a camera and a product: what leaves, what stays, what is mirrored, and what a page may not ask for."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from imagegen.errors import BadRequestError
from imagegen.geometry import Geometry, Panel, Sun
from imagegen.rooms.build import build, pieces
from imagegen.rooms.clearance import kin
from imagegen.rooms.parts import KINDS
from imagegen.rooms.view import Block
from imagegen.types import Camera, Dimensions, Mount, Placement, Product
from styles.library import default_library
from styles.schema import Anchor, Room, Style

LIBRARY = default_library()
PAIRS = [(style, room) for style in LIBRARY.styles() for room in LIBRARY.rooms(style.slug)]
NAMES = [f"{style.slug}-{room.slug}" for style, room in PAIRS]
pairs = pytest.mark.parametrize(("style", "room"), PAIRS, ids=NAMES, scope="module")  # all of a pair's in a row

SOFA = Product("s", "Sofa", "sofa", Dimensions(2.0, 0.9, 0.82))
CHAIR = Product("c", "Chair", "dining chair", Dimensions(0.5, 0.55, 0.85))
LAMP = Product("l", "Lamp", "floor lamp", Dimensions(0.4, 0.4, 1.5))
CLOCK = Product("k", "Clock", "wall clock", Dimensions(0.4, 0.05, 0.4), Mount.WALL)
VASE = Product("v", "Vase", "vase", Dimensions(0.2, 0.2, 0.3), Mount.SURFACE)
RUG = Product("r", "Rug", "rug", Dimensions(2.0, 1.4, 0.012), Mount.RUG)
PENDANT = Product("p", "Pendant", "pendant lamp", Dimensions(0.45, 0.45, 0.6), Mount.CEILING)
PRODUCTS = (SOFA, CHAIR, LAMP, CLOCK, VASE, RUG, PENDANT)


def anchor_for(room: Room, product: Product) -> Anchor:
    fitting = [a for a in room.anchors if product.mount in a.mounts]
    named = [a for a in fitting if any(word in product.category for word in a.categories)]
    return (named or [a for a in fitting if not a.categories])[0]


def stand(
    room: Room, product: Product, yaw: float, height: float, distance: float, focal_mm: float, *, mirrored: bool = False
) -> Placement:
    anchor, size = anchor_for(room, product), product.dimensions
    position = np.array(anchor.at, float)
    if anchor.against == "wall":
        position[1] -= size.depth / 2 + anchor.gap
    if product.mount is Mount.WALL:
        position[2] -= size.height / 2
    if product.mount is Mount.CEILING:
        position[2] -= size.height
    if mirrored:
        position[0] *= -1
    target = position + np.array([0, 0, size.height / 2])
    angle = math.radians(yaw)
    eye = target + distance * np.array([math.sin(angle), -math.cos(angle), 0.0])
    eye[2] = height
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(forward, [0, 0, 1])
    right /= np.linalg.norm(right)
    rows = np.array([right, np.cross(forward, right), forward])
    camera = Camera(focal_mm / 36 * 600, 300, 220, rows, eye, 600, 410)
    return Placement(anchor.id, position, 0.0, mirrored, camera, np.eye(3))


def made(
    style: Style, room: Room, product: Product, view: tuple[float, float, float, float], *, mirrored: bool = False
) -> tuple[Geometry, Placement]:
    placement = stand(room, product, *view, mirrored=mirrored)
    return build(style, room, placement, product), placement


@pairs
def test_no_part_reaches_into_the_product(style: Style, room: Room) -> None:
    coverings = {part.id for part in room.parts if part.kind in {"panelling", "rug"}}  # a clock hangs on its boards
    for product in (SOFA, CHAIR, LAMP, CLOCK, VASE):
        geometry, placement = made(style, room, product, (20, 1.4, 4.0, 50))
        half = product.dimensions.as_array() / 2
        block = Block(placement.position + np.array([0, 0, half[2]]), half - 0.002, placement.yaw_deg)
        for mesh in geometry.meshes:
            if mesh.part not in {"rug", "floor"} and mesh.part not in coverings:
                inside = (np.abs(block.local(mesh.vertices)) < block.half).all(axis=1)
                assert not inside.any(), (product.sku, mesh.part)


@pairs
def test_mirrored_placement_gives_the_mirror_image(style: Style, room: Room) -> None:
    plain, placement = made(style, room, SOFA, (25, 1.4, 4.0, 50))
    flip = np.array([-1.0, 1.0, 1.0])
    turned = replace(
        placement,
        position=placement.position * flip,
        yaw_deg=-placement.yaw_deg,
        mirrored=True,
        camera=replace(
            placement.camera,
            position=placement.camera.position * flip,
            rotation=placement.camera.rotation * flip * [[-1], [1], [1]],
        ),
    )
    mirrored = build(style, room, turned, SOFA)
    assert [m.part for m in mirrored.meshes] == [m.part for m in plain.meshes]
    for one, two in zip(plain.meshes, mirrored.meshes, strict=True):
        assert np.allclose(one.vertices * flip, two.vertices)
    suns = [light.direction[0] for g in (plain, mirrored) for light in g.lights if isinstance(light, Sun)]
    assert not suns or suns[0] == -suns[1]


@pairs
def test_rivals_of_the_product_s_kind_leave_and_other_furniture_stays(style: Style, room: Room) -> None:
    sold = {"sofa": SOFA, "floor-lamp": LAMP, "rug": RUG, "pendant": PENDANT}
    for kind, product in sold.items():
        own = [part.id for part in room.parts if part.kind == kind and style.shows(part)]
        geometry, _ = made(style, room, product, (0, 1.3, 5.0, 50))
        kept = {mesh.part for mesh in geometry.meshes}
        far = KINDS[kind].near < np.inf
        assert far or not kept & set(own), kind
        assert len(kept) > 12, kind


@pairs
def test_what_stands_on_a_leaving_part_leaves_with_it(style: Style, room: Room) -> None:
    geometry, _ = made(style, room, SOFA, (0, 1.0, 5.0, 50))
    kept = {mesh.part for mesh in geometry.meshes}
    assert not any(part.id in kept and part.on and part.on not in kept for part in room.parts)


@pairs
def test_window_wall_gives_way_to_a_camera_beyond_it_and_takes_the_sun_along(style: Style, room: Room) -> None:
    geometry, placement = made(style, room, SOFA, (-50, 1.4, 5.0, 50))
    assert placement.camera.position[0] < -room.width / 2
    assert "wall-left" not in {mesh.part for mesh in geometry.meshes}
    assert not any(isinstance(light, Sun) for light in geometry.lights)
    assert any(isinstance(light, Panel) for light in geometry.lights)


@pairs
def test_every_part_has_a_builder_a_form_and_a_material_for_each_slot(style: Style, room: Room) -> None:
    for part in filter(style.shows, room.parts):
        kind, role = KINDS[part.kind], style.role(part.plays)
        form = part.form or role.form
        assert not form or form in kind.forms, part.id
        slots = {piece.slot for piece in pieces(part, style)}
        missing = {slot for slot in slots if slot not in part.materials and slot not in role.materials}
        assert not missing, (part.id, missing)


@pairs
def test_every_surface_has_an_ade_class_and_unit_normals(style: Style, room: Room) -> None:
    geometry, _ = made(style, room, CHAIR, (20, 1.4, 4.0, 50))
    for mesh in geometry.meshes:
        assert 1 <= mesh.segment <= 150
        assert mesh.faces.max() < len(mesh.vertices)
        assert np.isfinite(mesh.vertices).all()
        assert mesh.uv is not None


@pairs
def test_same_wishes_give_the_same_room(style: Style, room: Room) -> None:
    one, _ = made(style, room, SOFA, (20, 1.4, 4.0, 50))
    two, _ = made(style, room, SOFA, (20, 1.4, 4.0, 50))
    assert all(np.array_equal(a.vertices, b.vertices) for a, b in zip(one.meshes, two.meshes, strict=True))


def test_unknown_kind_of_part_is_refused_with_the_known_ones() -> None:
    style, room = PAIRS[0]
    odd = room.model_copy(update={"parts": (room.parts[0].model_copy(update={"kind": "hologram"}),)})
    with pytest.raises(BadRequestError, match="hologram") as caught:
        made(style, odd, SOFA, (0, 1.4, 4.0, 50))
    assert "sofa" in caught.value.hint


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("Sofa", "sofa"),
        ("wing chair", "armchair"),
        ("floor_lamp", "floor-lamp"),
        ("coffee table", "coffee-table"),
        ("pendant lamp", "pendant"),
    ],
)
def test_category_names_its_kin(category: str, expected: str) -> None:
    assert expected in kin(category)


def test_unheard_of_category_has_no_kin() -> None:
    assert kin("aquarium") == frozenset()
