from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagegen import placement, rooms
from imagegen.cutouts.alpha import AlphaCutter
from imagegen.errors import DoesNotFitError
from imagegen.pose import solve_pose
from imagegen.previews import backdrop, sprite
from imagegen.previews.compose import Scenery, encoded, preview
from imagegen.previews.standing import Place, Standing, box, check_inside, footprint, photo_camera
from imagegen.previews.warp import WIDEST_TURN_DEG, Body
from imagegen.protocols import Settings
from imagegen.tone import encode8
from imagegen.types import Dimensions, ExplicitPlacement, Mount, Photo, Product, Seen
from styles.library import default_library
from tests.previews.goods import BRICK, COLOUR, brick, empty_room, probe

STYLE = default_library().style("scandinavian")
ROOM = default_library().room("scandinavian", "living-room")
BRICK_SPRITE = brick()
MIDDLE = Standing(np.array([0.0, -1.5, 0.0]), 0.0)


@pytest.fixture(scope="module")
def body():
    return Body(BRICK_SPRITE)


@pytest.fixture(scope="module")
def scenery():
    return Scenery(empty_room(ROOM))


def spans(points, camera):
    """left, top, right, bottom of points in the picture."""
    seen = camera.project(points)
    return np.concatenate([seen.min(axis=0), seen.max(axis=0)])


@settings(max_examples=25, deadline=None)
@given(x=st.floats(-1.2, 1.2), y=st.floats(-2.2, -0.4))
def test_wherever_a_product_stands_it_has_its_true_size_there(body, scenery, x, y):
    standing = Standing(np.array([x, y, 0.0]), 0.0)
    shown = preview(body, scenery, standing, ROOM)
    # One photo, straight on, shows the front and nothing of the top and the sides: the front must be where it belongs.
    front = box(BRICK, Standing(standing.position, shown.turned_off_deg))[[0, 1, 4, 5]]
    assert np.abs(np.array(shown.box) - spans(front, scenery.backdrop.camera)).max() < 3.0


def test_what_stands_before_the_product_hides_it_and_what_is_behind_does_not(body, scenery):
    back = scenery.backdrop
    free = preview(body, scenery, MIDDLE, ROOM)
    left, top, right, bottom = free.box
    depth = back.depth.copy()
    middle = (left + right) // 2
    depth[:, :middle] = 1.0
    half = preview(body, Scenery(replace(back, depth=depth)), MIDDLE, ROOM)
    assert free.hidden < 0.01
    assert half.hidden == pytest.approx(0.5, abs=0.05)
    row = (top + bottom) // 2
    assert tuple(half.picture[row, middle - 20]) == (200, 200, 200)
    assert np.abs(half.picture[row, middle + 20].astype(int) - free.picture[row, middle + 20]).max() == 0


def test_in_even_light_a_product_keeps_its_own_colour(body, scenery):
    shown = preview(body, scenery, MIDDLE, ROOM)
    left, top, right, bottom = shown.box
    inside = shown.picture[top + 5 : bottom - 5, left + 5 : right - 5].astype(int)
    assert np.abs(inside - np.array(COLOUR)).max() <= 2


