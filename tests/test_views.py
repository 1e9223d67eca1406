import numpy as np
import pytest
from PIL import Image

from imagegen.views.making import anchor_points, view
from imagegen.views.shelf import ANGLES_DEG, find
from styles.errors import UnknownStyleError
from styles.library import default_library


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    return folder, view(default_library(), "scandinavian", None, folder, angle=1, width=256, samples=1)


def test_a_view_shows_a_room_without_a_void(made):
    passes = made[1].load()
    assert passes.picture.shape == (176, 256, 3)
    assert (passes.segments > 0).mean() > 0.97
    assert np.isfinite(passes.depth).mean() > 0.97
    with Image.open(made[1].preview) as preview:
        assert preview.size == (256, 176)


def test_a_view_that_is_there_is_not_made_again(made):
    folder, first = made
    before = first.picture.stat().st_mtime_ns
    again = view(default_library(), "scandinavian", None, folder, angle=1, width=256, samples=1)
    assert again == first
    assert again.picture.stat().st_mtime_ns == before


def test_a_view_of_no_such_style_is_refused(made):
    with pytest.raises(UnknownStyleError):
        view(default_library(), "baroque", None, made[0])


def test_rooms_are_shown_from_the_front_and_from_both_sides():
    assert sorted(np.sign(ANGLES_DEG)) == [-1, 0, 1]


def test_a_view_lies_where_anyone_can_find_it_without_the_renderer(made):
    folder, first = made
    asked = {"angle": 1, "width": 256, "samples": 1}
    assert find(default_library(), "scandinavian", None, folder, **asked).folder == first.folder
    others = [asked | {"angle": 2}, asked | {"width": 258}, asked | {"samples": 2}]
    assert not any(find(default_library(), "scandinavian", None, folder, **other).is_made for other in others)
    assert not find(default_library(), "industrial", None, folder, **asked).is_made


def test_each_anchor_has_a_probe_of_the_light_in_the_picture_s_own_units(made):
    probes = {probe.anchor: probe for probe in made[1].probes()}
    room = default_library().room("scandinavian")
    assert set(probes) == {anchor.id for anchor in room.anchors} == set(anchor_points(room))
    sides = np.array([[0, 0, 1], [0, 0, -1], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]], np.float32)
    for probe in probes.values():
        light = probe.irradiance(sides)
        assert (light >= 0).all()
        # A white board there would be neither black nor blown.
        assert 0.05 < light.mean() / np.pi < 3.0, probe.anchor
    # The windows are on the left: what faces them gets more than what faces away.
    floor = probes["open-floor"].irradiance(sides).mean(axis=1)
    assert floor[3] > floor[2]


def test_views_of_a_style_stand_on_one_sheet(made):
    from api.cli.viewing import sheet_of

    with Image.open(sheet_of(default_library().style("scandinavian"), [made[1], made[1]])) as sheet:
        assert sheet.size == (2 * (256 + 12) + 12, 176 + 12 + 26 + 12)
