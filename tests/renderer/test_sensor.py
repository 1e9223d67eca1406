import numpy as np
import pytest

from imagegen.geometry import Geometry, Material, Mesh, Sky
from imagegen.renderer import render
from imagegen.types import Camera

CARD = np.array([[-0.1, 0, -0.1], [0.1, 0, -0.1], [0.1, 0, 0.1], [-0.1, 0, 0.1]])
CLASS = 23


@pytest.mark.parametrize(("cx", "cy"), [(60, 40), (95, 40), (20, 40), (60, 70), (85, 15), (-30, 95)])
def test_a_point_is_seen_where_the_camera_projects_it_whatever_the_principal_point(cx, cy):
    rotation = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    camera = Camera(120.0, cx, cy, rotation, np.array([0.0, -3.0, 1.0]), 120, 80)
    wanted = np.array([70.5, 30.5])
    centre = camera.position + camera.rays(wanted[None])[0] * 3.0
    card = Mesh(CARD + centre, np.array([[0, 1, 2], [0, 2, 3]]), Material(), segment=CLASS)
    passes = render(Geometry((card,), (Sky((1, 1, 1), (1, 1, 1)),)), camera, None, samples=1, seed=0)
    rows, columns = np.nonzero(passes.segments == CLASS)
    assert (columns.mean() + 0.5, rows.mean() + 0.5) == pytest.approx(tuple(camera.project(centre[None])[0]), abs=0.6)
