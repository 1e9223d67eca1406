"""What the demonstration model can read: the styles' own words, and the tokenizer that is made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

from imagegen.diffusion.prompts import Budget, words
from styles.library import Library
from training.mini.nets import CONTEXT

TOKENS = 700
START, END = "<|startoftext|>", "<|endoftext|>"


def phrases(library: Library, told: Mapping[str, str]) -> list[str]:
    """A picture's words as the engine will write them: the style and the room, what it is made of, its light."""
    style = library.style(told["style"])
    room = next(room for room in library.rooms(style.slug) if room.room_type == told["room"])
    said = words(style, room, [], Budget(limit=10 * CONTEXT), light=style.light(told["light"]))
    return said.positive.split(", ")


def caption(said: list[str], rng: np.random.Generator) -> str:
    """Some of the phrases, the style's first: the model must not depend on how a prompt is worded to the end."""
    first, rest = said[0], said[1:]
    kept = [phrase for phrase in rest if rng.random() < 0.8]
    if rng.random() < 0.3:
        rng.shuffle(kept)
    return ", ".join([first, *kept])


def make_tokenizer(texts: Iterable[str], folder: Path) -> CLIPTokenizer:
    """A CLIP tokenizer whose byte pairs are learnt from the texts, written to ``folder`` (vocab.json, merges.txt)."""
    learnt = Tokenizer(models.BPE(end_of_word_suffix="</w>", continuing_subword_prefix=""))
    learnt.normalizer = normalizers.Lowercase()
    learnt.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Punctuation(),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=TOKENS, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False
    )
    learnt.train_from_iterator(texts, trainer)
    told = json.loads(learnt.to_str())["model"]
    pairs = [pair if isinstance(pair, str) else " ".join(pair) for pair in told["merges"]]
    # CLIP's reader knows every byte alone and at the end of a word, then the pairs in their order.
    known = [*alphabet, *(letter + "</w>" for letter in alphabet), *(pair.replace(" ", "") for pair in pairs)]
    numbered = {word: number for number, word in enumerate(dict.fromkeys([*known, START, END]))}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(numbered, ensure_ascii=False))
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *pairs]) + "\n")
    tokenizer = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=CONTEXT)
    tokenizer.save_pretrained(str(folder))
    return tokenizer
