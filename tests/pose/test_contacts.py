from __future__ import annotations

import numpy as np
import pytest

from imagegen.pose import solve_pose
from imagegen.types import Cutout, Mount
from tests.pose import furniture as f


def test_the_legs_of_a_table_are_found_where_they_stand():
    cutout, _ = f.shoot(f.table(), 0.75, 25, 14, 4.2)
    pose = solve_pose(cutout, f.product("table", (1.6, 0.9, 0.75)))
    legs = np.array([(x, y) for x in (-0.74, 0.74) for y in (-0.39, 0.39)])
    found = np.array([contact.point for contact in pose.contacts])
    assert len(found) >= 3
    gaps = np.linalg.norm(found[:, None] - legs[None], axis=2).min(axis=1)
    assert gaps.max() < 0.08
    assert all(0 < contact.sigma_m < 0.2 for contact in pose.contacts)


def test_a_wardrobe_stands_on_its_whole_base():
    cutout, _ = f.shoot(f.wardrobe(), 2.0, -28, 9, 6.0)
    pose = solve_pose(cutout, f.product("wardrobe", (1.2, 0.6, 2.0)))
    assert np.ptp(pose.footprint, axis=0) == pytest.approx([1.2, 0.6], rel=0.12)
    assert len(pose.contacts) == 4
    assert pose.footprint_sigma_m < 0.05


def test_what_hangs_touches_no_floor():
    row, column = np.mgrid[:600, :600]
    alpha = (np.hypot(row - 299.5, column - 299.5) < 200).astype(np.float32)
    pose = solve_pose(f.cut(alpha), f.product("wall clock", (0.4, 0.04, 0.4), Mount.WALL))
    assert pose.contacts == ()
    assert pose.footprint.shape == (0, 2)


def test_every_number_of_a_pose_has_its_spread():
    cutout, _ = f.shoot(f.sofa(), 0.85, -28, 9, 6.0)
    spread = solve_pose(cutout, f.product("sofa", (2.1, 0.95, 0.85))).spread
    assert 0 < spread.yaw_deg < 6
    assert 0 < spread.elevation_deg < 6
    assert 0 < spread.distance < 1
    assert 0 < spread.focal < 1


@pytest.mark.parametrize("yaw", [-24.0, 18.0])
def test_a_frame_seen_from_aside_gives_its_yaw(yaw):
    frame = [f.block((-0.3, 0.3), (-0.015, 0.015), (0, 0.8))]
    cutout, _ = f.shoot(frame, 0.8, yaw, 2, 1.6)
    pose = solve_pose(cutout, f.product("picture frame", (0.6, 0.03, 0.8), Mount.WALL))
    assert pose.kind == "oblique"
    assert abs(pose.yaw_deg - yaw) < 4


def test_seams_and_doors_pin_down_what_the_outline_leaves_open():
    """The same outline with and without the lines that run along the box's axes."""
    cutout, truth = f.shoot(f.wardrobe(), 2.0, -14, 9, 5.0)
    plain = solve_pose(cutout, f.product("wardrobe", (1.2, 0.6, 2.0)))
    colour = cutout.colour.copy()
    for x in (-0.3, 0.0, 0.3):
        draw(colour, truth, (x, -0.3, 0.1), (x, -0.3, 1.9))
    for z in (0.5, 1.0, 1.5):
        draw(colour, truth, (-0.6, -0.3, z), (0.6, -0.3, z))
        draw(colour, truth, (0.6, -0.3, z), (0.6, 0.3, z))
        draw(colour, truth, (-0.6, -0.3, z), (-0.6, 0.3, z))
    lined = solve_pose(Cutout(colour, cutout.alpha, "test"), f.product("wardrobe", (1.2, 0.6, 2.0)))
    assert lined.spread.yaw_deg <= plain.spread.yaw_deg + 0.05
    assert abs(lined.yaw_deg + 14) < 2
    assert abs(lined.elevation_deg - 9) < 1.5


def draw(colour, camera, start, end):
    points = np.linspace(start, end, 1200)
    pixels = camera.project(points)
    for u, v in pixels.astype(int):
        colour[v - 1 : v + 2, u - 1 : u + 2] = 0.02


