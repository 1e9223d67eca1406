"""Lamps that are lit by choice: what is one, where it shines, what its light does."""

from dataclasses import replace

import numpy as np
import pytest
import trimesh

from imagegen.checks import CHECKS
from imagegen.errors import BadRequestError
from imagegen.gain import room_light
from imagegen.geometry import Bulb, Material, Mesh
from imagegen.glow import glowing, is_lamp, kindled, require_lamp, shade_of
from imagegen.images import linear_to_srgb
from imagegen.renderer import render
from imagegen.tone import relight
from imagegen.types import Dimensions, Mount, Product, Verdict
from tests.checks.scenes import scene
from tests.renderer.rooms_of_boxes import camera, room

LAMP = Product("L", "Lamp", "floor lamp", Dimensions(0.4, 0.4, 1.5))


def _lathe(*discs):
    """Cylinders (radius, low, high) upon each other, standing where the tests' rooms have their middle."""
    made = []
    for radius, low, high in discs:
        part = trimesh.creation.cylinder(radius, height=high - low, sections=24)
        part.apply_translation([0, -1.5, (low + high) / 2])
        made.append(part)
    whole = trimesh.util.concatenate(made)
    white = Material((0.5, 0.5, 0.5), roughness=1.0, specular=0.0)
    return Mesh(np.asarray(whole.vertices), np.asarray(whole.faces), white)


FLOOR_LAMP = _lathe((0.15, 0.002, 0.03), *((0.012, z, z + 0.1) for z in np.arange(0.03, 1.13, 0.1)), (0.2, 1.2, 1.5))


@pytest.mark.parametrize(
    ("category", "lamp"),
    [("floor lamp", True), ("pendant", True), ("wall-light", True), ("sofa", False), ("lightweight chair", False)],
)
def test_lamps_are_told_by_their_words(category, lamp):
    assert is_lamp(replace(LAMP, category=category, name="x")) is lamp


def test_what_is_no_lamp_is_refused_with_a_hint():
    with pytest.raises(BadRequestError, match="no lamp") as caught:
        require_lamp(replace(LAMP, category="sofa", name="Sofa"))
    assert caught.value.hint


def test_the_shade_is_the_wide_part_above_a_stand():
    shade = shade_of(FLOOR_LAMP, Mount.FLOOR)
    assert (shade.low, shade.high) == (pytest.approx(1.2, abs=0.05), pytest.approx(1.5, abs=0.02))
    assert shade.radius == pytest.approx(0.2, abs=0.01)
    assert (shade.x, shade.y) == (pytest.approx(0, abs=0.01), pytest.approx(-1.5, abs=0.01))


def test_the_shade_of_a_hanging_lamp_is_below_its_cord():
    hanging = _lathe((0.2, 1.6, 1.8), *((0.01, z, z + 0.1) for z in np.arange(1.8, 2.5, 0.1)))
    shade = shade_of(hanging, Mount.CEILING)
    assert shade.high < 1.9
    assert shade.low == pytest.approx(1.6, abs=0.03)


def test_a_lamp_that_is_off_changes_nothing():
    empty = room()
    geometry, hull = kindled(empty, FLOOR_LAMP, LAMP, lamp_on=False)
    assert geometry is empty
    assert hull is FLOOR_LAMP


def test_a_lit_lamp_sheds_warm_light_on_the_floor_around_it():
    plain = room(lights=())
    geometry, hull = kindled(plain, FLOOR_LAMP, LAMP, lamp_on=True)
    bulb = geometry.lights[-1]
    assert isinstance(bulb, Bulb)
    assert 1.2 < bulb.centre[2] < 1.5
    seen = render(geometry, camera(), hull, samples=16, seed=1)
    floor = seen.picture[(seen.segments == 4) & (seen.hull == 0)]
    assert floor.mean() > 0.02
    assert floor[:, 0].mean() > 1.3 * floor[:, 2].mean()


def _lit(*, lamp_on=True):
    staged, passes, composed = scene()
    product = replace(staged.product, category="table lamp")
    whole = trimesh.creation.box(bounds=[[-0.45, -1.5, 0], [0.45, -0.9, 0.8]])
    hull = Mesh(np.asarray(whole.subdivide().subdivide().vertices), np.asarray(whole.faces), Material())
    return (
        replace(staged, product=product, hull=hull, settings=replace(staged.settings, lamp_on=lamp_on)),
        passes,
        composed,
    )


def test_a_lit_shade_is_brightened_and_one_that_is_off_is_not():
    for on in (True, False):
        staged, passes, composed = _lit(lamp_on=on)
        gain = room_light(staged, passes, composed.source, composed.alpha)
        shining = glowing(staged) > 0.9
        assert shining.any() == on
        if on:
            assert (gain[shining] > 1.8).all()
            assert (gain[shining][:, 0] > gain[shining][:, 2]).all()
        else:
            assert gain.max() <= 1.6


def test_the_colour_check_leaves_the_shining_shade_out():
    staged, passes, composed = _lit()
    gain = np.where(glowing(staged)[..., None] > 0.01, np.float32([3.0, 2.4, 1.2]), np.float32(1))
    lit = np.rint(linear_to_srgb(relight(composed.source, gain)) * 255).astype(np.uint8)
    finding = CHECKS["colour_true"]().check(staged, passes, replace(composed, picture=lit))
    assert finding.verdict is Verdict.PASS
    off = replace(staged, settings=replace(staged.settings, lamp_on=False))
    assert CHECKS["colour_true"]().check(off, passes, replace(composed, picture=lit)).verdict is not Verdict.PASS


def test_a_shade_of_steel_lets_its_light_out_below_and_does_not_glow():
    steel = replace(LAMP, material="enamelled steel")
    geometry, hull = kindled(room(), FLOOR_LAMP, steel, lamp_on=True)
    assert geometry.lights[-1].centre[2] < 1.2
    assert hull.material.translucence == 0
    staged = _lit()[0]
    assert not glowing(replace(staged, product=replace(staged.product, material="brass, steel"))).any()
    assert glowing(replace(staged, product=replace(staged.product, material="linen, steel"))).any()
