from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from scipy import ndimage

from imagegen.diffusion.keep import band, keep
from tests.diffusion.rooms import FLOOR, WALL, seen
from tests.renderer.rooms_of_boxes import camera

SIZE = (192, 144)
CUBE = ((-0.5, -2.0, 0.0), (0.5, -1.0, 1.0))
EMPTY = seen([])


def drawn(*boxes, holes=()):
    """Alpha of rectangles (left, top, right, bottom), with rectangles taken out."""
    image = Image.new("F", SIZE, 0)
    pen = ImageDraw.Draw(image)
    for box in boxes:
        pen.rectangle(box, fill=1)
    for box in holes:
        pen.rectangle(box, fill=0)
    return np.asarray(image, np.float32)


def away(alpha):
    return ndimage.distance_transform_edt(alpha < 0.5)


def within(alpha):
    return ndimage.distance_transform_edt(alpha >= 0.5)


boxes = st.tuples(st.integers(0, 120), st.integers(0, 90), st.integers(24, 70), st.integers(24, 50)).map(
    lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
)
shares = st.floats(0.01, 0.08)


@given(st.lists(boxes, max_size=3), shares, shares)
@settings(max_examples=30, deadline=None)
def test_any_product_is_kept_well_inside_and_the_room_far_away_is_painted(products, inner, outer):
    alpha = drawn(*products)
    kept = keep(alpha, EMPTY, SIZE, inner=inner, outer=outer)
    assert kept.shape == (144, 192)
    assert kept.dtype == np.float32
    assert kept.min() >= 0
    assert kept.max() <= 1
    widest = max(0.08 * 240, 4)
    if products:
        assert (kept[within(alpha) > widest] == 1).all()
        assert (kept[away(alpha) > 2 * widest + 2] == 0).all()
    else:
        assert not kept.any()


