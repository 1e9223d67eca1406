"""Each check on a picture that is wrong in the way it looks for."""

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from imagegen.checks import CHECKS
from imagegen.colour import LUMINANCE
from imagegen.furnished import Furnished
from imagegen.placement import place
from imagegen.protocols import Settings
from imagegen.types import Body, Dimensions, Mount, Pose, Product, Seen, Verdict
from tests.checks.scenes import HEIGHT, SIZE, WIDTH, camera, scene, silhouette, warped
from tests.placement.test_place import ROOM, seen
from tests.pose.furniture import block, shoot


def ask(name, parts):
    return CHECKS[name]().check(*parts)


def test_one_changed_pixel_in_a_hundred_is_told_as_a_share():
    staged, passes, composed = scene()
    picture = composed.picture.copy()
    rows, columns = np.nonzero(composed.alpha == 1)
    picture[rows[::100], columns[::100]] += 1
    finding = ask("product_intact", (staged, passes, replace(composed, picture=picture)))
    assert finding.verdict is Verdict.FAIL
    assert finding.score == pytest.approx(0.99, abs=0.001)


@pytest.mark.parametrize(("factor", "verdict"), [(1.03, Verdict.PASS), (1.08, Verdict.FAIL), (0.92, Verdict.FAIL)])
def test_product_shown_at_another_size_than_its_centimetres_fails_beyond_five_per_cent(factor, verdict):
    size = Dimensions(SIZE.width * factor, SIZE.depth * factor, SIZE.height * factor)
    finding = ask("scale", scene(seen_size=size))
    assert finding.verdict is verdict
    assert finding.score == pytest.approx(abs(factor - 1), abs=0.02)


def test_product_of_another_shape_than_its_centimetres_is_doubted():
    finding = ask("scale", scene(seen_size=Dimensions(SIZE.width * 1.09, SIZE.depth * 1.09, SIZE.height * 0.86)))
    assert finding.verdict is Verdict.WARN
    assert "centimetres" in finding.message


@pytest.mark.parametrize("lift", [0.12, 0.3])
def test_floating_product_fails_with_the_height_of_its_gap(lift):
    finding = ask("contact", scene(seen_at=(0.0, -1.2, lift)))
    assert finding.verdict is Verdict.FAIL
    assert finding.score * SIZE.height == pytest.approx(lift, abs=0.06)


def test_product_without_a_shadow_at_its_feet_is_doubted():
    finding = ask("contact", scene(shadow=-0.3))
    assert finding.verdict is Verdict.WARN
    assert "shaded" in finding.message


def test_lamp_that_hangs_from_nothing_fails():
    assert ask("contact", scene(mount=Mount.CEILING, seen_at=(0.0, -1.2, 0.9))).verdict is Verdict.FAIL


def test_lamp_that_leaves_the_picture_at_the_top_hangs():
    parts = scene(mount=Mount.CEILING, seen_at=(0.0, -1.2, 1.4))
    assert ask("contact", parts).verdict is Verdict.PASS
    assert ask("in_frame", parts).verdict is Verdict.PASS


def test_product_half_out_of_the_picture_fails_with_its_share():
    staged, passes, composed = scene()
    left, right = np.nonzero(composed.alpha.any(axis=0))[0][[0, -1]]
    finding = ask("in_frame", (warped(staged, [[1, 0, -(left + right) / 2], [0, 1, 0], [0, 0, 1]]), passes, composed))
    assert finding.verdict is Verdict.FAIL
    assert finding.score == pytest.approx(0.5, abs=0.06)
    assert "left" in finding.message


@pytest.mark.parametrize(("hidden", "verdict"), [(0.1, Verdict.WARN), (0.5, Verdict.FAIL)])
def test_product_behind_something_is_told_with_its_share(hidden, verdict):
    staged, passes, composed = scene()
    mass = np.cumsum(composed.alpha.sum(axis=0))
    alpha = composed.alpha.copy()
    alpha[:, : int(np.searchsorted(mass, hidden * mass[-1]))] = 0
    finding = ask("visibility", (staged, passes, replace(composed, alpha=alpha)))
    assert finding.verdict is verdict
    assert finding.score == pytest.approx(hidden, abs=0.03)


def test_darker_light_keeps_the_colour_true():
    assert ask("colour_true", scene(tint=(0.6, 0.6, 0.6))).verdict is Verdict.PASS


def test_green_light_does_not():
    finding = ask("colour_true", scene(tint=(0.7, 1.2, 0.7)))
    assert finding.verdict is Verdict.FAIL


@pytest.mark.parametrize(("level", "words"), [(0.004, "too dark"), (1.2, "too bright")])
def test_murky_and_burnt_out_rooms_fail(level, words):
    finding = ask("exposure", scene(room_level=level))
    assert finding.verdict is Verdict.FAIL
    assert words in finding.message


def test_product_on_its_own_colour_is_doubted():
    staged, passes, composed = scene()
    flat = np.full_like(composed.picture, 90)
    assert ask("stands_out", (staged, passes, replace(composed, picture=flat))).verdict is Verdict.WARN


