import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagegen.errors import BadRequestError
from imagegen.quality import LONG_SIDE, settings_for
from imagegen.types import Quality


@pytest.mark.parametrize("quality", list(Quality))
def test_a_preset_without_a_size_has_its_own_long_side(quality):
    settings = settings_for(quality)
    assert settings.width == LONG_SIDE[quality]
    assert settings.height % 2 == 0


def test_better_qualities_take_more_paths():
    draft, standard, final = (settings_for(q).samples for q in (Quality.DRAFT, Quality.STANDARD, Quality.FINAL))
    assert draft < standard < final


@given(st.integers(-10, 10_000), st.integers(-10, 10_000))
def test_any_size_is_kept_or_refused_with_the_field_named(width, height):
    try:
        settings = settings_for(Quality.DRAFT, (width, height))
    except BadRequestError as error:
        assert error.where == "size"
    else:
        assert (settings.width, settings.height) == (width, height)


@pytest.mark.parametrize(
    ("field", "value"),
    [("seed", -1), ("seed", 2**32), ("variant", -1), ("exposure_ev", 9.0), ("prompt", "x" * 501)],
)
def test_a_number_out_of_range_is_refused_by_name(field, value):
    with pytest.raises(BadRequestError) as caught:
        settings_for(Quality.DRAFT, **{field: value})
    assert caught.value.where == field
