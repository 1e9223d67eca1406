from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from imagegen.renderer.exposure import BOUNDS, WHITE, settled

ALL = np.ones((40, 50), bool)
ALBEDO = np.full((40, 50, 3), 0.5, np.float32)


def picture(level: float, seed: int = 0, spread: float = 0.3) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal((40, 50, 1)) * spread
    return (level * np.exp(noise) * np.ones(3)).astype(np.float32)


def test_dark_picture_is_brightened_and_bright_one_darkened_within_bounds() -> None:
    assert settled(picture(0.01), ALBEDO, ALL, 0.3) == BOUNDS[1]
    assert settled(picture(3.0), ALBEDO, ALL, 0.3) == BOUNDS[0]
    assert 1.1 < settled(picture(0.22), ALBEDO, ALL, 0.3) < 0.3 / 0.22


def test_picture_at_its_styles_key_stays() -> None:
    assert abs(settled(picture(0.3), ALBEDO, ALL, 0.3) - 1) < 0.03


def test_moody_style_stays_darker_than_an_airy_one() -> None:
    dim = picture(0.15)
    assert settled(dim, ALBEDO, ALL, 0.18) < settled(dim, ALBEDO, ALL, 0.5)


def test_white_things_are_not_pushed_beyond_white() -> None:
    light = picture(0.1, spread=0.05)
    albedo = np.full_like(light, 0.06)
    light[:4], albedo[:4] = 1.2, 0.9  # a white wall in the same light
    factor = settled(light, albedo, ALL, 0.4)
    assert 1.2 * factor <= WHITE + 1e-5
    assert factor > 1


def test_window_does_not_hold_the_room_in_the_dark() -> None:
    light = picture(0.08, spread=0.05)
    light[:6] = 9.0
    assert settled(light, ALBEDO, ALL, 0.4) > 1.3


def test_pixels_of_the_product_do_not_count() -> None:
    light, room = picture(0.2), ALL.copy()
    room[10:30] = False
    other = light.copy()
    other[10:30] = 7.0
    assert settled(light, ALBEDO, room, 0.3) == settled(other, ALBEDO, room, 0.3)
    assert settled(light, ALBEDO, np.zeros_like(ALL), 0.3) == 1.0


@given(level=st.floats(0.0, 20.0), key=st.floats(0.02, 1.0), seed=st.integers(0, 50))
def test_factor_keeps_its_bounds_and_comes_again(level: float, key: float, seed: int) -> None:
    light = picture(level, seed)
    factor = settled(light, ALBEDO, ALL, key)
    assert BOUNDS[0] <= factor <= BOUNDS[1]
    assert factor == settled(light, ALBEDO, ALL, key)
