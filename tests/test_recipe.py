import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagegen import recipe

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.integers(-(10**400), 10**400)
    | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=20,
)
objects = st.dictionaries(st.text(st.characters()), json_values, max_size=6)


@given(objects)
def test_the_order_of_keys_does_not_change_an_identity(made):
    backwards = dict(reversed(list(made.items())))
    assert recipe.identity(made) == recipe.identity(backwards)


@given(objects)
def test_a_recipe_read_back_has_the_same_identity(made):
    assert recipe.identity(json.loads(recipe.canonical(made))) == recipe.identity(made)


def test_any_changed_value_changes_the_identity():
    assert recipe.identity({"seed": 1}) != recipe.identity({"seed": 2})


@given(objects)
def test_whatever_a_recipe_holds_it_is_written_and_what_was_written_stays(made):
    written = recipe.canonical(made)
    assert recipe.canonical(json.loads(written)) == written
    assert recipe.canonical(json.loads(json.dumps(made))) == written  # as a database keeps it


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1e16, b"10000000000000000"),
        (10**16, b"10000000000000000"),
        (2.0**53, b"9007199254740992"),
        (2**53 + 1, b"9007199254740992"),
        (1e21, b"1e+21"),
        (10**21, b"1e+21"),
        (10**400, b"null"),
        (math.nan, b"null"),
        (-math.inf, b"null"),
        ("\ud83d\ude00", '"\U0001f600"'.encode()),
        ("\ud800", b'"\\\\ud800"'),
    ],
)
def test_what_json_cannot_hold_is_written_as_a_browser_would(value, said):
    assert recipe.canonical({"a": value}) == b'{"a":' + said + b"}"
