"""LoRA files as diffusers' ``save_lora_weights`` and peft write them: names, ranks, alphas; anything else is refused.

    unet.<layer>.lora_A.weight, unet.<layer>.lora_B.weight      (also .lora.down/.up, .lora_linear_layer.down/.up)
    text_encoder.<layer>. ..., text_encoder_2.<layer>. ...

The header's ``lora_adapter_metadata`` tells alpha; without it alpha is the rank, as diffusers has it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagegen.diffusion import weights
from imagegen.errors import BadWeightsError, MissingWeightsError

NETS = ("unet", "text_encoder", "text_encoder_2")
DOWN = (".lora_A.weight", ".lora.down.weight", ".lora_linear_layer.down.weight")
UP = (".lora_B.weight", ".lora.up.weight", ".lora_linear_layer.up.weight")
METADATA = "lora_adapter_metadata"
PLAIN_NAME = re.compile(r"\^?[A-Za-z0-9_.]+")


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """``down`` (rank, in, ...) and ``up`` (out, rank, ...): their product, times ``scale``, is added to a weight."""

    down: Any
    up: Any
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Lora:
    """A file's pairs by (network, layer)."""

    file: Path
    pairs: Mapping[tuple[str, str], Pair]


def read(file: Path) -> Lora:
    """A file's LoRA. Raises MissingWeightsError where there is none.

    Raises BadWeightsError for a pickle, a file that is cut off, names that are not known, an up without its down,
    shapes that are none of a LoRA's, and numbers that are not finite.
    """
    if not file.is_file():
        raise MissingWeightsError(f"There is no adapter {file}.", hint="Put it there, or take it off the style.")
    if file.suffix.lower() != ".safetensors":
        raise _bad(file, "is no safetensors file, and anything else may hold a program", "Save it as safetensors.")
    weights.refuse_bad(file)
    weights.refuse_infinite(file)
    from safetensors.torch import load_file  # noqa: PLC0415 - torch

    halves: dict[tuple[str, str], dict[str, Any]] = {}
    for key, tensor in load_file(file).items():
        net, layer, half = _named(file, key)
        halves.setdefault((net, layer), {})[half] = tensor
    if not halves:
        raise _bad(file, "holds no tensors")
    told = _metadata(file)
    return Lora(file, {target: _pair(file, target, half, told) for target, half in halves.items()})


def _named(file: Path, key: str) -> tuple[str, str, str]:
    """(network, layer, down or up) of a tensor's name."""
    net, _, rest = key.partition(".")
    for half, suffixes in (("down", DOWN), ("up", UP)):
        for suffix in suffixes:
            if net in NETS and rest.endswith(suffix) and len(rest) > len(suffix):
                return net, rest.removesuffix(suffix), half
    hint = "Only plain LoRA in diffusers' form is known; diffusers reads other forms and saves them in this one."
    raise _bad(file, f"holds something that is not known: {key!r}", hint)


def _pair(file: Path, target: tuple[str, str], half: Mapping[str, Any], told: Mapping[str, Any]) -> Pair:
    name = ".".join(target)
    missing = {"down", "up"} - set(half)
    if missing:
        raise _bad(file, f"has half of {name} only: its {missing.pop()} is missing")
    down, up = half["down"], half["up"]
    if down.dim() not in {2, 4} or up.dim() != down.dim() or up.shape[1] != down.shape[0] or up[0, 0].numel() != 1:
        raise _bad(file, f"has shapes for {name} that do not multiply: {tuple(down.shape)} and {tuple(up.shape)}")
    if not (down.is_floating_point() and up.is_floating_point()):
        raise _bad(file, f"has whole numbers for {name}")
    return Pair(down, up, _scale(file, target, int(down.shape[0]), told))


def _scale(file: Path, target: tuple[str, str], rank: int, told: Mapping[str, Any]) -> float:
    """The factor alpha / rank, or alpha / sqrt(rank) where it was trained so (rsLoRA, Kalajdzievski 2023)."""
    net, layer = target
    alpha = told.get(f"{net}.lora_alpha", rank)
    for pattern, own in (told.get(f"{net}.alpha_pattern") or {}).items():
        # peft reads these as regular expressions; a name is one, and anything more may take for ever to match.
        if not PLAIN_NAME.fullmatch(pattern):
            raise _bad(file, f"gives alphas to layers by a pattern that is no name: {pattern!r}")
        if layer == pattern.removeprefix("^") or layer.endswith(f".{pattern}"):
            alpha = own
            break
    if type(alpha) not in {int, float} or not math.isfinite(alpha):
        raise _bad(file, f"gives {'.'.join(target)} an alpha that is no number: {alpha!r}")
    return float(alpha) / (math.sqrt(rank) if told.get(f"{net}.use_rslora") else rank)


def _metadata(file: Path) -> dict[str, Any]:
    from safetensors import safe_open  # noqa: PLC0415 - beside torch

    with safe_open(file, "pt") as opened:
        raw = (opened.metadata() or {}).get(METADATA)
    if raw is None:
        return {}
    try:
        told = json.loads(raw)
    except ValueError as error:
        raise _bad(file, f"has a {METADATA} that is not JSON") from error
    if not isinstance(told, dict) or not all(isinstance(told.get(f"{net}.alpha_pattern") or {}, dict) for net in NETS):
        raise _bad(file, f"has a {METADATA} that is not a table")
    if any(told.get(f"{net}.use_dora") for net in NETS):
        raise _bad(file, "is a DoRA, which is not known", "Only plain LoRA is.")
    return told


def _bad(file: Path, told: str, hint: str = "Get it again, or take it off the style.") -> BadWeightsError:
    return BadWeightsError(f"The adapter {file} {told}.", hint=hint, where=str(file))
