from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagegen.pose import learn, solve_pose
from imagegen.pose.studio import pooled
from imagegen.types import Pose, Spread, Studio
from tests.pose import furniture as f


def seen(yaw: float, climb: float, mm: float, sigma: float = 1.0, kind: str = "box") -> Pose:
    cutout, _ = f.shoot(f.wardrobe(), 2.0, 20, 8, 6.0)
    pose = solve_pose(cutout, f.product("wardrobe", (1.2, 0.6, 2.0)))
    spread = Spread(sigma, sigma, 0.1, 0.1)
    return replace(pose, kind=kind, yaw_deg=yaw, elevation_deg=climb, focal_mm=mm, spread=spread)


def test_a_catalog_teaches_the_habit_of_each_category():
    sofas = [("Sofas", seen(-30 + d, 8 + d / 4, 85)) for d in (-2, -1, 0, 1, 2)]
    chairs = [("dining chair", seen(25 + d, 12, 70)) for d in (-3, 0, 1, 2)]
    studio = learn([*sofas, *chairs])
    sofa = studio.habit("sofa")
    assert sofa.yaw is not None
    assert sofa.yaw[0] == pytest.approx(-30, abs=0.5)
    assert sofa.lens is not None
    assert math.exp(sofa.lens[0]) == pytest.approx(85, rel=0.02)
    chair = studio.habit("Dining Chairs")
    assert chair.elevation is not None
    assert chair.elevation[0] == pytest.approx(12, abs=0.5)
    assert studio.habit("rug") == studio.usual


def test_too_few_photos_teach_nothing():
    assert learn([("sofa", seen(-30, 8, 80))] * 3) == Studio()


def test_a_wild_measurement_does_not_move_the_habit():
    poses = [("sofa", seen(-30 + d, 8, 80)) for d in (-1, 0, 1, 0, 1)]
    calm = learn(poses).habit("sofa")
    wild = learn([*poses, ("sofa", seen(70, 40, 30))]).habit("sofa")
    assert calm.yaw is not None
    assert wild.yaw is not None
    assert wild.yaw[0] == pytest.approx(calm.yaw[0], abs=0.5)


def test_round_goods_teach_no_yaw():
    studio = learn([("vase", seen(0, 6 + d, 90, kind="round")) for d in (0, 1, 2, 1)])
    assert studio.habit("vase").yaw is None
    assert studio.habit("vase").elevation is not None


@given(st.floats(-40, 40), st.floats(0.5, 8), st.integers(4, 30), st.integers(0, 99))
def test_what_is_pooled_lies_among_what_was_measured(centre, scatter, count, seed):
    values = np.random.default_rng(seed).normal(centre, scatter, count)
    belief = pooled(values, np.full(count, 1.0), 0.5)
    assert belief is not None
    assert values.min() - 1e-9 <= belief[0] <= values.max() + 1e-9
    assert belief[1] >= 0.5


def test_a_photo_that_says_little_is_read_as_the_others_of_its_studio_were():
    cutout, _ = f.shoot(f.pot(), 0.36, 0, 14, 2.0)
    product = f.product("planter", (0.4, 0.4, 0.36))
    alone = solve_pose(cutout, product)
    studio = learn([("planter", seen(0, 14, 120, kind="round")) for _ in range(5)])
    told = solve_pose(cutout, replace(product, habit=studio.habit("planter")))
    assert told.sigma_deg < alone.sigma_deg
    assert abs(told.elevation_deg - 14) <= abs(alone.elevation_deg - 14) + 0.3


@pytest.mark.parametrize(("said", "filed"), [("Sofas", "sofa"), ("dining_chair", "dining chair"), ("", "")])
def test_categories_are_filed_under_one_spelling(said, filed):
    assert Studio.key(said) == filed
