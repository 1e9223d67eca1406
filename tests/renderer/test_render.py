from dataclasses import fields, replace

import numpy as np
import pytest

from imagegen.errors import CancelledError
from imagegen.geometry import Material, Sun, Texture
from imagegen.renderer import render, variant
from tests.renderer.rooms_of_boxes import RED, box, camera, panel, room

HULL = box((-0.4, -1.9, 0.002), (0.4, -1.1, 0.8), RED)


@pytest.fixture(scope="module")
def seen():
    return render(room(box((0.7, -2.2, 0), (1.1, -1.8, 0.5), RED, 20)), camera(), HULL, samples=4, seed=1)


def test_same_inputs_and_seed_give_the_same_bits(seen):
    again = render(room(box((0.7, -2.2, 0), (1.1, -1.8, 0.5), RED, 20)), camera(), HULL, samples=4, seed=1)
    for field in fields(seen):
        np.testing.assert_array_equal(getattr(again, field.name), getattr(seen, field.name), err_msg=field.name)


def test_other_seed_gives_other_noise(seen):
    other = render(room(box((0.7, -2.2, 0), (1.1, -1.8, 0.5), RED, 20)), camera(), HULL, samples=4, seed=2)
    assert not np.array_equal(other.picture, seen.picture)
    assert abs(other.picture.mean() - seen.picture.mean()) < 0.03


def test_passes_have_the_pictures_size_and_finite_light(seen):
    assert seen.picture.shape == seen.normals.shape == seen.albedo.shape == seen.shading.shape == (72, 96, 3)
    assert seen.depth.shape == seen.segments.shape == seen.hull.shape == (72, 96)
    assert np.isfinite(seen.picture).all()
    assert seen.picture.min() >= 0
    assert seen.picture.dtype == seen.depth.dtype == np.float32
    assert seen.segments.dtype == np.uint8


def test_depth_is_metres_along_the_forward_axis(seen):
    view = camera()
    rows, cols = np.nonzero(seen.segments == 4)
    rays = view.rays(np.column_stack([cols + 0.5, rows + 0.5]))
    true = -view.position[2] / rays[:, 2]
    slack = 0.06 if variant() == "scalar_rgb" else 2e-3  # the scalar variant cannot aim at pixel centres
    np.testing.assert_allclose(seen.depth[rows, cols], true, rtol=slack)


def test_floor_and_wall_have_their_classes_and_normals(seen):
    assert {1, 4, 20} <= set(np.unique(seen.segments))
    np.testing.assert_allclose(np.median(seen.normals[seen.segments == 4], axis=0), [0, 0, 1], atol=1e-3)
    np.testing.assert_allclose(np.median(seen.normals[seen.segments == 1], axis=0), [0, -1, 0], atol=1e-3)


def test_hull_is_in_the_passes_where_its_box_projects(seen):
    view = camera()
    middle = view.project(np.array([[0.0, -1.9, 0.4]]))[0].astype(int)
    assert seen.hull[middle[1], middle[0]] == 1
    assert 0.03 < seen.hull.mean() < 0.4
    front = (np.array([0.0, -1.9, 0.4]) - view.position) @ view.rotation[2]
    assert seen.depth[middle[1], middle[0]] == pytest.approx(front, abs=0.1)


@pytest.mark.skipif(variant() == "scalar_rgb", reason="the scalar variant shows the hull in the picture")
def test_camera_looks_through_the_hull_but_light_does_not(seen):
    bare = render(room(box((0.7, -2.2, 0), (1.1, -1.8, 0.5), RED, 20)), camera(), None, samples=4, seed=1)
    inside = (seen.hull == 1) & (seen.segments == 0)
    redness = seen.picture[inside, 0] / seen.picture[inside, 1].clip(1e-3)
    assert np.median(redness) < 2.5  # the red hull itself would give 6
    under = camera().project(np.array([[0.0, -1.5, 0.0]]))[0].astype(int)
    assert seen.picture[under[1], under[0]].mean() < 0.5 * bare.picture[under[1], under[0]].mean()


def test_white_hull_in_even_light_is_lit_about_as_much_as_the_sky_gives():
    even = render(room(), camera(), HULL, samples=2, seed=1)
    lit = even.shading[even.hull == 1]
    assert 0.3 < np.median(lit) < 0.9
    assert not even.shading[even.hull == 0].any()


def test_no_hull_gives_empty_hull_passes():
    alone = render(room(), camera(48, 36), None, samples=1, seed=0)
    assert not alone.hull.any()
    assert not alone.shading.any()


@pytest.mark.skipif(variant() == "scalar_rgb", reason="the scalar variant shows panels that face the camera")
def test_panel_lights_the_room_and_is_never_seen():
    glow = panel((0.0, -1.5, 1.2), (0.0, -1.0, 0.0))
    seen = render(room(lights=(glow,)), camera(64, 48), None, samples=4, seed=0)
    assert seen.picture.max() < 20  # its own radiance is 30
    assert seen.picture[..., 0].mean() > 0.05


