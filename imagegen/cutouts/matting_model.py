"""The cutter for photos that are not plain: a segmentation model (BiRefNet, Zheng et al. 2024) through ONNX Runtime.

No weights are shipped: the path of a local ``.onnx`` file is given by whoever configures the service.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from imagegen import saliency
from imagegen.cutouts.edge import grow, sharpen
from imagegen.errors import MissingWeightsError, NotAPackshotError
from imagegen.types import Cutout, Finding, Floats, Verdict

if TYPE_CHECKING:
    from imagegen.types import Photo

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
        mask = saliency.mask(self._weights, photo.colour)
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
