"""The path-traced room itself: no weights, deterministic, the default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from imagegen.diffusion.options import Equipment
from imagegen.errors import BadRequestError
from imagegen.protocols import Progress, Settings, Staged
from imagegen.tone import display
from imagegen.types import Draft, Front, Passes
from styles.schema import Style


class RenderEngine:
    """Hands the path tracer's picture on, at the brightness that was asked for."""

    name: ClassVar[str] = "render"
    version: ClassVar[str] = "3"
    source_type: ClassVar[str] = "compositeSynthetic"
    """A composite that includes synthetic elements: a photographed product in a room made by computer graphics
    (IPTC NewsCodes, Digital Source Type). No generative model takes part, so neither "trainedAlgorithmicMedia" nor
    its composite would be true."""

    def __init__(self, equipment: Equipment | None = None) -> None:
        """It needs nothing but the passes."""

    def decided(self, style: Style, settings: Settings) -> Mapping[str, Any]:  # noqa: ARG002
        """Nothing more: the version says it all. Raises BadRequestError when a mode of painting is asked for."""
        if settings.mode is not None:
            raise BadRequestError(
                "The render engine does not paint and has no modes.",
                hint='Leave the mode out, or ask for the engine "diffusion".',
                where="mode",
            )
        return {}

    def finish(self, staged: Staged, passes: Passes, front: Front, progress: Progress) -> Draft:  # noqa: ARG002
        """The room as it was traced, 2 ** exposure_ev brighter."""
        progress("engine", 0.0)
        picture = display(passes.picture * np.float32(2.0**staged.settings.exposure_ev))
        progress("engine", 1.0)
        return Draft(picture, f"{self.name}/{self.version}")