@pytest.mark.parametrize("turn", [20.0, 35.0, 80.0])
def test_a_round_table_tells_its_elevation_by_its_three_legs(turn):
    top = f.drum(0.25, 0.25, (0.45, 0.48))
    angles = np.radians(turn + np.array([0.0, 120.0, 240.0]))
    legs = [
        f.block((x - 0.012, x + 0.012), (y - 0.012, y + 0.012), (0, 0.46))
        for x, y in 0.17 * np.column_stack([np.cos(angles), np.sin(angles)])
    ]
    cutout, _ = f.shoot([top, *legs], 0.48, 0, 14, 2.2)
    pose = solve_pose(cutout, f.product("side table", (0.5, 0.5, 0.48)))
    assert pose.kind == "round"
    assert abs(pose.elevation_deg - 14) < 3
    assert len(pose.contacts) == 3
    reach = [float(np.hypot(*contact.point)) for contact in pose.contacts]
    assert reach == pytest.approx([0.17] * 3, abs=0.05)


@pytest.mark.parametrize(("climb", "reach"), [(12.0, 2.2), (2.0, 1.6)])
def test_a_top_is_seen_from_above_where_its_near_rim_shows(climb, reach):
    cutout, truth = f.shoot([f.drum(0.3, 0.3, (0, 0.5))], 0.5, 0, climb, reach)
    above = truth.position[2] > 0.5
    grain = np.random.default_rng(3).normal(1, 0.05, cutout.alpha.shape)[..., None]
    colour = (cutout.colour * grain).astype(np.float32)
    if above:  # a darker side under a light top
        turn = np.linspace(np.pi, 2 * np.pi, 400)
        rim = truth.project(np.column_stack([0.3 * np.cos(turn), 0.3 * np.sin(turn), np.full(400, 0.5)]))
        for u, v in {int(u): int(v) for u, v in rim}.items():
            colour[v:, u] *= 0.4
    pose = solve_pose(Cutout(colour, cutout.alpha, "test"), f.product("pouf", (0.6, 0.6, 0.5)))
    assert pose.kind == "round"
    assert (pose.camera.position[2] > 0.5) == above
    assert abs(pose.elevation_deg - climb) < 4


def test_a_disc_whose_glass_was_cut_away_is_still_seen_as_a_disc():
    """A mirror shows the studio's own white: the cutout may have a hole."""
    turn = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    front = np.column_stack([0.4 * np.cos(turn), np.full(64, -0.015), 0.4 + 0.4 * np.sin(turn)])
    cutout, _ = f.shoot([np.concatenate([front, front + np.array([0, 0.03, 0])])], 0.8, 21, 1, 1.8)
    row, column = np.mgrid[: cutout.alpha.shape[0], : cutout.alpha.shape[1]]
    middle = np.argwhere(cutout.alpha > 0.5).mean(axis=0)
    alpha = np.where(np.hypot(row - middle[0], column - middle[1]) < 120, 0, cutout.alpha).astype(np.float32)
    pose = solve_pose(f.cut(alpha), f.product("mirror", (0.8, 0.03, 0.8), Mount.WALL))
    assert pose.kind == "oblique"
    assert abs(abs(pose.yaw_deg) - 21) < 4
    assert abs(pose.elevation_deg - 1) < 4


def test_a_wall_thing_that_is_neither_rectangle_nor_ellipse_is_taken_to_be_seen_straight():
    row, column = np.mgrid[:600, :600]
    angle, reach = np.arctan2(row - 299.5, column - 299.5), np.hypot(row - 299.5, column - 299.5)
    star = (reach < 140 + 70 * np.cos(3 * angle)).astype(np.float32)
    tall, wide = (int(np.ptp(np.flatnonzero(star.any(axis=axis)))) + 1 for axis in (1, 0))
    pose = solve_pose(f.cut(star), f.product("wall decoration", (0.5, 0.02, 0.5 * tall / wide), Mount.WALL))
    assert (pose.kind, pose.yaw_deg) == ("frontal", 0)
