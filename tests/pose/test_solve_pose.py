from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from imagegen.errors import NotAPackshotError
from imagegen.pose import solve_pose
from imagegen.types import Camera, CameraFacts, Mount, Pose, Verdict
from tests.pose import furniture as f

YAWS = st.floats(-45, 45)
CLIMBS = st.floats(3, 20)
SLOW = settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])


def scale_error(pose: Pose, truth: Camera, distance: float) -> float:
    return (pose.camera.focal / pose.distance_m) / (truth.focal / distance) - 1


def verdict(pose: Pose, check: str) -> Verdict:
    return next((finding.verdict for finding in pose.findings if finding.check == check), Verdict.PASS)


@SLOW
@given(YAWS, CLIMBS, st.floats(2.2, 4.5), st.floats(0.7, 2.2), st.floats(0.35, 0.7), st.floats(1.2, 2.3))
def test_a_plain_box_from_any_camera_gives_back_its_view(yaw, climb, reach, w, d, h):
    distance = reach * max(w, h)
    cutout, truth = f.shoot(f.wardrobe(w, d, h), h, yaw, climb, distance)
    pose = solve_pose(cutout, f.product("wardrobe", (w, d, h)))
    assert pose.kind == "box"
    assert abs(pose.yaw_deg - yaw) < max(6.0, 2 * pose.sigma_deg)
    assert abs(pose.elevation_deg - climb) < max(6.0, 2 * pose.sigma_deg)
    assert abs(scale_error(pose, truth, distance)) < 0.05


@pytest.mark.parametrize(
    ("category", "pieces", "size"),
    [
        ("sofa", f.sofa(), (2.1, 0.95, 0.85)),
        ("dining chair", f.chair(), (0.46, 0.54, 0.82)),
        ("table", f.table(), (1.6, 0.9, 0.75)),
        ("wardrobe", f.wardrobe(), (1.2, 0.6, 2.0)),
    ],
)
@pytest.mark.parametrize("yaw", [-33.0, 21.0])
def test_furniture_as_a_studio_shoots_it_gives_its_camera_within_a_few_degrees(category, pieces, size, yaw):
    distance = 3.0 * max(size)
    cutout, truth = f.shoot(pieces, size[2], yaw, 8.0, distance)
    pose = solve_pose(cutout, f.product(category, size))
    assert abs(pose.yaw_deg - yaw) < 4.0
    assert abs(pose.elevation_deg - 8.0) < 3.5
    assert abs(scale_error(pose, truth, distance)) < 0.04
    assert verdict(pose, "pose") is Verdict.PASS


def test_the_projected_body_has_the_extents_of_the_silhouette():
    cutout, _ = f.shoot(f.sofa(), 0.85, -28, 9, 6.0)
    pose = solve_pose(cutout, f.product("sofa", (2.1, 0.95, 0.85)))
    assert pose.body is not None
    seen = pose.camera.project(pose.body)
    rows, columns = np.flatnonzero(cutout.alpha.any(axis=1)), np.flatnonzero(cutout.alpha.any(axis=0))
    span = np.ptp(columns)
    assert np.abs(seen.min(axis=0) - [columns[0], rows[0]]).max() < 0.03 * span
    assert np.abs(seen.max(axis=0) - [columns[-1] + 1, rows[-1] + 1]).max() < 0.03 * span


@pytest.mark.parametrize(("yaw", "climb"), [(-30.0, None), (None, 12.0), (-30.0, 12.0)])
def test_facts_of_the_catalog_are_kept_each_by_itself(yaw, climb):
    cutout, _ = f.shoot(f.sofa(), 0.85, -30, 12, 6.0)
    pose = solve_pose(cutout, f.product("sofa", (2.1, 0.95, 0.85), facts=CameraFacts(yaw, climb)))
    assert pose.yaw_deg == pytest.approx(-30, abs=1e-9 if yaw is not None else 4)
    assert pose.elevation_deg == pytest.approx(12, abs=1e-9 if climb is not None else 4)
    assert (pose.kind == "given") is (yaw is not None and climb is not None)


def test_a_focal_length_of_the_catalog_gives_the_distance():
    cutout, truth = f.shoot(f.table(), 0.75, 25, 14, 4.2)
    fact = truth.focal / truth.width * 36
    pose = solve_pose(cutout, f.product("table", (1.6, 0.9, 0.75), facts=CameraFacts(25.0, 14.0, fact)))
    assert pose.focal_mm == pytest.approx(fact, rel=0.02)
    assert pose.distance_m == pytest.approx(4.2, rel=0.05)


@SLOW
@given(YAWS, st.floats(3, 16), st.floats(1.2, 2.4))
def test_a_round_thing_gives_its_elevation_whatever_its_yaw(yaw, climb, distance):
    cutout, truth = f.shoot(f.pot(), 0.36, yaw, climb, distance)
    pose = solve_pose(cutout, f.product("planter", (0.4, 0.4, 0.36)))
    assert pose.kind == "round"
    assert pose.yaw_deg == 0
    # A rim seen a little from above looks as one seen a little from below.
    assert abs(pose.elevation_deg - climb) < max(4, 2 * pose.sigma_deg)
    assert abs(scale_error(pose, truth, distance)) < 0.04


