"""Styles are found by what marketing would ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagegen.browse import NEAR, Wish, browse, facets
from imagegen.errors import BadRequestError
from styles.library import default_library

LIBRARY = default_library()
SLUGS = [style.slug for style in LIBRARY.styles()]


def found(**wish):
    return [hit.style.slug for hit in browse(LIBRARY, Wish(**wish))]


def test_who_asks_for_nothing_sees_everything():
    hits = browse(LIBRARY, Wish())
    assert [hit.style.slug for hit in hits] == SLUGS
    assert all(hit.rooms == LIBRARY.rooms(hit.style.slug) and hit.swatch is None for hit in hits)


@pytest.mark.parametrize("field", ["theme", "room_type", "lighting", "season"])
def test_every_word_that_is_offered_finds_something_and_only_what_has_it(field):
    for word in facets(LIBRARY)[field]:
        hits = browse(LIBRARY, Wish(**{field: word}))
        assert hits
        if field == "room_type":
            assert all(room.room_type == word for hit in hits for room in hit.rooms)
    assert found(**{field: "no such word"}) == []


def test_words_are_looked_for_everywhere_and_all_must_be_there():
    assert "industrial" in found(text="brick LOFT")
    assert found(text="brick unicorn") == []


@given(st.sampled_from(SLUGS), st.data())
def test_a_colour_of_a_palette_finds_its_style_first_and_the_rest_by_distance(slug, data):
    name, colour = data.draw(st.sampled_from(sorted(LIBRARY.style(slug).palette.items())))
    hits = browse(LIBRARY, Wish(colour=colour))
    away = [hit.swatch.difference for hit in hits]
    assert away == sorted(away)
    assert away[-1] <= NEAR
    assert away[0] == 0
    assert slug in [hit.style.slug for hit in hits if hit.swatch.difference == 0], name


def test_colours_have_names_and_forms():
    assert found(colour="#ffffff") == found(colour="white") == found(colour="fff") == found(colour=" WHITE ")


def test_what_is_no_colour_is_told():
    with pytest.raises(BadRequestError, match="greenish") as caught:
        browse(LIBRARY, Wish(colour="greenish"))
    assert "#rrggbb" in caught.value.hint
    assert caught.value.where == "colour"
