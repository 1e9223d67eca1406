import numpy as np
import pytest
from PIL import Image

from imagegen.views import ANGLES_DEG, view
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
