"""Lamps and the light of an evening: what burns lights its surroundings, and no other light is left in the way."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from imagegen.colour import difference, lab
from imagegen.geometry import Bulb, Geometry, Material, Mesh, Sky, Sun
from imagegen.renderer import render
from imagegen.rooms.lamplight import BRIGHTEST, bulbs, lit
from imagegen.rooms.lighting import lights_of, mirrored_light
from imagegen.rooms.parts import KINDS, Spec
from imagegen.rooms.shapes import box, cylinder
from imagegen.rooms.shell import Extent
from imagegen.types import Camera
from styles.errors import UnknownLightError
from styles.library import default_library
from styles.schema import LightPage, SunPage

LAMPS = {
    "floor-lamp": (0.42, 0.42, 1.55),
    "table-lamp": (0.32, 0.32, 0.5),
    "pendant": (0.56, 0.56, 0.9),
    "sconce": (0.2, 0.18, 0.3),
}
FORMS = [(kind, form) for kind in LAMPS for form in KINDS[kind].forms]
CLOTH = Material(colour=(0.9, 0.85, 0.7), emission=(0.4, 0.36, 0.3))
GLASS = Material(colour=(1.0, 0.9, 0.7), emission=(2.0, 1.8, 1.4))
WHITE = Material(colour=(0.85, 0.85, 0.85), roughness=1.0, specular=0.0)
EVENING = LightPage(name="evening", time="evening", lamps=6.0, outside=0.1, lamp_colour="#ffd9ac")


def mesh(shape, material: Material) -> Mesh:
    return Mesh(shape.vertices, shape.faces, material, shape.uv, shape.normals)


def lamp(page: LightPage) -> list[tuple[str, Mesh]]:
    """A cloth shade round a bulb, half a metre before a white wall."""
    parts = {"shade": (cylinder(0.18, 0.3), CLOTH), "bulb": (cylinder(0.03, 0.06).move(z=0.1), GLASS)}
    return [(slot, mesh(shape.move(0, -0.5, 1.0), lit(own, slot, page))) for slot, (shape, own) in parts.items()]


def traced(page: LightPage, adapts: float = 0.0, key: float | None = None) -> np.ndarray:
    """The middle of a white wall behind a lamp, and its far end: (2, 3) linear light."""
    placed = lamp(page)
    wall = box((8, 0.1, 2.6)).move(y=0.05)
    dusk = (0.003, 0.004, 0.006)
    geometry = Geometry(
        (mesh(wall, WHITE), *(each for _, each in placed)), (Sky(dusk, dusk), *bulbs(placed, page)), 1.0, key, adapts
    )
    rotation = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    seen = render(geometry, Camera(60, 48, 24, rotation, np.array([0.9, -4.5, 1.15]), 96, 48), None, samples=16, seed=1)
    return np.array([seen.picture[20:28, 42:48].mean(axis=(0, 1)), seen.picture[20:28, 84:].mean(axis=(0, 1))])


@pytest.mark.parametrize(("kind", "form"), FORMS)
def test_lamp_has_something_that_burns_within_its_own_size(kind: str, form: str) -> None:
    size = LAMPS[kind]
    pieces = KINDS[kind].form(form).build(Spec(size, form, {}, 3))
    assert "bulb" in {piece.slot for piece in pieces}
    assert {piece.slot for piece in pieces} <= set(KINDS[kind].form(form).slots)
    points = np.concatenate([piece.shape.vertices for piece in pieces])
    spread = points.max(axis=0) - points.min(axis=0)
    assert (spread <= np.add(size, (0.06, 0.06, 0.01))).all()
    if kind in ("floor-lamp", "table-lamp"):
        assert abs(points[:, 2].min()) < 0.002
        assert abs(points[:, 2].max() - size[2]) < 0.005
    if kind == "pendant":
        assert abs(points[:, 2].max()) < 0.002
        assert abs(points[:, 2].min() + size[2]) < 0.015
    if kind == "sconce":
        assert points[:, 1].max() < 0.002


def test_burning_lamp_lights_the_wall_beside_it_more_than_far_from_it() -> None:
    off, on = traced(EVENING.model_copy(update={"lamps": 0.0})), traced(EVENING)
    assert on[0].mean() > 6 * off[0].mean()
    assert on[0].mean() > 2 * on[1].mean()


def test_white_wall_by_a_warm_lamp_is_drawn_to_neutral_as_far_as_the_page_says() -> None:
    def cast(adapts: float) -> float:
        shown = traced(EVENING, adapts, 0.4)[0].astype(float)
        shown *= 0.7 / shown.max()
        return float(difference(lab(shown), lab(np.full(3, shown @ (0.2126, 0.7152, 0.0722)))))

    assert cast(1.0) < 0.4 * cast(0.0)  # not wholly: the far wall is lit by the dusk
    assert cast(1.0) < cast(0.6) < cast(0.0)


def test_lamp_by_day_only_glows_and_is_dark_when_off() -> None:
    by_day, off = EVENING.model_copy(update={"lamps": 1.0}), EVENING.model_copy(update={"lamps": 0.0})
    assert bulbs(lamp(by_day), by_day) == bulbs(lamp(off), off) == []
    assert lit(GLASS, "bulb", off).emission is None
    glow = lit(CLOTH, "shade", EVENING).emission
    assert isinstance(glow, tuple)
    assert 0.5 < max(glow) <= BRIGHTEST


def test_opaque_shade_keeps_its_bulb_to_itself() -> None:
    steel = Material(colour=(0.1, 0.1, 0.1))
    (source,) = bulbs(
        [("shade", mesh(cylinder(0.2, 0.3), steel)), ("bulb", mesh(cylinder(0.03, 0.06), GLASS))], EVENING
    )
    assert source.radius <= 0.03
    assert lit(steel, "shade", EVENING) is steel


def test_view_from_the_window_is_dim_and_blue_in_the_evening_and_a_lamp_is_not() -> None:
    dusk = EVENING.model_copy(update={"sky_colour": "#7f9fdd"})
    view = lit(GLASS, "main", dusk).emission
    assert isinstance(view, tuple)
    assert max(view) < 0.4
    assert view[2] > 0.9 * view[0]
    assert lit(GLASS, "main", LightPage(name="day")).emission == pytest.approx(GLASS.emission)


@pytest.mark.parametrize(("azimuth", "walls", "side"), [(70, "left", 1), (124, "left", 1), (-120, "right", -1)])
def test_sun_comes_through_its_own_side(azimuth: float, walls: str, side: int) -> None:
    page = LightPage(name="sun", sun=SunPage(azimuth_deg=azimuth, irradiance=2.0))
    room = default_library().room("scandinavian", None)
    suns = [light for light in lights_of(page, room, _standing(walls)) if isinstance(light, Sun)]
    assert math.copysign(1, suns[0].direction[0]) == side
    assert not any(isinstance(light, Sun) for light in lights_of(page, room, _standing("back")))


def _standing(wall: str) -> Extent:
    return Extent((wall,), left=-3.0, right=3.0, side_front=-6.0, ceiling_front=-6.0)


def test_mirrored_bulb_hangs_on_the_other_side() -> None:
    bulb = Bulb((1.0, -2.0, 1.5), 0.1, (1.0, 1.0, 1.0))
    assert mirrored_light(bulb) == replace(bulb, centre=(-1.0, -2.0, 1.5))


def test_unknown_light_is_refused() -> None:
    with pytest.raises(UnknownLightError):
        default_library().style("scandinavian").light("moon")
