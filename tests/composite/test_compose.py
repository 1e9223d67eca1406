from types import SimpleNamespace

import numpy as np
import pytest

from imagegen.composite import compose, lay, light_gain
from imagegen.hull import carve
from imagegen.images import srgb_to_linear
from imagegen.protocols import Settings, Staged
from imagegen.tone import encode8, view_transform
from imagegen.types import Cutout, Draft, Passes
from tests.renderer.rooms_of_boxes import CHAIR, chair_photo, placed, room

W, H = 160, 160


@pytest.fixture
def scene():
    """A chair in an evenly lit room, the passes made up so that their truth is known."""
    cutout, pose = chair_photo(160)
    rng = np.random.default_rng(0)
    cutout = Cutout(srgb_to_linear(rng.integers(0, 256, (160, 160, 3)) / 255), cutout.alpha, "true")
    place = placed(pose, scale=1.0, shift=(0, 0), size=(W, H))
    hull = carve(cutout, pose, place, CHAIR)
    staged = Staged(CHAIR, SimpleNamespace(), SimpleNamespace(), cutout, pose, place, room(), hull, Settings(W, H, 1))
    grey = np.full((H, W, 3), 0.4, np.float32)
    depth = np.full((H, W), 9.0, np.float32)
    depth[cutout.alpha > 0] = 3.4
    passes = Passes(
        grey,
        depth,
        np.zeros_like(grey),
        grey,
        np.zeros((H, W), np.uint8),
        np.where(cutout.alpha[..., None] > 0, np.float32(0.8), 0).repeat(3, 2),
        cutout.alpha,
    )
    return staged, passes, Draft(grey, "test")


def test_even_light_gives_back_the_products_own_bytes(scene):
    staged, passes, draft = scene
    made = compose(staged, passes, draft)
    solid = made.alpha == 1
    np.testing.assert_array_equal(made.picture[solid], encode8(staged.cutout.colour)[solid])
    np.testing.assert_array_equal(made.lit[solid], made.picture[solid])


def test_beyond_the_product_the_room_is_untouched(scene):
    staged, passes, draft = scene
    made = compose(staged, passes, draft)
    np.testing.assert_array_equal(made.picture[made.alpha == 0], view_transform(draft.picture)[made.alpha == 0])


def test_half_covered_pixels_lie_between_room_and_product(scene):
    staged, passes, draft = scene
    from dataclasses import replace

    soft = replace(staged, cutout=replace(staged.cutout, alpha=staged.cutout.alpha * np.float32(0.5)))
    made = compose(soft, passes, draft)
    inside = staged.cutout.alpha > 0
    low = np.minimum(made.lit, view_transform(draft.picture))[inside].astype(int)
    high = np.maximum(made.lit, view_transform(draft.picture))[inside].astype(int)
    assert ((made.picture[inside] >= low - 1) & (made.picture[inside] <= high + 1)).all()


def test_a_thing_that_stands_before_the_product_hides_it(scene):
    staged, passes, draft = scene
    hidden = np.zeros((H, W), bool)
    hidden[70:100, 60:80] = True
    passes.depth[hidden] = 1.5
    passes.hull[hidden] = 0
    made = compose(staged, passes, draft)
    assert not made.alpha[hidden].any()
    np.testing.assert_array_equal(made.picture[hidden], view_transform(draft.picture)[hidden])


def test_the_hulls_own_inexact_edge_never_cuts_the_product(scene):
    staged, passes, draft = scene
    from scipy import ndimage

    thin = ndimage.binary_erosion(staged.cutout.alpha > 0.5, iterations=2)
    passes.hull[:] = thin
    passes.depth[:] = np.where(thin, 3.4, 9.0)
    made = compose(staged, passes, draft)
    np.testing.assert_array_equal(made.alpha, staged.cutout.alpha)


def test_light_from_one_side_shades_gently_and_keeps_the_level(scene):
    _, passes, _ = scene
    ramp = np.linspace(0.3, 1.3, W, dtype=np.float32)[None, :, None]
    lit = Passes(**{**{n: getattr(passes, n) for n in Passes.__slots__}, "shading": np.broadcast_to(ramp, (H, W, 3))})
    gain = light_gain(lit, passes.hull)
    inside = passes.hull > 0
    assert np.median(gain[inside]) == pytest.approx(1, abs=0.08)
    cols = np.flatnonzero(inside.any(axis=0))
    assert (
        gain[inside & (np.arange(W) < cols[0] + 8)[None]].mean()
        < gain[inside & (np.arange(W) > cols[-1] - 8)[None]].mean()
    )
    assert gain.min() >= 0.5
    assert gain.max() <= 1.6


def test_light_beyond_the_hull_does_not_bleed_in(scene):
    _, passes, _ = scene
    passes.shading[passes.hull == 0] = 100
    np.testing.assert_allclose(light_gain(passes, passes.hull), 1, atol=1e-3)


def test_coloured_light_leaves_a_trace_of_its_hue(scene):
    _, passes, _ = scene
    passes.shading[:] *= np.float32([1.3, 1.0, 0.6])
    gain = light_gain(passes, passes.hull)[passes.hull > 0].mean(axis=0)
    assert 1.05 < gain[0] / gain[2] < 1.5  # the light's own ratio is 2.2


@pytest.mark.parametrize("angle", [0.0, 0.1])
def test_resampling_keeps_flat_colour_flat_and_the_area_of_the_alpha(angle):
    alpha = np.zeros((200, 200), np.float32)
    alpha[50:150, 40:160] = 1
    cutout = Cutout(np.broadcast_to(np.float32([0.7, 0.2, 0.05]), (200, 200, 3)).copy(), alpha, "true")
    s, c = 0.37 * np.sin(angle), 0.37 * np.cos(angle)
    colour, cover = lay(cutout, np.array([[c, -s, 20.3], [s, c, 5.6], [0, 0, 1]]), 120, 120)
    assert cover.sum() == pytest.approx(alpha.sum() * 0.37**2, rel=0.01)
    np.testing.assert_allclose(
        colour[cover > 0.05], np.broadcast_to([0.7, 0.2, 0.05], (int((cover > 0.05).sum()), 3)), atol=5e-3
    )


def test_photo_that_runs_beyond_the_picture_is_cut_there():
    cutout = Cutout(np.full((50, 50, 3), 0.5, np.float32), np.ones((50, 50), np.float32), "true")
    colour, cover = lay(cutout, np.array([[2.0, 0, -30], [0, 2.0, -20], [0, 0, 1]]), 40, 40)
    assert (cover == 1).all()
    np.testing.assert_allclose(colour, 0.5, atol=1e-5)


def test_photo_outside_the_picture_leaves_nothing():
    cutout = Cutout(np.full((50, 50, 3), 0.5, np.float32), np.ones((50, 50), np.float32), "true")
    _, cover = lay(cutout, np.array([[1.0, 0, 500], [0, 1.0, 0], [0, 0, 1]]), 40, 40)
    assert not cover.any()
