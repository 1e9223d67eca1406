"""Words as the networks read them: one or two text encoders, as SD and SDXL were trained with them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from imagegen.diffusion.modules import Modules
from imagegen.errors import BadRequestError

REMEMBERED = 256
"""Texts whose embeddings are kept: at most 0.3 MB each."""


@dataclass(frozen=True, slots=True)
class Said:
    """``text`` (N, tokens, width) and, for two encoders, ``pooled`` (N, width) of the second."""

    text: Tensor
    pooled: Tensor | None

    @property
    def inputs(self) -> dict[str, Tensor]:
        """Under the names that networks know."""
        return {"text": self.text} | ({} if self.pooled is None else {"pooled": self.pooled})

    def and_(self, other: Said) -> Said:
        """Both, one after the other."""
        pooled = None if self.pooled is None or other.pooled is None else torch.cat([self.pooled, other.pooled])
        return Said(torch.cat([self.text, other.text]), pooled)


class Words:
    """Reads texts with a model's tokenizers and encoders, each text once.

    Tokenizers are not thread-safe: only the painter's own thread calls this.
    """

    def __init__(self, modules: Modules, device: torch.device, *, remember: bool) -> None:
        self._modules = modules
        self._device = device
        self._remember = remember
        self._known: OrderedDict[tuple[str, str, str, bool], Said] = OrderedDict()

    def said(self, texts: Sequence[str], style: str, *, unwanted: bool = False) -> Said:
        """The embeddings of one text for each sample; ``style``: the adapter that its encoders may have taken on."""
        each = [self._one(text, style, unwanted=unwanted) for text in texts]
        pooled = [one.pooled for one in each if one.pooled is not None]
        return Said(torch.cat([one.text for one in each]), torch.cat(pooled) if pooled else None)

    def _one(self, text: str, style: str, *, unwanted: bool) -> Said:
        key = (self._modules.weights_sha, style, text, unwanted and not text)
        if key not in self._known:
            read = self._read(text)
            if unwanted and not text and read.pooled is not None:
                # SDXL was trained with zeros for no words at all.
                read = Said(torch.zeros_like(read.text), torch.zeros_like(read.pooled))
            if not self._remember:
                return read
            self._known[key] = read
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]

    def _read(self, text: str) -> Said:
        pairs = list(zip(self._modules.tokenizers, self._modules.encoders, strict=True))
        if len(pairs) == 1:
            tokenizer, encoder = pairs[0]
            return Said(encoder(self._tokens(tokenizer, text))[0], None)
        outs = [encoder(self._tokens(tokenizer, text), output_hidden_states=True) for tokenizer, encoder in pairs]
        # The layer before the last, of each; the whole text in one vector, from the last encoder's projection.
        return Said(torch.cat([out.hidden_states[-2] for out in outs], dim=-1), outs[-1][0])

    def _tokens(self, tokenizer: Any, text: str) -> Tensor:
        room = tokenizer.model_max_length
        ids: list[int] = tokenizer(text, padding="max_length", max_length=room).input_ids
        if len(ids) > room:
            raise BadRequestError(
                f"The words are {len(ids) - room} tokens too long for the model's {room}.",
                hint="Leave out the least important ones.",
                where="words",
            )
        return torch.tensor([ids], device=self._device)
