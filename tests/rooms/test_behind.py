"""What mirrors see of the other half of the room: as bright as the sky that it replaces, and never seen directly."""

from __future__ import annotations

import numpy as np
import pytest

from imagegen.geometry import Material, Panel, Sky
from imagegen.rooms.behind import behind, directions
from imagegen.rooms.lighting import mirrored_light

CLAY, PALE, OAK = (
    Material(colour=(0.5, 0.25, 0.18)),
    Material(colour=(0.8, 0.8, 0.78)),
    Material(colour=(0.4, 0.3, 0.2)),
)
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def told(colour: tuple[float, float, float]) -> Sky:
    (sky,) = behind([Sky(colour, colour)], CLAY, PALE, OAK, 2.7)
    assert isinstance(sky, Sky)
    return sky


@pytest.mark.parametrize("colour", [(0.5, 0.5, 0.5), (0.3, 0.36, 0.5)])
def test_as_much_light_comes_in_at_the_open_side_as_from_an_even_sky(colour: tuple[float, float, float]) -> None:
    picture, ways = told(colour).picture, directions()
    assert picture is not None
    falls = np.maximum(-ways[..., 1], 0) * np.sqrt(1 - ways[..., 2] ** 2)
    even = np.where(ways[..., 2] > 0, 1.0, 0.5)  # the sky is half as bright below the horizon
    light = (picture * colour * (falls * even)[..., None]).sum(axis=(0, 1)) @ LUMINANCE
    assert light == pytest.approx(float(LUMINANCE @ colour) * (falls * even).sum(), rel=0.03)


def test_the_camera_s_own_side_of_the_sky_is_left_even() -> None:
    picture = told((0.5, 0.5, 0.5)).picture
    assert picture is not None
    assert (picture[directions()[..., 1] > -0.04] == 1).all()
    assert picture.std() > 0.1


def test_a_mirrored_room_has_the_mirrored_picture_and_other_lights_stay() -> None:
    sky = told((0.5, 0.5, 0.5))
    turned = mirrored_light(sky)
    assert isinstance(turned, Sky)
    assert turned.picture is not None
    assert sky.picture is not None
    ways = directions()
    assert np.allclose(ways[:, ::-1] * [-1, 1, 1], ways)
    assert np.array_equal(turned.picture, sky.picture[:, ::-1])
    panel = Panel((0, 0, 1), (0, 1, 0), (1, 1), (1, 1, 1))
    assert behind([panel], CLAY, PALE, OAK, 2.7) == [panel]
