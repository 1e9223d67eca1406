from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from imagegen.colour import KEPT, LUMINANCE, shift
from imagegen.composite import compose, lay
from imagegen.gain import room_light
from imagegen.hull import carve
from imagegen.images import srgb_to_linear
from imagegen.protocols import Settings, Staged
from imagegen.tone import encode8
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
        np.where(cutout.alpha[..., None] > 0, np.float32(1), 0).repeat(3, 2),
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
    np.testing.assert_array_equal(made.picture[made.alpha == 0], encode8(draft.picture)[made.alpha == 0])


def test_half_covered_pixels_lie_between_room_and_product(scene):
    staged, passes, draft = scene
    soft = replace(staged, cutout=replace(staged.cutout, alpha=staged.cutout.alpha * np.float32(0.5)))
    made = compose(soft, passes, draft)
    inside = staged.cutout.alpha > 0
    low = np.minimum(made.lit, encode8(draft.picture))[inside].astype(int)
    high = np.maximum(made.lit, encode8(draft.picture))[inside].astype(int)
    assert ((made.picture[inside] >= low - 1) & (made.picture[inside] <= high + 1)).all()


def test_a_thing_that_stands_before_the_product_hides_it(scene):
    staged, passes, draft = scene
    hidden = np.zeros((H, W), bool)
    hidden[70:100, 60:80] = True
    passes.depth[hidden] = 1.5
    passes.hull[hidden] = 0
    made = compose(staged, passes, draft)
    assert not made.alpha[hidden].any()
    np.testing.assert_array_equal(made.picture[hidden], encode8(draft.picture)[hidden])


def test_the_hulls_own_inexact_edge_never_cuts_the_product(scene):
    staged, passes, draft = scene
    from scipy import ndimage

    thin = ndimage.binary_erosion(staged.cutout.alpha > 0.5, iterations=2)
    passes.hull[:] = thin
    passes.depth[:] = np.where(thin, 3.4, 9.0)
    made = compose(staged, passes, draft)
    np.testing.assert_array_equal(made.alpha, staged.cutout.alpha)


def _gain(scene, shading=None, source=None):
    staged, passes, _ = scene
    if shading is not None:
        passes = replace(passes, shading=np.broadcast_to(np.asarray(shading, np.float32), (H, W, 3)))
    return room_light(staged, passes, staged.cutout.colour if source is None else source, passes.hull)


def test_light_from_one_side_shades_gently(scene):
    inside = scene[1].hull > 0
    ramp = np.linspace(0.5, 1.5, W, dtype=np.float32)[None, :, None]
    gain = _gain(scene, ramp)
    cols = np.flatnonzero(inside.any(axis=0))
    left, right = inside & (np.arange(W) < cols[0] + 8)[None], inside & (np.arange(W) > cols[-1] - 8)[None]
    assert gain[left].mean() < 0.95 * gain[right].mean()
    assert gain.min() >= 0.4
    assert gain.max() <= 1.6


@pytest.mark.parametrize(("light", "level"), [(0.6, 0.6), (1.0, 1.0), (0.05, 0.4), (4.0, 1.2)])
def test_a_dim_room_dims_the_product_within_bounds(scene, light, level):
    gain = _gain(scene, light)
    assert np.median(gain[scene[1].hull > 0]) == pytest.approx(level, abs=0.02)


def test_what_is_asked_to_be_brighter_brightens_the_product_too(scene):
    staged, passes, _ = scene
    brighter = replace(staged, settings=replace(staged.settings, exposure_ev=0.5))
    gain = _gain((brighter, passes, None), 0.6)
    assert np.median(gain[passes.hull > 0]) == pytest.approx(0.6 * 2**0.5, abs=0.02)


def test_the_studios_own_light_is_not_told_twice(scene):
    """Faces that look up were lit more in the studio: even light of a room darkens them against others."""
    staged, passes, _ = scene
    inside, up = passes.hull > 0, np.arange(H)[:, None] < H // 2
    passes.normals[:] = np.where(up[..., None], np.float32([0, 0, 1]), np.float32([0, 0, 0]))
    gain = _gain((staged, passes, None), 1.0)
    assert gain[inside & up].mean() < 0.99 * gain[inside & ~up].mean()


def test_light_beyond_the_hull_does_not_bleed_in(scene):
    scene[1].shading[scene[1].hull == 0] = 100
    np.testing.assert_allclose(_gain(scene), 1, atol=1e-3)


def test_coloured_light_leaves_a_trace_of_its_hue(scene):
    gain = _gain(scene, [1.1, 1.0, 0.8])[scene[1].hull > 0].mean(axis=0)
    assert 1.02 < gain[0] / gain[2] < 1.1 / 0.8


@pytest.mark.parametrize("own", [(0.5, 0.5, 0.5), (0.6, 0.1, 0.05), (0.03, 0.05, 0.2), (0.8, 0.75, 0.6)])
@pytest.mark.parametrize("light", [(2.2, 1.0, 0.3), (0.3, 0.8, 2.0), (0.4, 1.4, 0.4)])
def test_however_coloured_the_light_hue_and_chroma_stay_true(scene, own, light):
    staged, passes, draft = scene
    cutout = replace(staged.cutout, colour=np.broadcast_to(np.float32(own), (H, W, 3)).copy())
    shading = np.broadcast_to(np.float32(light) / (np.float32(light) @ LUMINANCE), (H, W, 3)).astype(np.float32)
    made = compose(replace(staged, cutout=cutout), replace(passes, shading=shading), draft)
    solid = made.alpha == 1
    after = srgb_to_linear(made.picture[solid] / 255)
    assert shift(made.source[solid], after) <= KEPT
    assert shift(made.source[solid], after) > 0.2 * KEPT  # a trace is left


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
