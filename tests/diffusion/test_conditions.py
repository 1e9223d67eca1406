import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from imagegen.diffusion.conditions import CONDITIONS, read
from imagegen.diffusion.conditions.ade20k import NAMES, PALETTE, class_of
from imagegen.diffusion.conditions.canny import canny_of
from imagegen.diffusion.conditions.depth import depth
from imagegen.diffusion.conditions.edges import edges
from imagegen.diffusion.conditions.sampling import one_surface
from imagegen.diffusion.conditions.segments import named, segments
from imagegen.diffusion.conditions.thinning import thinned
from imagegen.errors import UnknownNameError
from imagegen.rooms.parts import KINDS
from tests.diffusion.rooms import FLOOR, WALL, seen
from tests.renderer.rooms_of_boxes import camera

CUBE = ((-0.4, -1.9, 0.0), (0.4, -1.1, 0.8))
LEG = ((0.9, -1.55, 0.0), (0.96, -1.5, 1.2), 44)
SIZE = (96, 72)


@pytest.fixture(scope="module")
def room():
    return seen([CUBE], [LEG])


@pytest.mark.parametrize("name", [name for name in CONDITIONS if name != "canny"])
@pytest.mark.parametrize("size", [SIZE, (192, 144), (240, 160), (64, 64)])
def test_each_condition_is_a_picture_of_the_size_asked_for(room, name, size):
    shown = CONDITIONS[name](room, size)
    assert shown.shape == (size[1], size[0], 3)
    assert shown.dtype == np.uint8


def test_near_is_white_and_far_is_black(room):
    grey = depth(room, (192, 144))[..., 0].astype(int)
    assert grey.min() == 0
    assert grey.max() == 255
    order = np.argsort(room.depth.ravel())
    assert (np.diff(grey.ravel()[order]) <= 1).all()  # never brighter farther away, but for the rounding of surfaces
    assert grey[room.hull > 0.5].min() > grey[room.segments == WALL].max()


@given(st.floats(0.2, 40.0))
@settings(max_examples=20, deadline=None)
def test_depth_shows_no_scale_of_the_world(scale):
    room = seen([CUBE])
    np.testing.assert_allclose(
        depth(replace(room, depth=room.depth * np.float32(scale)), SIZE).astype(int),
        depth(room, SIZE).astype(int),
        atol=1,
    )


def test_where_nothing_is_depth_is_black():
    open_room = seen([CUBE], wall=False)
    nothing = ~np.isfinite(open_room.depth)
    assert nothing.mean() > 0.1
    assert not depth(open_room, (192, 144))[nothing].any()


def test_one_wall_square_to_the_camera_is_even_grey(room):
    flat = replace(room, depth=np.full_like(room.depth, 3.0))
    assert np.unique(depth(flat, SIZE)).tolist() == [128]


def test_shrunk_depth_holds_no_distance_between_the_thing_and_the_wall():
    """A silhouette that runs through pixels: a mean would stand half a metre behind the thing, in the air."""
    near, far = 1 / 2.0, 1 / 6.0
    plane = np.full((120, 120), far, np.float32)
    plane[:, 37:61] = near
    plane[11:, 80:83] = near
    small = one_surface(plane, (40, 40))
    assert set(np.unique(small.round(6))) == {np.float32(near).round(6), np.float32(far).round(6)}
    width = (small[2] == small.max()).sum() * 3
    assert abs(width - 24) <= 3  # it neither grows nor shrinks
    assert (small[20:, 26:28] == small.max()).any(axis=1).all()  # a leg of one pixel stays whole


def test_a_slanted_floor_is_averaged_and_not_picked(room):
    floor = np.where(room.segments == FLOOR, 1 / room.depth, 0).astype(np.float32)
    small = one_surface(floor, (48, 36))
    truth = floor.reshape(36, 4, 48, 4).mean(axis=(1, 3))
    whole = (room.segments == FLOOR).reshape(36, 4, 48, 4).all(axis=(1, 3))
    np.testing.assert_allclose(small[whole], truth[whole], rtol=0.02)


