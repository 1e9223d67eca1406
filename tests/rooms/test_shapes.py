import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagegen.rooms.shapes import Shape, bar, box, cushion, cylinder, join, lathe, pillow, sheet, tube

SIDE = st.floats(0.05, 3.0)


def volume(shape: Shape) -> float:
    a, b, c = (shape.vertices[shape.faces[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def agree(shape: Shape) -> float:
    """The share of faces whose corners' normals point to the face's own side."""
    a, b, c = (shape.vertices[shape.faces[:, i]] for i in range(3))
    facing = np.cross(b - a, c - a)
    real = np.linalg.norm(facing, axis=1) > 1e-10
    mean = shape.normals[shape.faces].mean(axis=1)
    return float((np.einsum("ij,ij->i", facing, mean)[real] > 0).mean())


@given(SIDE, SIDE, SIDE, st.floats(0.0005, 0.02))
@settings(max_examples=30, deadline=None)
def test_rounded_box_has_its_size_and_stands_on_the_floor(
    width: float, depth: float, height: float, radius: float
) -> None:
    shape = box((width, depth, height), radius)
    assert np.allclose(np.ptp(shape.vertices, axis=0), (width, depth, height), atol=1e-5)
    assert shape.vertices[:, 2].min() == pytest.approx(0, abs=1e-6)
    assert 0.6 * width * depth * height < volume(shape) <= width * depth * height * (1 + 1e-6)


@pytest.mark.parametrize(
    "shape",
    [
        box((0.4, 0.3, 0.2), 0.02),
        cushion((0.6, 0.6, 0.2), 0.05),
        pillow(0.5, 0.5, 0.15),
        cylinder(0.1, 0.4),
        bar((0, 0, 0), (0.2, 0.1, 1.0), 0.02),
        lathe([(0, 0), (0.1, 0), (0.12, 0.2), (0, 0.2)]),
        tube(np.array([[0, 0, 0], [0.1, 0, 0.3], [0.1, 0.2, 0.6]]), 0.02),
    ],
    ids=["box", "cushion", "pillow", "cylinder", "bar", "lathe", "tube"],
)
def test_solids_face_outwards_with_normals_that_agree(shape: Shape) -> None:
    assert volume(shape) > 0
    assert agree(shape) > 0.97
    assert np.allclose(np.linalg.norm(shape.normals, axis=1), 1, atol=1e-6)
    assert len(shape.uv) == len(shape.vertices)


def test_mirror_keeps_the_volume_and_the_outside() -> None:
    shape = join([box((0.4, 0.3, 0.2)).move(1, 0, 0), cylinder(0.1, 0.3)])
    mirrored = shape.mirror()
    assert volume(mirrored) == pytest.approx(volume(shape))
    assert agree(mirrored) > 0.97


def test_sheet_measures_its_texture_in_metres() -> None:
    x, z = np.meshgrid(np.linspace(0, 2, 9), np.linspace(0, 1, 5))
    flat = sheet(np.stack([x, 0 * x, z], axis=2))
    assert np.ptp(flat.uv, axis=0) == pytest.approx((2, 1))


def test_turn_is_counter_clockwise_seen_from_above() -> None:
    turned = box((2, 0.1, 0.1)).move(x=1).turn(90)
    assert turned.vertices[:, 1].max() == pytest.approx(2, abs=0.01)
