"""The light at a point, against what can be worked out by hand."""

import numpy as np
import pytest

from imagegen.geometry import Geometry, Material, Mesh, Sky
from imagegen.harmonics import harmonics
from imagegen.renderer import probe
from imagegen.views.shelf import Probe


def floor(colour):
    corners = np.array([[-50, -50, 0], [50, -50, 0], [50, 50, 0], [-50, 50, 0]], float)
    return Mesh(corners, np.array([[0, 1, 2], [0, 2, 3]]), Material(colour=colour, roughness=1.0, specular=0.0))


def at(geometry, point, gain=None):
    points = np.array([point], float)
    return Probe("a", points[0], probe(geometry, points, gain=np.eye(3) if gain is None else gain, seed=3)[0])


def test_the_harmonics_are_orthonormal():
    rng = np.random.default_rng(1)
    ways = rng.standard_normal((400_000, 3))
    planes = harmonics(ways / np.linalg.norm(ways, axis=1, keepdims=True))
    assert planes.T @ planes / len(ways) * 4 * np.pi == pytest.approx(np.eye(9), abs=0.02)


def test_under_an_even_sky_a_board_that_lies_gets_all_of_it_and_those_that_stand_the_same_share():
    speck = Mesh(np.eye(3) * 1e-3 + 90, np.array([[0, 1, 2]]), Material())
    sky = Geometry((speck,), (Sky((0.5, 0.4, 0.3), (0.5, 0.4, 0.3)),))
    found = at(sky, (0, 0, 1)).irradiance(np.eye(3, dtype=np.float32))
    assert found[2] == pytest.approx(np.pi * np.array([0.5, 0.4, 0.3]), rel=0.01)
    assert found[0] == pytest.approx(found[1], rel=0.01)
    assert (found[0] < found[2]).all()


def test_a_black_floor_leaves_what_looks_down_dark_and_the_gain_scales_all():
    scene = Geometry((floor((0.0, 0.0, 0.0)),), (Sky((1, 1, 1), (1, 1, 1)),))
    up, down = at(scene, (0, 0, 1)).irradiance(np.array([[0, 0, 1], [0, 0, -1]], np.float32))
    assert up == pytest.approx(np.pi, rel=0.02)
    assert down == pytest.approx(0.0, abs=0.08)
    twice = at(scene, (0, 0, 1), gain=2 * np.eye(3)).irradiance(np.array([[0, 0, 1]], np.float32))
    assert twice[0] == pytest.approx(2 * up, rel=1e-4)