ANCHORS = {
    "wall": (120, 120, 120), "sky": (6, 230, 230), "floor": (80, 50, 50), "ceiling": (120, 120, 80),
    "bed": (204, 5, 255), "window": (230, 230, 230), "door": (8, 255, 51), "table": (255, 6, 82),
    "curtain": (255, 51, 7), "chair": (204, 70, 3), "sofa": (11, 102, 255), "rug": (255, 9, 92),
    "lamp": (224, 255, 8), "flag": (92, 0, 255),
}  # fmt: skip


def test_the_palette_is_ade20ks():
    assert {name: tuple(PALETTE[NAMES.index(name)]) for name in ANCHORS} == ANCHORS
    assert len(NAMES) == 151
    assert not PALETTE[0].any()
    assert not PALETTE[151:].any()


def test_the_palette_is_the_one_of_the_detector_that_the_control_nets_were_trained_with():
    source = (Path(find_spec("controlnet_aux").origin).parent / "util.py").read_text()
    told = source.split("def ade_palette")[1].split("return")[1].split("]]")[0]
    numbers = np.array([int(number) for number in re.findall(r"\d+", told)], np.uint8).reshape(-1, 3)
    np.testing.assert_array_equal(PALETTE[1:151], numbers)


def test_every_part_of_every_room_has_a_colour():
    for kind in KINDS.values():
        assert PALETTE[kind.segment].any(), kind.name


def test_segments_keep_their_colours_at_any_size(room):
    for size in (SIZE, (240, 160)):
        colours = {tuple(colour) for colour in segments(room, size).reshape(-1, 3)}
        assert colours == {tuple(PALETTE[k]) for k in (WALL, FLOOR, LEG[2], 0)}


def test_a_product_has_the_class_of_its_category(room):
    shown = segments(named(room, ["three-seat sofa"]), (192, 144))
    assert (shown[room.hull > 0.5] == ANCHORS["sofa"]).all()
    assert (shown[room.segments == WALL] == ANCHORS["wall"]).all()


def test_each_product_of_a_set_has_its_own_class():
    pair = seen([CUBE, ((0.7, -1.0, 0.0), (1.2, -0.5, 1.5))])
    shown = segments(named(pair, ["Coffee_Table", "floor lamp"]), (192, 144))
    assert (shown[pair.hull > 0.5] == PALETTE[NAMES.index("coffee table")]).all()
    assert (shown[pair.others[0].hull > 0.5] == ANCHORS["lamp"]).all()


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("dining chair", "chair"), ("Pendant_Lamp", "light"), ("table lamp", "lamp"), ("wall mirror", "mirror"),
        ("side table", "table"), ("desk lamp", "lamp"), ("armchairs", "armchair"), ("sofa bed", "sofa"),
        ("open shelving", "shelf"), ("hovercraft", "unknown"), ("", "unknown"),
    ],
)  # fmt: skip
def test_categories_are_the_classes_that_a_shop_means(category, name):
    assert NAMES[class_of(category)] == name


def drawn(room, size=(192, 144)):
    return edges(room, size)[..., 0] > 0


def near_to(truth, lines, reach=1.5):
    """Share of ``truth`` that has a line within ``reach`` pixels."""
    return (ndimage.distance_transform_edt(~lines)[truth] <= reach).mean()


def segment(view, start, end, count=60):
    """The pixels of a straight line in the room."""
    points = np.linspace(start, end, count)
    pixels = np.floor(view.project(points)).astype(int)
    mask = np.zeros((view.height, view.width), bool)
    mask[pixels[:, 1], pixels[:, 0]] = True
    return mask


