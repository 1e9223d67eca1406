"""What is known of a scene before work begins."""

from dataclasses import replace

import pytest

from imagegen import recipe
from imagegen.job import Job, Kit, planned
from imagegen.quality import settings_for
from imagegen.types import Dimensions, ExplicitPlacement, Product, Quality
from styles.errors import UnknownRoomError
from styles.library import HERE, Library

SOFA = Product("SOFA-1", "Sofa", "sofa", Dimensions(2.1, 0.9, 0.8))
JOB = Job(SOFA, (b"one", b"two"), "rustic", None, "render", settings_for(Quality.DRAFT))


def identity(job, kit=None):
    return recipe.identity(planned(job, kit))


def rooms_of(job):
    return list(planned(job)["style"]["rooms"])


def test_a_plan_without_a_room_names_all_of_the_styles_rooms():
    assert rooms_of(JOB) == ["hearth-room", "bedroom", "dining-room", "hallway"]


def test_a_plan_with_a_room_or_a_place_of_the_callers_names_only_that_room():
    assert rooms_of(replace(JOB, room="hallway")) == ["hallway"]
    assert rooms_of(replace(JOB, placement=ExplicitPlacement(0.0, -2.0))) == ["hearth-room"]


def test_an_unknown_room_is_told_before_work_begins():
    with pytest.raises(UnknownRoomError):
        planned(replace(JOB, room="attic"))


def test_a_change_in_any_of_a_styles_rooms_makes_its_free_scenes_out_of_date(tmp_path):
    (tmp_path / "rooms").mkdir()
    page = (HERE / "rooms/hallway.toml").read_text()
    (tmp_path / "rooms/hallway.toml").write_text(page.replace("free = [1.4, 0.3, 1.2]", "free = [1.3, 0.3, 1.2]"))
    changed = Kit(Library([tmp_path]))
    assert identity(JOB, changed) != identity(JOB)
    assert identity(replace(JOB, room="bedroom"), changed) == identity(replace(JOB, room="bedroom"))
