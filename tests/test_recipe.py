import json

from hypothesis import given
from hypothesis import strategies as st

from imagegen import recipe

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e9, 1e9)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)
objects = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), json_values, max_size=6)


@given(objects)
def test_the_order_of_keys_does_not_change_an_identity(made):
    backwards = dict(reversed(list(made.items())))
    assert recipe.identity(made) == recipe.identity(backwards)


@given(objects)
def test_a_recipe_read_back_has_the_same_identity(made):
    assert recipe.identity(json.loads(recipe.canonical(made))) == recipe.identity(made)


def test_any_changed_value_changes_the_identity():
    assert recipe.identity({"seed": 1}) != recipe.identity({"seed": 2})
