"""The words a model is given: the room around the product, never the product itself.

An inpainting model was trained on captions of whole pictures with random holes (Rombach et al. 2022), so it draws what
the words name wherever it may draw: a product that is named and kept is drawn on outside of its edge, or once more
beside it. That is the *object expansion* which Eshratifar et al. 2024 ("Salient Object-Aware Background Generation
using Text-Guided Diffusion Models") measured. Nor does it help to say that there is room for a sofa: text encoders of
CLIP's kind hear the sofa and not the absence (Alhamoud et al. 2025, "Vision-Language Models Do Not Understand
Negation"). So nothing stands where a template says ``{product}``: name, category, material and colour stay out of the
positive words, and the category goes into the negative ones, away from which guidance leads. What the product needs
from the room (its place, its contact) is told by the ControlNets and the mask, not by words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imagegen.mounts import plain_words
from imagegen.types import Product
from styles.schema import LightPage, Room, Style

CONTEXT = 77
"""Tokens that CLIP's text encoders read, with one at each end."""
ENDS = 2
LETTERS = 5

_PLACE = r"\s*\b(?:in|inside|within|at|on|for)\b"
_PRODUCT = re.compile(rf"\s*\b(?:of|with|showing|featuring)\s+\{{product\}}(?:{_PLACE})?|\{{product\}}(?:{_PLACE})?")
_LIGHT = re.compile(r"\b(?:light|sun|daylight|sunlight|sunshine|lamplight|dusk)$")
_WEIGHT = re.compile(r":\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*(?=[)\]>}])")
_MARKS = re.compile(r"[<>(){}\[\]|\\^~*_`]+")


@dataclass(frozen=True, slots=True)
class Words:
    """A prompt and its negative, both within the budget; ``dropped``: the phrases that had no place, in full."""

    positive: str
    negative: str
    dropped: tuple[str, ...] = ()


class Budget:
    """How many tokens the encoders read.

    ``tokenizers``: those of the model (CLIP's), each of which must be able to read it all; without any, lengths are
    estimated, and rather too long than too short. ``limit``: tokens, both ends included.
    """

    def __init__(self, tokenizers: Sequence[Any] = (), limit: int = CONTEXT) -> None:
        self._tokenizers = tuple(tokenizers)
        self.limit = limit

    def length(self, text: str) -> int:
        """Tokens of a text with one at each end."""
        if not self._tokenizers:
            return _estimate(text) + ENDS
        return max(
            len(tokenizer(text, truncation=False, add_special_tokens=True, verbose=False).input_ids)
            for tokenizer in self._tokenizers
        )

    def fits(self, text: str) -> bool:
        """Whether nothing of it would be cut off."""
        return self.length(text) <= self.limit


def words(
    style: Style,
    room: Room,
    products: Sequence[Product],
    budget: Budget,
    *,
    light: LightPage | None = None,
    text: str = "",
) -> Words:
    """What is said to paint ``room`` in ``style`` around ``products`` (the hero first).

    ``light``: one of the style's, its usual one when left out; it takes the place of the light that the style's
    template speaks of. ``text``: a few words of the user's, plain text whatever is in it.

    The words are said in this order: the scene (style and room), the user's, the style's details, the light, and how
    it is photographed. What does not fit is dropped phrase by phrase, the least important first: how it is
    photographed, then details, both from the last, then the time of day, the light, the user's words from their last,
    and the scene at the very end. Of the negative words the category goes last.
    """
    light = light or style.light()
    own = {plain_words(product.category) for product in products} - {""}
    template = _PRODUCT.sub("", style.prompts.positive).replace("{room}", plain(room.room_type))
    head, _, tail = template.partition("{extra}")
    phrases = _phrases(head)
    scene, users, lights, taken = phrases[:1], _phrases(plain(text)), _light(light), _phrases(tail)
    details = [phrase for phrase in phrases[1:] if not _LIGHT.search(phrase.lower()) and not _names(phrase, own)]
    said = _once([*scene, *users, *details, *lights, *taken])
    positive, lost = _fitted(said, [*scene, *users, *lights, *details, *taken], budget)
    unwanted = _once([*sorted(plain(category) for category in own), *_phrases(style.prompts.negative)])
    negative, lost_too = _fitted(unwanted, unwanted, budget)
    return Words(positive, negative, (*lost, *lost_too))


def plain(text: str) -> str:
    """A text that is nothing but text, whoever wrote it.

    Control characters become spaces; what other programs read as weights (``(x:1.3)``), adapters (``<lora:x:1>``),
    learned embeddings or a tokenizer's own marks (``<|endoftext|>`` would end the prompt) loses its brackets and
    numbers, and its words stay.
    """
    folded = unicodedata.normalize("NFKC", text)
    visible = "".join(" " if unicodedata.category(mark).startswith(("C", "Z")) else mark for mark in folded)
    return " ".join(_MARKS.sub(" ", _WEIGHT.sub(" ", visible)).replace(":", " ").split())


def _light(light: LightPage) -> list[str]:
    """The light's name, and the time of day where the name does not tell it."""
    name = plain(light.name)
    return [name, *([] if light.time in name.lower() else [f"{light.time} light"])]


def _phrases(text: str) -> list[str]:
    return [phrase for phrase in (" ".join(part.split()) for part in text.split(",")) if phrase]


def _names(phrase: str, categories: set[str]) -> bool:
    """Whether a phrase of the style's asks for what the product is."""
    return any(re.search(rf"\b{re.escape(category)}s?\b", phrase.lower()) for category in categories)


def _once(phrases: Sequence[str]) -> list[str]:
    """Each phrase where it is said first."""
    return list({phrase.lower(): phrase for phrase in reversed(phrases)}.values())[::-1]


def _fitted(said: Sequence[str], ranked: Sequence[str], budget: Budget) -> tuple[str, list[str]]:
    """The phrases joined, without the last of ``ranked`` while they are too many; and those, in the order they went."""
    kept, lost = list(said), []
    for phrase in reversed(_once(ranked)):
        if budget.fits(", ".join(kept)):
            break
        kept.remove(phrase)
        lost.append(phrase)
    return ", ".join(kept), lost


def _estimate(text: str) -> int:
    """Tokens of a text by its look: CLIP's vocabulary has most short words whole and splits others into a few pieces.

    Each ``LETTERS`` letters of a word that were begun are one token, as are a digit, a mark and each byte that is not
    ASCII. Over the project's own prompts that is never less than CLIP's tokenizer counts, and 17 more at most.
    """
    pieces = re.findall(r"[a-z]+|\d|[^\sa-z\d]", text.lower())
    return sum(-(-len(piece) // LETTERS) if piece.isascii() else len(piece.encode()) for piece in pieces)
