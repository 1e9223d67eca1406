"""A set: further products find places around the first, under its camera, and what does not match is measured."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagegen.checks import CHECKS
from imagegen.furnished import Furnished
from imagegen.placement import join, place
from imagegen.placement.beside import box_of
from imagegen.placement.ground import footprint, pierced
from imagegen.placement.matching import carried, mismatch, overlaid
from imagegen.protocols import Settings
from imagegen.types import Dimensions, Mount, Product, Seen, Verdict
from tests.checks.scenes import scene
from tests.placement.test_place import ROOM, corners, seen, warped

WIDE = Settings(1216, 832, 8)
STAGE = Furnished(ROOM, ())
ALL = frozenset(part.id for part in ROOM.parts)


def goods(sku, category, size, mount=Mount.FLOOR):
    return Product(sku, category, category, Dimensions(*size), mount)


SOFA = goods("SOFA", "sofa", (2.1, 0.95, 0.85))
LAMP = goods("LAMP", "floor lamp", (0.4, 0.4, 1.55))
RUG = goods("RUG", "rug", (2.0, 1.4, 0.01), Mount.RUG)
ART = goods("ART", "picture", (0.6, 0.03, 0.8), Mount.WALL)
VASE = goods("VASE", "vase", (0.15, 0.15, 0.3), Mount.SURFACE)
TABLE = goods("TABLE", "coffee table", (0.8, 0.8, 0.4))
CHAIR = goods("CHAIR", "armchair", (0.75, 0.8, 0.9))
KIND = {
    "LAMP": ("round", 0.0, 6.0),
    "RUG": ("flat", 0.0, 89.9),
    "ART": ("frontal", 0.0, 0.0),
    "VASE": ("round", 0.0, 8.0),
}


def view(product, yaw=25.0, climb=8.0, distance=5.0, photo=0):
    kind, own_yaw, own_climb = KIND.get(product.sku, ("box", yaw, climb))
    pose, cutout = seen(product, own_yaw, own_climb, distance if kind != "flat" else 4.0, kind)
    return Seen(photo, "", cutout, pose)


def hero(yaw=25.0, climb=8.0, product=SOFA):
    return place([view(product, yaw, climb, 6.0)], product, [STAGE], WIDE, None)


def joined(*guests, spot=None, first=SOFA):
    spot = spot or hero(product=first)
    return spot, join([(product, views) for product, views in guests], first, spot, STAGE, ALL)


def test_lamp_rug_and_picture_stand_beside_before_and_above_a_sofa():
    spot, (lamp, rug, art) = joined((LAMP, [view(LAMP)]), (RUG, [view(RUG)]), (ART, [view(ART)]))
    assert lamp.anchor in {"left-of-it", "right-of-it"}
    assert rug.anchor == "before-it"
    assert art.anchor == "above-it"
    assert abs(lamp.position[0] - spot.position[0]) <= 2.0
    assert rug.position[1] < spot.position[1]
    assert art.position[2] > SOFA.dimensions.height
    assert art.position[1] + ART.dimensions.depth / 2 == pytest.approx(0.0, abs=0.01)
    assert all(each.camera is spot.camera for each in (lamp, rug, art))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.floats(-40, 40),
    st.floats(3, 15),
    st.lists(st.sampled_from([LAMP, RUG, ART, VASE, TABLE, CHAIR]), min_size=1, max_size=5, unique=True),
    st.floats(-40, 40),
)
def test_no_product_of_a_set_goes_through_another_and_all_stand_in_the_room(yaw, climb, others, theirs):
    spot, found = joined(*((other, [view(other, theirs)]) for other in others), spot=hero(yaw, climb))
    standing = [(SOFA, spot), *((p, s) for p, s in zip(others, found, strict=True) if s is not None)]
    boxes = [box_of(*each) for each in standing]
    for (product, there), own in zip(standing, boxes, strict=True):
        foot = footprint(product, there.position, there.yaw_deg)
        rest = [box for box in boxes if box is not own]
        if product.sku not in {"LAMP", "VASE"}:  # round: less than their boxes
            assert pierced(rest, product, there.position, foot) == {}
        assert np.abs(foot[:, 0]).max() <= ROOM.width / 2 + 0.1
        assert foot[:, 1].max() <= 0.1


def test_a_seat_is_turned_so_that_its_photos_view_is_the_pictures():
    spot, (chair,) = joined((CHAIR, [view(CHAIR, yaw=20.0)]))
    (finding,) = (f for f in chair.findings if f.check == "mismatch")
    straight = mismatch(view(CHAIR, 20.0).pose, CHAIR, chair.position, 0.0, spot.camera)
    assert finding.score < 8.0
    assert finding.score <= straight + 0.01


@pytest.mark.parametrize(("yaw", "verdict"), [(25.0, Verdict.PASS), (-38.0, Verdict.FAIL)])
def test_the_angle_between_photo_and_picture_is_told_and_fails_when_eyes_would_see_it(yaw, verdict):
    _, (table,) = joined((TABLE, [view(TABLE, yaw=yaw)]))
    (finding,) = (f for f in table.findings if f.check == "mismatch")
    assert finding.verdict is verdict
    assert f"{finding.score:.0f} degrees" in finding.message


def test_of_a_companions_photos_the_nearest_view_is_taken():
    _, (table,) = joined((TABLE, [view(TABLE, yaw=-35.0, photo=0), view(TABLE, yaw=24.0, photo=1)]))
    assert table.photo == 1


def test_a_flat_companion_is_laid_exactly_and_has_no_mismatch():
    for product in (RUG, ART):
        spot, (there,) = joined((product, [view(product)]))
        size = product.dimensions
        face = corners(size)
        face = face[face[:, 2] > 0] if product is RUG else face[face[:, 1] < 0]
        photo = warped(there, view(product).pose.camera.project(face))
        assert photo == pytest.approx(spot.camera.project(carried(face, there.position, there.yaw_deg)), abs=1e-4)
        (finding,) = (f for f in there.findings if f.check == "mismatch")
        assert (finding.score, finding.verdict) == (0.0, Verdict.PASS)


def test_a_companion_has_its_true_size_and_its_foot_where_it_stands():
    spot, (lamp,) = joined((LAMP, [view(LAMP)]))
    pose = view(LAMP).pose
    box = corners(LAMP.dimensions)
    there = spot.camera.project(carried(box, lamp.position, lamp.yaw_deg))
    photo = warped(lamp, pose.camera.project(box))
    size = np.ptp(photo, axis=0).prod() / np.ptp(there, axis=0).prod()
    assert size == pytest.approx(1.0, abs=1e-6)
    assert photo[:, 1].max() == pytest.approx(there[:, 1].max(), abs=0.02 * np.ptp(there[:, 1]))


def test_the_same_camera_gives_the_map_that_a_photo_alone_would_have():
    spot = hero()
    own = overlaid(view(SOFA, 25.0, 8.0, 6.0).pose, SOFA, spot.position, spot.yaw_deg, spot.camera)
    assert own == pytest.approx(spot.warp, abs=1e-6)


def test_a_vase_stands_on_the_table_of_the_set():
    spot, (table, vase) = joined((TABLE, [view(TABLE)]), (VASE, [view(VASE)]))
    assert vase.anchor in {"on-TABLE", "on-the-sideboard"}
    assert vase.position[2] == pytest.approx(0.4 if vase.anchor == "on-TABLE" else 0.74)
    alone = join([(VASE, [view(VASE)])], SOFA, spot, STAGE, frozenset())
    assert alone == (None,)  # nothing of the room is left to stand on
    assert table is not None


def test_what_finds_no_place_in_sight_is_left_out():
    huge = goods("HUGE", "wardrobe", (3.4, 0.6, 2.3))
    _, found = joined((huge, [view(huge)]), (LAMP, [view(LAMP)]))
    assert found[0] is None
    assert found[1] is not None


def test_a_picture_that_hangs_askew_to_the_camera_is_as_large_as_its_face():
    pose = view(ART).pose
    staged, passes, composed = scene(mount=Mount.WALL)
    _, (art,) = joined((ART, [view(ART)]))
    laid = replace(staged, product=ART, cutout=view(ART).cutout, pose=replace(pose, body=corners(ART.dimensions)))
    finding = CHECKS["scale"]().check(replace(laid, placement=art), passes, composed)
    assert finding.score < 0.02
