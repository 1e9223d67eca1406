"""The path-traced room itself: no weights, deterministic, the default."""

from __future__ import annotations

from typing import ClassVar

from imagegen.protocols import Progress, Staged
from imagegen.types import Draft, Passes


class RenderEngine:
    """Hands the path tracer's picture on, at the brightness that was asked for."""

    name: ClassVar[str] = "render"
    version: ClassVar[str] = "2"
    source_type: ClassVar[str] = "compositeSynthetic"
    """A composite that includes synthetic elements: a photographed product in a room made by computer graphics
    (IPTC NewsCodes, Digital Source Type). No generative model takes part, so neither "trainedAlgorithmicMedia" nor
    its composite would be true."""

    def finish(self, staged: Staged, passes: Passes, progress: Progress) -> Draft:
        """The room as it was traced, 2 ** exposure_ev brighter."""
        progress("engine", 0.0)
        picture = passes.picture * (2.0**staged.settings.exposure_ev)
        progress("engine", 1.0)
        return Draft(picture.astype(passes.picture.dtype), f"{self.name}/{self.version}")
