import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from imagegen.images import srgb_to_linear
from imagegen.tone import display, encode8, relight, view_transform

LIGHT = st.floats(0, 50, width=32)
COLOUR = st.tuples(LIGHT, LIGHT, LIGHT).map(lambda c: np.float32([c]))


def test_every_byte_comes_back_from_display_light_under_a_gain_of_one():
    every = np.stack(np.meshgrid(*[np.arange(0, 256, 5)] * 3), axis=-1).reshape(-1, 3).astype(np.uint8)
    source = srgb_to_linear(every / 255)
    np.testing.assert_array_equal(encode8(relight(source, np.ones_like(source))), every)


def test_middle_tones_keep_their_ratios_above_the_offset():
    light = np.float32([[0.5, 0.3, 0.2]])
    np.testing.assert_allclose(display(light), light - 0.04, atol=1e-6)


def test_reference_values_of_the_published_formula():
    np.testing.assert_allclose(display(np.float32([[0.04, 0.04, 0.04]])), 0.01, atol=1e-6)
    peak = 1 - 0.24**2 / (0.96 + 0.24 - 0.76)
    np.testing.assert_allclose(display(np.float32([[1, 1, 1]])), peak, atol=1e-5)


@given(COLOUR)
def test_display_light_stays_between_black_and_white(colour):
    shown = display(colour)
    assert np.isfinite(shown).all()
    assert shown.min() >= 0
    assert shown.max() <= 1


@given(COLOUR, st.floats(1.01, 4))
def test_more_light_is_never_darker_at_its_peak(colour, factor):
    assert display(colour * np.float32(factor)).max() >= display(colour).max() - 1e-6


def test_light_that_is_no_number_is_shown_and_not_passed_on():
    assert view_transform(np.float32([[np.nan, np.inf, -1]])).dtype == np.uint8


@given(st.tuples(*[st.floats(0, 1, width=32)] * 3), st.floats(0.25, 1.625, width=32))
def test_gain_darkens_in_proportion_and_never_passes_white(colour, gain):
    source = np.float32([colour])
    lit = relight(source, np.full_like(source, gain))
    assert lit.max() <= 1
    if gain < 1:
        np.testing.assert_allclose(lit, source * np.float32(gain), atol=1e-6)
    else:
        assert (lit >= source - 1e-6).all()
