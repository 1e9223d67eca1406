import math
from dataclasses import replace

import numpy as np
import pytest

from bench.cameras import camera, faced, seen_from
from bench.goods import good
from bench.insertion import geometry, measures
from bench.insertion.pastes import drop_shadow, stretched
from bench.insertion.score import angles
from demo.studio import coverage
from imagegen.tone import encode8
from imagegen.types import Camera, Cutout

H, W = 160, 240
ROWS, COLUMNS = np.mgrid[0:H, 0:W] + 0.5


def disc(x, y, radius):
    return (np.hypot(COLUMNS - x, ROWS - y) < radius).astype(np.float32)


def floor(level=0.4, texture=0.0, shift=0):
    boards = np.where((COLUMNS + shift) % 12 < 6, 1 - texture, 1 + texture)
    return np.repeat((level * boards)[..., None], 3, axis=2).astype(np.float32)


def box(middle=100, reach=40):
    return (np.abs(COLUMNS - middle) < reach) & (np.abs(ROWS - 90) < reach - 10)


def shade(depth, middle=100):
    return np.where(box(middle), 1 - depth, 1.0)[..., None].astype(np.float32)


CLEAR = ~(box(reach=46) & ~box(reach=34))  # away from the shadow's edge, which is smoothed


def test_a_shifted_disc_s_iou_is_that_of_two_circles():
    radius, shift = 40.0, 22.0
    lens = 2 * radius**2 * math.acos(shift / (2 * radius)) - shift / 2 * math.sqrt(4 * radius**2 - shift**2)
    expected = lens / (2 * math.pi * radius**2 - lens)
    assert measures.silhouette_iou(disc(90, 80, radius), disc(90 + shift, 80, radius)) == pytest.approx(
        expected, abs=0.01
    )
    assert measures.silhouette_iou(disc(90, 80, radius), disc(90, 80, radius)) == 1
    assert math.isnan(measures.silhouette_iou(np.zeros((4, 4)), np.zeros((4, 4))))


def test_a_shadow_that_is_missing_costs_its_whole_depth():
    without = encode8(floor())
    true = measures.kept_light(encode8(floor() * shade(0.5)), without)
    none = measures.kept_light(without, without)
    half = measures.kept_light(encode8(floor() * shade(0.25)), without)
    assert measures.shadow_rmse(true, true, CLEAR) == 0
    assert measures.shadow_rmse(none, true, CLEAR) == pytest.approx(0.5, abs=0.03)
    assert measures.shadow_rmse(half, true, CLEAR) == pytest.approx(0.25, abs=0.02)


def test_floor_boards_that_lie_elsewhere_count_in_the_plain_figure_only():
    true_without, other_without = floor(texture=0.5), floor(texture=0.5, shift=6)
    truth, picture = encode8(true_without * shade(0.5)), encode8(other_without * shade(0.5))
    true = measures.kept_light(truth, encode8(true_without))
    kept = measures.kept_light(picture, encode8(other_without))
    everywhere = np.ones((H, W), bool)
    assert measures.shadow_rmse(kept, true, everywhere) < 0.04
    assert measures.shadow_rmse_plain(picture, truth, true, everywhere) > 0.2


def test_the_balanced_error_weighs_what_is_missed_and_what_is_false_alike():
    everywhere, light = np.ones((H, W), bool), np.ones((H, W), np.float32)
    true = shade(0.5)[..., 0]
    assert measures.balanced_error(true, true, everywhere) == 0
    assert measures.balanced_error(light, true, everywhere) == 0.5
    assert measures.balanced_error(light * 0.5, true, everywhere) == 0.5
    moved = shade(0.5, 140)[..., 0]
    lit = np.count_nonzero(true == 1)
    false = np.count_nonzero((moved < 1) & (true == 1)) / lit
    assert measures.balanced_error(moved, true, everywhere) == pytest.approx((0.5 + false) / 2, abs=0.01)


def test_without_a_shadow_in_truth_nothing_is_said_of_it():
    light, everywhere = np.ones((H, W), np.float32), np.ones((H, W), bool)
    assert math.isnan(measures.shadow_rmse(light, light, everywhere))
    assert math.isnan(measures.balanced_error(light, light, everywhere))


def test_products_of_either_picture_and_their_rims_are_no_room():
    room = measures.room_pixels(disc(60, 80, 20), disc(180, 80, 20))
    assert not room[80, 60]
    assert not room[80, 180]
    assert not room[80, 60 + 21]
    assert room[80, 120]


def test_equal_pictures_differ_by_nothing():
    picture = np.random.default_rng(3).integers(0, 256, (64, 80, 3)).astype(np.uint8)
    alpha = np.ones((64, 80), np.float32)
    assert measures.structural_similarity(picture, picture) == pytest.approx(1)
    mean, error = measures.flip(picture, picture)
    assert mean == pytest.approx(0, abs=1e-6)
    assert error.shape == (64, 80)
    assert measures.product_difference(picture, picture, alpha, alpha) == 0


def test_a_darker_picture_differs_in_every_measure_of_it():
    picture = np.random.default_rng(3).integers(60, 256, (64, 80, 3)).astype(np.uint8)
    alpha = np.ones((64, 80), np.float32)
    dark = (picture * 0.7).astype(np.uint8)
    assert measures.structural_similarity(dark, picture) < 0.97
    assert measures.flip(dark, picture)[0] > 0.05
    assert measures.product_difference(dark, picture, alpha, alpha) > 5