def test_a_floor_lamp_gives_its_elevation_from_its_foot():
    cutout, truth = f.shoot(f.floor_lamp(), 1.5, 0, 7, 4.5)
    pose = solve_pose(cutout, f.product("floor lamp", (0.44, 0.44, 1.5)))
    assert abs(pose.elevation_deg - 7) < 3
    assert abs(scale_error(pose, truth, 4.5)) < 0.03


@pytest.mark.parametrize("height", [0.25, 1.15])
def test_a_pendant_keeps_its_scale_whether_or_not_its_height_counts_the_cord(height):
    cutout, truth = f.shoot(f.pendant(0.9), 0.25, 0, 1, 3.0)
    pose = solve_pose(cutout, f.product("pendant lamp", (0.4, 0.4, height), Mount.CEILING))
    assert pose.kind == "round"
    assert abs(scale_error(pose, truth, 3.0)) < 0.05
    assert abs(pose.elevation_deg) < 8


def test_a_wall_clock_is_seen_from_straight_in_front_at_true_scale():
    row, column = np.mgrid[:600, :600]
    alpha = (np.hypot(row - 299.5, column - 299.5) < 200).astype(np.float32)
    pose = solve_pose(f.cut(alpha), f.product("wall clock", (0.4, 0.04, 0.4), Mount.WALL))
    assert (pose.kind, pose.yaw_deg, pose.elevation_deg) == ("frontal", 0, 0)
    front = pose.camera.project(np.array([[-0.2, -0.02, 0.2], [0.2, -0.02, 0.2]]))
    assert np.ptp(front[:, 0]) == pytest.approx(400, rel=0.01)


@pytest.mark.parametrize("shape", [(400, 600), (600, 400)])
def test_a_rug_from_above_lies_as_its_proportions_say(shape):
    alpha = np.zeros((800, 800), np.float32)
    alpha[100 : 100 + shape[0], 100 : 100 + shape[1]] = 1
    pose = solve_pose(f.cut(alpha), f.product("rug", (3.0, 2.0, 0.01), Mount.RUG))
    assert (pose.kind, pose.elevation_deg) == ("flat", 90)
    corners = pose.camera.project(np.array([[x, y, 0.01] for x in (-1.5, 1.5) for y in (-1, 1)]))
    assert corners.min(axis=0) == pytest.approx([100, 100], abs=2)
    assert corners.max(axis=0) == pytest.approx([100 + shape[1], 100 + shape[0]], abs=2)


def test_a_rug_lying_on_the_studio_floor_is_seen_in_perspective():
    cutout, _ = f.shoot([*f.wardrobe(2.0, 1.4, 0.02)], 0.02, 20, 28, 4.0)
    pose = solve_pose(cutout, f.product("rug", (2.0, 1.4, 0.02), Mount.RUG))
    assert pose.kind == "flat"
    assert abs(pose.yaw_deg - 20) < 6
    assert abs(pose.elevation_deg - 28) < 5


def test_centimetres_that_contradict_the_photo_are_told():
    cutout, _ = f.shoot(f.pot(), 0.36, 0, 8, 3.0)
    pose = solve_pose(cutout, f.product("planter", (0.4, 0.4, 0.9)))
    assert verdict(pose, "dimensions") is Verdict.FAIL
    assert "centimetres" in next(finding.message for finding in pose.findings if finding.check == "dimensions")


def test_a_blob_that_is_no_box_is_doubted():
    row, column = np.mgrid[:600, :600]
    alpha = (np.abs(row - 300) + np.abs(column - 300) < 220).astype(np.float32)
    pose = solve_pose(f.cut(alpha), f.product("wardrobe", (1.2, 0.6, 2.0)))
    assert any(finding.verdict is not Verdict.PASS for finding in pose.findings)


def test_the_same_cutout_gives_the_same_pose_twice():
    cutout, _ = f.shoot(f.chair(), 0.82, 30, 9, 2.6)
    chair = f.product("dining chair", (0.46, 0.54, 0.82))
    first, second = solve_pose(cutout, chair), solve_pose(cutout, chair)
    assert np.array_equal(first.camera.position, second.camera.position)
    assert first.camera.focal == second.camera.focal


def test_an_empty_cutout_is_refused():
    with pytest.raises(NotAPackshotError):
        solve_pose(f.cut(np.zeros((64, 64))), f.product("sofa", (2, 1, 0.8)))


def test_specks_of_a_careless_cutout_change_nothing():
    cutout, _ = f.shoot(f.chair(), 0.82, 30, 9, 2.6)
    dirty = cutout.alpha.copy()
    dirty[896:899, 100:104] = 1
    dirty[3:6, 700:703] = 1
    chair = f.product("dining chair", (0.46, 0.54, 0.82))
    clean, spoiled = solve_pose(cutout, chair), solve_pose(f.cut(dirty), chair)
    assert spoiled.camera.focal == pytest.approx(clean.camera.focal)


@pytest.mark.parametrize(
    ("category", "name", "kind"),
    [("cabinet", "Light oak cabinet", "box"), ("side table", "Round side table", "round"), ("Floor_Lamp", "", "round")],
)
def test_words_of_the_category_choose_the_solver(category, name, kind):
    cutout, _ = f.shoot([f.drum(0.2, 0.2, (0, 0.5))], 0.5, 0, 8, 2.0)
    thing = replace(f.product(category, (0.4, 0.4, 0.5)), name=name)
    assert solve_pose(cutout, thing).kind == kind