@given(boxes, shares, shares)
@settings(max_examples=30, deadline=None)
def test_the_mask_falls_outwards_and_is_softer_than_a_step(box, inner, outer):
    alpha = drawn(box)
    kept = keep(alpha, EMPTY, SIZE, inner=inner, outer=outer)
    row = kept[(box[1] + min(box[3], 143)) // 2, (box[0] + min(box[2], 191)) // 2 :]
    assert (np.diff(row) <= 1e-6).all()
    assert np.abs(np.diff(row)).max() < 0.6
    if box[2] < 170:
        edge = kept[(box[1] + min(box[3], 143)) // 2, box[2]]
        assert 0 < edge < 1


@given(st.lists(boxes, min_size=1, max_size=3))
@settings(max_examples=20, deadline=None)
def test_a_mirrored_product_has_the_mirrored_mask(products):
    alpha = drawn(*products)
    there = keep(alpha, EMPTY, SIZE)
    mirrored = replace(EMPTY, depth=EMPTY.depth[:, ::-1], hull=EMPTY.hull[:, ::-1])
    np.testing.assert_allclose(keep(alpha[:, ::-1], mirrored, SIZE)[:, ::-1], there, atol=1e-6)


@pytest.mark.parametrize("scale", [2, 3])
def test_the_band_is_as_wide_at_any_size(scale):
    alpha = drawn((40, 30, 140, 110))
    small = keep(alpha, EMPTY, SIZE, inner=0.05, outer=0.08)
    fine = keep(alpha, EMPTY, (192 * scale, 144 * scale), inner=0.05, outer=0.08)
    again = fine.reshape(144, scale, 192, scale).mean(axis=(1, 3))
    assert np.abs(again - small).max() < 0.2
    assert np.abs(again - small).mean() < 0.01


def test_a_shrunk_picture_keeps_what_the_large_one_shows():
    fine = np.kron(drawn((40, 30, 140, 110)), np.ones((4, 4), np.float32))
    small = keep(fine, EMPTY, SIZE)
    np.testing.assert_allclose(small, keep(drawn((40, 30, 140, 110)), EMPTY, SIZE), atol=1e-6)


@pytest.mark.parametrize("width", [2, 3, 4])
def test_thin_legs_are_kept_whole(width):
    legs = [(left, 80, left + width - 1, 125) for left in (44, 70, 131)]
    alpha = drawn((40, 30, 140, 79), *legs)
    kept = keep(alpha, EMPTY, SIZE, inner=0.03)
    for left, top, right, bottom in legs:
        assert (kept[top + 4 : bottom, left : right + 1] == 1).all()
        assert kept[bottom - 5, left - 8 : left].min() < 0.3  # and the floor between them is painted


def test_a_corner_is_no_leg():
    kept = keep(drawn((40, 30, 140, 110)), EMPTY, SIZE, inner=0.08)
    assert kept[30, 40] < 0.9
    assert kept[110, 140] < 0.9


def test_a_hole_is_painted_and_has_a_band_of_its_own():
    hole = (70, 50, 110, 90)
    kept = keep(drawn((30, 20, 150, 120), holes=[hole]), EMPTY, SIZE)
    assert (kept[62:78, 82:98] == 0).all()
    assert 0 < kept[70, 68] <= 1
    assert (kept[70, 40:60] == 1).all()


def test_glass_is_kept_by_its_alpha():
    glass = drawn((40, 30, 140, 110)) * np.float32(0.7)
    kept = keep(glass, EMPTY, SIZE)
    np.testing.assert_allclose(kept[60:80, 80:100], 0.7, atol=1e-6)


POST = ((-0.1, -2.5, 0.0), (0.15, -2.4, 1.4), 20)


def test_what_stands_before_the_product_is_kept_where_it_hides_its_edge():
    """A post before a cube: the cube's alpha ends at the post, and a painter might move the post."""
    room = seen([CUBE], [POST])
    whole = seen([CUBE]).hull > 0.5
    post = (room.segments == POST[2]) & whole
    assert post.sum() > 300
    kept = keep(room.hull, room, SIZE)
    beside = post & (away(room.hull) <= 3)
    assert kept[beside].min() > 0.7
    seam = (room.hull > 0.5) & (ndimage.distance_transform_edt(~post) <= 2)
    inner = ndimage.binary_erosion(whole, iterations=12)
    assert kept[seam & inner].min() > 0.95  # the edge that the two share is no edge of what is kept


def test_without_something_before_it_nothing_of_the_room_is_kept_whole():
    room = seen([CUBE])
    kept = keep(room.hull, room, SIZE)
    assert kept[room.segments == FLOOR].max() < 0.95
    assert kept[room.segments == WALL].max() < 0.95


def test_a_thing_far_behind_the_product_is_painted():
    room = seen([CUBE], [((-0.9, -0.5, 0.0), (0.9, -0.3, 1.6), 11)])
    kept = keep(room.hull, room, SIZE)
    behind = room.segments == 11
    assert behind.sum() > 500
    assert kept[behind].max() < 0.95
    assert not kept[behind & (away(room.hull) > 12)].any()


def test_harmonising_paints_around_the_product_and_where_its_shadow_falls():
    view = camera(*SIZE)
    room = seen([((-0.3, -1.9, 0.0), (0.3, -1.3, 0.6))], view=view)
    kept = band(room.hull, room, view, SIZE)
    alpha = room.hull
    assert (kept[within(alpha) > 8] == 1).all()
    foot = view.project(np.array([[x, y, 0.0] for x in (-0.2, 0.0, 0.2) for y in (-1.92, -1.97)]))
    u, v = np.floor(foot.T).astype(int)
    assert (room.segments[v, u] == FLOOR).all()
    assert kept[v, u].max() < 0.2
    far = away(alpha) > 70
    assert far.sum() > 1000
    assert (kept[far] == 1).all()
    assert ((kept >= 0) & (kept <= 1)).all()


def test_harmonising_leaves_a_wall_that_is_far_behind_the_product():
    """Pixels beside the product: floor at its foot is near it in the room, the wall behind its top is not."""
    view = camera(*SIZE, elevation=4)
    for back, painted in ((-0.02, True), (-2.3, False)):
        product = np.array([[-0.3, back - 0.6, 0.0], [0.3, back, 0.7]])
        room = seen([product], view=view)
        grid = np.stack(np.meshgrid(*(np.linspace(low, high, 12) for low, high in product.T)), axis=-1).reshape(-1, 3)
        kept = band(room.hull, room, view, SIZE, hull=grid)
        beside = (room.segments == WALL) & (away(room.hull) > 2) & (away(room.hull) < 5)
        assert beside.sum() > 30
        assert (np.median(kept[beside]) < 0.5) == painted


def test_harmonising_paints_the_floor_under_a_table():
    view = camera(*SIZE, elevation=14)
    top = ((-0.7, -2.1, 0.7), (0.7, -1.1, 0.74))
    room = seen([top], view=view)
    u, v = np.floor(view.project(np.array([[0.0, -1.7, 0.0]]))[0]).astype(int)
    assert room.segments[v, u] == FLOOR
    assert band(room.hull, room, view, SIZE)[v, u] < 0.2


def test_harmonising_without_a_product_keeps_all():
    assert (band(np.zeros((144, 192), np.float32), EMPTY, camera(*SIZE), SIZE) == 1).all()
