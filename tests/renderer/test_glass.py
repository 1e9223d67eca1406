import numpy as np
import pytest

from imagegen.geometry import Material
from imagegen.renderer import render
from tests.renderer.rooms_of_boxes import box, camera, room


def seen_through(colour: tuple[float, float, float]) -> np.ndarray:
    """Mean colour of the wall behind a closed body of thin glass, as a share of the wall without it."""
    glass = Material(colour=colour, roughness=0.04, transmission=0.9)
    body = box((-0.5, -2.0, 0.02), (0.5, -1.6, 1.6), glass, 20)
    bare, behind = (render(room(*more), camera(), None, samples=16, seed=3).picture for more in ((), (body,)))
    part = (slice(24, 44), slice(38, 58))
    return behind[part].mean(axis=(0, 1)) / bare[part].mean(axis=(0, 1))


def test_coloured_glass_shows_what_is_behind_it_in_its_colour():
    share = seen_through((0.5, 0.25, 0.06))
    assert share[0] > share[1] > share[2]
    assert share[0] == pytest.approx(0.5, abs=0.15)
    assert share[2] < 0.2


def test_pale_glass_is_clear():
    share = seen_through((0.85, 0.9, 0.88))
    assert share.min() > 0.75
    assert np.ptp(share) < 0.03
