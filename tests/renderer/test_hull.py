from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagegen.colour import LUMINANCE
from imagegen.hull import carve
from imagegen.types import Cutout, Dimensions, Mount, Product
from tests.renderer.rooms_of_boxes import CHAIR, chair_photo, placed


@pytest.fixture(scope="module")
def chair():
    cutout, pose = chair_photo()
    return cutout, pose, placed(pose)


def _mask(hull, place):
    """Where the hull's vertices lie in the picture."""
    uv = place.camera.project(hull.vertices)
    return np.floor(uv).astype(int)


@settings(max_examples=8, deadline=None)
@given(yaw=st.floats(-180, 180), x=st.floats(-2, 2), y=st.floats(-3, -1))
def test_hull_lies_inside_the_silhouette_above_the_floor_wherever_it_stands(yaw, x, y):
    cutout, pose = chair_photo(160)
    place = placed(pose, (x, y, 0.0), yaw, scale=1.0, shift=(0, 0), size=(160, 160))
    hull = carve(cutout, pose, place, CHAIR)
    assert hull.vertices[:, 2].min() >= 0
    assert hull.vertices[:, 2].max() <= 0.93
    u, v = _mask(hull, place).T
    from scipy import ndimage

    wide = ndimage.binary_dilation(cutout.alpha > 0, iterations=2)
    front = hull.vertices[:, 2] > 0.01
    assert wide[v[front].clip(0, 159), u[front].clip(0, 159)].mean() > 0.995


def test_hull_stands_on_the_floor_where_the_legs_do(chair):
    cutout, pose, place = chair
    hull = carve(cutout, pose, place, CHAIR)
    low = hull.vertices[hull.vertices[:, 2] < 0.01][:, :2] - place.position[:2]
    assert len(low)
    for x in (-0.23, 0.23):
        for y in (-0.23, 0.23):
            assert np.linalg.norm(low - [x, y], axis=1).min() < 0.04, (x, y)


def test_legs_are_about_as_deep_as_wide(chair):
    cutout, pose, place = chair
    hull = carve(cutout, pose, place, CHAIR)
    shin = hull.vertices[(hull.vertices[:, 2] > 0.1) & (hull.vertices[:, 2] < 0.2)] - place.position
    for x in (-0.23, 0.23):
        for y in (-0.23, 0.23):
            near = shin[np.linalg.norm(shin[:, :2] - [x, y], axis=1) < 0.15]
            assert np.ptp(near @ place.camera.rotation[2]) < 0.12, (x, y)


def test_hull_wears_the_photo_and_scatters_a_paler_hue_as_bright(chair):
    cutout, pose, place = chair
    material = carve(cutout, pose, place, CHAIR).material
    np.testing.assert_allclose(
        material.colour.pixels, np.broadcast_to([0.3, 0.2, 0.1], material.colour.pixels.shape), 1e-3
    )
    bounce = np.array(material.bounce)
    assert bounce @ LUMINANCE == pytest.approx(np.array([0.3, 0.2, 0.1]) @ LUMINANCE, rel=1e-3)
    assert np.ptp(bounce) == pytest.approx(0.4 * 0.2, abs=1e-3)


def test_the_photo_lies_on_the_hull_as_it_was_taken(chair):
    cutout, pose, place = chair
    colour = np.zeros_like(cutout.colour)
    colour[:120], colour[120:] = (0.6, 0.1, 0.1), (0.1, 0.1, 0.6)
    hull = carve(replace(cutout, colour=colour), pose, place, CHAIR)
    rows, cols = hull.material.colour.pixels.shape[:2]
    u, v = hull.uv.T
    seen = hull.material.colour.pixels[((1 - v) * rows).astype(int).clip(0, rows - 1), (u * cols).astype(int)]
    height = hull.vertices[:, 2]
    assert (seen[height > 0.8][:, 0] > seen[height > 0.8][:, 2]).all()
    assert (seen[height < 0.1][:, 2] > seen[height < 0.1][:, 0]).all()


def test_rug_is_a_thin_slab_of_its_outline(chair):
    _, pose, place = chair
    alpha = np.zeros((240, 240), np.float32)
    alpha[150:200, 60:180] = 1
    rug = Product("r", "rug", "rug", Dimensions(1.0, 0.7, 0.01), Mount.RUG)
    hull = carve(Cutout(np.ones((240, 240, 3), np.float32), alpha, "true"), pose, place, rug)
    assert hull.vertices[:, 2].max() == pytest.approx(0.01, abs=1e-6)
    assert hull.vertices[:, 2].min() >= 0


@pytest.mark.parametrize("kind", ["round", "given"])
def test_round_goods_are_as_deep_as_wide(chair, kind):
    _, pose, place = chair
    alpha = np.zeros((240, 240), np.float32)
    alpha[80:190, 90:150] = 1
    vase = Product("v", "vase", "vase", Dimensions(0.4, 0.4, 0.7))
    hull = carve(Cutout(np.ones((240, 240, 3), np.float32), alpha, "true"), replace(pose, kind=kind), place, vase)
    band = hull.vertices[(hull.vertices[:, 2] > 0.3) & (hull.vertices[:, 2] < 0.4)]
    across = np.ptp(band @ place.camera.rotation[0])
    along = np.ptp(band @ place.camera.rotation[2])
    assert along == pytest.approx(across, rel=0.35)


def test_one_stray_pixel_still_gives_a_mesh(chair):
    _, pose, place = chair
    alpha = np.zeros((240, 240), np.float32)
    alpha[100:104, 100:104] = 1
    hull = carve(Cutout(np.ones((240, 240, 3), np.float32), alpha, "true"), pose, place, CHAIR)
    assert len(hull.faces) > 0
    assert np.isfinite(hull.vertices).all()
