from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imagegen.geometry import Geometry
from imagegen.rooms.build import build
from imagegen.rooms.suspension import CORD_RADIUS, ROSETTE_HEIGHT, ROSETTE_RADIUS
from imagegen.types import Camera, Dimensions, Mount, Placement, Product
from styles.library import default_library

LIBRARY = default_library()
STYLES = [style.slug for style in LIBRARY.styles()]
LAMP = Product("p", "Pendant", "pendant lamp", Dimensions(0.45, 0.45, 0.6), Mount.CEILING)


def hung(drop: float, *, mirrored: bool = False, tilt: float = 0.0) -> Placement:
    """The lamp's top ``drop`` metres under a ceiling of 2.65 m; ``tilt``: the picture's lower edge moved up, pixels."""
    x = -0.45 * (-1 if mirrored else 1)
    rows = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    camera = Camera(500.0, 300, 320 - tilt, rows, np.array([x, -5.0, 1.5]), 600, 410)
    return Placement("over-the-floor", np.array([x, -1.75, 2.65 - 0.6 - drop]), 0.0, mirrored, camera, np.eye(3))


def parts(placement: Placement, product: Product = LAMP, style: str = "scandinavian") -> list[np.ndarray]:
    room = LIBRARY.room("scandinavian")
    made: Geometry = build(LIBRARY.style(style), room, placement, product)
    return [mesh.vertices for mesh in made.meshes if mesh.part == "suspension"]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("drop", [0.1, 0.5, 0.9])
def test_cord_joins_the_products_top_and_the_ceiling_on_its_axis(drop: float, mirrored: bool) -> None:
    placement = hung(drop, mirrored=mirrored)
    rosette, cord = parts(placement)
    for points, radius in ((rosette, ROSETTE_RADIUS), (cord, CORD_RADIUS)):
        away = np.hypot(*(points[:, :2] - placement.position[:2]).T)
        assert away.max() == pytest.approx(radius, abs=1e-6)
        assert points[:, :2].mean(axis=0) == pytest.approx(placement.position[:2], abs=3e-3)
    assert rosette[:, 2].max() == pytest.approx(2.65)
    assert rosette[:, 2].min() == pytest.approx(2.65 - ROSETTE_HEIGHT)
    assert cord[:, 2].min() == pytest.approx(2.65 - drop)
    assert rosette[:, 2].min() < cord[:, 2].max() < 2.65


def test_lamp_that_reaches_the_ceiling_has_a_rosette_alone() -> None:
    assert len(parts(hung(0.0))) == 1


def test_cord_that_leaves_the_picture_needs_nothing() -> None:
    assert parts(hung(0.2, tilt=400.0)) == []


def test_what_stands_on_the_floor_hangs_from_nothing() -> None:
    assert parts(hung(0.2), replace(LAMP, mount=Mount.FLOOR)) == []


@pytest.mark.parametrize("style", STYLES)
def test_every_style_can_hang_a_lamp(style: str) -> None:
    assert len(parts(hung(0.3), style=style)) == 2
