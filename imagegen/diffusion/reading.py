"""A model's own tokenizers, for counting: the same files as the painter's, but objects of their own.

Tokenizers are not thread-safe, and prompts are written on many threads while the painter reads on its own.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

from imagegen.diffusion import store
from imagegen.diffusion.desk import check_installed
from imagegen.diffusion.families import ModelSpec
from imagegen.diffusion.prompts import Budget


def budget(spec: ModelSpec, folder: Path) -> Budget:
    """What the family's text encoders can read.

    Raises PainterUnavailableError, MissingWeightsError, BadWeightsError.
    """
    store.require(spec, folder)
    check_installed()
    return _budget(tuple(str(folder / tokenizer) for tokenizer, _ in spec.text_parts))


class Careful:
    """A tokenizer that one thread at a time may call."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer, self._lock = tokenizer, threading.Lock()

    def __call__(self, text: str, **how: Any) -> Any:
        """As the tokenizer's own."""
        with self._lock:
            return self._tokenizer(text, **how)


@lru_cache(maxsize=4)
def _budget(folders: tuple[str, ...]) -> Budget:
    from transformers import CLIPTokenizer  # noqa: PLC0415 - heavy, and only where pictures are painted

    read = [CLIPTokenizer.from_pretrained(folder, local_files_only=True) for folder in folders]
    return Budget([Careful(tokenizer) for tokenizer in read])
