"""Cutters: each frees a product from its background in its own way; ``choose`` picks the one that suits a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imagegen.cutouts.alpha import AlphaCutter
from imagegen.cutouts.matting_model import MattingModelCutter
from imagegen.cutouts.plain_background import PlainBackgroundCutter
from imagegen.errors import UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path

    from imagegen.protocols import Cutter
    from imagegen.types import Photo

CUTTERS: dict[str, type[AlphaCutter | MattingModelCutter | PlainBackgroundCutter]] = {
    cutter.name: cutter for cutter in (AlphaCutter, MattingModelCutter, PlainBackgroundCutter)
}
"""By name, the most trusted first."""


def choose(photo: Photo, name: str | None = None, weights: Path | None = None) -> Cutter:
    """The named cutter, or the first that accepts the photo; the model only takes part when it has ``weights``.

    Raises UnknownNameError, or MissingWeightsError when the model is named (or configured) and its file is not there.
    """
    if name is not None and name not in CUTTERS:
        raise UnknownNameError(
            f"There is no cutter {name[:40]!r}.", hint=f"There are: {', '.join(CUTTERS)}.", where="cutter"
        )
    candidates: list[Cutter] = []
    for cutter in CUTTERS.values() if name is None else [CUTTERS[name]]:
        if cutter is MattingModelCutter:
            if weights is not None or name is not None:
                candidates.append(MattingModelCutter(weights))
        else:
            candidates.append(cutter())
    return next((cutter for cutter in candidates if cutter.accepts(photo)), candidates[-1])
