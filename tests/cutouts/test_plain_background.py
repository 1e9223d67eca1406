from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imagegen.cutouts.plain_background import PlainBackgroundCutter
from imagegen.errors import NotAPackshotError
from imagegen.images import decode, linear_to_srgb
from imagegen.types import Verdict
from tests.cutouts.packshots import SIZE, packshot, room_photo

DEMO = Path(__file__).parents[2] / "demo"

CASES = {
    "dark chair, slats": (("chair", (60, 45, 35)), {}, 0.99),
    "chrome chair on grey": (("chair", (188, 190, 194)), {"studio": (245, 245, 245), "gradient": 0.15}, 0.97),
    "white sofa on white": (
        ("sofa", (246, 245, 243)),
        {"studio": (250, 250, 250), "gradient": 0.1, "shade": 0.25},
        0.985,
    ),
    "white sofa on clipped white": (("sofa", (250, 249, 247)), {"shade": 0.18}, 0.985),
    "grey sofa in its shadow": (("sofa", (120, 120, 122)), {"shadow": 0.6}, 0.985),
    "black sofa in deep shadow": (("sofa", (25, 25, 27)), {"shadow": 0.7}, 0.985),
    "green sofa on beige": (("sofa", (70, 90, 60)), {"studio": (225, 210, 190), "gradient": 0.3}, 0.99),
    "brass lamp": (("pendant", (200, 160, 90)), {"studio": (240, 240, 238), "shadow": 0}, 0.985),
    "ivory clock": (("clock", (240, 235, 225)), {"studio": (252, 252, 252), "shade": 0.1}, 0.985),
    "wire basket": (("basket", (120, 80, 45)), {"shadow": 0.1}, 0.93),
}


@pytest.mark.parametrize("case", CASES)
def test_product_is_freed_of_studio_and_shadow(case):
    arguments, options, least = CASES[case]
    data, truth = packshot(*arguments, **options)
    cutout = PlainBackgroundCutter().cut(decode(data))
    overlap = np.minimum(cutout.alpha, truth).sum() / np.maximum(cutout.alpha, truth).sum()
    assert overlap > least
    assert cutout.alpha.dtype == np.float32
    assert cutout.colour.dtype == np.float32


def test_gaps_between_slats_are_open():
    data, truth = packshot("chair", (60, 45, 35))
    alpha = PlainBackgroundCutter().cut(decode(data)).alpha
    assert truth[140, 260] == 0
    assert alpha[140, 260] == 0


def test_cord_is_kept_up_to_the_frame_and_told():
    data, truth = packshot("pendant", (30, 30, 30), shadow=0)
    cutout = PlainBackgroundCutter().cut(decode(data))
    assert (cutout.alpha[:230].max(axis=1) > 0.4).all()
    assert cutout.alpha[:230].sum() == pytest.approx(truth[:230].sum(), rel=0.15)
    told = next(finding for finding in cutout.findings if finding.check == "cutout_frame")
    assert told.verdict is Verdict.PASS


def test_edge_pixels_have_the_products_colour_and_not_the_studios():
    data, _ = packshot("clock", (150, 40, 30), shade=0, shadow=0)
    cutout = PlainBackgroundCutter().cut(decode(data))
    edge = (cutout.alpha > 0.1) & (cutout.alpha < 0.9)
    assert edge.sum() > 300
    off = np.abs(linear_to_srgb(cutout.colour[edge]) * 255 - (150, 40, 30)).max(axis=1)
    # JPEG halves the resolution of chroma: a few levels at a red edge are its own.
    assert np.median(off) < 16
    assert np.percentile(off, 95) < 32


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (room_photo(), "place"),
        (packshot("pair", (90, 60, 40))[0], "2 separate things"),
        (packshot("cut_off", (90, 60, 40), shadow=0)[0], "cut off"),
        (packshot("nothing", (0, 0, 0))[0], "No product"),
        (packshot("speck", (20, 20, 20), shadow=0)[0], "only 3%"),
        (packshot("sofa", (255, 255, 255), shade=0, shadow=0)[0], "No product"),
    ],
    ids=["room", "two products", "cut by the frame", "empty", "tiny", "white on white without an edge"],
)
def test_photo_that_is_no_packshot_is_refused_with_what_was_seen_and_what_helps(data, words):
    with pytest.raises(NotAPackshotError, match=words) as caught:
        PlainBackgroundCutter().cut(decode(data))
    assert "photo" in caught.value.hint.lower()