def test_the_edges_of_a_box_and_of_the_room_are_drawn(room):
    view = camera(192, 144)
    lines = drawn(room)
    low, high = np.array(CUBE[0]), np.array(CUBE[1])
    for start, end in [
        ((low[0], low[1], low[2]), (high[0], low[1], low[2])),  # its foot: a crease with the floor, and no step
        ((low[0], low[1], high[2]), (high[0], low[1], high[2])),  # its front rim: two faces meet
        ((low[0], low[1], low[2]), (low[0], low[1], high[2])),  # its side: a step
        ((-1.0, 0.0, 0.0), (-0.6, 0.0, 0.0)),  # floor and wall
    ]:
        assert near_to(segment(view, start, end), lines) > 0.9


def test_faces_have_no_lines_on_them(room):
    lines = drawn(room)
    labels, count = ndimage.label(
        (room.segments == FLOOR) & (ndimage.distance_transform_edt(room.segments == FLOOR) > 3)
    )
    assert count >= 1
    assert not lines[labels > 0].any()


def test_a_floor_seen_at_a_glance_has_no_lines():
    glance = seen([], view=camera(192, 144, elevation=1.5, at=(0, -3, 0.05)))
    inner = ndimage.distance_transform_edt(glance.segments == FLOOR) > 3
    assert inner.sum() > 2000
    assert not drawn(glance)[inner].any()


def test_lines_are_one_pixel_wide_and_black_and_white(room):
    shown = edges(room, (192, 144))
    assert set(np.unique(shown)) == {0, 255}
    solid = ndimage.minimum_filter(shown[..., 0], 2)
    assert (solid > 0).sum() < 0.02 * (shown[..., 0] > 0).sum()


def test_thinning_keeps_what_hangs_together():
    cross = np.zeros((60, 60), bool)
    cross[27:33, 5:55] = True
    cross[5:55, 27:33] = True
    lines = thinned(cross)
    assert ndimage.label(lines, np.ones((3, 3)))[1] == 1
    assert 60 < lines.sum() < 130
    assert (lines <= cross).all()


def test_lines_of_a_mirrored_room_are_mirrored(room):
    flipped = replace(
        room,
        depth=room.depth[:, ::-1],
        normals=room.normals[:, ::-1] * np.float32([-1, 1, 1]),
        segments=room.segments[:, ::-1],
    )
    lines, other = drawn(room), drawn(flipped)[:, ::-1]
    assert near_to(lines, other) > 0.98
    assert near_to(other, lines) > 0.98


def test_canny_finds_the_border_of_two_tones_at_any_size():
    picture = np.full((90, 150, 3), 40, np.uint8)
    picture[:, 70:] = 200
    found = canny_of(picture)
    assert found.shape == picture.shape
    assert set(np.unique(found)) == {0, 255}
    assert set(np.nonzero(found[..., 0])[1]) <= {68, 69, 70, 71}
    assert (found[..., 0] > 0).any(axis=1).mean() > 0.9


def test_canny_of_a_room_shows_the_product_and_not_what_is_behind_it(room):
    striped = room.picture.copy()
    striped[:, ::8] = 0.02
    seen_through = replace(room, picture=striped)
    found = CONDITIONS["canny"](seen_through, (192, 144))
    assert found.shape == (144, 192, 3)
    inner = ndimage.distance_transform_edt(room.hull > 0.5) > 4
    drawing = drawn(room)
    assert ((found[..., 0] > 0) == drawing)[inner].all()
    assert (found[..., 0] > 0)[room.hull < 0.5].mean() > 0.05


def test_several_conditions_lie_in_channels_one_after_another(room):
    both = read(("depth", "segments"), room, SIZE)
    assert both.shape == (72, 96, 6)
    np.testing.assert_array_equal(both[..., :3], depth(room, SIZE))
    np.testing.assert_array_equal(both[..., 3:], segments(room, SIZE))


def test_an_unknown_condition_is_refused_by_name(room):
    with pytest.raises(UnknownNameError, match="smell") as refused:
        read(("depth", "smell"), room, SIZE)
    assert "segments" in refused.value.hint
