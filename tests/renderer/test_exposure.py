from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from imagegen.colour import difference, lab
from imagegen.renderer.exposure import BAND, BOUNDS, FULL, adaptation, developed, settled

ALL = np.ones((40, 50), bool)
ALBEDO = np.full((40, 50, 3), 0.5, np.float32)
WARM = np.array([1.5, 0.95, 0.45])  # about what a lamp sends out, beside daylight


def picture(level: float, seed: int = 0, spread: float = 0.3) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal((40, 50, 1)) * spread
    return (level * np.exp(noise) * np.ones(3)).astype(np.float32)


def factor(light: np.ndarray, albedo: np.ndarray, room: np.ndarray, key: float) -> float:
    gain = settled(light, albedo, room, key)
    np.testing.assert_allclose(gain, np.eye(3) * gain[1, 1], atol=1e-5)
    return float(gain[1, 1])


def test_white_thing_in_full_light_is_shown_white_however_bright_the_trace() -> None:
    for level in (0.1, 0.4, 1.5):
        light = picture(level, spread=0.05)
        shown = developed(light, settled(light, ALBEDO, ALL, 0.5))
        assert BAND[0] * FULL * 0.9 < np.median(shown / ALBEDO) < BAND[1] * FULL * 1.1


def test_moody_style_stays_darker_than_an_airy_one() -> None:
    dim = picture(0.15)
    assert factor(dim, ALBEDO, ALL, 0.18) < factor(dim, ALBEDO, ALL, 0.5)


def test_dark_room_is_not_brightened_to_grey() -> None:
    light = picture(0.1, spread=0.05)
    albedo = np.full_like(light, 0.06)
    light[:14], albedo[:14] = 1.2, 0.9  # a white wall in the same light
    assert 1.2 / 0.9 * factor(light, albedo, ALL, 0.4) <= FULL * BAND[1] * 1.3


def test_patch_of_sun_does_not_hold_the_room_in_the_dark() -> None:
    light = picture(0.08, spread=0.05)
    sunny = light.copy()
    sunny[:6] = 9.0
    assert factor(sunny, ALBEDO, ALL, 0.4) > 0.8 * factor(light, ALBEDO, ALL, 0.4)


def test_pixels_of_the_product_and_of_lamps_do_not_count() -> None:
    light, room = picture(0.2), ALL.copy()
    room[10:30] = False
    other = light.copy()
    other[10:30] = (7.0, 3.0, 0.0)
    np.testing.assert_array_equal(settled(light, ALBEDO, room, 0.3, 0.9), settled(other, ALBEDO, room, 0.3, 0.9))
    np.testing.assert_array_equal(settled(light, ALBEDO, np.zeros_like(ALL), 0.3, 0.9), np.eye(3))


def test_white_wall_in_coloured_light_is_shown_neutral_and_an_evening_stays_warm() -> None:
    albedo = np.full((40, 50, 3), 0.85, np.float32)
    light = (albedo * WARM * 0.3).astype(np.float32)

    def cast(share: float) -> float:
        shown = developed(light, settled(light, albedo, ALL, 0.6, share)).mean(axis=(0, 1)).astype(np.float64)
        grey = np.full(3, float(shown @ (0.2126, 0.7152, 0.0722)))
        return float(difference(lab(shown), lab(grey)))

    assert cast(1.0) < 0.1
    assert cast(0.95) < 3.0
    assert 6.0 < cast(0.6) < cast(0.0)


def test_colour_of_the_light_is_told_from_all_surfaces_not_from_a_coloured_wall() -> None:
    albedo = np.full((40, 50, 3), 0.8, np.float32)
    albedo[:20] = (0.7, 0.3, 0.2)
    light = (albedo * 0.4).astype(np.float32)
    np.testing.assert_allclose(np.diag(settled(light, albedo, ALL, 0.4, 1.0)), settled(light, albedo, ALL, 0.4)[1, 1])


def test_adaptation_keeps_the_luminance_of_white_under_that_light() -> None:
    for share in (0.0, 0.5, 1.0):
        shown = adaptation(WARM, share) @ WARM
        np.testing.assert_allclose(shown @ (0.2126, 0.7152, 0.0722), WARM @ (0.2126, 0.7152, 0.0722))
    np.testing.assert_allclose(adaptation(WARM, 0.0), np.eye(3), atol=1e-12)


@given(level=st.floats(0.0, 20.0), key=st.floats(0.02, 1.0), seed=st.integers(0, 50))
def test_factor_keeps_its_bounds_and_comes_again(level: float, key: float, seed: int) -> None:
    light = picture(level, seed)
    found = settled(light, ALBEDO, ALL, key, 0.5)
    assert BOUNDS[0] - 1e-5 <= found[1, 1] <= BOUNDS[1] + 1e-4
    np.testing.assert_array_equal(found, settled(light, ALBEDO, ALL, key, 0.5))
