"""Several photos of one product: the one that suits the place is shown, the useless are passed over and told."""

from dataclasses import replace

import numpy as np
import pytest

from imagegen import images, photos, pipeline
from imagegen.clock import Clock, silent
from imagegen.errors import BadRequestError, CancelledError, NotAPackshotError
from imagegen.furnished import Furnished
from imagegen.job import Kit, planned
from imagegen.placement import place
from imagegen.placement.framing import warped
from imagegen.protocols import Settings
from imagegen.types import Cutout, ExplicitPlacement, Finding, Seen, Verdict
from tests.placement.test_place import ROOM, SOFA, seen
from tests.test_pipeline import ROOT, job

SETTINGS = Settings(1216, 832, 8)


def view(number, yaw=25.0, **changes):
    pose, cutout = seen(SOFA, yaw, 8, 6)
    return Seen(number, str(number), cutout, replace(pose, **changes))


def shown(*views, at=None):
    return place(views, SOFA, [Furnished(ROOM, ())], SETTINGS, at)


def look_through(*outcomes):
    def look(number, _data):
        outcome = outcomes[number]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return photos.look_through(look, photos.numbered([b""] * len(outcomes)))


def quarter(of):
    """The same photo with a quarter of its pixels along each side."""
    small = warped(of.pose.camera, np.diag([0.25, 0.25, 1.0]), 300, 225)
    cutout = Cutout(of.cutout.colour[::4, ::4], of.cutout.alpha[::4, ::4], "test 1")
    return replace(of, cutout=cutout, pose=replace(of.pose, camera=small))


def test_a_view_from_the_side_is_taken_before_one_from_straight_in_front():
    spot = shown(view(0, yaw=0.0), view(1, yaw=25.0))
    assert spot.photo == 1
    assert any("photo 2" in reason for reason in spot.reasons)


def test_a_view_whose_camera_is_surely_known_is_taken_before_a_doubtful_one():
    assert shown(view(0, sigma_deg=25.0), view(1, sigma_deg=2.0)).photo == 1
    doubt = (Finding("pose", Verdict.WARN, 0.0, 0.0, "unsure"),)
    assert shown(view(0, findings=doubt), view(1)).photo == 1


def test_a_large_photo_is_taken_before_a_small_one():
    assert shown(quarter(view(0)), view(1)).photo == 1


def test_with_nothing_to_choose_between_them_the_first_photo_is_shown():
    assert shown(view(0), view(1)).photo == 0


def test_a_callers_own_place_takes_the_better_photo_too():
    spot = shown(view(0, sigma_deg=25.0), view(1), at=ExplicitPlacement(0.3, -2.2, 0.0, 10.0))
    assert (spot.anchor, spot.photo) == ("explicit", 1)


def test_useless_photos_are_passed_over_and_told():
    views, told = look_through(NotAPackshotError("Two products."), view(1), NotAPackshotError("A room."))
    assert [each.photo for each in views] == [1]
    assert [(finding.verdict, finding.message) for finding in told] == [
        (Verdict.WARN, "Photo 1 was not used: two products."),
        (Verdict.PASS, "Photo 3 was not used: a room."),
    ]


def test_a_detail_is_passed_over_when_another_photo_shows_the_whole():
    wrong = (Finding("dimensions", Verdict.FAIL, 0.4, 0.05, "40 % off"),)
    views, told = look_through(view(0), view(1, findings=wrong))
    assert [each.photo for each in views] == [0]
    assert "whole product" in told[0].message
    views, told = look_through(view(0, findings=wrong))
    assert (len(views), told) == (1, ())


def test_when_no_photo_is_of_use_the_first_ones_fault_is_told():
    with pytest.raises(NotAPackshotError, match="Two products"):
        look_through(NotAPackshotError("Two products."), NotAPackshotError("A room."))


def test_a_cancelled_job_is_no_fault_of_a_photos():
    with pytest.raises(CancelledError):
        look_through(view(0), CancelledError("stop"))


def test_only_so_many_photos_are_looked_at_and_only_those_belong_to_the_plan():
    many = [bytes([number]) for number in range(photos.MOST + 3)]
    assert [number for number, _ in photos.numbered(many)] == list(range(photos.MOST))
    one = job("SOFA-LUND-3", photos=tuple(many))
    assert planned(one)["photos"] == [images.fingerprint(data) for data in many[: photos.MOST]]
    assert planned(replace(one, photo=8))["photos"] == [images.fingerprint(many[8])]


def test_a_photo_that_is_not_there_is_refused_before_work_begins():
    with pytest.raises(BadRequestError, match="no photo 2"):
        planned(job("SOFA-LUND-3", photo=2))


def test_a_scene_says_which_photo_it_shows_and_what_was_wrong_with_the_other():
    good = (ROOT / "demo/packshots/CLO-TIMME-32.jpg").read_bytes()
    bad = (ROOT / "demo/hard/lifestyle.jpg").read_bytes()
    made = pipeline.make_scene(job("CLO-TIMME-32", photos=(bad, good)))
    assert made.recipe["shown"] == {"photo": 1, "sha256": images.fingerprint(good)}
    assert made.recipe["photos"] == [images.fingerprint(bad), images.fingerprint(good)]
    told = next(f.message for f in made.findings if f.check == "photo")
    assert told.startswith("Photo 1 was not used")
    with pytest.raises(NotAPackshotError):
        pipeline.make(job("CLO-TIMME-32", photos=(bad, good), photo=0), Clock(silent), Kit())
