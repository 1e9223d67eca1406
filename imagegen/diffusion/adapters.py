"""Styles as adapters (LoRA, Hu et al. 2021): a bank of merged weights that are copied into the model in place.

A layer's weight W becomes W + scale * alpha / rank * B A. The sums of a style are worked out once and kept; changing
the style copies them over the weights where these lie, a few milliseconds on a GPU, so that compiled code and CUDA
graphs, which know the weights by their addresses, stay valid. What was there before is kept too: the way back leaves
no trace of a style.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagegen.diffusion.lora_files import Lora, Pair, read
from imagegen.diffusion.modules import Modules
from imagegen.errors import BadWeightsError, UnknownNameError

log = logging.getLogger(__name__)

BUDGET = 8 << 30
"""Bytes of merged weights that are kept; SDXL has 5 GB for each style that touches everything."""

Tensor = Any
Target = tuple[str, str]
"""(network, layer): "unet", "down_blocks.0. ... .to_q"."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """A LoRA's file and how strongly it speaks (1 as it was trained)."""

    file: Path
    scale: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where a layer's weight lies: itself, and the rows of projections that were fused out of it.

    ``base``: what was there before any style.
    """

    weight: Tensor
    copies: tuple[Tensor, ...]
    base: Tensor

    def write(self, values: Tensor) -> None:
        """In place."""
        for part in (self.weight, *self.copies):
            part.copy_(values, non_blocking=True)


class Bank:
    """The styles that a model in memory can wear. For one thread: the one that owns the model.

    ``dressed``: adapters by style; a style may have several (its own and a few-step one), which add up. ``budget``:
    bytes of merged weights kept, the least recently worn given up first; a style beyond it is worked out each time.
    ``on_host``: keep them in the host's memory (pinned for a GPU) rather than beside the model.
    """

    def __init__(
        self,
        modules: Modules,
        dressed: Mapping[str, Sequence[Adapter]],
        *,
        budget: int = BUDGET,
        on_host: bool = False,
    ) -> None:
        self.nets = {"unet": modules.unet} | {
            f"text_encoder{f'_{number}' if number > 1 else ''}": encoder
            for number, encoder in enumerate(modules.encoders, 1)
        }
        self.dressed, self.budget, self.on_host = dict(dressed), budget, on_host
        self.style = ""
        self._places: dict[Target, _Place] = {}
        self._kept: OrderedDict[str, dict[Target, Tensor]] = OrderedDict()
        self._worn: tuple[Target, ...] = ()

    @property
    def kept_bytes(self) -> int:
        """Of the merged weights that are kept now."""
        return sum(_bytes(merged.values()) for merged in self._kept.values())

    def switch(self, style: str) -> None:
        """Let the model wear a style; empty takes everything off.

        Raises UnknownNameError, MissingWeightsError, and BadWeightsError for a file that is no LoRA of this model: the
        model then wears what it wore before. Whatever interrupts the copying leaves it plain.
        """
        if style == self.style:
            return
        if style and style not in self.dressed:
            known = ", ".join(sorted(self.dressed)) or "none"
            raise UnknownNameError(f"No adapter belongs to the style {style!r}.", hint=f"Known are: {known}.")
        import torch  # noqa: PLC0415 - heavy

        with torch.no_grad():
            self._wear(style)

    def _wear(self, style: str) -> None:
        merged = self._kept.get(style)
        if merged is not None:
            self._kept.move_to_end(style)
            self._put_on(style, tuple(merged), lambda target: merged[target])
            return
        deltas = self._deltas(style)
        self._remember(deltas)
        size = sum(self._places[target].base.nbytes for target in deltas)
        if not deltas or size > self.budget:
            self._put_on(style, tuple(deltas), lambda target: _merged(self._places[target], deltas[target]))
            return
        while self._kept and self.kept_bytes + size > self.budget:
            self._kept.popitem(last=False)
        fresh = {target: self._stored(_merged(self._places[target], deltas[target])) for target in deltas}
        self._kept[style] = fresh
        self._put_on(style, tuple(fresh), lambda target: fresh[target])

    def _put_on(self, style: str, targets: tuple[Target, ...], values: Callable[[Target], Tensor]) -> None:
        """Write a style's weights, and the plain ones where only the last style had its own."""
        try:
            for target in set(self._worn) - set(targets):
                self._places[target].write(self._places[target].base)
            for target in targets:
                self._places[target].write(values(target))
        except BaseException:
            # Half a style is none: whatever went wrong, the model is left plain.
            for target in {*self._worn, *targets}:
                self._places[target].write(self._places[target].base)
            self.style, self._worn = "", ()
            raise
        self.style, self._worn = style, targets

    def _deltas(self, style: str) -> dict[Target, list[tuple[Pair, float]]]:
        """By layer, what of each of the style's adapters is added to it; every name and shape is checked."""
        found: dict[Target, list[tuple[Pair, float]]] = {}
        for adapter in self.dressed.get(style, ()):
            lora = read(adapter.file)
            for target, pair in lora.pairs.items():
                self._check(lora, target, pair)
                found.setdefault(target, []).append((pair, adapter.scale * pair.scale))
        return found

    def _check(self, lora: Lora, target: Target, pair: Pair) -> None:
        net, name = target
        shape = _shape(_layer(self.nets.get(net), name))
        if shape is None:
            raise BadWeightsError(
                f"{lora.file} is for a layer that this model has not: {net}.{name}.",
                hint="It belongs to another family of models.",
                where=str(lora.file),
            )
        if (pair.up.shape[0], *pair.down.shape[1:]) != shape or pair.up.shape[1] != pair.down.shape[0]:
            raise BadWeightsError(
                f"{lora.file} does not fit {net}.{name}: that is {shape}, it has {tuple(pair.down.shape)} and "
                f"{tuple(pair.up.shape)}.",
                hint="It belongs to another family of models.",
                where=str(lora.file),
            )

    def _remember(self, targets: Mapping[Target, object]) -> None:
        """Where each layer lies and what is there now, for those that no style touched yet (so they are plain)."""
        for net, name in targets:
            if (net, name) not in self._places:
                weight = _layer(self.nets[net], name).weight.data
                copies = tuple(_fused(self.nets[net], name))
                self._places[net, name] = _Place(weight, copies, self._stored(weight.detach().clone()))

    def _stored(self, tensor: Tensor) -> Tensor:
        if not self.on_host or tensor.device.type == "cpu":
            return tensor
        return tensor.cpu().pin_memory()


