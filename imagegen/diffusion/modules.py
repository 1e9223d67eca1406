"""A model in memory: the networks of one family, wherever they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False)
class Modules:
    """The networks (torch modules in eval mode on one device) and what reads text for them.

    ``family``: slug. ``unet``: UNet2DConditionModel (9 input channels when it inpaints, else 4); ``vae``:
    AutoencoderKL; ``tokenizers``, ``encoders``: one or two of each, in the order in which their embeddings are
    joined; ``scheduler``: a diffusers scheduler that holds the training's noise schedule and prediction type;
    ``controls``: ControlNetModel by name; ``preview_vae``: AutoencoderTiny, for previews only; ``image_encoder``:
    CLIPVisionModelWithProjection for a reference picture, whose adapter the UNet then holds; ``weights_sha``: what
    the recipe calls these weights.
    """

    family: str
    unet: Any
    vae: Any
    tokenizers: tuple[Any, ...]
    encoders: tuple[Any, ...]
    scheduler: Any
    controls: Mapping[str, Any] = field(default_factory=dict)
    preview_vae: Any = None
    image_encoder: Any = None
    weights_sha: str = ""