def test_in_a_dark_place_it_is_darker(body, scenery):
    dark = replace(scenery.backdrop, probes=(probe(level=0.1),))
    shown = preview(body, Scenery(dark), MIDDLE, ROOM)
    left, top, right, bottom = shown.box
    assert shown.picture[(top + bottom) // 2, (left + right) // 2, 0] < 0.9 * COLOUR[0]


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_the_shadow_falls_away_from_the_light(body, side):
    scenery = Scenery(empty_room(ROOM, light=(side, 0.0, 0.8)))
    shown = preview(body, scenery, MIDDLE, ROOM)
    camera = scenery.backdrop.camera
    beside = camera.project(MIDDLE.position + np.array([[-0.75 * side, 0, 0], [0.75 * side, 0, 0]])).astype(int)
    shaded, lit = (int(shown.picture[v, u, 1]) for u, v in beside)
    assert shaded < lit - 8
    assert shown.picture[-5, 5, 1] == 200


def test_it_is_darkest_where_it_touches_the_floor(body, scenery):
    shown = preview(body, scenery, MIDDLE, ROOM)
    left, _, right, bottom = shown.box
    column = (left + right) // 2
    # Under its front edge, and half a metre before it.
    assert shown.picture[bottom + 1, column, 1] < 185
    assert shown.picture[bottom + 60, column, 1] >= 195


def test_out_of_sight_the_picture_is_the_room_s(body, scenery):
    shown = preview(body, scenery, Standing(np.array([40.0, -1.0, 0.0]), 0.0), ROOM)
    assert shown.box is None
    assert (shown.picture == scenery.backdrop.picture).all()


def test_a_small_turn_is_drawn_and_what_the_photo_never_saw_is_told(body, scenery):
    straight = np.degrees(np.arctan2(0.0, 1.0))
    little = preview(body, scenery, Standing(MIDDLE.position, straight + 6.0), ROOM)
    much = preview(body, scenery, Standing(MIDDLE.position, straight + 50.0), ROOM)
    assert little.turned_off_deg == 0
    assert abs(much.turned_off_deg) == pytest.approx(50 - WIDEST_TURN_DEG, abs=0.2)


@pytest.mark.parametrize("x", [-1.0, 1.0])
def test_round_goods_show_their_photo_s_side_wherever_they_are_seen_from(scenery, x):
    drum = Body(replace(brick(Dimensions(0.5, 0.5, 0.8)), kind="round"))
    camera = scenery.backdrop.camera
    middle, aside = (Standing(np.array([each, -1.5, 0.0]), 40.0) for each in (0.0, x))
    boxes = [preview(drum, scenery, standing, ROOM).box for standing in (middle, aside)]
    depth = [camera.rotation[2] @ (standing.position - camera.position) for standing in (middle, aside)]
    wide = [(box[2] - box[0]) * far for box, far in zip(boxes, depth, strict=True)]
    assert wide[1] == pytest.approx(wide[0], rel=0.03)


def test_pixels_that_neither_product_nor_shadow_reaches_stay_to_the_bit(body):
    backdrop = empty_room(ROOM)
    noise = np.random.default_rng(0).integers(0, 256, backdrop.picture.shape, dtype=np.uint8)
    shown = preview(body, Scenery(replace(backdrop, picture=noise)), MIDDLE, ROOM)
    left, top, right, bottom = shown.box
    changed = (shown.picture != noise).any(axis=2)
    changed[top - 2 : bottom + 2, left - 2 : right + 2] = False
    assert (shown.picture[changed] <= noise[changed]).all()  # the shadow, which only darkens
    assert not changed[: top - 2].any()


def test_what_is_said_to_stand_in_front_hides_product_and_shadow(body, scenery):
    front = np.zeros(scenery.backdrop.depth.shape, np.float32)
    front[:, : front.shape[1] // 2] = 1
    shown = preview(body, Scenery(scenery.backdrop, front), MIDDLE, ROOM)
    half = np.s_[:, : front.shape[1] // 2]
    assert (shown.picture[half] == scenery.backdrop.picture[half]).all()
    assert shown.hidden == pytest.approx(0.5, abs=0.05)


def test_a_rug_lies_where_its_corners_are(scenery):
    size = Dimensions(1.6, 1.0, 0.01)
    rug = Body(brick(size, Mount.RUG, elevation_deg=89.0))
    standing = Standing(np.array([0.3, -1.8, 0.0]), 30.0)
    shown = preview(rug, scenery, standing, ROOM)
    assert np.abs(np.array(shown.box) - spans(footprint(size, standing), scenery.backdrop.camera)).max() < 4.0
    assert shown.turned_off_deg == 0


def test_wall_goods_hang_on_the_back_wall_and_throw_their_shadow_on_it():
    size = Dimensions(0.6, 0.05, 0.6)
    scenery = Scenery(empty_room(ROOM, light=(1.0, -1.0, 0.6)))
    standing = Standing(np.array([0.0, -size.depth / 2, 1.3]), 0.0)
    shown = preview(Body(brick(size, Mount.WALL)), scenery, standing, ROOM)
    left, top, right, bottom = shown.box
    assert np.abs(np.array(shown.box) - spans(box(size, standing)[[0, 1, 4, 5]], scenery.backdrop.camera)).max() < 3
    row = (top + bottom) // 2
    assert shown.picture[row, left - 3, 1] < shown.picture[row, right + 2, 1]


def test_a_lamp_whose_photo_ends_early_hangs_on_a_cord_from_the_ceiling(scenery):
    size = Dimensions(0.4, 0.4, 0.3)
    standing = Standing(np.array([0.0, -1.5, 1.7]), 0.0)
    shown = preview(Body(brick(size, Mount.CEILING)), scenery, standing, ROOM)
    left, top, right, _ = shown.box
    cord = shown.picture[top - 6, left:right]
    assert (np.abs(cord.astype(int) - np.array(COLOUR)).max(axis=1) < 12).any()


def test_the_table_of_codes_agrees_with_the_exact_curve():
    ramp = np.linspace(0, 1, 5000, dtype=np.float32)[:, None].repeat(3, axis=1)
    assert np.abs(encoded(ramp).astype(int) - encode8(ramp)).max() <= 1


def test_sprites_and_backdrops_come_back_from_their_files(body, scenery):
    again = sprite.unpacked(sprite.packed(body.sprite))
    assert sprite.packed(again) == sprite.packed(body.sprite)
    assert (again.size, again.mount, again.kind) == (BRICK, Mount.FLOOR, "box")
    room = backdrop.unpacked(backdrop.packed(scenery.backdrop))
    assert backdrop.packed(room) == backdrop.packed(scenery.backdrop)
    assert (room.depth == scenery.backdrop.depth).all()


def test_the_photo_s_camera_goes_where_the_product_turns_it():
    made = brick(yaw_deg=0.0)
    ahead = photo_camera(made, MIDDLE)
    assert (ahead.x, ahead.heading_deg, ahead.looks_out) == (pytest.approx(0), pytest.approx(0), False)
    assert ahead.y == pytest.approx(-6.5)
    out = photo_camera(made, Standing(MIDDLE.position, 120.0))
    assert out.heading_deg == pytest.approx(120)
    assert out.looks_out
    # Turned a quarter counter-clockwise its front looks to the right, where the camera now stands and looks left.
    aside = photo_camera(made, Standing(MIDDLE.position, 90.0))
    assert aside.x > 4
    assert aside.heading_deg == pytest.approx(90)


@pytest.fixture(scope="module")
def shot():
    """The brick's photo, solved by the exact pipeline."""
    made = brick(yaw_deg=20.0, elevation_deg=8.0)
    colour = np.full((400, 400, 3), 0.2, np.float32)
    product = Product("BRICK", "Brick", "chest", BRICK)
    cutout = AlphaCutter().cut(Photo(colour, made.picture[..., 3].astype(np.float32) / 255, "0" * 64))
    return solve_pose(cutout, product), cutout, product


@settings(max_examples=60, deadline=None)
@given(x=st.floats(-3, 3), y=st.floats(-6, 1), z=st.floats(-0.5, 3), yaw=st.floats(-360, 360))
def test_what_sticks_out_of_the_room_is_refused_just_as_the_exact_pipeline_does(shot, x, y, z, yaw):
    pose, cutout, product = shot
    wanted = ExplicitPlacement(x, y, z, yaw)

    def refused(act):
        try:
            act()
        except DoesNotFitError as error:
            return error.message
        return ""

    views, stages = [Seen(0, "", cutout, pose)], [rooms.furnished(STYLE, ROOM)]
    exact = refused(lambda: placement.place(views, product, stages, Settings(96, 64, 1), wanted))
    ours = refused(lambda: check_inside(BRICK_SPRITE, Place("", x, y, z, yaw).standing, ROOM))
    assert ours == exact


def test_a_warm_preview_is_not_prepared_again(body, scenery):
    preview(body, scenery, MIDDLE, ROOM)
    clouds = dict(body._clouds)
    preview(body, scenery, Standing(np.array([0.2, -1.5, 0.0]), 0.0), ROOM)
    assert body._clouds == clouds
