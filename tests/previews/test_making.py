from pathlib import Path

import numpy as np
import pytest

from imagegen.previews import making
from imagegen.previews.backdrop import WIDTH
from imagegen.previews.sprite import LONGEST
from imagegen.types import Dimensions, Mount, Product
from imagegen.views.making import thinned
from imagegen.views.shelf import ANGLES_DEG, PLACING, SHOWING, camera_of, find
from styles.library import default_library

PACKSHOTS = Path(__file__).parents[2] / "demo/packshots"
LIBRARY = default_library()
STYLE = LIBRARY.style("scandinavian")
ROOM = LIBRARY.room("scandinavian", "living-room")


@pytest.fixture(scope="module")
def shot():
    sofa = Product("SOFA-LUND-3", "Lund three-seat sofa", "sofa", Dimensions.from_cm(228, 96, 88))
    return making.solved((PACKSHOTS / "SOFA-LUND-3.jpg").read_bytes(), sofa)


@pytest.fixture(scope="module")
def sprite(shot):
    return making.sprite(shot)


def test_a_sprite_is_small_and_its_camera_sees_the_product_fill_it(sprite):
    height, width = sprite.picture.shape[:2]
    assert max(width, height) == LONGEST
    solid = sprite.picture[..., 3] > 128
    assert solid.any(axis=0)[4:-4].all()
    assert solid.any(axis=1)[4:-4].all()
    # The box that the catalog's centimetres say, seen by the sprite's camera, spans about the sprite.
    half = np.array([[x, y, z] for x in (-1.14, 1.14) for y in (-0.48, 0.48) for z in (0.0, 0.88)])
    span = np.ptp(sprite.camera.project(half), axis=0)
    assert span == pytest.approx((width, height), rel=0.08)


def test_its_coarse_depth_is_the_distance_of_its_hull(sprite):
    middle = float(np.linalg.norm(sprite.camera.position - [0, 0, 0.44]))
    for plane in (sprite.near, sprite.far):
        assert np.isfinite(plane).all()
        assert abs(plane - middle).max() < 1.7
    # The front is smoothed over a seat's edge, the back of a hollow body is not.
    assert (sprite.far - sprite.near).min() > -0.35


def test_its_places_are_the_room_s_anchors_in_the_pipeline_s_order(shot):
    places = making.places(shot, STYLE, ROOM)
    assert places[0].anchor == "sofa-wall"
    assert (places[0].x, places[0].yaw_deg) == (pytest.approx(-0.7), 0.0)
    assert len({place.anchor for place in places}) == len(places)


def test_what_fits_nowhere_has_no_places(shot):
    giant = Product("GIANT", "Giant", "sofa", Dimensions(6.0, 2.5, 1.0))
    assert making.places(making.Shot(giant, shot.cutout, shot.pose), STYLE, ROOM) == ()


def test_the_room_s_own_sofa_makes_way_and_its_lamp_stays(shot):
    camera = camera_of(ROOM, 0.0, WIDTH, PLACING)
    gone = making.leaving(LIBRARY.style("scandinavian"), ROOM, shot.product, making.places(shot, STYLE, ROOM), camera)
    kinds = {part.kind for part in ROOM.parts if part.id in gone}
    assert "sofa" in kinds
    assert "sofa" not in {part.kind for part in thinned(ROOM, gone).parts}
    assert "sideboard" not in gone


def test_the_nearest_side_is_the_one_that_the_photo_was_taken_from(shot, sprite):
    assert sprite.camera.position[0] < 0  # from the product's left
    angle = making.nearest_angle(sprite, making.places(shot, STYLE, ROOM), ROOM)
    assert camera_of(ROOM, ANGLES_DEG[angle], WIDTH, PLACING).position[0] < 0


def test_views_for_placing_and_views_without_something_lie_elsewhere(tmp_path):
    def folder(**asked):
        return find(LIBRARY, "scandinavian", None, tmp_path, **asked).folder

    assert folder(stand=SHOWING, without=()) == folder()
    others = [folder(stand=PLACING), folder(without=("sofa",)), folder(without=("rug", "sofa"))]
    assert len({folder(), *others}) == 4
    assert folder(without=("sofa", "rug")) == folder(without=("rug", "sofa"))


def test_more_of_the_floor_is_seen_from_where_things_are_placed():
    def nearest_floor(stand):
        camera = camera_of(ROOM, 0.0, WIDTH, stand)
        ray = camera.rays(np.array([[WIDTH / 2, camera.height]]))[0]
        return (camera.position - ray * camera.position[2] / ray[2])[1]

    assert nearest_floor(PLACING) < -2.5
    assert nearest_floor(SHOWING) > -1.5


def test_a_clock_s_sprite_is_flat_and_hangs():
    clock = Product("CLO", "Timme wall clock", "wall clock", Dimensions.from_cm(32, 4.5, 32), Mount.WALL)
    made = making.sprite(making.solved((PACKSHOTS / "CLO-TIMME-32.jpg").read_bytes(), clock))
    assert made.looks_flat
    assert np.ptp(made.near) < 0.1
