import numpy as np
import pytest

from bench.cameras import camera, facts, seen_from
from bench.goods import SPLITS, contacts, good, goods, symmetry
from imagegen.types import Mount


@pytest.mark.parametrize("split", SPLITS)
def test_each_split_has_many_products_of_many_categories(split):
    products = goods(split)
    assert len(products) >= 50
    assert len({each.category for each in products}) >= 15
    assert {each.shape for each in products} == {"box", "legs", "round", "wall", "rug"}
    assert len({each.sku for each in products}) == len(products)


def test_what_is_tuned_with_shares_no_form_and_no_style_with_what_is_reported():
    tuning, reported = ({tuple(each.sku.split("-")[:-2]) for each in goods(split)} for split in SPLITS)
    assert not tuning & reported
    furniture = [[each for each in goods(split) if hasattr(each.model.args[0], "style")] for split in SPLITS]
    styles = [{each.model.args[0].style for each in split} for split in furniture]
    assert styles[0] == {"scandinavian", "coastal", "industrial"}
    assert not styles[0] & styles[1]


@pytest.mark.parametrize("sku", ["CHA-KROM-B", "SHELF-GRID-MID-120", "CLOCK-MINIMAL-JAP-34"])
def test_catalogued_centimetres_are_the_model_s_own(sku):
    product = good(sku)
    points = product.points()
    true = np.ptp(points, axis=0)
    assert np.abs(product.dimensions.as_array() - true).max() <= 0.0026
    assert points[:, 2].min() == pytest.approx(0, abs=1e-9)
    assert (points.min(axis=0) + points.max(axis=0))[:2] == pytest.approx([0, 0], abs=1e-9)


@pytest.mark.parametrize("sku", ["CHA-KROM-B", "TAB-RUND-50", "RUG-RECTANGLE-MIN-200", "PRINT-CANVAS-MID-100"])
def test_every_seed_s_camera_frames_the_whole_product_level(sku):
    product = good(sku)
    for seed in range(6):
        seen = camera(product, seed, 300)
        pixels = seen.project(product.points())
        assert max(seen.width, seen.height) == 300
        assert (pixels > 0).all()
        assert (pixels < [seen.width, seen.height]).all()
        assert seen.rotation[0, 2] == pytest.approx(0, abs=1e-12)
        assert seen.rotation @ seen.rotation.T == pytest.approx(np.eye(3), abs=1e-9)
        assert seen.cx * 2 == round(seen.cx * 2)


def test_cameras_stand_where_the_issue_wants_them():
    product = good("SIDEBOARD-TAPERED-MID-165")
    views = [seen_from(camera(product, seed), product) for seed in range(60)]
    yaw, elevation, away = np.array(views).T
    assert -45 <= yaw.min() < -25
    assert 25 < yaw.max() <= 45
    assert elevation.min() >= 1
    assert elevation.max() <= 20
    assert away.min() > 1.2


def test_facts_of_a_camera_say_what_it_was_made_with():
    product = good("SIDEBOARD-TAPERED-MID-165")
    seen = camera(product, 4)
    told = facts(seen, product)
    back = -seen.rotation[2] @ (seen.position / np.linalg.norm(seen.position))
    assert back > 0.95
    assert told.focal_mm == pytest.approx(seen.focal * 36 / seen.width)
    way = seen.position - [0, 0, product.dimensions.height / 2]
    assert np.degrees(np.arctan2(way[0], -way[1])) == pytest.approx(told.yaw_deg)


def test_a_chair_s_four_feet_a_clock_s_back_and_nothing_of_a_pendant_touch():
    feet = contacts(good("CHA-ASK-1"))
    assert len(feet) == 4
    assert {tuple(np.sign(foot[:2])) for foot in feet} == {(-1, -1), (-1, 1), (1, -1), (1, 1)}
    rim = contacts(good("CLO-TIMME-32"))
    assert np.hypot(rim[:, 0], rim[:, 2] - 0.16) == pytest.approx(0.16, abs=0.012)
    assert rim[:, 1] == pytest.approx(0.0225, abs=0.001)
    assert contacts(good("LAM-KLOCKA-P")).shape == (0, 3)


@pytest.mark.parametrize(
    ("sku", "turns"), [("VAS-BLANK-33", 0), ("STOOL-SCA-40", 4), ("CHA-ASK-1", 1), ("DESK-LEGS-SCA-140", 2)]
)
def test_turns_after_which_a_model_looks_the_same(sku, turns):
    assert symmetry(good(sku)) == turns


def test_hanging_goods_leave_the_picture_at_its_top():
    product = good("PENDANT-SAUCER-MID-56")
    assert product.mount is Mount.CEILING
    for seed in range(4):
        seen = camera(product, seed)
        assert seen.project(product.points())[:, 1].min() == pytest.approx(-1.5, abs=1e-6)


def test_no_rug_is_photographed_from_above_the_studio_s_top_light():
    rug = good("RUG-RECTANGLE-MID-240")
    lamp = 3.6 * np.linalg.norm(np.ptp(rug.points(), axis=0)) / 2
    heights = [camera(rug, seed).position[2] for seed in range(12)]
    assert max(heights) < lamp
    assert max(heights) > 2.5


@pytest.mark.parametrize("sku", ["PENDANT-SAUCER-MID-56", "PENDANT-PAPER-SCA-50", "LAM-KLOCKA-P"])
def test_pendants_end_in_their_cord(sku):
    points = good(sku).points()
    top = points[points[:, 2] > points[:, 2].max() - 0.02]
    assert np.ptp(top[:, :2], axis=0).max() < 0.02
    assert np.ptp(points[:, :2], axis=0).max() > 0.3
