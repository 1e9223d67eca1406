import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from imagegen.cutouts.edge import grow, highest


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 19), st.integers(0, 2**32 - 1))
def test_highest_of_a_window_is_what_a_filter_pixel_by_pixel_finds(height, width, size, seed):
    plane = np.random.default_rng(seed).random((height, width), dtype=np.float32)
    np.testing.assert_array_equal(highest(plane, size), ndimage.maximum_filter(plane, size, mode="nearest"))


@pytest.mark.parametrize("radius", [0, 1, 3])
def test_a_grown_pixel_is_a_square(radius):
    mask = np.zeros((11, 11), bool)
    mask[5, 5] = True
    assert grow(mask, radius).sum() == (2 * radius + 1) ** 2
    assert grow(mask, radius).dtype == bool