@pytest.mark.parametrize(("growth", "verdict"), [(2.0, Verdict.WARN), (5.0, Verdict.FAIL)])
def test_small_photo_shown_large_is_told(growth, verdict):
    staged, passes, composed = scene()
    finding = ask("resolution", (warped(staged, np.diag([growth, growth, 1.0])), passes, composed))
    assert finding.verdict is verdict
    assert finding.score == pytest.approx(growth)


def test_round_goods_are_measured_by_the_drum_inside_their_box():
    staged, passes, composed = scene()
    turn = np.linspace(0, 2 * np.pi, 180)
    ring = np.column_stack([np.cos(turn) * SIZE.width / 2, np.sin(turn) * SIZE.depth / 2, np.zeros_like(turn)])
    angle = np.radians(20.0)
    turned = ring @ np.array([[np.cos(angle), np.sin(angle), 0], [-np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    body = np.vstack([turned, turned + np.array([0, 0, SIZE.height])]) + staged.placement.position
    alpha = silhouette(camera().project(body))
    assert alpha.shape == (HEIGHT, WIDTH)
    drum = replace(staged, cutout=replace(staged.cutout, alpha=alpha), pose=replace(staged.pose, kind="round"))
    assert ask("scale", (drum, passes, composed)).score < 0.02


# --- light: whose colour the shadow has, what is see-through


def _shaded(hue, depth=0.5):
    """The scene with a shadow round the product's foot of that hue, on a grey floor."""
    staged, passes, composed = scene()
    rows = np.nonzero(composed.alpha > 0.02)[0]
    foot = ndimage.distance_transform_edt(composed.alpha <= 0.02) < 0.2 * np.ptp(rows)
    colour = np.asarray(hue, float) / (np.asarray(hue) @ LUMINANCE)
    picture = np.full(passes.picture.shape, 0.45, np.float32)
    picture[foot] = 0.45 * depth * colour
    return staged, replace(passes, picture=picture), composed


def test_a_shadow_that_leans_to_the_products_own_red_is_told():
    clean, tinged, stained = (ask("shadow_neutral", _shaded(hue)) for hue in ((1, 1, 1), (1.1, 1, 0.98), (1.5, 1, 0.8)))
    assert clean.verdict is Verdict.PASS
    assert clean.score == pytest.approx(0, abs=0.1)
    assert tinged.score > clean.score
    assert stained.verdict is Verdict.FAIL


def test_a_bluish_shadow_is_not_the_red_products_doing():
    assert ask("shadow_neutral", _shaded((0.8, 1.0, 1.3))).score == 0


def test_a_shadow_like_all_others_in_the_room_is_not_the_products_doing():
    staged, passes, composed = _shaded((1.5, 1, 0.8))
    others = np.zeros(composed.alpha.shape, bool)
    others[:, :90] = True
    shadow = np.array([1.5, 1, 0.8]) / (np.array([1.5, 1, 0.8]) @ LUMINANCE)
    passes.picture[others & (composed.alpha < 0.01)] = 0.45 * 0.5 * shadow
    assert ask("shadow_neutral", (staged, passes, composed)).verdict is Verdict.PASS


def test_a_rug_of_the_set_in_the_shadow_is_not_taken_for_its_colour():
    staged, passes, composed = _shaded((1, 1, 1))
    rows = np.nonzero(composed.alpha > 0.02)[0]
    rug = ndimage.distance_transform_edt(composed.alpha <= 0.02) < 0.25 * np.ptp(rows)
    albedo = passes.albedo.copy()
    albedo[rug] = (0.2, 0.5, 0.5)  # the rug's own; the picture shows the floor beneath it
    covered = replace(passes, albedo=albedo)
    assert ask("shadow_neutral", (staged, covered, composed)).verdict is not Verdict.PASS
    told = replace(covered, others=(Body(rug.astype(np.float32), passes.shading),))
    assert ask("shadow_neutral", (staged, told, composed)).verdict is Verdict.PASS


def test_a_grey_product_has_no_hue_to_cast():
    staged, passes, composed = _shaded((1.5, 1, 0.8))
    grey = replace(composed, source=np.full_like(composed.source, 0.3))
    assert "no hue" in ask("shadow_neutral", (staged, passes, grey)).message


@pytest.mark.parametrize(
    ("category", "material", "verdict", "word"),
    [
        ("mirror", "brass, mirror glass", Verdict.WARN, "mirrors"),
        ("vase", "glass", Verdict.WARN, "through"),
        ("dining chair", "chromed steel, leather", Verdict.PASS, "polished"),
        ("table lamp", "glass, brass, linen", Verdict.PASS, "through"),
        ("sofa", "wool, oak", Verdict.PASS, "neither"),
    ],
)
def test_glass_and_mirrors_are_told_and_doubted_when_they_are_much_of_it(category, material, verdict, word):
    staged, passes, composed = scene()
    product = replace(staged.product, category=category, material=material)
    finding = ask("see_through", (replace(staged, product=product), passes, composed))
    assert finding.verdict is verdict
    assert word in finding.message


def test_a_cutout_that_is_half_clear_inside_is_see_through_whatever_it_is_called():
    staged, passes, composed = scene()
    alpha = np.where(staged.cutout.alpha > 0.99, np.float32(0.5), staged.cutout.alpha)
    clear = replace(staged, cutout=replace(staged.cutout, alpha=alpha))
    assert ask("see_through", (clear, passes, composed)).verdict is Verdict.WARN


def test_a_well_composed_picture_says_how_large_the_product_is_and_where_the_horizon_lies():
    finding = ask("composition", scene())
    assert finding.verdict is Verdict.PASS
    assert finding.score == 0
    assert "of the width" in finding.message
    assert "horizon" in finding.message


@pytest.mark.parametrize(
    ("warp", "told"),
    [
        (((0.3, 0, 112), (0, 0.3, 84), (0, 0, 1)), "smaller than its kind"),
        (((2.6, 0, -256), (0, 2.6, -192), (0, 0, 1)), "more than"),
        (((1, 0, -90), (0, 1, 0), (0, 0, 1)), "side|thirds"),
        (((1, 0, 0), (0, 1, -109), (0, 0, 1)), "no air above"),
    ],
)
def test_a_product_that_is_too_small_too_large_or_off_the_thirds_is_told(warp, told):
    staged, passes, composed = scene()
    finding = ask("composition", (warped(staged, warp), passes, composed))
    assert finding.verdict is not Verdict.PASS
    assert re.search(told, finding.message)


def test_a_horizon_outside_the_picture_is_told():
    staged, passes, composed = scene()
    camera = replace(staged.placement.camera, cy=-200.0)
    lifted = replace(staged, placement=replace(staged.placement, camera=camera))
    finding = ask("composition", (lifted, passes, composed))
    assert finding.verdict is not Verdict.PASS
    assert "horizon lies outside" in finding.message


def test_a_rug_is_as_large_as_its_corners_say_however_askew_it_is_seen():
    rug = Product("RUG", "rug", "rug", Dimensions(2.4, 1.7, 0.01), Mount.RUG)
    pose, cutout = seen(rug, 0, 89.9, 4.0, "flat")
    spot = place([Seen(0, "", cutout, pose)], rug, [Furnished(ROOM, ())], Settings(320, 240, 8), None)
    staged, passes, composed = scene(mount=Mount.RUG)
    laid = replace(staged, product=rug, cutout=cutout, pose=pose, placement=spot)
    finding = ask("scale", (laid, passes, composed))
    assert finding.score < 0.01


def test_a_rug_photographed_in_perspective_is_measured_by_its_outline():
    rug = Product("RUG", "rug", "rug", Dimensions(2.4, 1.7, 0.01), Mount.RUG)
    cutout, view = shoot([block((-1.2, 1.2), (-0.85, 0.85), (0, 0.01))], 0.01, -16, 31, 4.0)
    pose = Pose(view, "flat", -16.0, 31.0, 4.0, 50.0, 1.0, 0.99)
    spot = place([Seen(0, "", cutout, pose)], rug, [Furnished(ROOM, ())], Settings(640, 480, 8), None)
    staged, passes, composed = scene(mount=Mount.RUG)
    laid = replace(staged, product=rug, cutout=cutout, pose=pose, placement=spot)
    assert ask("scale", (laid, passes, composed)).score < 0.04


def _painted(composed, where, colour):
    picture = composed.picture.copy()
    picture[where] = colour
    return replace(composed, picture=picture)


def _outside(alpha, pixels):
    return ndimage.distance_transform_edt(alpha < 0.5) * (ndimage.distance_transform_edt(alpha < 0.5) <= pixels) > 0


def test_an_arm_that_was_painted_on_fails_with_its_area():
    staged, passes, composed = scene()
    own = composed.lit[composed.alpha == 1][0]
    rows = np.zeros_like(composed.alpha, bool)
    rows[100:130] = True
    arm = _outside(composed.alpha, 5) & rows & (composed.alpha < 0.02)
    finding = ask("expansion", (staged, passes, _painted(composed, arm, own)))
    assert finding.verdict is not Verdict.PASS
    assert finding.score == pytest.approx(arm.sum() / (composed.alpha > 0.5).sum(), rel=0.35)


def test_a_wall_of_the_products_colour_is_no_expansion():
    staged, passes, composed = scene()
    own = composed.lit[composed.alpha == 1][0]
    finding = ask("expansion", (staged, passes, _painted(composed, composed.alpha < 0.02, own)))
    assert finding.verdict is Verdict.PASS


@pytest.mark.parametrize("level", [20, 235])
def test_a_rim_of_light_or_dark_along_the_product_is_a_seam(level):
    staged, passes, composed = scene()
    rim = _outside(composed.alpha, 3) & (composed.alpha < 0.02)
    finding = ask("seam", (staged, passes, _painted(composed, rim, level)))
    assert finding.verdict is Verdict.FAIL
    assert "L*" in finding.message


def test_a_shadow_at_the_feet_is_no_seam():
    assert ask("seam", scene(shadow=0.8)).verdict is Verdict.PASS
