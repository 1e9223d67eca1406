import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imagegen.errors import BadRequestError
from imagegen.own_room.calibrate import FILM, Mark, calibrated, rectangle
from imagegen.types import Camera

SIZE = (1200, 900)
RUG = np.array([(-1.0, -0.7), (1.0, -0.7), (1.0, 0.7), (-1.0, 0.7)])


def photographer(*, height=1.5, distance=3.2, walk=20.0, roll=0.0, focal_mm=26.0, size=SIZE, aim=(0.0, 0.1, 0.4)):
    """A camera that looks at ``aim`` from ``walk`` degrees round it."""
    width, tall = size
    turn, lean = math.radians(walk), math.radians(roll)
    position = np.array([math.sin(turn) * distance, -math.cos(turn) * distance, height])
    forward = np.array(aim) - position
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    level, steep = right * math.cos(lean) - down * math.sin(lean), down * math.cos(lean) + right * math.sin(lean)
    focal = focal_mm / FILM * max(size)
    return Camera(focal, width / 2, tall / 2, np.array([level, steep, forward]), position, width, tall)


def marked(camera, places=RUG, off=0.0):
    pixels = camera.project(np.column_stack([places, np.zeros(len(places))]))
    pixels = pixels + np.asarray(off)
    return [Mark(tuple(place), tuple(pixel)) for place, pixel in zip(places, pixels, strict=True)]


cameras = st.builds(
    photographer,
    height=st.floats(1.0, 2.2),
    distance=st.floats(2.2, 4.5),
    walk=st.floats(-60, 60),
    roll=st.floats(-6, 6),
    focal_mm=st.floats(16, 40),
    size=st.sampled_from([SIZE, (900, 1200), (4000, 3000)]),
)


def in_view(camera):
    pixels = np.array([mark.pixel for mark in marked(camera)])
    return np.isfinite(pixels).all() and (pixels >= 0).all() and (pixels <= [camera.width, camera.height]).all()


@given(cameras)
@settings(max_examples=40, deadline=None)
def test_any_camera_of_a_room_is_found_from_exact_marks(camera):
    assume(in_view(camera))
    found = calibrated(marked(camera), (camera.width, camera.height))
    assert found.camera.focal == pytest.approx(camera.focal, rel=1e-4)
    np.testing.assert_allclose(found.camera.position, camera.position, atol=1e-3)
    np.testing.assert_allclose(found.camera.rotation, camera.rotation, atol=1e-3)
    assert found.residual_px.max() < 0.01
    assert found.height_m == pytest.approx(camera.position[2], abs=1e-3)


