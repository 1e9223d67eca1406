import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagegen.diffusion.prompts import CONTEXT, Budget, plain, words
from imagegen.types import Dimensions, Product
from styles.library import Library
from styles.schema import PromptPage
from tests.diffusion.small import tokenizer

LIBRARY = Library()
SOFA = Product("S", "Lund three-seat sofa", "sofa", Dimensions(2, 1, 1), colour="oat", material="bouclé, oak")
LAMP = Product("L", "Klocka", "floor lamp", Dimensions(0.4, 0.4, 1.6), colour="brass")
ROOMY = Budget(limit=1000)
EVERY = [
    (style, room, light) for style in LIBRARY.styles() for room in LIBRARY.rooms(style.slug) for light in style.lights
]


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    """A real CLIP tokenizer to which each letter is a token, so that lengths can be told."""
    return tokenizer(tmp_path_factory.mktemp("words") / "letters")


def told(budget=ROOMY, style="scandinavian", products=(SOFA,), **changes):
    look = LIBRARY.style(style)
    return words(look, LIBRARY.room(style), products, budget, **changes)


def with_prompt(positive, negative="people"):
    look = LIBRARY.style("scandinavian")
    return look.model_copy(update={"prompts": PromptPage(positive=positive, negative=negative)})


@pytest.mark.parametrize(("style", "room", "light"), EVERY)
def test_no_style_asks_for_the_product_and_all_fit_without_loss(style, room, light):
    made = words(style, room, [SOFA, LAMP], Budget(), light=style.light(light), text="a bowl of lemons")
    said = made.positive.lower()
    for own in ("lund", "sofa", "lamp,", "klocka", "oat", "bouclé", "brass", "{", "three-seat"):
        assert own not in said
    assert room.room_type in said
    assert style.light(light).name in made.positive
    assert style.light(light).time in said
    assert "a bowl of lemons" in said
    assert made.negative.startswith("floor lamp, sofa, people")
    assert made.dropped == ()


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{product} in a blue {room}, quiet", "a blue living room, quiet"),
        ("photo of {product} in a blue {room}", "photo a blue living room"),
        ("a {room} with {product}, quiet", "a living room, quiet"),
        ("a {room}, {product}, quiet", "a living room, quiet"),
    ],
)
def test_wherever_a_template_names_the_product_nothing_is_left_of_it(template, said):
    made = words(with_prompt(template), LIBRARY.room("scandinavian"), [SOFA], ROOMY)
    assert made.positive.startswith(said)


def test_a_style_that_speaks_of_the_products_kind_does_not_ask_for_one():
    look = with_prompt("{product} in a {room}, velvet sofas, brass lamps")
    made = words(look, LIBRARY.room("scandinavian"), [SOFA], ROOMY)
    assert "sofa" not in made.positive
    assert "brass lamps" in made.positive


def test_the_light_asked_for_takes_the_place_of_the_templates():
    evening = LIBRARY.style("bohemian").light("evening")
    made = told(style="bohemian", light=evening)
    assert "golden late sun" not in made.positive
    assert evening.name in made.positive
    assert "golden late sun through arched windows" in told(style="bohemian").positive


def test_the_users_words_come_right_after_the_scene():
    said = told(text="a bowl of lemons, rain outside").positive.split(", ")
    assert said[:3] == ["a Scandinavian living room", "a bowl of lemons", "rain outside"]


def test_what_does_not_fit_is_dropped_by_whole_phrases_the_least_important_first(letters):
    budget = Budget([letters])
    made = told(budget, text="rain outside")
    assert budget.length(made.positive) <= CONTEXT
    assert budget.length(made.negative) <= CONTEXT
    assert made.positive == "a Scandinavian living room, rain outside, soft daylight with a veiled sun, morning light"
    assert made.negative == "sofa, people, text, watermark, logo, clutter, dark, harsh flash, fisheye"
    positive = [phrase for phrase in told(text="rain outside").positive.split(", ") if phrase in made.dropped]
    order = [phrase for phrase in made.dropped if phrase in positive]
    assert order[:3] == ["high detail", "natural materials", "interior catalog photograph"]
    assert order[-2:] == ["white walls", "pale oak floor"]
    assert made.dropped[-1] == "distorted furniture"


@given(st.integers(2, 200))
@settings(max_examples=60, deadline=None)
def test_every_phrase_is_said_whole_or_told_as_dropped(limit):
    whole, budget = told(text="rain outside, an open book"), Budget(limit=limit)
    made = told(budget, text="rain outside, an open book")
    assert budget.length(made.positive) <= max(limit, 2)
    assert budget.length(made.negative) <= max(limit, 2)
    said = [phrase for text in (made.positive, made.negative) for phrase in text.split(", ") if phrase]
    everything = [*whole.positive.split(", "), *whole.negative.split(", ")]
    assert sorted([*said, *made.dropped]) == sorted(everything)
    assert [phrase for phrase in everything if phrase in said] == said  # and in the same order


def test_more_room_never_says_less():
    before = set()
    for limit in range(2, 120, 3):
        said = {phrase for phrase in told(Budget(limit=limit)).positive.split(", ") if phrase}
        assert before <= said
        before = said


def test_two_tokenizers_must_both_have_room(letters):
    class Terse:
        def __call__(self, text, **_):
            return type("Read", (), {"input_ids": [0, *text.split(), 1]})()

    assert Budget([Terse(), letters]).length("a chair") == Budget([letters]).length("a chair") == 8
    assert Budget([Terse()]).length("a chair") == 4


HOSTILE = (
    ("a (red:1.5) wall", "a red wall"),
    ("<lora:evil:0.8> calm", "lora evil calm"),
    ("end<|endoftext|>of it", "end endoftext of it"),
    ("((masterpiece)), [ugly], {x|y}", "masterpiece , ugly , x y"),
    ("line\nbreak\x00\x1b[31mred\u200b\u202e", "line break 31mred"),
    ("（wide：1.4）brackets", "wide brackets"),
    ("at 10:30, 3.5 m", "at 10 30, 3.5 m"),
    ("a <cat-toy> on the shelf", "a cat-toy on the shelf"),
)


@pytest.mark.parametrize(("text", "said"), HOSTILE)
def test_the_users_text_is_text(text, said):
    assert plain(text) == said


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_whatever_somebody_writes_is_plain_and_stays_so(text):
    said = plain(text)
    assert not set(said) & set("<>(){}[]|\\:\n\t\r\x00\x1b\x7f")
    assert said.isprintable()
    assert plain(said) == said


def test_an_end_mark_in_the_users_text_does_not_end_the_prompt(letters):
    made = told(Budget([letters], limit=400), text="calm <|endoftext|> wall")
    ids = letters(made.positive).input_ids
    assert ids.count(letters.eos_token_id) == 1
    assert ids[-1] == letters.eos_token_id


def test_without_a_tokenizer_lengths_are_estimated_on_the_safe_side():
    budget = Budget()
    assert budget.length("") == 2
    assert budget.length("a photo of a cat") == 7  # as CLIP's own tokenizer counts
    assert budget.length("Scandinavian") >= 3
    assert budget.length("一间安静的房间") >= 21
    assert not budget.fits("wall " * 76)
    assert budget.fits("wall " * 75)


def test_a_phrase_is_said_once():
    made = told(text="white walls, WHITE walls")
    assert made.positive.lower().count("white walls") == 1