def _merged(place: _Place, added: Sequence[tuple[Pair, float]]) -> Tensor:
    """The weight with the adapters' products added, summed up in float32 where the model is, and rounded once."""
    total = place.base.to(place.weight.device).float()
    for pair, scale in added:
        up, down = (part.to(total.device).float().flatten(1) for part in (pair.up, pair.down))
        total = total + (up @ down).view(total.shape) * scale
    return total.to(place.base.dtype)


def _layer(net: Any, name: str) -> Any:
    """The layer of that name, or None."""
    for part in name.split("."):
        net = getattr(net, "_modules", {}).get(part) if net is not None else None
    return net


def _shape(layer: Any) -> tuple[int, ...] | None:
    """Of a linear or convolution's weight, (out, in, ...); None of anything else."""
    weight = getattr(layer, "weight", None)
    return tuple(weight.shape) if weight is not None and weight.dim() in {2, 4} else None


def _fused(net: Any, name: str) -> Iterator[Tensor]:
    """The rows of an attention's joined projection that were copied from this one."""
    above, _, own = name.rpartition(".")
    attention = _layer(net, above)
    for joined, parts in (("to_qkv", ("to_q", "to_k", "to_v")), ("to_kv", ("to_k", "to_v"))):
        layer = _layer(attention, joined)
        if layer is None or own not in parts:
            continue
        sizes = [_layer(attention, part).weight.shape[0] for part in parts]
        before = sum(sizes[: parts.index(own)])
        yield layer.weight.data[before : before + sizes[parts.index(own)]]


def _bytes(tensors: Any) -> int:
    return sum(int(tensor.nbytes) for tensor in tensors)