def test_shadow_rays_pass_sheer_cloth_in_its_measure():
    sun = Sun((0.0, 0.05, -1.0), (3.0, 3.0, 3.0))

    def lit(opacity):
        cloth = box((-2, -4, 1.8), (2, -0.5, 1.81), Material(colour=(0.0, 0.0, 0.0), opacity=opacity, specular=0.0))
        seen = render(room(cloth, lights=(sun,)), camera(48, 36), None, samples=8, seed=0)
        return seen.picture[26:, 16:32].mean()

    whole, half = lit(0.0), lit(0.3)
    assert half == pytest.approx(whole * 0.7**2, rel=0.1)  # the box has two faces


def test_exposure_scales_light_and_nothing_else():
    from dataclasses import replace

    plain = render(room(), camera(48, 36), HULL, samples=1, seed=0)
    bright = render(replace(room(), exposure=2.0), camera(48, 36), HULL, samples=1, seed=0)
    np.testing.assert_allclose(bright.shading, plain.shading * 2, rtol=1e-4)
    np.testing.assert_array_equal(bright.depth, plain.depth)
    assert bright.picture.mean() == pytest.approx(2 * plain.picture.mean(), rel=0.02)


def test_progress_rises_and_what_it_raises_ends_the_work():
    told = []
    render(room(), camera(32, 24), None, samples=2, seed=0, progress=lambda stage, share: told.append((stage, share)))
    assert {stage for stage, _ in told} == {"render"}
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1

    def stop(stage, share):
        raise CancelledError(f"{stage} at {share}")

    with pytest.raises(CancelledError):
        render(room(), camera(32, 24), None, samples=2, seed=0, progress=stop)


def test_a_hull_that_wears_a_photo_is_lit_like_a_plain_one_and_mirrored_in_its_colours():
    """Red above, blue below: so the tile lies upright; its light is told as that on any other colour."""
    pixels = np.zeros((8, 2, 3), np.float32)
    pixels[:4], pixels[4:] = (0.6, 0.1, 0.1), (0.1, 0.1, 0.6)
    high, low = 0.8, 0.002
    uv = np.column_stack([np.full(len(HULL.vertices), 0.5), (HULL.vertices[:, 2] - low) / (high - low)])
    photo = Material(Texture(pixels, (1.0, 1.0)), roughness=1.0, specular=0.0, bounce=(0.3, 0.25, 0.3))
    worn = replace(HULL, uv=uv, material=photo)
    seen, plain = (render(room(), camera(), hull, samples=4, seed=1) for hull in (worn, HULL))
    front = (seen.hull == 1) & (seen.normals[..., 1] < -0.9)
    rows = np.flatnonzero(front.any(axis=1))
    middle = np.flatnonzero(front.any(axis=0)).mean().astype(int)
    top, foot = seen.albedo[rows[len(rows) // 4], middle], seen.albedo[rows[-len(rows) // 4], middle]
    assert top[0] > top[2]
    assert foot[2] > foot[0]
    both = (seen.hull == 1) & (plain.hull == 1)
    assert np.median(seen.shading[both]) == pytest.approx(np.median(plain.shading[both]), rel=0.12)


def test_the_floor_under_a_yellow_thing_takes_the_hue_of_what_it_scatters():
    leans = []
    for bounce in ((0.7, 0.6, 0.05), (0.62, 0.58, 0.36), (0.58, 0.58, 0.58)):
        yellow = replace(HULL.material, colour=(0.7, 0.6, 0.05), bounce=bounce)
        lifted = replace(HULL, vertices=HULL.vertices + np.array([0, 0, 0.25]), material=yellow)
        seen = render(room(), camera(), lifted, samples=16, seed=1)
        floor = (seen.segments == 4) & (seen.hull == 0)
        under = floor & (seen.picture.sum(axis=2) < np.percentile(seen.picture.sum(axis=2)[floor], 10))
        red, _, blue = seen.picture[under].mean(axis=0)
        leans.append(red / blue - 1)
    assert leans[0] > 2 * leans[1] > 0
    assert leans[2] == pytest.approx(0, abs=0.01)


def test_further_hulls_are_looked_through_and_lit_each_by_itself():
    second = box((0.7, -1.7, 0.002), (1.1, -1.3, 0.6), RED)
    both = render(room(), camera(), HULL, samples=4, seed=1, others=[second])
    one = render(room(), camera(), HULL, samples=4, seed=1)
    (other,) = both.others
    assert one.others == ()
    assert not ((both.hull > 0.5) & (other.hull > 0.5)).any()
    assert other.hull.max() == 1
    assert other.shading[other.hull == 1].mean() > 0.02
    if variant() != "scalar_rgb":
        # The picture shows neither: a red body would.
        floor = both.picture[other.hull == 1]
        assert np.median(floor[:, 0] - floor[:, 1]) < 0.1
    assert (both.depth[other.hull == 1] < one.depth[other.hull == 1]).mean() > 0.95