@given(cameras, st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_clicks_that_miss_by_a_pixel_move_the_camera_by_what_is_told(camera, seed):
    assume(in_view(camera))
    click = max(camera.width, camera.height) / 1000
    off = np.random.default_rng(seed).normal(0, 0.6 * click, (4, 2))
    found = calibrated(marked(camera, off=off), (camera.width, camera.height))
    sure = found.focal_sigma_mm
    assert abs(found.focal_mm - camera.focal * FILM / max(camera.width, camera.height)) < 4 * sure
    assert abs(found.height_m - camera.position[2]) < 4 * found.height_sigma_m
    assert found.residual_px.max() < 5 * click


def test_pitch_and_roll_are_told_in_degrees():
    found = calibrated(marked(photographer(roll=4.0)), SIZE)
    assert found.roll_deg == pytest.approx(4.0, abs=1e-2)
    down = math.degrees(
        math.atan2(1.5 - 0.4, math.hypot(math.sin(math.radians(20)) * 3.2, math.cos(math.radians(20)) * 3.2 + 0.1))
    )
    assert found.pitch_deg == pytest.approx(down, abs=1e-2)
    level = calibrated(marked(photographer(roll=0.0)), SIZE)
    assert level.roll_deg == pytest.approx(0, abs=1e-2)
    assert level.camera.rotation[0, 2] == pytest.approx(0, abs=1e-4)


def test_a_point_that_was_not_marked_is_found_where_the_tape_says():
    camera = photographer()
    found = calibrated(marked(camera), SIZE)
    chair = np.array([[0.4, 0.9, 0.0], [0.4, 0.9, 0.85]])
    np.testing.assert_allclose(found.camera.project(chair), camera.project(chair), atol=0.1)


def test_more_marks_make_it_surer():
    camera = photographer()
    more = np.concatenate([RUG, [(-1.4, 1.2), (1.5, 1.4), (0.0, 0.0), (0.2, -0.9)]])
    few, many = calibrated(marked(camera), SIZE), calibrated(marked(camera, more), SIZE)
    assert many.focal_sigma_mm < few.focal_sigma_mm
    assert len(many.residual_px) == 8


def test_a_rug_that_is_seen_straight_on_is_enough():
    camera = photographer(walk=0.0)
    pixels = [mark.pixel for mark in marked(camera)]
    found = calibrated(rectangle(2.0, 1.4, pixels), SIZE)
    assert found.focal_mm == pytest.approx(26, abs=0.01)
    with pytest.raises(BadRequestError, match="four corners"):
        rectangle(2.0, 1.4, pixels[:3])


def refused(marks, size=SIZE):
    with pytest.raises(BadRequestError) as trouble:
        calibrated(marks, size)
    assert trouble.value.hint
    return trouble.value.message


def test_too_few_marks_are_refused():
    assert "not 3" in refused(marked(photographer())[:3])


def test_marks_in_a_line_are_refused():
    places = np.array([(-1.0, 0.0), (0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])
    assert "in a line on the floor" in refused(marked(photographer(), places))


def test_one_point_marked_twice_is_refused():
    marks = marked(photographer())
    assert "in a line" in refused([*marks[:3], marks[0]])


def test_marks_outside_of_the_photo_are_refused():
    assert "outside" in refused(marked(photographer()), (300, 200))


def test_numbers_that_are_none_are_refused():
    marks = marked(photographer())
    assert "not a number" in refused([*marks[:3], Mark((math.nan, 1.0), marks[3].pixel)])


def test_a_floor_seen_from_straight_above_is_refused():
    above = Camera(800.0, 600, 450, np.array([[1.0, 0, 0], [0, -1.0, 0], [0, 0, -1.0]]), np.array([0, 0, 2.5]), *SIZE)
    assert "lens" in refused(marked(above))


def test_mirrored_marks_are_refused():
    marks = marked(photographer())
    assert "mirrored" in refused([Mark((-mark.place[0], mark.place[1]), mark.pixel) for mark in marks])


def test_distances_that_contradict_the_photo_are_refused():
    marks = marked(photographer())
    assert refused([Mark((0.2, 2.9), marks[0].pixel), *marks[1:]])


def test_marks_too_close_together_for_the_lens_are_refused():
    tiny = RUG * 0.02
    assert "lens" in refused(marked(photographer(), tiny))


@given(cameras, st.floats(-180, 180), st.floats(-4, 4), st.floats(-4, 4))
@settings(max_examples=25, deadline=None)
def test_another_origin_and_turn_of_the_tape_s_metres_move_the_camera_with_them(camera, turn, x, y):
    assume(in_view(camera))
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    turned = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    marks = marked(camera)
    moved = [Mark(tuple(turned[:2, :2] @ mark.place + (x, y)), mark.pixel) for mark in marks]
    size = camera.width, camera.height
    first, other = calibrated(marks, size), calibrated(moved, size)
    assert other.focal_mm == pytest.approx(first.focal_mm, rel=1e-4)
    np.testing.assert_allclose(other.camera.position, turned @ first.camera.position + [x, y, 0], atol=2e-3)
    assert other.pitch_deg == pytest.approx(first.pitch_deg, abs=0.02)


@given(cameras, st.floats(0.3, 3.0), st.permutations(range(4)))
@settings(max_examples=25, deadline=None)
def test_the_photo_s_size_and_the_order_of_the_marks_tell_nothing(camera, scale, order):
    assume(in_view(camera))
    size = max(64, round(camera.width * scale)), max(64, round(camera.height * scale))
    share = np.array(size) / (camera.width, camera.height)
    assume(abs(share[0] / share[1] - 1) < 1e-3)
    marks = marked(camera)
    scaled = [Mark(marks[k].place, tuple(np.array(marks[k].pixel) * share)) for k in order]
    first, other = calibrated(marks, (camera.width, camera.height)), calibrated(scaled, size)
    assert other.focal_mm == pytest.approx(first.focal_mm, rel=5e-3)
    np.testing.assert_allclose(other.camera.position, first.camera.position, atol=2e-2)