def test_cutting_twice_gives_the_same_pixels():
    photo = decode(packshot("chair", (60, 45, 35))[0])
    first, second = PlainBackgroundCutter().cut(photo), PlainBackgroundCutter().cut(photo)
    np.testing.assert_array_equal(first.alpha, second.alpha)
    np.testing.assert_array_equal(first.colour, second.colour)


def overlap(alpha, truth):
    return np.minimum(alpha, truth).sum() / np.maximum(alpha, truth).sum()


def cut(data):
    return PlainBackgroundCutter().cut(decode(data))


@settings(max_examples=8, deadline=None)
@given(
    st.sampled_from(["sofa", "chair"]),
    st.integers(78, 97),
    st.floats(0, 1.5),
)
def test_noise_and_jpeg_within_bounds_move_alpha_little(shape, quality, noise):
    data, truth = packshot(shape, (110, 70, 45), noise=noise, quality=quality)
    assert overlap(cut(data).alpha, truth) > 0.975


@settings(max_examples=8, deadline=None)
@given(st.tuples(*[st.integers(175, 252)] * 3), st.floats(0, 0.2))
def test_product_on_white_grey_and_coloured_paper_is_cut_the_same(studio, gradient):
    data, truth = packshot("sofa", (60, 45, 35), studio, gradient=gradient)
    assert overlap(cut(data).alpha, truth) > 0.985


@pytest.mark.parametrize("noise", [0.2, 0.4, 0.6])
def test_deep_shadow_under_a_product_on_legs_stays_out(noise):
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    across = 1 / (1 + np.exp((0.12 - x) / 0.01)) / (1 + np.exp((x - 0.88) / 0.01))
    depth = 0.8 * across * np.exp(-(((y - 0.73) / 0.035) ** 2))
    warm = 1 - depth[..., None] * np.array([0.98, 1, 1.02])
    data, truth = packshot("sideboard", (150, 105, 70), (245, 245, 245), shadow=0, noise=noise, dim=warm)
    under = np.s_[380:440, 90:470]
    assert truth[under].max() == 0
    assert cut(data).alpha[under].mean() < 0.04


def test_paper_between_the_threads_of_a_pale_fringe_is_open():
    data, truth = packshot("fringed", (232, 214, 186), shadow=0, shade=0.1)
    fringe = np.s_[145:415, 50:83]
    assert overlap(cut(data).alpha[fringe], truth[fringe]) > 0.95


@pytest.mark.parametrize(
    ("sku", "most"), [("SID-RIBBA-160", 2.0), ("WAR-VIT-100", 9.0), ("RUG-RUTA-240", 15.0), ("SHE-GALLER-5", 8.0)]
)
def test_demo_packshot_is_cut_as_its_truth_says(sku, most):
    """Thousands of pixels lost or kept: a shadow under legs, white on white, a fringe, gaps between boards."""
    with Image.open(DEMO / "truth" / sku / "alpha.png") as file:
        truth = np.asarray(file, np.float32) / 255
    cutout = cut((DEMO / "packshots" / f"{sku}.jpg").read_bytes())
    assert np.abs(cutout.alpha - truth).sum() / 1000 < most


def test_what_the_cutter_leaves_aside_keeps_the_photos_colour():
    photo = decode(packshot("sofa", (60, 45, 35))[0])
    cutout = PlainBackgroundCutter().cut(photo)
    assert cutout.alpha.shape == photo.colour.shape[:2]
    np.testing.assert_array_equal(cutout.colour[:20], photo.colour[:20])
    assert cutout.alpha[:20].max() == 0
