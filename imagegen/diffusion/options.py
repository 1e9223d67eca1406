"""How a machine runs a model: what changes speed, memory and the last bits of a picture, never what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Dtype = Literal["float32", "bfloat16", "float16"]


@dataclass(frozen=True, slots=True)
class Options:
    """Each is a setting of its own, off in ``PLAIN``; docs/diffusion-speed.md tells what each of them gains.

    ``device``: "cuda", "cpu", or "auto" for a GPU where there is one. ``dtype``: of the networks; "auto" is bfloat16
    on a GPU, else float32. ``attention``: back ends of scaled dot product attention in the order they are tried.
    ``compiled``: "off", "graphs" (CUDA graphs of each static shape) or "inductor" (``torch.compile``).
    """

    device: str = "auto"
    dtype: Dtype | Literal["auto"] = "auto"
    channels_last: bool = True
    attention: tuple[str, ...] = ("cudnn", "flash", "efficient", "math")
    fused_qkv: bool = True
    compiled: Literal["off", "graphs", "inductor"] = "off"
    skip_silent_controls: bool = True
    cache_conditions: bool = True


PLAIN = Options(channels_last=False, attention=(), fused_qkv=False, skip_silent_controls=False, cache_conditions=False)
"""What plain diffusers does: the reference that everything is compared with."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a machine brings to the diffusion engine.

    ``models``: folder of the local mirror (``imagegen models path``), or None for what comes with the project alone.
    ``family``: slug of the model that is resident. ``segmenter``: an .onnx file that finds what a picture is about, for
    judging whether a product has grown; without one only colours and edges tell.
    """

    models: Path | None = None
    family: str = "mini"
    segmenter: Path | None = None
    options: Options = Options()
