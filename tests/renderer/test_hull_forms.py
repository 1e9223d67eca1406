"""What the hull makes of each kind of furniture, on pieces of a known form."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from imagegen.hull import carve
from imagegen.types import Dimensions, Product
from tests.renderer.rooms_of_boxes import (
    BED,
    BED_PARTS,
    CHAIR,
    CHAIR_PARTS,
    SHELF,
    SHELF_PARTS,
    SOFA,
    SOFA_PARTS,
    TABLE,
    TABLE_PARTS,
    photographed,
    placed,
)

CASES = {
    "chair": (CHAIR, CHAIR_PARTS, {}),
    "table": (TABLE, TABLE_PARTS, {"at": (0, 0, 0.37)}),
    "sofa": (SOFA, SOFA_PARTS, {"at": (0, 0, 0.42), "distance": 5.0}),
    "shelf": (SHELF, SHELF_PARTS, {"at": (0, 0, 0.9), "distance": 5.0, "elevation": 6}),
    "bed": (BED, BED_PARTS, {"at": (0, 0, 0.5), "distance": 7.0, "elevation": 14}),
    "cupboard": (
        Product("c", "cupboard", "cupboard", Dimensions(0.9, 0.4, 1.4)),
        [((-0.45, -0.2, 0), (0.45, 0.2, 1.4))],
        {"at": (0, 0, 0.7), "distance": 5.0},
    ),
}


@pytest.fixture(scope="module", params=CASES)
def carved(request):
    product, parts, view = CASES[request.param]
    cutout, pose = photographed(parts, **view)
    place = placed(pose, scale=1.0, shift=(0, 0), size=(240, 240))
    return product, cutout, place, carve(cutout, pose, place, product)


def _form(name, **changed):
    product, parts, view = CASES[name]
    cutout, pose = photographed(parts, **(view | changed))
    place = placed(pose, (0.0, 0.0, 0.0), scale=1.0, shift=(0, 0), size=(240, 240))
    return carve(cutout, pose, place, product)


def _inside(hull, points):
    """Whether the hull's skins close round the points: rays to one side cross each of them an odd number of times."""
    corners = hull.vertices[hull.faces]
    a, b, c = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    way = np.array([0.9013, 0.3217, 0.2905])
    found = []
    for point in np.asarray(points, float):
        p = np.cross(way, c)
        det = (b * p).sum(axis=1)
        safe = np.where(np.abs(det) < 1e-15, np.nan, det)
        start = point - a
        u = (start * p).sum(axis=1) / safe
        q = np.cross(start, b)
        v = (q @ way) / safe
        t = (c * q).sum(axis=1) / safe
        hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)
        # Skins may run through each other: outward faces less inward ones tell how many one is inside of.
        found.append(int(np.sign(det[hit]).sum()) != 0)
    return np.array(found)


def test_from_the_pictures_camera_the_hull_fills_the_silhouette(carved):
    _, cutout, place, hull = carved
    image = Image.new("L", (240, 240), 0)
    draw = ImageDraw.Draw(image)
    for face in place.camera.project(hull.vertices)[hull.faces]:
        draw.polygon([tuple(p - 0.5) for p in face], fill=1)
    seen, wanted = np.asarray(image) > 0, cutout.alpha > 0.5
    assert (seen & wanted).sum() / wanted.sum() > 0.97
    assert (seen & ~ndimage.binary_dilation(wanted, iterations=2)).sum() / wanted.sum() < 0.02


def test_the_hull_stays_in_the_box_above_the_floor_and_stands_on_it(carved):
    product, _, place, hull = carved
    size = product.dimensions
    own = hull.vertices - place.position
    assert own[:, 2].min() >= 0
    assert own[:, 2].min() < 0.01
    slack = 0.06 * max(size.width, size.depth, size.height)
    assert (np.abs(own[:, :2]) <= np.array([size.width, size.depth]) / 2 + slack).all()
    assert own[:, 2].max() <= size.height + slack


def test_every_skin_is_closed(carved):
    hull = carved[3]
    edges = np.sort(np.concatenate([hull.faces[:, [0, 1]], hull.faces[:, [1, 2]], hull.faces[:, [2, 0]]]), axis=1)
    _, count = np.unique(edges, axis=0, return_counts=True)
    assert (count % 2 == 0).all()


def test_a_chair_has_a_slab_to_sit_on_an_upright_back_and_air_beneath():
    hull = _form("chair")
    assert _inside(hull, [[0, 0, 0.44], [0.1, -0.1, 0.44]]).all()
    assert _inside(hull, [[0, 0.21, 0.7]]).all()
    assert not _inside(hull, [[0, 0, 0.2], [0, 0, 0.3], [0, -0.1, 0.6], [0, 0, 0.7]]).any()


def test_a_table_is_a_top_with_air_beneath_and_legs_at_its_corners():
    hull = _form("table")
    assert _inside(hull, [[0, 0, 0.725], [0.5, 0.3, 0.725], [-0.5, 0.3, 0.725]]).all()
    assert not _inside(hull, [[0, 0, 0.3], [0, 0.2, 0.6], [0.3, 0, 0.6]]).any()
    low = hull.vertices[hull.vertices[:, 2] < 0.01][:, :2]
    for corner in ([-0.56, -0.31], [0.56, -0.31], [-0.56, 0.31], [0.56, 0.31]):
        assert np.linalg.norm(low - corner, axis=1).min() < 0.06, corner


def test_a_sofa_is_hollow_between_its_arms_and_lifted_off_the_floor():
    hull = _form("sofa")
    assert _inside(hull, [[0, 0, 0.3], [0, 0.35, 0.6], [-0.82, -0.2, 0.55], [0.82, -0.2, 0.55]]).all()
    assert not _inside(hull, [[0, -0.1, 0.6], [0.4, -0.2, 0.7], [0, 0, 0.06]]).any()


def test_light_falls_through_an_open_shelf_but_not_through_a_cupboard():
    assert _inside(_form("shelf"), [[0, 0, z + 0.01] for z in (0.1, 0.65, 1.2)]).all()
    assert not _inside(_form("shelf"), [[0, 0, 0.4], [0.2, 0.05, 0.9], [0, 0, 1.5]]).any()
    assert _inside(_form("cupboard"), [[0, 0, 0.4], [0.2, 0.05, 0.9], [0, 0, 1.3]]).all()


def test_a_bed_is_low_before_its_headboard():
    hull = _form("bed")
    assert _inside(hull, [[0, 0, 0.4], [0, 1.0, 0.8]]).all()
    assert not _inside(hull, [[0, 0, 0.8], [0, 0.6, 0.9]]).any()


@pytest.mark.parametrize("yaw", [-40, 0, 40])
def test_a_sofa_keeps_its_form_from_all_sides(yaw):
    hull = _form("sofa", yaw=yaw)
    assert _inside(hull, [[0, 0, 0.3], [0, 0.35, 0.6]]).all()
    assert not _inside(hull, [[0, -0.1, 0.6]]).any()