def test_black_against_white_is_a_hundred_in_ciede2000():
    black, white = np.zeros((20, 20, 3), np.uint8), np.full((20, 20, 3), 255, np.uint8)
    alpha = np.ones((20, 20), np.float32)
    assert measures.product_difference(black, white, alpha, alpha) == pytest.approx(100, abs=0.1)


def looking_down(height, away, pitch_deg, focal=800.0):
    """A level-sided camera over the floor that looks along +Y, pitched down."""
    p = math.radians(pitch_deg)
    forward = np.array([0, math.cos(p), -math.sin(p)])
    rotation = np.stack([[1.0, 0, 0], np.cross(forward, [1.0, 0, 0]), forward])
    return Camera(focal, 400, 300, rotation, np.array([0, -away, height]), 800, 600)


def test_a_camera_tilted_by_a_degree_moves_a_contact_by_what_trigonometry_says():
    height, away = 1.2, 3.0
    true, solved = looking_down(height, away, 12), looking_down(height, away, 11)
    contact = np.zeros((1, 3))
    floor_plane = np.zeros(3), np.array([0, 0, 1.0])
    assert geometry.contact_errors(true.project(contact), contact, true, floor_plane) == pytest.approx(0, abs=1e-9)
    down = math.degrees(math.atan2(height, away))
    expected = 100 * abs(height / math.tan(math.radians(down - 1)) - away)
    moved = geometry.contact_errors(true.project(contact), contact, solved, floor_plane)
    assert moved == pytest.approx(expected, rel=1e-6)
    assert 13 < expected < 18


def test_a_contact_over_the_horizon_is_nowhere():
    sky = np.array([[400.0, -4000.0]])
    where = geometry.contact_errors(
        sky, np.zeros((1, 3)), looking_down(1.2, 3, 12), (np.zeros(3), np.array([0, 0, 1.0]))
    )
    assert np.isnan(where).all()


def test_a_wall_product_touches_its_wall():
    clock = good("CLO-TIMME-32")
    point, normal = geometry.plane_of(clock, np.array([1.0, -0.0225, 1.5]), 0.0)
    assert point == pytest.approx([1.0, 0, 1.5])
    assert normal == pytest.approx([0, 1, 0])
    assert geometry.plane_of(good("LAM-KLOCKA-P"), np.zeros(3), 0.0) is None


def test_a_longer_lens_is_a_larger_scale_and_no_other_direction():
    chair = good("CHA-ASK-1")
    seen = camera(chair, 2)
    longer = replace(seen, focal=seen.focal * 1.03)
    told = angles(chair, seen, longer)
    assert told["scale"] == pytest.approx(0.03)
    assert told["direction_deg"] == pytest.approx(0, abs=1e-4)
    assert told["yaw_deg"] == pytest.approx(0, abs=1e-9)


def test_a_camera_that_walked_on_by_five_degrees_is_five_degrees_off():
    chair = good("CHA-ASK-1")
    seen = camera(chair, 2)
    told = angles(chair, seen, geometry.turned(seen, 5))
    assert told["yaw_deg"] == pytest.approx(5)
    assert told["elevation_deg"] == pytest.approx(0, abs=1e-9)
    assert 4 < told["direction_deg"] <= 5


def test_a_square_stool_looks_the_same_from_its_next_side():
    stool = good("STOOL-SCA-40")
    seen = camera(stool, 2)
    told = angles(stool, seen, geometry.turned(seen, -88))
    assert told["yaw_deg"] == pytest.approx(2)
    assert told["direction_deg"] < 2.1


def test_which_side_of_a_vase_is_seen_does_not_matter():
    vase = good("VAS-BLANK-33")
    seen = camera(vase, 2)
    told = angles(vase, seen, geometry.turned(seen, 77))
    assert math.isnan(told["yaw_deg"])
    assert told["direction_deg"] == pytest.approx(0, abs=1e-4)


def test_a_round_good_s_front_is_where_its_camera_stands():
    table = good("TAB-RUND-50")
    seen = camera(table, 3, 160)
    meshes, front = faced(table, seen)
    assert seen_from(front, table)[0] == pytest.approx(0, abs=1e-9)
    assert seen_from(front, table)[1:] == pytest.approx(seen_from(seen, table)[1:])
    before, after = coverage(table.meshes(), seen, 2), coverage(meshes, front, 2)
    assert measures.silhouette_iou(before, after) > 0.995
    chair = good("CHA-ASK-1")
    assert faced(chair, camera(chair, 1))[0] is chair.meshes()


def test_a_paste_fills_the_true_box_whatever_its_own_proportions():
    alpha, mask = disc(120, 80, 30), np.zeros((H, W), np.float32)
    mask[20:140, 50:90] = 1
    warp = stretched(Cutout(np.zeros((H, W, 3), np.float32), alpha, "test"), mask)
    corners = geometry.mapped(warp, np.array([[90.0, 50.0], [150.0, 110.0]]))
    assert corners == pytest.approx(np.array([[50, 20], [90, 140]]), abs=1.5)


def test_a_drop_shadow_is_dark_below_and_gone_far_away():
    shadow = drop_shadow(disc(120, 80, 30))
    assert shadow[80, 120] > 0.3
    assert shadow[80 + 31, 120] > shadow[80 - 31, 120]
    assert shadow[5, 5] == pytest.approx(0, abs=1e-3)
