"""The demo catalog against the truth that lies beside it."""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imagegen.types import Camera

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "demo"
MEGABYTE = 1024 * 1024

with (DEMO / "catalog.csv").open(encoding="utf-8", newline="") as sheet:
    ROWS = list(csv.DictReader(sheet))

each_product = pytest.mark.parametrize("row", ROWS, ids=[row["sku"] for row in ROWS])


def size_of(row: dict[str, str]) -> np.ndarray:
    return np.array([float(row[f"{side}_cm"]) / 100 for side in ("width", "depth", "height")])


def camera_of(row: dict[str, str]) -> tuple[Camera, dict[str, float]]:
    facts = json.loads((DEMO / "truth" / row["sku"] / "camera.json").read_text())
    camera = Camera(
        facts["focal"],
        facts["cx"],
        facts["cy"],
        np.array(facts["rotation"]),
        np.array(facts["position"]),
        facts["width"],
        facts["height"],
    )
    return camera, facts


def alpha_of(row: dict[str, str]) -> np.ndarray:
    with Image.open(DEMO / "truth" / row["sku"] / "alpha.png") as picture:
        return np.asarray(picture, float) / 255


def points_of(row: dict[str, str]) -> np.ndarray:
    import trimesh

    return np.asarray(trimesh.load(DEMO / "truth" / row["sku"] / "model.ply", process=False).vertices)


def test_catalog_offers_the_breadth_of_a_shop():
    assert len(ROWS) >= 12
    assert len({row["sku"] for row in ROWS}) == len(ROWS)
    assert len({row["category"] for row in ROWS}) >= 8
    assert {row["mount"] for row in ROWS} == {"floor", "wall", "ceiling", "surface", "rug"}


def test_most_cameras_are_left_to_be_estimated():
    told = [row["sku"] for row in ROWS if row["yaw_deg"]]
    assert 1 <= len(told) <= 2


def test_demo_stays_small_enough_for_the_repository():
    assert sum(p.stat().st_size for p in DEMO.rglob("*") if p.is_file() and p.suffix != ".pyc") < 12 * MEGABYTE


@each_product
def test_packshot_is_large_and_its_rim_is_bright_and_unclipped(row):
    with Image.open(DEMO / row["photos"]) as photo:
        pixels = np.asarray(photo.convert("RGB"))
    assert max(pixels.shape[:2]) >= 1200
    corners = [pixels[:20, :20], pixels[:20, -20:]]
    assert all(215 <= corner.mean() <= 254.5 for corner in corners)


@each_product
def test_model_has_the_catalogs_centimetres_and_stands_in_its_frame(row):
    points = points_of(row)
    low, high = points.min(axis=0), points.max(axis=0)
    np.testing.assert_allclose(high - low, size_of(row), atol=0.002)
    np.testing.assert_allclose((low + high)[:2] / 2, 0, atol=0.001)
    assert abs(low[2]) < 0.001


@each_product
def test_camera_projects_the_model_onto_the_alpha(row):
    camera, _ = camera_of(row)
    alpha = alpha_of(row)
    assert alpha.shape == (camera.height, camera.width)
    seen = camera.project(points_of(row))
    rows, columns = np.nonzero(alpha > 0.3)
    assert seen[:, 0].min() == pytest.approx(columns.min(), abs=5)
    assert seen[:, 0].max() == pytest.approx(columns.max() + 1, abs=5)
    assert seen[:, 1].max() == pytest.approx(rows.max() + 1, abs=5)
    if row["mount"] != "ceiling":
        assert seen[:, 1].min() == pytest.approx(rows.min(), abs=5)


@each_product
def test_camera_facts_agree_with_the_camera(row):
    camera, facts = camera_of(row)
    back = camera.position - np.array([0, 0, size_of(row)[2] / 2])
    distance = np.linalg.norm(back)
    assert distance == pytest.approx(facts["distance_m"], abs=1e-5)
    assert np.degrees(np.arcsin(back[2] / distance)) == pytest.approx(facts["elevation_deg"], abs=1e-3)
    assert camera.focal * 36 / camera.width == pytest.approx(facts["focal_mm"], abs=0.01)
    if facts["elevation_deg"] < 89:
        assert np.degrees(np.arctan2(back[0], -back[1])) == pytest.approx(facts["yaw_deg"], abs=1e-3)
    if row["yaw_deg"]:
        assert float(row["yaw_deg"]) == facts["yaw_deg"]


@each_product
def test_alpha_lies_where_the_photo_shows_the_product(row):
    """The photo changes at the silhouette: a shifted alpha would find flat paper there."""
    alpha = alpha_of(row)
    with Image.open(DEMO / row["photos"]) as photo:
        grey = np.asarray(photo.convert("L"), float)
    step = np.hypot(*np.gradient(grey))
    edge = np.hypot(*np.gradient(alpha)) > 0.2
    beside = np.roll(edge, (9, 9), axis=(0, 1)) & ~edge & (alpha == 0)
    assert np.median(step[edge]) > 2 * np.median(step[beside])


def test_cord_of_the_pendant_leaves_at_the_top_edge():
    row = next(row for row in ROWS if row["mount"] == "ceiling")
    top = np.nonzero(alpha_of(row)[0] > 0.5)[0]
    assert 2 <= len(top) <= 12


@pytest.mark.parametrize("sku", ["MIR-MANE-80", "WAR-VIT-100", "LAM-KLOCKA-P", "CHA-KROM-B"])
def test_rebuilt_model_has_its_centimetres_and_whole_normals(sku, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    sys.modules.pop("demo", None)
    from demo.products import ITEMS, build

    item = next(item for item in ITEMS if item.sku == sku)
    meshes = build(item)
    points = np.concatenate([mesh.vertices for mesh in meshes])
    np.testing.assert_allclose(np.ptp(points, axis=0), np.array(item.size) / 100, atol=1e-9)
    for mesh in meshes:
        assert mesh.faces.min() >= 0
        assert mesh.faces.max() < len(mesh.vertices)
        assert np.isfinite(mesh.vertices).all()
        if mesh.normals is not None:
            used = np.unique(mesh.faces)
            assert (np.abs(np.linalg.norm(mesh.normals[used], axis=1) - 1) < 1e-6).mean() > 0.99
