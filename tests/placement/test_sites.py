"""Every place that is chosen, in every room of every style: inside, along its wall, on free floor, through nothing."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imagegen.checks.composition import Composition
from imagegen.errors import DoesNotFitError
from imagegen.furnished import turned
from imagegen.placement import place
from imagegen.placement.ground import footprint, pierced, straddles
from imagegen.protocols import Settings
from imagegen.rooms import furnished
from imagegen.types import Dimensions, ExplicitPlacement, Mount, Product, Seen, Verdict
from styles.library import default_library
from tests.placement.test_place import seen

LIBRARY = default_library()
STAGES = {
    f"{style.slug}/{room.slug}": furnished(style, room)
    for style in LIBRARY.styles()
    for room in LIBRARY.rooms(style.slug)
}
GOODS = {
    Mount.FLOOR: (
        ("sofa", (1.4, 0.7, 0.6), (2.4, 1.0, 1.0)),
        ("dining chair", (0.4, 0.4, 0.7), (0.6, 0.6, 1.1)),
        ("wardrobe", (0.6, 0.4, 1.5), (1.4, 0.6, 2.1)),
        ("floor lamp", (0.25, 0.25, 1.2), (0.5, 0.5, 1.9)),
        ("stool", (0.3, 0.3, 0.4), (0.5, 0.5, 0.6)),
    ),
    Mount.WALL: (("wall clock", (0.2, 0.03, 0.2), (0.6, 0.1, 0.6)), ("mirror", (0.4, 0.02, 0.5), (1.0, 0.06, 1.0))),
    Mount.CEILING: (("pendant lamp", (0.2, 0.2, 0.3), (0.6, 0.6, 1.2)),),
    Mount.SURFACE: (("vase", (0.1, 0.1, 0.15), (0.3, 0.25, 0.5)), ("table lamp", (0.15, 0.15, 0.3), (0.3, 0.3, 0.6))),
    Mount.RUG: (("rug", (1.2, 0.8, 0.01), (2.6, 2.0, 0.02)),),
}
SIZES = ((1216, 832), (832, 1040), (720, 1280), (1280, 720), (1280, 640))
KINDS = {Mount.WALL: "frontal", Mount.CEILING: "round", Mount.SURFACE: "round", Mount.RUG: "flat"}


def kind_of(product):
    return "round" if product.category in {"floor lamp", "stool"} else KINDS.get(product.mount, "box")


@st.composite
def shown(draw, mount):
    """A product of that mount, within the sizes that such goods have, and its photo."""
    category, low, high = draw(st.sampled_from(GOODS[mount]))
    size = Dimensions(*(draw(st.floats(a, b)) for a, b in zip(low, high, strict=True)))
    product = Product("P", category, category, size, mount)
    kind = kind_of(product)
    yaw = draw(st.floats(-50, 50)) if kind == "box" else 0.0
    climb = {"frontal": 0.0, "flat": 89.9}.get(kind) or draw(st.floats(2, 18))
    distance = draw(st.floats(2.5, 6)) if mount is Mount.FLOOR else draw(st.floats(1.5, 4))
    pose, cutout = seen(product, yaw, climb, distance, kind)
    return product, Seen(0, "", cutout, pose)


@pytest.mark.parametrize("mount", Mount)
@pytest.mark.parametrize("name", STAGES)
def test_whatever_place_is_chosen_is_free_and_parallel_to_its_wall(name, mount):
    stage = STAGES[name]

    @settings(max_examples=4, deadline=None, derandomize=True, database=None)
    @given(shown(mount), st.integers(0, 5), st.sampled_from(SIZES))
    def holds(goods, variant, size):
        product, view = goods
        try:
            spot = place([view], product, [stage], Settings(*size, 8, variant=variant), None)
        except DoesNotFitError:
            assume(False)
            raise
        round_goods = view.pose.kind == "round"
        anchor = next(a for a in stage.room.anchors if a.id == spot.anchor)
        wall = -anchor.yaw_deg if spot.mirrored else anchor.yaw_deg
        assert round_goods or (spot.yaw_deg - wall) % 360 == pytest.approx(0)
        foot = footprint(product, spot.position, spot.yaw_deg, round_goods=round_goods)
        assert np.abs(foot[:, 0]).max() <= stage.room.width / 2 + 0.012
        assert foot[:, 1].max() <= 0.012
        assert foot[:, 1].min() >= -stage.room.depth - 0.012
        fixtures = stage.mirrored() if spot.mirrored else stage.fixtures
        assert pierced(fixtures, product, spot.position, foot) == {}
        if mount is Mount.FLOOR:
            assert spot.position[2] == pytest.approx(0.0)
            on_edge = any("edge of a rug" in reason for reason in spot.reasons)
            assert straddles(fixtures, product, foot) == on_edge
        if mount is Mount.SURFACE:
            below = stage.room.part(anchor.on)
            assert spot.position[2] == pytest.approx(below.at[2] + below.size[2], abs=0.06)
            flip = np.array([-1.0 if spot.mirrored else 1.0, 1.0])
            on_top = np.abs((foot * flip - below.at[:2]) @ turned(below.yaw)) <= np.array(below.size[:2]) / 2 + 0.02
            assert on_top.all()
        assert (spot.camera.width, spot.camera.height) == size

    holds()


def test_few_goods_stand_on_the_edge_of_a_rug():
    lamp = Product("P", "armchair", "armchair", Dimensions(0.75, 0.8, 0.9), Mount.FLOOR)
    pose, cutout = seen(lamp, 25, 8, 4)
    spots = [place([Seen(0, "", cutout, pose)], lamp, [s], Settings(1216, 832, 8), None) for s in STAGES.values()]
    on_edge = [spot for spot in spots if any("edge of a rug" in reason for reason in spot.reasons)]
    assert len(on_edge) <= len(spots) // 4


@pytest.mark.parametrize("style", [style.slug for style in LIBRARY.styles()])
def test_of_a_styles_rooms_the_one_is_taken_where_a_home_has_such_a_thing(style):
    stages = [furnished(LIBRARY.style(style), room) for room in LIBRARY.rooms(style)]
    types = {stage.room.slug: stage.room.room_type for stage in stages}
    for category, size, home in (
        ("sofa", (2.1, 0.95, 0.85), "living room"),
        ("bed", (1.7, 2.1, 1.0), "bedroom"),
        ("dining chair", (0.5, 0.53, 0.82), "dining room"),
    ):
        product = Product("P", category, category, Dimensions(*size), Mount.FLOOR)
        pose, cutout = seen(product, 25, 8, 5)
        spot = place([Seen(0, "", cutout, pose)], product, stages, Settings(1216, 832, 8), None)
        assert types[spot.room] == home, (category, spot.room)


def test_what_fits_none_of_a_styles_rooms_is_refused_with_all_of_them_named():
    stages = [furnished(LIBRARY.style("rustic"), room) for room in LIBRARY.rooms("rustic")]
    giant = Product("P", "sofa", "sofa", Dimensions(4.5, 1.0, 0.9), Mount.FLOOR)
    pose, cutout = seen(giant, 20, 8, 9)
    with pytest.raises(DoesNotFitError, match="other rooms") as told:
        place([Seen(0, "", cutout, pose)], giant, stages, Settings(1216, 832, 8), None)
    assert all(stage.room.name in str(told.value) for stage in stages)


@pytest.mark.parametrize("x", [1.35, 1.15])
def test_a_callers_place_that_goes_through_a_door_is_told(x):
    stage = STAGES["rustic/hallway"]
    door = next(f for f in stage.fixtures if f.part == "door")
    bench = Product("P", "bench", "bench", Dimensions(1.0, 0.4, 0.45), Mount.FLOOR)
    pose, cutout = seen(bench, 20, 8, 4)
    at = ExplicitPlacement(float(door.centre[0]), -0.21, 0.0, 0.0)
    spot = place([Seen(0, "", cutout, pose)], bench, [stage], Settings(1216, 832, 8), at)
    finding = next(f for f in spot.findings if f.check == "clearance")
    assert finding.verdict is not Verdict.PASS
    assert "'door'" in finding.message
    free = ExplicitPlacement(0.0, -1.8, 0.0, 0.0)
    clear = place([Seen(0, "", cutout, pose)], bench, [stage], Settings(1216, 832, 8), free)
    assert not [f for f in clear.findings if f.check == "clearance"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.sampled_from([m for m in Mount if m is not Mount.RUG]).flatmap(shown), st.sampled_from(SIZES))
def test_a_product_of_any_shape_keeps_its_presence_and_its_air_in_pictures_of_any_shape(goods, size):
    from imagegen.placement.framing import Extent, Shot, frame
    from imagegen.shares import TALLEST, WIDEST, presence, share_of

    product, view = goods
    extent = Extent.of(view.cutout)
    warp = frame(Shot(product, view.pose, extent), *size, 0)
    wide, high = warp[0, 0] * extent.width / size[0], warp[0, 0] * extent.height / size[1]
    assert presence(wide, high) >= share_of(product).least - 0.01
    assert wide <= WIDEST + 1e-6
    assert high <= TALLEST + 1e-6
    assert warp[0, 0] * extent.top + warp[1, 2] >= 0.03 * size[1] or product.mount is Mount.CEILING
    assert Composition.threshold < 0.1
    assert math.isfinite(warp[1, 2])


def test_a_product_seen_from_its_right_side_looks_into_the_free_left_half():
    from imagegen.placement.framing import Extent, Shot, frame

    chair = Product("P", "armchair", "armchair", Dimensions(0.75, 0.8, 0.9), Mount.FLOOR)
    for yaw, half in ((30, 1), (-30, -1)):
        pose, cutout = seen(chair, yaw, 8, 4)
        shot = Shot(chair, pose, Extent.of(cutout))
        warp = frame(shot, 1216, 832, 1)
        middle = warp[0, 0] * (shot.extent.left + shot.extent.right) / 2 + warp[0, 2]
        assert half * (middle - 608) > 60


def test_small_wall_goods_are_shown_with_the_room_around_them():
    from imagegen.placement.framing import Extent, Shot, frame

    clock = Product("P", "wall clock", "wall clock", Dimensions(0.32, 0.05, 0.32), Mount.WALL)
    pose, cutout = seen(clock, 0, 0, 2.5, "frontal")
    shot = Shot(clock, pose, Extent.of(cutout))
    metres = 1216 / (frame(shot, 1216, 832, 0)[0, 0] * shot.extent.width / 0.32)
    assert 1.9 <= metres <= 2.3


def test_a_small_photo_is_shown_small_rather_than_blown_up():
    from imagegen.placement.framing import Extent, Shot, frame

    sofa = Product("P", "sofa", "sofa", Dimensions(2.1, 0.95, 0.85), Mount.FLOOR)
    pose, cutout = seen(sofa, 25, 8, 6)
    shot = Shot(sofa, pose, Extent.of(cutout))
    large, small = frame(shot, 1216, 832, 0)[0, 0], frame(shot, 2800, 1916, 0)[0, 0]
    assert large * shot.extent.width / 1216 > 0.5
    assert small == pytest.approx(1.0)
