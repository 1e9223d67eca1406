"""What a picture is about, by a segmentation model (BiRefNet, Zheng et al. 2024, or one of its kind) through ONNX."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from imagegen.errors import MissingWeightsError
from imagegen.images import linear_to_srgb
from imagegen.types import Floats

SIDE = 1024
"""The square that such models were trained on; a model with a fixed input of another size says so itself."""
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


def mask(weights: Path, colour: Floats) -> Floats:
    """Where the most salient thing of a picture (H, W, 3) linear is: (H, W) 0..1 in its own pixels.

    ``weights``: an .onnx file. Raises MissingWeightsError when it cannot be loaded.
    """
    session = _session(str(weights), weights.stat().st_mtime_ns)
    entry = session.get_inputs()[0]
    height, width = (side if isinstance(side, int) else SIDE for side in entry.shape[2:4])
    encoded = Image.fromarray((linear_to_srgb(colour) * 255 + 0.5).astype(np.uint8))
    small = np.asarray(encoded.resize((width, height), Image.Resampling.BILINEAR), np.float32) / 255
    batch = np.ascontiguousarray(((small - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None], np.float32)
    raw = np.asarray(session.run(None, {entry.name: batch})[-1], np.float32)
    mask = raw.reshape(raw.shape[-2:]) if raw.size == height * width else raw[0, 0]
    if mask.min() < -1e-3 or mask.max() > 1 + 1e-3:
        # Some exports end in logits, some in a sigmoid.
        mask = 1 / (1 + np.exp(-np.clip(mask, -30, 30)))
    full = Image.fromarray(np.ascontiguousarray(mask, np.float32)).resize(
        (colour.shape[1], colour.shape[0]), Image.Resampling.BICUBIC
    )
    return np.asarray(np.clip(np.asarray(full), 0, 1), np.float32)


@lru_cache(maxsize=1)
def _session(path: str, _stamp: int) -> Any:
    """The loaded model; a file that changed is loaded again."""
    import onnxruntime  # noqa: PLC0415 - heavy, and only here when weights are configured

    try:
        return onnxruntime.InferenceSession(path, providers=onnxruntime.get_available_providers())
    except Exception as error:  # the runtime has its own tree of errors for broken files
        raise MissingWeightsError(
            "The matting model's file cannot be loaded.", hint="Check that it is a complete .onnx file.", where=path
        ) from error
