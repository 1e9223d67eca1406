import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from styles.library import default_library
from styles.schema import Anchor, Part, PromptPage, Room

ANCHOR = Anchor(id="open", mounts=("floor",), at=(0, -2, 0), free=(1, 1, 2))


def room(*parts: Part) -> Room:
    return Room(
        slug="r", name="R", room_type="living room", width=4, depth=4, height=2.6, parts=parts, anchors=(ANCHOR,)
    )


def clip_tokens_at_most(text: str) -> int:
    """A careful estimate without the tokenizer's 49,408 words: a piece for every nine letters, digit and sign.

    Common words of any length are one piece there (Radford et al. 2021, byte pairs of Sennrich et al. 2016).
    """
    return 2 + sum(1 + (len(word) - 1) // 9 for word in re.findall(r"[a-zA-Z]+|\d|[^\sa-zA-Z\d]", text))


@pytest.mark.parametrize("style", default_library().styles(), ids=lambda style: style.slug)
def test_positive_prompt_of_a_long_name_fits_the_text_encoder(style) -> None:
    name = "Extraordinarily comfortable three-seat convertible corner sofa with adjustable headrests and storage"
    for room_type in {room.room_type for room in default_library().rooms(style.slug)}:
        for extra in ("", "a calm autumn morning, low sun"):
            positive, negative = style.prompts.fill(name, room_type, extra)
            assert clip_tokens_at_most(positive) <= 77
            assert clip_tokens_at_most(negative) <= 77
            assert "Extraordinarily comfortable" in positive
            assert room_type in positive
            assert extra in positive
            assert "{" not in positive
            assert ", ," not in positive


@given(st.text(max_size=300))
def test_any_product_name_fills_a_prompt_without_leaving_braces(name: str) -> None:
    positive, _ = PromptPage(positive="{product} in a {room}, {extra}", negative="people").fill(name)
    assert "{product}" not in positive
    assert len(positive.split()) <= 8 + 5


def test_prompt_without_the_product_is_refused() -> None:
    with pytest.raises(ValidationError, match="product"):
        PromptPage(positive="a nice room", negative="")


def test_part_that_stands_on_nothing_known_is_refused() -> None:
    with pytest.raises(ValidationError, match="no part of this room"):
        room(Part(id="vase", kind="vase", at=(0, -1, 0.7), size=(0.1, 0.1, 0.2), on="table"))


def test_two_parts_of_one_id_are_refused() -> None:
    part = Part(id="sofa", kind="sofa", at=(0, -1, 0), size=(2, 1, 0.8))
    with pytest.raises(ValidationError, match="same id"):
        room(part, part)


def test_part_outside_the_room_is_refused() -> None:
    with pytest.raises(ValidationError, match="outside the room"):
        room(Part(id="sofa", kind="sofa", at=(9, -1, 0), size=(2, 1, 0.8)))


def test_part_without_a_turn_faces_away_from_its_wall() -> None:
    yaws = {
        wall: Part(id="p", kind="print", at=(0, 0, 1), size=(1, 0.1, 1), wall=wall).yaw
        for wall in ("back", "left", "right")
    }
    assert yaws == {"back": 0.0, "left": 90.0, "right": -90.0}


def test_pages_are_frozen() -> None:
    with pytest.raises(ValidationError):
        ANCHOR.gap = 1.0
