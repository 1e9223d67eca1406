"""The cutter for photos that are not plain: a segmentation model (BiRefNet, Zheng et al. 2024) through ONNX Runtime.

No weights are shipped: the path of a local ``.onnx`` file is given by whoever configures the service.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from PIL import Image

from imagegen.cutouts.edge import grow, sharpen
from imagegen.errors import MissingWeightsError, NotAPackshotError
from imagegen.images import linear_to_srgb
from imagegen.types import Cutout, Finding, Floats, Verdict

if TYPE_CHECKING:
    from imagegen.types import Photo

SIDE = 1024
"""The square that such models were trained on; a model with a fixed input of another size says so itself."""
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
UNSURE = 0.25
"""When more than this share of what the model saw is neither product nor background, it is lost."""


class MattingModelCutter:
    """Runs a saliency or matting network: one image (1, 3, S, S) in, one mask (1, 1, S, S) out, last output counts."""

    name: ClassVar[str] = "matting_model"
    version: ClassVar[str] = "1"

    def __init__(self, weights: Path | None = None) -> None:
        if weights is None or not Path(weights).is_file():
            raise MissingWeightsError(
                "The matting model's weights are not there.",
                hint="Set the path of an .onnx file (BiRefNet or a model with the same input), or use another cutter.",
                where=str(weights or ""),
            )
        self._weights = Path(weights)

    def accepts(self, photo: Photo) -> bool:
        """Any photo that has no alpha of its own."""
        return photo.alpha is None

    def cut(self, photo: Photo) -> Cutout:
        """The most salient object. Raises NotAPackshotError when the model finds none or is unsure of most."""
        session = _session(str(self._weights), self._weights.stat().st_mtime_ns)
        mask = _predict(session, photo)
        found = float((mask > 0.5).mean())
        if found < 0.003:
            raise NotAPackshotError("The matting model found no product.", hint="Send a photo of one product alone.")
        unsure = _unsure(mask)
        if unsure > UNSURE:
            raise NotAPackshotError(
                f"The matting model is unsure of {unsure:.0%} of what it saw.",
                hint="Send a photo on a plain background, or with an alpha channel.",
            )
        alpha, colour = sharpen(photo.colour, mask)
        verdict = Verdict.WARN if unsure > UNSURE / 2 else Verdict.PASS
        finding = Finding("cutout", verdict, unsure, UNSURE / 2, f"The model is unsure of {unsure:.0%} of the product.")
        return Cutout(colour, alpha, f"{self.name} {self.version} {self._weights.name}", (finding,))


def _unsure(mask: Floats) -> float:
    """Share of what was seen that is neither product nor background; a soft edge of a few pixels is no doubt."""
    between = (mask > 0.1) & (mask < 0.9)
    wide = ~grow(~between, max(2, round(0.008 * max(mask.shape))))
    return float(wide.sum() / max(1, (mask > 0.1).sum()))


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


def _predict(session: Any, photo: Photo) -> Floats:
    """The model's mask (H, W) 0..1 in the photo's own pixels."""
    entry = session.get_inputs()[0]
    height, width = (side if isinstance(side, int) else SIDE for side in entry.shape[2:4])
    encoded = Image.fromarray((linear_to_srgb(photo.colour) * 255 + 0.5).astype(np.uint8))
    small = np.asarray(encoded.resize((width, height), Image.Resampling.BILINEAR), np.float32) / 255
    batch = np.ascontiguousarray(((small - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None], np.float32)
    raw = np.asarray(session.run(None, {entry.name: batch})[-1], np.float32)
    mask = raw.reshape(raw.shape[-2:]) if raw.size == height * width else raw[0, 0]
    if mask.min() < -1e-3 or mask.max() > 1 + 1e-3:
        # Some exports end in logits, some in a sigmoid.
        mask = 1 / (1 + np.exp(-np.clip(mask, -30, 30)))
    full = Image.fromarray(np.ascontiguousarray(mask, np.float32)).resize(photo.size, Image.Resampling.BICUBIC)
    return np.asarray(np.clip(np.asarray(full), 0, 1), np.float32)
